import type { TraceEntry } from '../../../traced-card.ts';
import type { NumberedEntry } from '../../view.ts';

export const kinds = {
  all: 'All lines',
  refused: 'Refused or unanswered',
  writes: 'Writes',
  faults: 'Faults and the reader',
} as const;
export type Kind = keyof typeof kinds;

const writing: ReadonlySet<string> = new Set([
  'CREATE',
  'DELETE',
  'UPDATE',
  'CHANGE-PIN',
  'WRITE-KEY',
  'UNBLOCK',
  'ERASE',
  'END-INIT',
  'GENERATE',
]);

/** What a line is about, for its colour. `61xx` and `6Cxx` only say how to go on. */
export function toneOf(entry: TraceEntry): 'done' | 'refused' | 'fault' | 'event' {
  switch (entry.event) {
    case 'exchange': {
      const answersQuestion = entry.name === 'PIN-STATUS' && entry.statusWord.startsWith('63C');
      return answersQuestion || /^(9000|61|6C)/.test(entry.statusWord) ? 'done' : 'refused';
    }
    case 'no-answer':
      return 'refused';
    case 'fault':
      return 'fault';
    default:
      return 'event';
  }
}

/** The line in words. */
export function textOf(entry: TraceEntry): string {
  switch (entry.event) {
    case 'exchange':
    case 'no-answer':
      return entry.text;
    case 'fault':
      return `Fault: ${entry.text}`;
    default:
      return eventWords[entry.event];
  }
}

const eventWords = {
  'power-on': 'power on',
  'power-off': 'power off',
  reset: 'reset',
  inserted: 'put into the reader',
  removed: 'pulled out of the reader',
  'reader-reached': 'reader connected',
  'reader-lost': 'reader disconnected',
} as const;

/** What came of it, in words. */
export function outcomeOf(entry: TraceEntry): string {
  if (entry.event === 'exchange') return entry.meaning;
  return entry.event === 'no-answer' ? 'no answer' : '';
}

/** Keeps what is of a kind and holds every word that was typed. */
export function matching(
  lines: readonly NumberedEntry[],
  kind: Kind,
  typed: string,
): readonly NumberedEntry[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  if (kind === 'all' && words.length === 0) return lines;
  return lines.filter(
    ({ entry }) => isOfKind(entry, kind) && words.every((word) => searchable(entry).includes(word)),
  );
}

function isOfKind(entry: TraceEntry, kind: Kind): boolean {
  switch (kind) {
    case 'all':
      return true;
    case 'refused':
      return toneOf(entry) === 'refused';
    case 'writes':
      return 'name' in entry && writing.has(entry.name);
    case 'faults':
      return ['fault', 'event'].includes(toneOf(entry)) || entry.event === 'no-answer';
  }
}

function searchable(entry: TraceEntry): string {
  const bytes = 'command' in entry ? entry.command : '';
  const answer = entry.event === 'exchange' ? `${entry.statusWord} ${entry.answer}` : '';
  return `${textOf(entry)} ${outcomeOf(entry)} ${bytes} ${answer}`.toLowerCase();
}

/** `14:05:09.120` in local time. */
export function timeOf(at: string): string {
  const date = new Date(at);
  const two = (value: number): string => String(value).padStart(2, '0');
  const milliseconds = String(date.getMilliseconds()).padStart(3, '0');
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${milliseconds}`;
}

/** `0.4 ms`, `38 ms`, `2.1 s`. */
export function lengthOf(milliseconds: number): string {
  if (milliseconds >= 1000) return `${(milliseconds / 1000).toFixed(1)} s`;
  return `${milliseconds < 10 ? milliseconds.toFixed(1) : Math.round(milliseconds)} ms`;
}
