import { readFile } from 'node:fs/promises';
import type { TFunction } from 'i18next';
import { KiltError } from '#shared/errors.ts';
import { isKeyFileEntry, type AuditEntry } from '#shared/control-panel-views.ts';
import { formatDate, formatTime } from '#shared/texts/formats.ts';
import type { AuditChainState } from '#main/store/audit-chain.ts';
import { verifyAuditFile } from '#main/store/audit-export.ts';
import type { CommandRun } from './command.ts';
import { commandLineProblem } from './command-line-problem.ts';
import { writeNewFile } from './written-file.ts';

/** `kilt audit list`, newest first. */
export const listAuditCommand: CommandRun<{ offset: number; count: number }> = async (
  kilt,
  { offset, count },
  { result, progress, t },
) => {
  const view = kilt.audit.view({ offset, count });
  result(view, () =>
    view.total === 0 ? [t('journal.empty.title')] : view.entries.map((entry) => entryLine(entry, t)),
  );
  if (view.chain.state === 'broken') progress(t('journal.chain.broken', { line: view.chain.brokenAt }));
};

/** `kilt audit export`. */
export const exportAuditCommand: CommandRun<{ out?: string }> = async (kilt, { out }, { result, t }) => {
  if (out === undefined) throw commandLineProblem('missing', { option: '--out' });
  const file = await writeNewFile(out, kilt.audit.exported().contents);
  result({ exported: true, file }, () => [t('commandLine.fileWritten', { file })]);
};

/** `kilt audit verify`: this computer's audit, or an exported file. @throws KiltError `audit-damaged` {line} */
export const verifyAuditCommand: CommandRun<{ file?: string }> = async (kilt, { file }, { result, t }) => {
  const lines = file === undefined ? kilt.audit.view({ offset: 0, count: 1 }).total : undefined;
  const found = file === undefined ? kilt.audit.verify() : verifyAuditFile(await textOf(file));
  if (found.state === 'not-an-audit') throw commandLineProblem('not-an-audit', { value: file ?? '' });
  refuseBroken(found);
  const count = 'lines' in found ? Number(found.lines) : lines;
  result({ intact: true, lines: count }, () => [t('journal.chain.intact', { count: count ?? 0 })]);
};

function refuseBroken(chain: AuditChainState): void {
  if (chain.state === 'broken') throw new KiltError('audit-damaged', { line: chain.brokenAt });
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    throw commandLineProblem('not-an-audit', { value: file });
  }
}

const siteOf = ({ detail }: AuditEntry): string =>
  typeof detail['site'] === 'string' ? detail['site'] : '—';

function entryLine(entry: AuditEntry, t: TFunction): string {
  const at = new Date(entry.at);
  return [
    String(entry.line),
    `${formatDate(at)} ${formatTime(at)}`,
    ...(entry.tokenSerial === '' ? [] : [t('frame.chip.serial', { serial: entry.tokenSerial })]),
    entry.tokenLabel ?? (isKeyFileEntry(entry) ? t('journal.keyFile') : siteOf(entry)),
    t(`journal.${entry.result}.${entry.action}`),
    ...(entry.role === null ? [] : [t(`controlPanel.roles.${entry.role}`)]),
    ...(entry.errorCode === null ? [] : [t('errors.code', { code: entry.errorCode })]),
    ...(entry.reason === null ? [] : [entry.reason]),
  ].join(' · ');
}
