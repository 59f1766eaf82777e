import { Button, makeStyles, tokens } from '@fluentui/react-components';
import type { TFunction } from 'i18next';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AuditEntry } from '#shared/control-panel-views.ts';
import { daysUntil, formatDate } from '#shared/texts/formats.ts';
import { auditOperations, byDay, matches, noFilter } from './audit-operations.ts';
import { FilterBar } from './filter-bar.tsx';
import { OperationItem } from './operation-item.tsx';

const useStyles = makeStyles({
  day: {
    margin: '20px 0 4px',
    fontSize: tokens.fontSizeBase300,
    lineHeight: tokens.lineHeightBase300,
    fontWeight: tokens.fontWeightSemibold,
    fontVariantNumeric: 'tabular-nums',
  },
  operations: {
    listStyleType: 'none',
    margin: 0,
    padding: 0,
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusXLarge,
    overflow: 'hidden',
  },
  foot: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: '8px 16px',
    marginBlockStart: '16px',
    color: tokens.colorNeutralForeground2,
  },
});

/** Operations that are shown at first, and with each «Показать еще». */
const step = 50;

/** The operations found, by day; more of the journal is read as more is wanted. */
export function AuditEntries({
  entries,
  total,
  canReadMore,
  reading,
  readMore,
}: {
  entries: readonly AuditEntry[];
  total: number;
  canReadMore: boolean;
  reading: boolean;
  readMore: () => void;
}) {
  const styles = useStyles();
  const { t } = useTranslation();
  const [filter, setFilter] = useState(noFilter);
  const [wanted, setWanted] = useState(step);
  const found = auditOperations(entries).filter((operation) => matches(operation, filter));
  const shown = found.slice(0, wanted);

  // A rare entry may lie far back: the journal is read on until there is enough to show, or no more to read.
  const missing = found.length < wanted && canReadMore;
  useEffect(() => {
    if (missing && !reading) readMore();
  });

  return (
    <>
      <FilterBar
        filter={filter}
        onFilter={(changed) => {
          setFilter(changed);
          setWanted(step);
        }}
      />
      {shown.length === 0 && !missing && <p role="status">{t('journal.noneFound')}</p>}
      {byDay(shown).map(({ date, operations }) => (
        <section key={date.toDateString()}>
          <h2 className={styles.day}>{dayName(date, t)}</h2>
          <ul className={styles.operations}>
            {operations.map((operation) => (
              <OperationItem key={operation.line} operation={operation} />
            ))}
          </ul>
        </section>
      ))}
      <div className={styles.foot}>
        {(found.length > shown.length || missing) && (
          <Button
            disabled={missing}
            onClick={() => {
              setWanted(wanted + step);
            }}
          >
            {t('journal.more')}
          </Button>
        )}
        <span role="status">{t('journal.shown', { shown: shown.length, seen: entries.length, total })}</span>
      </div>
    </>
  );
}

function dayName(date: Date, t: TFunction): string {
  const ago = -daysUntil(date, new Date());
  const words = { date: formatDate(date) };
  if (ago === 0) return t('journal.today', words);
  return ago === 1 ? t('journal.yesterday', words) : words.date;
}
