import { useTranslation } from 'react-i18next';
import { registrationSteps, type RegistrationStep, type RegistrationView } from '#shared/views.ts';
import { KeyMakingStages } from '../messages/key-making-stages.tsx';
import type { StageState } from '../messages/stage-list.tsx';

/** The steps of a registration. */
export function ProgressList({ registration }: { registration: RegistrationView }) {
  const { t } = useTranslation();
  const { done, current, currentSince, state, waitingUntil } = registration;
  const running = state === 'running';
  const stateOf = (step: RegistrationStep): StageState => {
    if (done.includes(step)) return 'done';
    if (step !== current) return 'ahead';
    if (!running) return 'stopped';
    return waitingUntil === undefined ? 'current' : 'waiting';
  };
  const steps = registrationSteps.map((step) => ({
    name: t(`registration.steps.${step}`),
    state: stateOf(step),
    makesKey: step === 'signature-key-made' || step === 'sign-in-key-made',
  }));
  return (
    <KeyMakingStages
      label={t('registration.stepsLabel')}
      steps={steps}
      running={running}
      current={steps[registrationSteps.findIndex((step) => step === current)]}
      currentSince={currentSince}
    />
  );
}
