import { useTranslation } from 'react-i18next';
import { Steps } from '../frame/steps.tsx';

export const wizardSteps = ['welcome', 'data', 'token', 'confirmation', 'progress', 'done'] as const;
export type WizardStep = (typeof wizardSteps)[number];

const stepsFor = (keepsPin: boolean): readonly WizardStep[] =>
  wizardSteps.filter((step) => step !== 'token' || !keepsPin);

/** Number of the step after whose «Далее» the token is changed. */
export const confirmationNumber = (keepsPin: boolean): number =>
  stepsFor(keepsPin).indexOf('confirmation') + 1;

/** The wizard's steps. @param keepsPin the token has other profiles: its name and password are not asked for */
export function StepsList({
  current,
  finished = false,
  keepsPin = false,
}: {
  current: WizardStep;
  finished?: boolean;
  keepsPin?: boolean | undefined;
}) {
  const { t } = useTranslation();
  const steps = stepsFor(keepsPin);
  return (
    <Steps
      label={t('wizard.stepsLabel')}
      names={steps.map((step) => t(`wizard.steps.${step}`))}
      at={steps.indexOf(current)}
      finished={finished}
    />
  );
}
