import { Button, makeStyles, tokens } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { renewalSteps, type KeySetView, type RenewalStep, type RenewalView } from '#shared/renewal-views.ts';
import { Screen } from '../frame/screen.tsx';
import { KeyMakingStages } from '../messages/key-making-stages.tsx';
import type { StageState } from '../messages/stage-list.tsx';
import { FlowSteps } from './flow-steps.tsx';
import { isIssued } from '#shared/key-set-state.ts';
import { TwoSets } from './two-sets.tsx';

const useStyles = makeStyles({ note: { color: tokens.colorNeutralForeground2 } });

/** A regeneration under way, step by step. It goes on whether or not one looks at it. */
export function ProgressPage({
  set,
  renewal,
  onLeave,
}: {
  set: KeySetView;
  renewal: RenewalView;
  onLeave: () => void;
}) {
  const styles = useStyles();
  const { t } = useTranslation();
  const issued = isIssued(set);
  return (
    <Screen
      wide
      title={t('keys.progress.title')}
      beside={<FlowSteps current={issued ? 'taking' : 'sending'} />}
      onCancel={onLeave}
      actions={<Button onClick={onLeave}>{t('keys.toList')}</Button>}
    >
      <TwoSets set={set} fresh={issued ? 'taking' : 'making'} />
      <RenewalStages renewal={renewal} />
      <p className={styles.note}>{t('keys.progress.note')}</p>
    </Screen>
  );
}

/** The steps of a regeneration. */
function RenewalStages({ renewal }: { renewal: RenewalView }) {
  const { t } = useTranslation();
  const { done, current, currentSince } = renewal;
  const stateOf = (step: RenewalStep): StageState =>
    done.includes(step) ? 'done' : step === current ? 'current' : 'ahead';
  const steps = renewalSteps.map((step) => ({
    name: t(`keys.steps.${step}`),
    state: stateOf(step),
    makesKey: step === 'new-signature-key-made' || step === 'new-sign-in-key-made',
  }));
  return (
    <KeyMakingStages
      label={t('keys.progress.label')}
      steps={steps}
      running
      current={steps[renewalSteps.findIndex((step) => step === current)]}
      currentSince={currentSince}
    />
  );
}
