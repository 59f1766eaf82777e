import { Button, Spinner } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import type { KeySetView, RenewalView } from '#shared/renewal-views.ts';
import { call } from '../bridge.ts';
import { Screen } from '../frame/screen.tsx';
import { ErrorMessage } from '../messages/error-message.tsx';
import { FlowSteps } from './flow-steps.tsx';
import { isIssued } from '#shared/key-set-state.ts';
import { PasswordFields } from './password-fields.tsx';
import { TwoSets } from './two-sets.tsx';
import { useRenewalPassword } from './use-renewal-password.ts';

/**
 * «Получить сертификат» → «Продолжить», and going on with what was interrupted: what happened, what will happen, and
 * the password.
 */
export function ContinuePage({
  set,
  renewal,
  onContinued,
  onCancel,
}: {
  set: KeySetView;
  renewal: RenewalView;
  onContinued: () => void;
  onCancel: () => void;
}) {
  const { t } = useTranslation();
  const issued = isIssued(set);
  const asksRegistrationPin = renewal.needs.registrationPin;
  const { token, form, entry, submit } = useRenewalPassword(
    set,
    asksRegistrationPin,
    (secrets) => call('renewals.continue', { journalId: renewal.journalId, ...secrets }),
    onContinued,
  );
  const step = renewal.current === undefined ? '' : t(`keys.steps.${renewal.current}`);
  const busy = entry.pending;
  return (
    <Screen
      wide
      title={t(renewal.readyToTake ? 'keys.take.title' : 'keys.interrupted.title')}
      beside={<FlowSteps current={issued ? 'taking' : 'sending'} />}
      focus={renewal.error === undefined ? 'first-field' : 'title'}
      onSubmit={() => {
        if (!busy && token !== undefined) submit();
      }}
      onCancel={busy ? undefined : onCancel}
      actions={
        <>
          {busy && <Spinner data-apart size="tiny" label={t('keys.consent.checking')} />}
          <Button appearance="primary" type="submit" disabled={busy || token === undefined}>
            {t('common.continue')}
          </Button>
          <Button onClick={onCancel} disabled={busy}>
            {t('common.cancel')}
          </Button>
        </>
      }
    >
      {renewal.error !== undefined && entry.error === undefined && <ErrorMessage error={renewal.error} />}
      <TwoSets set={set} fresh={issued ? 'issued' : 'making'} />
      <p>
        {renewal.readyToTake
          ? t('keys.take.text', { profile: set.profileName })
          : t('keys.interrupted.text', { step })}
      </p>
      {asksRegistrationPin && <p>{t('keys.interrupted.registrationPin')}</p>}
      <PasswordFields
        set={set}
        token={token}
        entry={entry}
        form={form}
        asksRegistrationPin={asksRegistrationPin}
      />
    </Screen>
  );
}
