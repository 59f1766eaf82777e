import { useTranslation } from 'react-i18next';
import { Steps } from '../frame/steps.tsx';

const flowSteps = ['description', 'consent', 'sending', 'decision', 'taking', 'done'] as const;
export type FlowStep = (typeof flowSteps)[number];

/** The regeneration from its description to the new keys in use. */
export function FlowSteps({ current, finished = false }: { current: FlowStep; finished?: boolean }) {
  const { t } = useTranslation();
  return (
    <Steps
      label={t('keys.flow.label')}
      names={flowSteps.map((step) => t(`keys.flow.${step}`))}
      at={flowSteps.indexOf(current)}
      finished={finished}
    />
  );
}
