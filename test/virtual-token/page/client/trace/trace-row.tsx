import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { Flash16Filled } from '@fluentui/react-icons/svg/flash';
import { memo } from 'react';

import type { TraceEntry } from '../../../traced-card.ts';
import { lengthOf, outcomeOf, textOf, timeOf, toneOf } from './trace-lines.ts';

const useStyles = makeStyles({
  row: {
    position: 'absolute',
    insetInline: 0,
    height: '28px',
    display: 'grid',
    gridTemplateColumns: '92px minmax(0, 3fr) 44px minmax(0, 2fr) 56px',
    columnGap: '10px',
    alignItems: 'center',
    paddingInline: '12px',
    cursor: 'default',
    whiteSpace: 'nowrap',
    '& > *': { overflow: 'hidden', textOverflow: 'ellipsis' },
    ':hover': { backgroundColor: tokens.colorSubtleBackgroundHover },
    '@media (max-width: 620px)': { gridTemplateColumns: '92px minmax(0, 5fr) 44px minmax(0, 3fr)' },
  },
  chosen: {
    backgroundColor: tokens.colorSubtleBackgroundSelected,
    ':hover': { backgroundColor: tokens.colorSubtleBackgroundSelected },
    '@media (forced-colors: active)': { outline: '1px solid Highlight', outlineOffset: '-1px' },
  },
  time: {
    color: tokens.colorNeutralForeground3,
    fontSize: tokens.fontSizeBase200,
    fontVariantNumeric: 'tabular-nums',
  },
  length: {
    color: tokens.colorNeutralForeground3,
    fontSize: tokens.fontSizeBase200,
    textAlign: 'end',
    fontVariantNumeric: 'tabular-nums',
    '@media (max-width: 620px)': { display: 'none' },
  },
  word: { fontFamily: tokens.fontFamilyMonospace },
  event: { color: tokens.colorNeutralForeground3, fontStyle: 'italic' },
  refused: { color: tokens.colorPaletteRedForeground1 },
  fault: {
    color: tokens.colorStatusWarningForeground1,
    fontWeight: tokens.fontWeightSemibold,
    display: 'flex',
    gap: '6px',
    alignItems: 'center',
    gridColumn: '2 / -1',
  },
  quiet: { color: tokens.colorNeutralForeground2 },
});

/** One line of the trace, at its height in the list. */
export const TraceRow = memo(
  function TraceRow({
    id,
    entry,
    top,
    position,
    of,
    chosen,
    onChoose,
  }: {
    id: string;
    entry: TraceEntry;
    top: number;
    position: number;
    of: number;
    chosen: boolean;
    onChoose: () => void;
  }) {
    const styles = useStyles();
    const tone = toneOf(entry);
    const outcome = outcomeOf(entry);
    return (
      <div
        id={id}
        role="option"
        aria-selected={chosen}
        aria-posinset={position}
        aria-setsize={of}
        className={mergeClasses(styles.row, chosen && styles.chosen)}
        style={{ top }}
        onClick={onChoose}
      >
        <span className={styles.time}>{timeOf(entry.at)}</span>
        {tone === 'fault' ? (
          <span className={styles.fault}>
            <Flash16Filled />
            <span>{textOf(entry)}</span>
          </span>
        ) : (
          <>
            <span className={tone === 'event' ? styles.event : undefined} title={textOf(entry)}>
              {textOf(entry)}
            </span>
            <span className={mergeClasses(styles.word, tone === 'refused' && styles.refused)}>
              {entry.event === 'exchange' ? entry.statusWord : ''}
            </span>
            <span className={tone === 'refused' ? styles.refused : styles.quiet} title={outcome}>
              {outcome}
            </span>
            <span className={styles.length}>
              {entry.event === 'exchange' ? lengthOf(entry.milliseconds) : ''}
            </span>
          </>
        )}
      </div>
    );
  },
  (before, after) =>
    before.id === after.id &&
    before.top === after.top &&
    before.of === after.of &&
    before.chosen === after.chosen,
);
