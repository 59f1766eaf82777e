import { isKiltError, KiltError } from '#shared/errors.ts';
import type { CardFiles } from './card-files.ts';
import { masterFile, type FilePath } from './file-control.ts';
import { pinReference, type Kaztoken } from './kaztoken.ts';
import type { PinAccess } from './pin-access.ts';
import { pkcs15Identifier, applicationCodec } from './pkcs15/application-entry.ts';
import {
  applicationControl,
  applicationListPath,
  objectDirectoryControl,
  tokenInformationControl,
  writtenByAdministrator,
} from './pkcs15/application-files.ts';
import type { EntryCodec } from './pkcs15/attributes.ts';
import { Directory } from './pkcs15/directory.ts';
import {
  applicationDirectory,
  applicationFile,
  directoryCodec,
  inApplication,
  objectClass,
} from './pkcs15/object-directory.ts';
import { pinCodec, standardPinEntries } from './pkcs15/pin-entry.ts';
import { encodeTokenInformation, markedUnfinished, markRemoval } from './pkcs15/token-information.ts';
import { wipeCard } from './card-wipe.ts';
import {
  administratorPinControl,
  masterFileControl,
  systemFolderControl,
  systemFolders,
  userPinControl,
} from './system-files.ts';
import type { FormatProgress, NewTokenLayout } from './token-session.ts';

export interface FormatTools {
  readonly card: Kaztoken;
  readonly files: CardFiles;
  readonly pins: PinAccess;
}

export interface NewCard extends NewTokenLayout {
  /** As the card gives it. */
  readonly serial: Uint8Array;
  /** Stands in TokenInfo as the time of the last change. */
  readonly now: Date;
}

/** What `pkcs15-init` writes into its notes: the option of its profile that was used (trace T2). */
const profileNote = Uint8Array.of(0x01, 0x06, ...new TextEncoder().encode('pkcs15'));

/**
 * Wipes the card and lays it out as OpenSC's `rtecp` driver does (facts §3.4, §4; traces T1–T3), with PINs and policy
 * as wanted. Everything is named by its path: which file is current after CREATE is not relied upon (facts §8).
 *
 * TokenInfo comes before the PINs and bears the mark of an unfinished format until the very last command. So a card on
 * which this was cut off has no PINs or has the mark (docs/decisions/013).
 *
 * @param isHalfFormatted asked only when the card does not let itself be wiped
 * @param report called when a stage is done; must not throw
 * @throws KiltError what the card says to INIT, as it is; after that `format-interrupted`
 */
export async function formatCard(
  tools: FormatTools,
  wanted: NewCard,
  isHalfFormatted: () => Promise<boolean>,
  report: (stage: FormatProgress) => void,
): Promise<void> {
  const information = markedUnfinished(encodeTokenInformation(wanted.serial, wanted.label, wanted.now));
  try {
    await wipeCard(tools, wanted.administratorPin, isHalfFormatted);
  } finally {
    tools.files.forgetSelection();
    tools.pins.forget();
  }
  report('wiped');
  let done: FormatProgress = 'wiped';
  try {
    for (const [stage, work] of [
      ['folders', () => makeFolders(tools, information)],
      ['administrator-pin', () => makeAdministratorPin(tools, wanted)],
      ['user-pin', () => makeUserPin(tools, wanted)],
      ['application', () => fillApplication(tools, wanted)],
      ['closed', () => close(tools)],
    ] as const) {
      await work();
      done = stage;
      report(stage);
    }
  } catch (cause) {
    throw interrupted(done, cause);
  }
}

function interrupted(stage: FormatProgress, cause: unknown): KiltError {
  const known = isKiltError(cause) ? { ...cause.data, cause: cause.id } : {};
  return new KiltError('format-interrupted', { ...known, stage }, { cause });
}

async function makeFolders({ card, files }: FormatTools, information: Uint8Array): Promise<void> {
  // The one file that lies in no directory.
  await card.createFile(masterFileControl);
  await files.create(masterFile, writtenByAdministrator.applicationList);
  for (const { parent, id } of systemFolders) await files.create(parent, systemFolderControl(id));
  await files.create(masterFile, applicationControl);
  for (const file of [
    tokenInformationControl,
    writtenByAdministrator.pins,
    objectDirectoryControl,
    writtenByAdministrator.notes,
  ]) {
    await files.create([applicationDirectory], file);
  }
  await files.write(inApplication(applicationFile.tokenInformation), 0, information);
}

async function makeAdministratorPin({ card, files }: FormatTools, wanted: NewCard): Promise<void> {
  const control = administratorPinControl({
    length: wanted.administratorPin.length,
    minLength: wanted.administratorMinLength,
    attempts: wanted.administratorAttempts,
  });
  await files.create(masterFile, control);
  await card.changeReferenceData(pinReference.administrator, wanted.administratorPin);
}

async function makeUserPin({ card, files }: FormatTools, wanted: NewCard): Promise<void> {
  const pin = {
    length: wanted.userPin.length,
    minLength: wanted.userMinLength,
    attempts: wanted.userAttempts,
  };
  await files.create(masterFile, userPinControl(pin, wanted.userPinChangedBy));
  await card.changeReferenceData(pinReference.user, wanted.userPin);
}

/** Also the proof that the administrator's PIN is what it should be: it opens the files that only he may write. */
async function fillApplication({ files, pins }: FormatTools, wanted: NewCard): Promise<void> {
  await pins.login('administrator', wanted.administratorPin);
  const minLengths = { administrator: wanted.administratorMinLength, user: wanted.userMinLength };
  const fill = <Entry>(path: FilePath, codec: EntryCodec<Entry>, size: number, entries: readonly Entry[]) =>
    Directory.empty(files, path, 'new file', codec, size).add(...entries);
  await fill(
    inApplication(applicationFile.pins),
    pinCodec,
    writtenByAdministrator.pins.size,
    standardPinEntries(minLengths),
  );
  await fill(inApplication(applicationFile.objectDirectory), directoryCodec, objectDirectoryControl.size, [
    { objectClass: objectClass.pins, path: inApplication(applicationFile.pins) },
  ]);
  await files.write(inApplication(applicationFile.notes), 0, profileNote);
  await fill(applicationListPath, applicationCodec, writtenByAdministrator.applicationList.size, [
    { identifier: pkcs15Identifier, label: wanted.label, path: [applicationDirectory] },
  ]);
}

/** The mark goes last, so that the card is whole once it is gone. Its file may be written without login. */
async function close({ card, files, pins }: FormatTools): Promise<void> {
  await card.endInitialisation();
  await pins.logout();
  await files.write(inApplication(applicationFile.tokenInformation), markRemoval.offset, markRemoval.data);
}
