import type { FormatView } from '#shared/control-panel-views.ts';
import { errorViewOf } from '#shared/error-view.ts';
import { isKiltError, KiltError } from '#shared/errors.ts';
import type { AuditLog } from '#main/store/audit-log.ts';
import type { FormatJournal, JournalledFormat } from '#main/store/format-journal.ts';
import type { TokenInfo } from '#main/token/token-session.ts';
import type { TokenWatch } from '#main/token/token-watch.ts';
import { formatView } from './running-format.ts';

export interface InterruptedFormatsServices {
  readonly tokens: TokenWatch;
  readonly formats: FormatJournal;
  readonly audit: AuditLog;
  readonly isFormatting: (tokenSerial: string) => boolean;
  readonly onFormatted: (format: Pick<JournalledFormat, 'tokenSerial' | 'startedAt'>) => void;
  readonly tell: (view: FormatView) => void;
}

/**
 * Brings the journal of formats into line with the tokens that are met: after a power cut, a crash or a pulled token
 * only the token knows how far a format came. Where the journal can not be written now, the next call does it.
 */
export function settleFormats(services: InterruptedFormatsServices): void {
  const { tokens, formats, isFormatting } = services;
  try {
    for (const { state, info } of tokens.tokens()) {
      if (state !== 'ready' || !info || isFormatting(info.serial)) continue;
      for (const format of formats.openOn(info.serial)) settle(services, format, info);
    }
  } catch (error) {
    if (!isKiltError(error)) throw error;
  }
}

function settle(
  { formats, audit, onFormatted, tell }: InterruptedFormatsServices,
  format: JournalledFormat,
  { layout, label }: TokenInfo,
): void {
  const subject = {
    action: 'format',
    tokenSerial: format.tokenSerial,
    tokenLabel: label,
    role: null,
  } as const;
  const wiped = format.stages.includes('wiped');
  // The program that left it as running wrote no end of it into the audit either.
  const left = format.state === 'running';
  if (layout === 'complete' && wiped) {
    formats.end(format.id, 'finished');
    audit.note({ ...subject, detail: { ...format.settings, foundFinished: true } }, 'done');
    onFormatted(format);
    tell(formatView(format, 'finished'));
  } else if (layout === 'half-formatted') {
    if (!left) return;
    const error = new KiltError('format-interrupted', { stage: format.stages.at(-1) ?? '' });
    formats.end(format.id, 'interrupted');
    audit.note({ ...subject, detail: { ...format.settings } }, 'failed', error);
    tell({ ...formatView(format, 'interrupted'), error: errorViewOf(error) });
  } else if (!wiped) {
    formats.end(format.id, 'abandoned');
    if (left)
      audit.note(
        { ...subject, detail: { foundUntouched: true } },
        'failed',
        new KiltError('operation-cancelled'),
      );
  }
}
