import { useTranslation } from 'react-i18next';
import { formatMoment } from '#shared/texts/formats.ts';
import type { RegistrationView } from '#shared/views.ts';
import { Notice } from '../messages/notice.tsx';

/** «Принят банком»: when Kilt asks again, what may be done meanwhile, and what will have to be typed then. */
export function WaitingNotice({ registration }: { registration: RegistrationView }) {
  const { t } = useTranslation();
  const { waitingUntil, waitingTrouble, needs, state } = registration;
  if (waitingUntil === undefined) return null;
  const time = formatMoment(new Date(waitingUntil), new Date());
  return (
    <Notice intent="info" title={t('registration.waitingTitle')}>
      <p>{t('registration.waitingText', { time })}</p>
      {waitingTrouble !== undefined && (
        <p>
          {t('registration.waitingTrouble')} {waitingTrouble.code}
        </p>
      )}
      {state === 'running' && (
        <p>{t(needs.registrationData ? 'registration.waitingNotKept' : 'registration.waitingKept')}</p>
      )}
    </Notice>
  );
}
