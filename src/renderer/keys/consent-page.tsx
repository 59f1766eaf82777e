import { Button, Checkbox, Field, makeStyles, Spinner } from '@fluentui/react-components';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { KeySetView, RenewalPlan } from '#shared/renewal-views.ts';
import { call } from '../bridge.ts';
import { Screen } from '../frame/screen.tsx';
import { FlowSteps } from './flow-steps.tsx';
import { PasswordFields } from './password-fields.tsx';
import { TwoSets } from './two-sets.tsx';
import { useRenewalPassword } from './use-renewal-password.ts';

const useStyles = makeStyles({ tick: { marginInlineStart: '-8px' } });

/** «Отправить документ в банк»: the consent and the password, after which the new keys are made and asked for. */
export function ConsentPage({
  set,
  plan,
  onSent,
  onBack,
  onCancel,
}: {
  set: KeySetView;
  plan: RenewalPlan;
  onSent: (changed: KeySetView) => void;
  onBack: () => void;
  onCancel: () => void;
}) {
  const styles = useStyles();
  const { t } = useTranslation();
  const [agreed, setAgreed] = useState(false);
  const [reminded, setReminded] = useState(false);
  const byPin = plan.authentication === 'id-and-pin';
  const { token, form, entry, submit } = useRenewalPassword(
    set,
    byPin,
    (secrets) => call('renewals.send', { keySetId: set.id, ...secrets }),
    onSent,
  );
  const busy = entry.pending;
  return (
    <Screen
      wide
      title={t('keys.consent.title')}
      beside={<FlowSteps current="consent" />}
      onSubmit={() => {
        if (busy || token === undefined) return;
        setReminded(!agreed);
        if (agreed) submit();
      }}
      onCancel={busy ? undefined : onCancel}
      actions={
        <>
          {busy && <Spinner data-apart size="tiny" label={t('keys.consent.checking')} />}
          <Button onClick={onBack} disabled={busy}>
            {t('common.back')}
          </Button>
          <Button appearance="primary" type="submit" disabled={busy || token === undefined}>
            {t('keys.consent.send')}
          </Button>
          <Button onClick={onCancel} disabled={busy}>
            {t('common.cancel')}
          </Button>
        </>
      }
    >
      <TwoSets set={set} fresh="planned" />
      <p>{t(byPin ? 'keys.consent.textByPin' : 'keys.consent.text', { userId: set.userId })}</p>
      <Field validationMessage={reminded && !agreed ? t('keys.consent.needed') : null}>
        <Checkbox
          className={styles.tick}
          label={t('keys.consent.agree')}
          checked={agreed}
          disabled={busy}
          onChange={(_, data) => {
            setAgreed(data.checked === true);
          }}
        />
      </Field>
      <PasswordFields set={set} token={token} entry={entry} form={form} asksRegistrationPin={byPin} />
    </Screen>
  );
}
