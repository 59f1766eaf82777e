import { Button } from '@fluentui/react-components';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { KeySetView, RenewalView } from '#shared/renewal-views.ts';
import { call, failureOf } from '../bridge.ts';
import { SuccessDrawing } from '../drawings/success-drawing.tsx';
import { Screen } from '../frame/screen.tsx';
import { keepKeySets } from '../main-process.ts';
import { ErrorMessage } from '../messages/error-message.tsx';
import { Notice } from '../messages/notice.tsx';
import { FlowSteps } from './flow-steps.tsx';
import { waitingWords } from './key-set-words.ts';
import { TwoSets } from './two-sets.tsx';

/** «Обновить»: the bank is asked now. */
export function useRefresh() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => call('renewals.refresh', undefined),
    onSuccess: (sets) => {
      keepKeySets(client, sets);
    },
  });
}

/** «Принят банком»: when the answer is expected, when Kilt asks again, and what may be done meanwhile. */
export function AcceptedPage({
  set,
  renewal,
  onLeave,
}: {
  set: KeySetView;
  renewal: RenewalView;
  onLeave: () => void;
}) {
  const { t } = useTranslation();
  const refreshing = useRefresh();
  return (
    <Screen
      wide
      title={t('keys.status.accepted')}
      beside={<FlowSteps current="decision" />}
      onCancel={onLeave}
      actions={
        <>
          <Button
            disabled={refreshing.isPending}
            onClick={() => {
              refreshing.mutate();
            }}
          >
            {t('keys.toolbar.refresh')}
          </Button>
          <Button onClick={onLeave}>{t('keys.toList')}</Button>
        </>
      }
    >
      {refreshing.error !== null && <ErrorMessage error={failureOf(refreshing.error)} />}
      <TwoSets set={set} fresh="requested" />
      <Notice intent="info" title={t('keys.waiting.title')} live={false}>
        {waitingWords(set, new Date(), t).map((sentence) => (
          <p key={sentence}>{sentence}</p>
        ))}
        {renewal.waitingTrouble !== undefined && (
          <p>
            {t('registration.waitingTrouble')} {renewal.waitingTrouble.code}
          </p>
        )}
      </Notice>
      <p>{t('keys.waiting.text')}</p>
    </Screen>
  );
}

/** «Получен новый сертификат», met while one was looking on. */
export function IssuedPage({
  set,
  onTake,
  onLeave,
}: {
  set: KeySetView;
  onTake: () => void;
  onLeave: () => void;
}) {
  const { t } = useTranslation();
  return (
    <Screen
      wide
      title={t('keys.status.new-certificate')}
      beside={<FlowSteps current="decision" />}
      onSubmit={onTake}
      onCancel={onLeave}
      actions={
        <>
          <Button appearance="primary" type="submit">
            {t('keys.toolbar.take')}
          </Button>
          <Button onClick={onLeave}>{t('keys.toList')}</Button>
        </>
      }
    >
      <TwoSets set={set} fresh="issued" />
      <p>{t('keys.issued.text')}</p>
    </Screen>
  );
}

/** The new set is in use. */
export function DonePage({ set, onLeave }: { set: KeySetView; onLeave: () => void }) {
  const { t } = useTranslation();
  return (
    <Screen
      wide
      title={t('keys.done.title')}
      beside={<FlowSteps current="done" finished />}
      onSubmit={onLeave}
      actions={
        <Button appearance="primary" type="submit">
          {t('common.done')}
        </Button>
      }
    >
      <div style={{ margin: '8px 0 24px' }}>
        <SuccessDrawing />
      </div>
      <TwoSets set={set} fresh="in-use" />
      <p>{t('keys.done.text')}</p>
    </Screen>
  );
}
