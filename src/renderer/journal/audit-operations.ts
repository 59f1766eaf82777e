import type { AuditEntry } from '#shared/control-panel-views.ts';

/** One action: the line that says how it ended, or the line that says it began where there is no other. */
export interface AuditOperation {
  readonly entry: AuditEntry;
  /** Line number of {@link entry}: names the operation. */
  readonly line: number;
  /** When it began; absent for what has no beginning of its own, as rights that ended. */
  readonly begunAt?: string;
}

/**
 * Puts each end of an action together with its beginning. A beginning without an end stays by itself: the program or
 * the token was stopped in the middle, or it is still going on.
 *
 * @param entries newest first, as the audit tells them; each once
 */
export function auditOperations(entries: readonly AuditEntry[]): readonly AuditOperation[] {
  const operations: AuditOperation[] = [];
  // Ends for which the beginning has not come yet, by what was done to which token.
  const open = new Map<string, number[]>();
  for (const entry of entries) {
    const what = `${entry.action} ${entry.tokenSerial}`;
    const waiting = open.get(what) ?? [];
    if (entry.result !== 'begun') {
      open.set(what, [...waiting, operations.length]);
      operations.push({ entry, line: entry.line });
      continue;
    }
    // A beginning belongs to the nearest end after it.
    const place = waiting.at(-1);
    const end = place === undefined ? undefined : operations[place];
    if (place === undefined || end === undefined) {
      operations.push({ entry, line: entry.line, begunAt: entry.at });
      continue;
    }
    open.set(what, waiting.slice(0, -1));
    operations[place] = { ...end, begunAt: entry.at };
  }
  return operations;
}

export interface AuditFilter {
  /** Part of a serial number or a name; empty: any. */
  readonly token: string;
  readonly action: AuditEntry['action'] | 'any';
  readonly result: AuditEntry['result'] | 'any';
}

export const noFilter: AuditFilter = { token: '', action: 'any', result: 'any' };

export function matches({ entry }: AuditOperation, { token, action, result }: AuditFilter): boolean {
  const wanted = token.trim().toLowerCase();
  return (
    (action === 'any' || entry.action === action) &&
    (result === 'any' || entry.result === result) &&
    (wanted === '' ||
      entry.tokenSerial.toLowerCase().includes(wanted) ||
      (entry.tokenLabel ?? '').toLowerCase().includes(wanted))
  );
}

export interface AuditDay {
  readonly date: Date;
  readonly operations: readonly AuditOperation[];
}

/** By day of this computer's time zone, in the order given. */
export function byDay(operations: readonly AuditOperation[]): readonly AuditDay[] {
  const days: { date: Date; operations: AuditOperation[] }[] = [];
  for (const operation of operations) {
    const at = new Date(operation.entry.at);
    const last = days.at(-1);
    if (last?.date.toDateString() === at.toDateString()) last.operations.push(operation);
    else days.push({ date: at, operations: [operation] });
  }
  return days;
}
