import { useTranslation } from 'react-i18next';
import { formatElapsed } from '#shared/texts/formats.ts';
import { useNow } from './use-now.ts';
import { StageList, type StageState } from './stage-list.tsx';

/** A step of work on the token, as it is told. */
export interface WorkStep {
  readonly name: string;
  readonly state: StageState;
  /** Key pairs are made in it, which may take minutes. */
  readonly makesKey: boolean;
}

/** Every step by name; how long the one under way has been going on, and how long it may take. */
export function KeyMakingStages({
  label,
  steps,
  running,
  current,
  currentSince,
}: {
  label: string;
  steps: readonly WorkStep[];
  /** The work goes on at this moment. */
  running: boolean;
  /** The step under way, or where the work stopped. */
  current: WorkStep | undefined;
  /** ISO 8601. */
  currentSince: string | undefined;
}) {
  const { t } = useTranslation();
  const now = useNow(running);
  const timeOf = (step: WorkStep): string =>
    [
      step === current &&
        running &&
        currentSince !== undefined &&
        formatElapsed(now.getTime() - Date.parse(currentSince)),
      step.makesKey && step.state !== 'done' && t('registration.upTo5'),
    ]
      .filter(Boolean)
      .join(' · ');
  return (
    <StageList
      label={label}
      stages={steps.map((step) => ({ name: step.name, state: step.state, time: timeOf(step) }))}
      said={
        running && current !== undefined
          ? [t('registration.now', { step: current.name }), current.makesKey && t('registration.keyNote')]
              .filter(Boolean)
              .join('. ')
          : ''
      }
    />
  );
}
