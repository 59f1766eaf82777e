import { makeStyles, tokens } from '@fluentui/react-components';

import type { TraceEntry } from '../../../traced-card.ts';
import { commandMeanings } from './command-meanings.ts';
import { lengthOf, textOf, timeOf } from './trace-lines.ts';

const useStyles = makeStyles({
  detail: {
    flexShrink: 0,
    // Always as high, with a line chosen or without.
    height: '148px',
    '@media (max-height: 640px)': { height: '104px' },
    boxSizing: 'border-box',
    overflowY: 'auto',
    padding: '10px 12px',
    borderTop: `1px solid ${tokens.colorNeutralStroke2}`,
    display: 'grid',
    gridTemplateColumns: 'max-content minmax(0, 1fr)',
    columnGap: '12px',
    rowGap: '4px',
    alignContent: 'start',
    margin: 0,
    '& > dt': { color: tokens.colorNeutralForeground2 },
    '& > dd': { margin: 0, overflowWrap: 'anywhere' },
  },
  bytes: { fontFamily: tokens.fontFamilyMonospace, fontSize: tokens.fontSizeBase200 },
  none: { gridColumn: 'span 2', color: tokens.colorNeutralForeground2 },
});

/** The chosen line: what it is for, and its bytes. PINs and keys were taken out before they came here. */
export function TraceDetail({ line }: { line: TraceEntry | undefined }) {
  const styles = useStyles();
  if (line === undefined)
    return (
      <div className={styles.detail}>
        <div className={styles.none}>Choose a line to see its bytes.</div>
      </div>
    );
  return (
    <dl className={styles.detail} aria-label="Chosen line">
      <dt>{timeOf(line.at)}</dt>
      <dd>
        {textOf(line)}
        {'name' in line && ` – ${commandMeanings[line.name]}`}
      </dd>
      {'command' in line && (
        <>
          <dt>Command</dt>
          <dd className={styles.bytes}>{spaced(line.command)}</dd>
        </>
      )}
      {line.event === 'exchange' && (
        <>
          <dt>Answer</dt>
          <dd className={styles.bytes}>{spaced(line.answer)}</dd>
          <dt>Outcome</dt>
          <dd>
            {line.statusWord}, {line.meaning}, after {lengthOf(line.milliseconds)}
          </dd>
        </>
      )}
      {line.event === 'no-answer' && (
        <>
          <dt>Outcome</dt>
          <dd>The token lost its power or left before it could answer.</dd>
        </>
      )}
    </dl>
  );
}

/** Bytes apart; what is said in words instead of bytes stays as it is. */
const spaced = (hex: string): string =>
  hex.replace(/^[0-9A-F]{2,}|[0-9A-F]{4,}$/g, (run) => run.replace(/..(?!$)/g, '$& '));
