import { Button, makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { ArrowDown16Regular } from '@fluentui/react-icons/svg/arrow-down';
import { useEffect, useLayoutEffect, useRef, useState, type KeyboardEvent } from 'react';

import type { NumberedEntry } from '../../view.ts';
import { TraceRow } from './trace-row.tsx';

/** All lines are equally high, so that only those in sight are drawn: a registration is a thousand lines. */
export const ROW_HEIGHT = 28;
const SPARE_ROWS = 6;

const useStyles = makeStyles({
  frame: { flex: 1, minHeight: 0, position: 'relative' },
  list: {
    position: 'absolute',
    inset: 0,
    overflowY: 'auto',
    overflowX: 'hidden',
    outlineOffset: '-2px',
  },
  empty: {
    position: 'absolute',
    inset: 0,
    display: 'grid',
    placeContent: 'center',
    textAlign: 'center',
    padding: '24px',
    color: tokens.colorNeutralForeground2,
    pointerEvents: 'none',
  },
  newest: { position: 'absolute', insetBlockEnd: '12px', insetInlineEnd: '20px', boxShadow: tokens.shadow8 },
  hidden: { visibility: 'hidden' },
});

/** The lines, newest at the bottom. Stays at the bottom while nobody scrolls away from it. */
export function TraceList({
  lines,
  chosen,
  onChoose,
}: {
  lines: readonly NumberedEntry[];
  chosen: number | null;
  onChoose: (number: number) => void;
}) {
  const styles = useStyles();
  const list = useRef<HTMLDivElement>(null);
  const [atEnd, setAtEnd] = useState(true);
  const [top, setTop] = useState(0);
  const [height, setHeight] = useState(0);

  useEffect(() => {
    const element = list.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => {
      setHeight(element.clientHeight);
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
    };
  }, []);
  useLayoutEffect(() => {
    if (atEnd && list.current !== null) list.current.scrollTop = list.current.scrollHeight;
  }, [lines, atEnd, height]);

  const first = Math.max(0, Math.floor(top / ROW_HEIGHT) - SPARE_ROWS);
  const last = Math.min(lines.length, Math.ceil((top + height) / ROW_HEIGHT) + SPARE_ROWS);
  const chosenAt = lines.findIndex(({ number }) => number === chosen);

  const choose = (at: number): void => {
    const line = lines[Math.min(Math.max(at, 0), lines.length - 1)];
    const element = list.current;
    if (line === undefined || element === null) return;
    onChoose(line.number);
    const place = lines.indexOf(line) * ROW_HEIGHT;
    if (place < element.scrollTop) element.scrollTop = place;
    else if (place + ROW_HEIGHT > element.scrollTop + element.clientHeight)
      element.scrollTop = place + ROW_HEIGHT - element.clientHeight;
  };
  const press = (event: KeyboardEvent): void => {
    const page = Math.max(1, Math.floor(height / ROW_HEIGHT) - 1);
    const from = chosenAt < 0 ? lines.length : chosenAt;
    const to = {
      ArrowUp: from - 1,
      ArrowDown: from + 1,
      PageUp: from - page,
      PageDown: from + page,
      Home: 0,
      End: lines.length - 1,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    choose(to);
  };

  return (
    <div className={styles.frame}>
      <div
        ref={list}
        className={styles.list}
        role="listbox"
        aria-label="Exchanges"
        tabIndex={0}
        aria-activedescendant={chosenAt >= first && chosenAt < last ? `line-${chosen}` : undefined}
        onKeyDown={press}
        onScroll={({ currentTarget }) => {
          const { scrollTop, scrollHeight, clientHeight } = currentTarget;
          setTop(scrollTop);
          setAtEnd(scrollTop + clientHeight >= scrollHeight - ROW_HEIGHT / 2);
        }}
      >
        <div style={{ height: lines.length * ROW_HEIGHT, position: 'relative' }}>
          {lines.slice(first, last).map(({ number, entry }, index) => (
            <TraceRow
              key={number}
              id={`line-${number}`}
              entry={entry}
              top={(first + index) * ROW_HEIGHT}
              position={first + index + 1}
              of={lines.length}
              chosen={number === chosen}
              onChoose={() => {
                onChoose(number);
              }}
            />
          ))}
        </div>
      </div>
      {lines.length === 0 && (
        <div className={styles.empty}>
          Every command that the token gets stands here, with what came of it.
        </div>
      )}
      <Button
        className={mergeClasses(styles.newest, atEnd && styles.hidden)}
        size="small"
        icon={<ArrowDown16Regular />}
        onClick={() => {
          setAtEnd(true);
        }}
      >
        Newest
      </Button>
    </div>
  );
}
