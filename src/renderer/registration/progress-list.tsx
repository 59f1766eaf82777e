import { useTranslation } from 'react-i18next';
import { formatElapsed } from '#shared/texts/formats.ts';
import { registrationSteps, type RegistrationStep, type RegistrationView } from '#shared/views.ts';
import { StageList, type StageState } from '../messages/stage-list.tsx';
import { useNow } from './use-now.ts';

const makesKey = (step: RegistrationStep): boolean =>
  step === 'signature-key-made' || step === 'sign-in-key-made';

/** Every step by name; how long the one under way has been going on, and how long it may take. */
export function ProgressList({ registration }: { registration: RegistrationView }) {
  const { t } = useTranslation();
  const { done, current, currentSince, state, waitingUntil } = registration;
  const running = state === 'running';
  const now = useNow(running);
  const stateOf = (step: RegistrationStep): StageState => {
    if (done.includes(step)) return 'done';
    if (step !== current) return 'ahead';
    if (!running) return 'stopped';
    return waitingUntil === undefined ? 'current' : 'waiting';
  };
  const timeOf = (step: RegistrationStep): string =>
    [
      step === current &&
        running &&
        currentSince !== undefined &&
        formatElapsed(now.getTime() - Date.parse(currentSince)),
      makesKey(step) && stateOf(step) !== 'done' && t('registration.upTo5'),
    ]
      .filter(Boolean)
      .join(' · ');
  return (
    <StageList
      label={t('registration.stepsLabel')}
      stages={registrationSteps.map((step) => ({
        name: t(`registration.steps.${step}`),
        state: stateOf(step),
        time: timeOf(step),
      }))}
      said={
        running && current !== undefined
          ? [
              t('registration.now', { step: t(`registration.steps.${current}`) }),
              makesKey(current) && t('registration.keyNote'),
            ]
              .filter(Boolean)
              .join('. ')
          : ''
      }
    />
  );
}
