import { useTranslation } from 'react-i18next';
import { Steps } from '../frame/steps.tsx';

export const wizardSteps = ['welcome', 'data', 'token', 'confirmation', 'progress', 'done'] as const;
export type WizardStep = (typeof wizardSteps)[number];

/** The wizard's steps. */
export function StepsList({ current, finished = false }: { current: WizardStep; finished?: boolean }) {
  const { t } = useTranslation();
  return (
    <Steps
      label={t('wizard.stepsLabel')}
      names={wizardSteps.map((step) => t(`wizard.steps.${step}`))}
      at={wizardSteps.indexOf(current)}
      finished={finished}
    />
  );
}
