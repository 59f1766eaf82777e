import { makeStyles, mergeClasses, Spinner, tokens } from '@fluentui/react-components';
import { CheckmarkCircle20Filled } from '@fluentui/react-icons/svg/checkmark-circle';
import { Circle20Regular } from '@fluentui/react-icons/svg/circle';
import { Hourglass20Regular } from '@fluentui/react-icons/svg/hourglass';
import { Warning20Filled } from '@fluentui/react-icons/svg/warning';
import { useTranslation } from 'react-i18next';

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

export type StageState = 'done' | 'current' | 'waiting' | 'stopped' | 'ahead';

export interface Stage {
  readonly name: string;
  readonly state: StageState;
  /** Elapsed time and the like, for the eye alone: read out each second it would drown the stages. */
  readonly time?: string;
}

/** Long work by the names of its stages: which are done, which is under way, where it stopped. */
export function StageList({
  label,
  stages,
  said,
}: {
  label: string;
  stages: readonly Stage[];
  /** What a screen reader is told of the stage under way. */
  said: string;
}) {
  const styles = useStyles();
  const { t } = useTranslation();
  return (
    <>
      <ol className={styles.list} aria-label={label}>
        {stages.map(({ name, state, time }) => {
          const underWay = state === 'current' || state === 'waiting';
          return (
            <li
              key={name}
              aria-current={underWay ? 'step' : undefined}
              className={mergeClasses(styles.step, (underWay || state === 'stopped') && styles.current)}
            >
              <StageIcon state={state} />
              <span>
                {name}
                <span className={styles.hidden}>{`, ${t(`registration.states.${state}`)}`}</span>
              </span>
              <span className={styles.time} aria-hidden>
                {time}
              </span>
            </li>
          );
        })}
      </ol>
      <div className={styles.hidden} aria-live="polite">
        {said}
      </div>
    </>
  );
}

function StageIcon({ state }: { state: StageState }) {
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
