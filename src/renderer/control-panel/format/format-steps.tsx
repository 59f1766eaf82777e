import { useTranslation } from 'react-i18next';
import { Steps } from '../../frame/steps.tsx';

const formatSteps = ['losses', 'settings', 'confirmation', 'progress', 'result'] as const;
export type FormatStep = (typeof formatSteps)[number];

/** The steps of formatting. */
export function FormatSteps({ current, finished = false }: { current: FormatStep; finished?: boolean }) {
  const { t } = useTranslation();
  return (
    <Steps
      label={t('controlPanel.format.stepsLabel')}
      names={formatSteps.map((step) => t(`controlPanel.format.steps.${step}`))}
      at={formatSteps.indexOf(current)}
      finished={finished}
    />
  );
}
