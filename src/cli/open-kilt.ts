import type { Language } from '#shared/views.ts';
import { defaultDataFolder } from '#main/data-folder.ts';
import { Kilt } from '#main/kilt.ts';
import { killAtJournalLine } from '#main/fault-point.ts';
import { createCardAccess } from '#main/token/card-access.ts';

export interface CliOptions {
  readonly json: boolean;
  readonly language: Language;
  readonly transport: 'pcsc' | 'virtual-reader';
  readonly virtualReaderPort: number;
  readonly dataFolder?: string;
  readonly bankFile?: string;
  /** Seconds. */
  readonly wait: number;
}

export function openKilt(options: CliOptions): Kilt {
  return new Kilt({
    dataFolder: options.dataFolder ?? defaultDataFolder(),
    access: createCardAccess({ transport: options.transport, virtualReaderPort: options.virtualReaderPort }),
    bankFile: options.bankFile,
    onJournalLine: killAtJournalLine(process.env),
  });
}
