import { defaultDataFolder } from '#main/data-folder.ts';
import { Kilt } from '#main/kilt.ts';
import { killAtFormatStage, killAtJournalLine } from '#main/fault-point.ts';
import { createCardAccess } from '#main/token/card-access.ts';
import type { CliOptions } from './command.ts';

/** The services as the options ask for them. @throws KiltError as `Kilt` */
export function openKilt(options: CliOptions): Kilt {
  return new Kilt({
    dataFolder: options.dataFolder ?? defaultDataFolder(),
    access: createCardAccess({ transport: options.transport, virtualReaderPort: options.virtualReaderPort }),
    bankFile: options.bankFile,
    driverLibrary: options.driver,
    // The command line is run from the sources only.
    unsignedBanks: 'accept',
    onJournalLine: killAtJournalLine(process.env),
    onRenewalLine: killAtJournalLine(process.env),
    onFormatStage: killAtFormatStage(process.env),
  });
}
