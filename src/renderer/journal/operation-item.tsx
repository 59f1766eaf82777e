import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { CheckmarkCircle20Regular } from '@fluentui/react-icons/svg/checkmark-circle';
import { ChevronDown16Regular } from '@fluentui/react-icons/svg/chevron-down';
import { ChevronUp16Regular } from '@fluentui/react-icons/svg/chevron-up';
import { DismissCircle20Regular } from '@fluentui/react-icons/svg/dismiss-circle';
import { QuestionCircle20Regular } from '@fluentui/react-icons/svg/question-circle';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatTime } from '#shared/texts/formats.ts';
import { Facts } from '../messages/facts.tsx';
import type { AuditOperation } from './audit-operations.ts';
import { errorTitle, operationFacts, operationSentence, tokenWords } from './operation-words.ts';

const useStyles = makeStyles({
  item: { borderTop: `1px solid ${tokens.colorNeutralStroke2}`, ':first-child': { borderTopStyle: 'none' } },
  opener: {
    display: 'grid',
    gridTemplateColumns: '44px 20px minmax(0, 1fr) 16px',
    alignItems: 'start',
    columnGap: '12px',
    width: '100%',
    minHeight: '52px',
    padding: '8px 12px',
    border: 'none',
    borderRadius: tokens.borderRadiusMedium,
    background: 'none',
    color: 'inherit',
    font: 'inherit',
    textAlign: 'start',
    ':hover': { backgroundColor: tokens.colorNeutralBackground1Hover },
    ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}`, outlineOffset: '-2px' },
  },
  time: { color: tokens.colorNeutralForeground2, fontVariantNumeric: 'tabular-nums' },
  done: { color: tokens.colorStatusSuccessForeground1 },
  failed: { color: tokens.colorStatusDangerForeground1 },
  begun: { color: tokens.colorStatusWarningForeground3 },
  words: { overflowWrap: 'anywhere' },
  about: {
    display: 'flex',
    flexWrap: 'wrap',
    columnGap: '16px',
    color: tokens.colorNeutralForeground2,
    fontVariantNumeric: 'tabular-nums',
  },
  why: { color: tokens.colorStatusDangerForeground3 },
  arrow: { color: tokens.colorNeutralForeground3, marginBlockStart: '2px' },
  details: { padding: '0 12px 16px 88px', '@media (max-width: 640px)': { paddingInlineStart: '12px' } },
  note: { margin: '0 0 8px', color: tokens.colorNeutralForeground2 },
});

const icons = {
  done: CheckmarkCircle20Regular,
  failed: DismissCircle20Regular,
  begun: QuestionCircle20Regular,
} as const;

/** One action: when, what happened, to which token, with whose rights; everything else on request. */
export function OperationItem({ operation }: { operation: AuditOperation }) {
  const styles = useStyles();
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const id = useId();
  const { entry } = operation;
  const Icon = icons[entry.result];
  const Arrow = open ? ChevronUp16Regular : ChevronDown16Regular;
  const why = entry.errorCode === null ? undefined : errorTitle(entry.errorCode, t);
  return (
    <li className={styles.item}>
      <button
        type="button"
        className={styles.opener}
        aria-expanded={open}
        {...(open && { 'aria-controls': id })}
        onClick={() => {
          setOpen(!open);
        }}
      >
        <time dateTime={entry.at} className={styles.time}>
          {formatTime(new Date(entry.at))}
        </time>
        <Icon className={styles[entry.result]} aria-label={t(`journal.results.${entry.result}`)} />
        <span className={styles.words}>
          {operationSentence(operation, t)}
          <span className={styles.about}>
            <span>{tokenWords(entry, t)}</span>
            {entry.role !== null && <span>{t(`journal.roles.${entry.role}`)}</span>}
            {why !== undefined && <span className={styles.why}>{why}</span>}
          </span>
        </span>
        <Arrow aria-hidden className={styles.arrow} />
      </button>
      {open && (
        <div id={id} className={mergeClasses(styles.details, 'selectable')}>
          {entry.result === 'begun' && <p className={styles.note}>{t('journal.begunText')}</p>}
          <Facts facts={operationFacts(operation, t)} />
        </div>
      )}
    </li>
  );
}
