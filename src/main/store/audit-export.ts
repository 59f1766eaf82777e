import { z } from 'zod';
import { auditEntry, type AuditEntry } from '#shared/control-panel-views.ts';
import { ChainCheck, type AuditChainState } from './audit-chain.ts';

/**
 * The audit as a file: JSON lines (one JSON value a line, UTF-8). The first says how many lines follow and with which
 * hash they end, so that a file which was cut off is noticed.
 */
const header = z.object({
  kiltAudit: z.literal(1),
  exportedAt: z.iso.datetime(),
  lines: z.number().int().min(0),
  lastHash: z.string(),
});

/** @param lines how many were ever written: fewer that can be read make a chain that is broken in the file too */
export function auditFile(entries: readonly AuditEntry[], lines: number, now: Date): string {
  const first: z.infer<typeof header> = {
    kiltAudit: 1,
    exportedAt: now.toISOString(),
    lines,
    lastHash: entries.at(-1)?.hash ?? '',
  };
  return [first, ...entries].map((value) => `${JSON.stringify(value)}\n`).join('');
}

/** What an exported file is found to be. `not-an-audit`: its first line is not that of an export. */
export type AuditFileState =
  | { readonly state: 'not-an-audit' }
  | (AuditChainState & { readonly lines: number; readonly exportedAt: string });

/** Checks an exported file by itself; needs nothing of the computer it was made on. */
export function verifyAuditFile(text: string): AuditFileState {
  const [first = '', ...rest] = text.split('\n');
  const read = header.safeParse(jsonOrUndefined(first));
  if (!read.success) return { state: 'not-an-audit' };
  const { lines, lastHash, exportedAt } = read.data;
  const check = new ChainCheck();
  const entries = rest.filter((line) => line !== '');
  for (const line of entries) {
    const entry = auditEntry.strict().safeParse(jsonOrUndefined(line));
    check.next(entry.success ? entry.data : undefined);
  }
  const chain = check.result(lines);
  const ends = chain.state === 'broken' || lines === 0 || check.head === lastHash;
  return { ...(ends ? chain : { state: 'broken', brokenAt: lines }), lines, exportedAt };
}

function jsonOrUndefined(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return undefined;
  }
}
