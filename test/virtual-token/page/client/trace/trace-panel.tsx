import { Button, makeStyles, SearchBox, Select, ToggleButton, tokens } from '@fluentui/react-components';
import { Delete20Regular } from '@fluentui/react-icons/svg/delete';
import { Pause20Regular } from '@fluentui/react-icons/svg/pause';
import { Play20Regular } from '@fluentui/react-icons/svg/play';
import { useMemo, useState } from 'react';

import type { NumberedEntry } from '../../view.ts';
import { TraceDetail } from './trace-detail.tsx';
import { type Kind, kinds, matching } from './trace-lines.ts';
import { TraceList } from './trace-list.tsx';

const useStyles = makeStyles({
  tools: {
    display: 'flex',
    alignItems: 'center',
    gap: '8px',
    padding: '8px 12px',
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
    flexWrap: 'wrap',
  },
  search: { flex: '1 1 140px', minWidth: '120px', maxWidth: 'none' },
  // As wide with either word.
  pause: { minWidth: '104px' },
  count: {
    padding: '4px 12px',
    color: tokens.colorNeutralForeground2,
    fontSize: tokens.fontSizeBase200,
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
    fontVariantNumeric: 'tabular-nums',
  },
});

/** The trace as it grows: filtered, held still, cleared. Held still it goes on growing out of sight. */
export function TracePanel({ trace }: { trace: readonly NumberedEntry[] }) {
  const styles = useStyles();
  const [kind, setKind] = useState<Kind>('all');
  const [typed, setTyped] = useState('');
  const [clearedAt, setClearedAt] = useState(0);
  const [pausedAt, setPausedAt] = useState<number | null>(null);
  const [chosen, setChosen] = useState<number | null>(null);
  const newest = trace.at(-1)?.number ?? 0;
  const shown = useMemo(() => {
    const since = trace.filter(
      ({ number }) => number > clearedAt && (pausedAt === null || number <= pausedAt),
    );
    return matching(since, kind, typed);
  }, [trace, clearedAt, pausedAt, kind, typed]);
  const waiting = pausedAt === null ? 0 : newest - pausedAt;
  return (
    <>
      <div className={styles.tools}>
        <SearchBox
          className={styles.search}
          placeholder="Filter"
          aria-label="Filter the trace"
          value={typed}
          onChange={(_, { value }) => {
            setTyped(value);
          }}
        />
        <Select
          aria-label="Which lines"
          value={kind}
          onChange={(_, { value }) => {
            // The options are the keys of `kinds`.
            setKind(value as Kind);
          }}
        >
          {Object.entries(kinds).map(([name, words]) => (
            <option key={name} value={name}>
              {words}
            </option>
          ))}
        </Select>
        <ToggleButton
          className={styles.pause}
          checked={pausedAt !== null}
          icon={pausedAt === null ? <Pause20Regular /> : <Play20Regular />}
          onClick={() => {
            setPausedAt(pausedAt === null ? newest : null);
          }}
        >
          {pausedAt === null ? 'Pause' : 'Go on'}
        </ToggleButton>
        <Button
          icon={<Delete20Regular />}
          onClick={() => {
            setClearedAt(newest);
            setChosen(null);
            if (pausedAt !== null) setPausedAt(newest);
          }}
        >
          Clear
        </Button>
      </div>
      <div className={styles.count} role="status">
        {shown.length} {shown.length === 1 ? 'line' : 'lines'}
        {pausedAt !== null && `, held still; ${waiting} more since`}
      </div>
      <TraceList lines={shown} chosen={chosen} onChoose={setChosen} />
      <TraceDetail line={shown.find(({ number }) => number === chosen)?.entry} />
    </>
  );
}
