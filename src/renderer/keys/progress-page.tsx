import { Button, makeStyles, tokens } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { renewalSteps, type KeySetView, type RenewalStep, type RenewalView } from '#shared/renewal-views.ts';
import { formatElapsed } from '#shared/texts/formats.ts';
import { Screen } from '../frame/screen.tsx';
import { StageList, type StageState } from '../messages/stage-list.tsx';
import { useNow } from '../registration/use-now.ts';
import { FlowSteps } from './flow-steps.tsx';
import { isIssued } from './key-set-state.ts';
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

const makesKey = (step: RenewalStep): boolean =>
  step === 'new-signature-key-made' || step === 'new-sign-in-key-made';

/** Every step by name; how long the one under way has been going on, and how long it may take. */
function RenewalStages({ renewal }: { renewal: RenewalView }) {
  const { t } = useTranslation();
  const { done, current, currentSince } = renewal;
  const now = useNow(true);
  const stateOf = (step: RenewalStep): StageState =>
    done.includes(step) ? 'done' : step === current ? 'current' : 'ahead';
  const timeOf = (step: RenewalStep): string =>
    [
      step === current &&
        currentSince !== undefined &&
        formatElapsed(now.getTime() - Date.parse(currentSince)),
      makesKey(step) && stateOf(step) !== 'done' && t('registration.upTo5'),
    ]
      .filter(Boolean)
      .join(' · ');
  return (
    <StageList
      label={t('keys.progress.label')}
      stages={renewalSteps.map((step) => ({
        name: t(`keys.steps.${step}`),
        state: stateOf(step),
        time: timeOf(step),
      }))}
      said={
        current === undefined
          ? ''
          : [
              t('registration.now', { step: t(`keys.steps.${current}`) }),
              makesKey(current) && t('registration.keyNote'),
            ]
              .filter(Boolean)
              .join('. ')
      }
    />
  );
}
