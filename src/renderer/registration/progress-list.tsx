import { makeStyles, mergeClasses, Spinner, tokens } from '@fluentui/react-components';
import { CheckmarkCircle20Filled } from '@fluentui/react-icons/svg/checkmark-circle';
import { Circle20Regular } from '@fluentui/react-icons/svg/circle';
import { Hourglass20Regular } from '@fluentui/react-icons/svg/hourglass';
import { Warning20Filled } from '@fluentui/react-icons/svg/warning';
import { useTranslation } from 'react-i18next';
import { formatElapsed } from '#shared/texts/formats.ts';
import { registrationSteps, type RegistrationStep, type RegistrationView } from '#shared/views.ts';
import { useNow } from './use-now.ts';

const useStyles = makeStyles({
  list: { listStyleType: 'none', margin: '0 0 16px', padding: 0, maxWidth: '560px' },
  step: {
    display: 'grid',
    gridTemplateColumns: '24px minmax(0, 1fr) auto',
    alignItems: 'center',
    columnGap: '10px',
    minHeight: '26px',
    color: tokens.colorNeutralForeground2,
  },
  current: { color: tokens.colorNeutralForeground1, fontWeight: tokens.fontWeightSemibold },
  done: { color: tokens.colorStatusSuccessForeground3 },
  stopped: { color: tokens.colorStatusWarningForeground3 },
  waiting: { color: tokens.colorBrandForeground1 },
  ahead: { color: tokens.colorNeutralForeground4 },
  time: { fontVariantNumeric: 'tabular-nums', fontWeight: tokens.fontWeightRegular, whiteSpace: 'nowrap' },
  hidden: { position: 'absolute', width: '1px', height: '1px', overflow: 'hidden', clipPath: 'inset(50%)' },
});

const makesKey = (step: RegistrationStep): boolean =>
  step === 'signature-key-made' || step === 'sign-in-key-made';

type StepState = 'done' | 'current' | 'waiting' | 'stopped' | 'ahead';

/** Every step by name; how long the one under way has been going on, and how long it may take. */
export function ProgressList({ registration }: { registration: RegistrationView }) {
  const styles = useStyles();
  const { t } = useTranslation();
  const { done, current, currentSince, state, waitingUntil } = registration;
  const running = state === 'running';
  const now = useNow(running);
  const stateOf = (step: (typeof registrationSteps)[number]): StepState => {
    if (done.includes(step)) return 'done';
    if (step !== current) return 'ahead';
    if (!running) return 'stopped';
    return waitingUntil === undefined ? 'current' : 'waiting';
  };
  return (
    <>
      <ol className={styles.list} aria-label={t('registration.stepsLabel')}>
        {registrationSteps.map((step) => {
          const stepState = stateOf(step);
          const underWay = stepState === 'current' || stepState === 'waiting';
          return (
            <li
              key={step}
              aria-current={underWay ? 'step' : undefined}
              className={mergeClasses(styles.step, (underWay || stepState === 'stopped') && styles.current)}
            >
              <StepIcon state={stepState} />
              <span>
                {t(`registration.steps.${step}`)}
                <span className={styles.hidden}>{`, ${t(`registration.states.${stepState}`)}`}</span>
              </span>
              {/* The seconds are for the eye: read out each second they would drown the steps. */}
              <span className={styles.time} aria-hidden>
                {[
                  underWay &&
                    currentSince !== undefined &&
                    formatElapsed(now.getTime() - Date.parse(currentSince)),
                  makesKey(step) && stepState !== 'done' && t('registration.upTo5'),
                ]
                  .filter(Boolean)
                  .join(' · ')}
              </span>
            </li>
          );
        })}
      </ol>
      <div className={styles.hidden} aria-live="polite">
        {running &&
          current !== undefined &&
          [
            t('registration.now', { step: t(`registration.steps.${current}`) }),
            makesKey(current) && t('registration.keyNote'),
          ]
            .filter(Boolean)
            .join('. ')}
      </div>
    </>
  );
}

function StepIcon({ state }: { state: StepState }) {
  const styles = useStyles();
  switch (state) {
    case 'done':
      return <CheckmarkCircle20Filled aria-hidden className={styles.done} />;
    case 'current':
      return <Spinner aria-hidden size="extra-tiny" />;
    case 'waiting':
      return <Hourglass20Regular aria-hidden className={styles.waiting} />;
    case 'stopped':
      return <Warning20Filled aria-hidden className={styles.stopped} />;
    case 'ahead':
      return <Circle20Regular aria-hidden className={styles.ahead} />;
  }
}
