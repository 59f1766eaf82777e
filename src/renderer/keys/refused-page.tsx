import { Button, Spinner } from '@fluentui/react-components';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { KeySetView, RenewalView } from '#shared/renewal-views.ts';
import { call, failureOf } from '../bridge.ts';
import { Screen } from '../frame/screen.tsx';
import { keepKeySets } from '../main-process.ts';
import { ErrorMessage } from '../messages/error-message.tsx';
import { Notice } from '../messages/notice.tsx';
import { FlowSteps } from './flow-steps.tsx';
import { PasswordFields } from './password-fields.tsx';
import { TwoSets } from './two-sets.tsx';
import { useRenewalPassword } from './use-renewal-password.ts';

/**
 * «Получен отказ в регистрации»: why, that nothing is lost, and what to do. Where the new keys are still on the token, its
 * password takes them off before the request is closed.
 */
export function RefusedPage({
  set,
  renewal,
  onLeave,
}: {
  set: KeySetView;
  renewal: RenewalView;
  onLeave: () => void;
}) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { journalId, needs, state } = renewal;
  const [wantsClose, setWantsClose] = useState(false);
  const { mutate: close, ...closing } = useMutation({
    mutationFn: () => call('renewals.close', { journalId }),
    onSuccess: (sets) => {
      keepKeySets(client, sets);
      onLeave();
    },
  });
  const { token, form, entry, submit } = useRenewalPassword(
    set,
    needs.registrationPin,
    (secrets) => call('renewals.continue', { journalId, ...secrets }),
    () => {
      setWantsClose(true);
    },
  );
  const removing = wantsClose && state === 'running';
  const asks = needs.tokenPin && !removing;
  const closesNow = wantsClose && !removing && !needs.tokenPin && closing.status === 'idle';
  useEffect(() => {
    if (closesNow) close();
  }, [closesNow, close]);

  const reason = set.reason?.text;
  const busy = removing || entry.pending || closing.isPending;
  return (
    <Screen
      wide
      title={t('keys.status.refused')}
      beside={<FlowSteps current="decision" />}
      onSubmit={() => {
        if (busy) return;
        if (!asks) close();
        else if (token !== undefined) submit();
      }}
      onCancel={busy ? undefined : onLeave}
      actions={
        <>
          {busy && <Spinner data-apart size="tiny" label={t('common.pleaseWait')} />}
          <Button appearance="primary" type="submit" disabled={busy || (asks && token === undefined)}>
            {t('keys.refused.close')}
          </Button>
          <Button onClick={onLeave} disabled={busy}>
            {t('keys.toList')}
          </Button>
        </>
      }
    >
      {closing.error !== null && <ErrorMessage error={failureOf(closing.error)} />}
      <Notice
        intent="error"
        live={false}
        title={reason === undefined ? t('keys.refused.noReason') : t('keys.refused.reason', { reason })}
      >
        <p>{t('keys.refused.meaning')}</p>
        <p>{t('keys.refused.next')}</p>
      </Notice>
      <TwoSets set={set} fresh="refused" />
      {asks && (
        <>
          <p>{t('keys.refused.password')}</p>
          <PasswordFields
            set={set}
            token={token}
            entry={entry}
            form={form}
            asksRegistrationPin={needs.registrationPin}
          />
        </>
      )}
    </Screen>
  );
}
