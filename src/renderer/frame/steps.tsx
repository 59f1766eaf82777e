import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { CheckmarkCircle20Filled } from '@fluentui/react-icons/svg/checkmark-circle';
import { useTranslation } from 'react-i18next';

const useStyles = makeStyles({
  steps: {
    position: 'sticky',
    top: '24px',
    alignSelf: 'start',
    '@media (max-width: 760px)': { position: 'static' },
  },
  list: {
    listStyleType: 'none',
    margin: '4px 0 0',
    padding: 0,
    display: 'grid',
    alignContent: 'start',
    gap: '4px',
    '@media (max-width: 760px)': { display: 'none' },
  },
  step: {
    display: 'grid',
    gridTemplateColumns: '24px minmax(0, 1fr)',
    alignItems: 'center',
    columnGap: '10px',
    minHeight: '36px',
    padding: '0 10px',
    borderRadius: tokens.borderRadiusMedium,
    color: tokens.colorNeutralForeground2,
  },
  current: {
    backgroundColor: tokens.colorBrandBackground2,
    color: tokens.colorNeutralForeground1,
    fontWeight: tokens.fontWeightSemibold,
    '@media (forced-colors: active)': { outline: '2px solid Highlight' },
  },
  number: {
    width: '22px',
    height: '22px',
    boxSizing: 'border-box',
    display: 'grid',
    placeItems: 'center',
    borderRadius: tokens.borderRadiusCircular,
    border: `1px solid ${tokens.colorNeutralStrokeAccessible}`,
    fontSize: tokens.fontSizeBase200,
    fontVariantNumeric: 'tabular-nums',
  },
  currentNumber: {
    color: tokens.colorNeutralForegroundOnBrand,
    backgroundColor: tokens.colorBrandBackground,
    borderTopColor: 'transparent',
    borderRightColor: 'transparent',
    borderBottomColor: 'transparent',
    borderLeftColor: 'transparent',
  },
  tick: { color: tokens.colorBrandForeground1 },
  line: {
    display: 'none',
    margin: 0,
    color: tokens.colorNeutralForeground2,
    '@media (max-width: 760px)': { display: 'block' },
  },
  hidden: { position: 'absolute', width: '1px', height: '1px', overflow: 'hidden', clipPath: 'inset(50%)' },
});

/** The steps of something done one after the other, with ticks; one line in a narrow window. */
export function Steps({
  label,
  names,
  at,
  finished = false,
}: {
  label: string;
  names: readonly string[];
  /** Index of the current one. */
  at: number;
  finished?: boolean;
}) {
  const styles = useStyles();
  const { t } = useTranslation();
  return (
    <div className={styles.steps}>
      <ol className={styles.list} aria-label={label}>
        {names.map((name, index) => {
          const done = index < at || finished;
          const isCurrent = index === at;
          return (
            <li
              key={name}
              className={mergeClasses(styles.step, isCurrent && styles.current)}
              aria-current={isCurrent ? 'step' : undefined}
            >
              {done ? (
                <CheckmarkCircle20Filled aria-hidden className={styles.tick} />
              ) : (
                <span aria-hidden className={mergeClasses(styles.number, isCurrent && styles.currentNumber)}>
                  {index + 1}
                </span>
              )}
              <span>
                {name}
                {done && <span className={styles.hidden}>{`, ${t('wizard.stepDone')}`}</span>}
              </span>
            </li>
          );
        })}
      </ol>
      <p className={styles.line}>
        {t('wizard.stepOf', { step: at + 1, count: names.length, name: names[at] ?? '' })}
      </p>
    </div>
  );
}
