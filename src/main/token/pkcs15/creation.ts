import { KiltError } from '#shared/errors.ts';
import { masterFile, type FileControl, type FilePath } from '../file-control.ts';
import {
  directories,
  directorySize,
  isListed,
  objectFileControl,
  type DirectoryKind,
  type Pkcs15Application,
} from './application.ts';
import {
  applicationControl,
  applicationListPath,
  objectDirectoryControl,
  tokenInformationControl,
  tokenInformationSize,
  writtenByUser,
} from './application-files.ts';
import { applicationCodec, pkcs15Identifier } from './application-entry.ts';
import type { EntryCodec } from './attributes.ts';
import { Directory } from './directory.ts';
import { applicationDirectory, applicationFile, directoryCodec, inApplication } from './object-directory.ts';
import { pinCodec, standardPinEntries } from './pin-entry.ts';
import { encodeTokenInformation } from './token-information.ts';

const objectKinds: readonly DirectoryKind<unknown>[] = [
  directories.privateKeys,
  directories.publicKeys,
  directories.certificates,
  directories.dataObjects,
];

export interface NewApplication {
  readonly label: string;
  /** As the card gives it. */
  readonly serial: Uint8Array;
  readonly minPinLengths: { readonly administrator: number; readonly user: number };
}

/**
 * Makes the PKCS#15 application on a token that has none, with user login only, or completes one whose making was
 * interrupted. Last come EF.DIR, by which others find the application, and TokenInfo, by which
 * {@link Pkcs15Application.state} knows that it is whole.
 *
 * @throws KiltError `input-invalid` {field} when the label is too long for TokenInfo, `format-interrupted` when a format
 *   was interrupted, which has to be finished instead
 */
export async function createApplication(
  application: Pkcs15Application,
  wanted: NewApplication,
): Promise<void> {
  const { files } = application;
  const information = encodeTokenInformation(
    wanted.serial,
    wanted.label,
    application.tokenInformation.timeAfter(null),
  );
  if (information.length > tokenInformationSize) throw new KiltError('input-invalid', { field: 'label' });

  const applications = await application.applications();
  const isNew = (await files.find([applicationDirectory])) === null;
  if (!isNew && (await application.state()) === 'unfinished') {
    throw new KiltError('format-interrupted', { step: 'create-application' });
  }
  if (isNew) await files.create(masterFile, applicationControl);

  /** What is in a directory file; where the application itself is new, there is nothing to look for. */
  const opened = async <Entry>(
    path: FilePath,
    name: string,
    codec: EntryCodec<Entry>,
    control: FileControl,
  ) => {
    const found = isNew ? null : await Directory.open(files, path, name, codec);
    if (found !== null) return found;
    await files.create(path.slice(0, -1), control);
    return Directory.empty(files, path, name, codec, control.size);
  };

  const references = await opened(
    inApplication(applicationFile.objectDirectory),
    'ODF',
    directoryCodec,
    objectDirectoryControl,
  );
  application.noteReferences(references);
  const missing = [directories.pins, ...objectKinds].filter(
    (kind) => !references.entries.some((entry) => entry.objectClass === kind.of),
  );
  if (missing.length > 0) {
    await references.add(
      ...missing.map((kind) => ({ objectClass: kind.of, path: inApplication(kind.file) })),
    );
  }

  const pins = await opened(
    inApplication(applicationFile.pins),
    directories.pins.name,
    pinCodec,
    writtenByUser.pins,
  );
  const known = pins.entries.map(({ pinId }) => pinId);
  const missingPins = standardPinEntries(wanted.minPinLengths).filter(({ pinId }) => !known.includes(pinId));
  if (missingPins.length > 0) await pins.add(...missingPins);

  for (const kind of objectKinds) {
    const path = inApplication(kind.file);
    if (!isNew && (await files.find(path)) !== null) continue;
    await files.create([applicationDirectory], objectFileControl(kind.file, directorySize));
    application.noteDirectory(kind, Directory.empty(files, path, kind.name, kind.codec, directorySize));
  }

  if (!isListed(applications)) {
    const list =
      applications ??
      (await opened(applicationListPath, 'EF.DIR', applicationCodec, writtenByUser.applicationList));
    await list.add({ identifier: pkcs15Identifier, label: wanted.label, path: [applicationDirectory] });
  }

  await ensureTokenInformation(application, isNew, information, wanted.label);
}

async function ensureTokenInformation(
  application: Pkcs15Application,
  isNew: boolean,
  information: Uint8Array,
  label: string,
): Promise<void> {
  const { files } = application;
  const path = inApplication(applicationFile.tokenInformation);
  if (!isNew && (await application.tokenInformation.readSound()) !== null) {
    await application.tokenInformation.setLabel(label);
    return;
  }
  if (isNew || (await files.find(path)) === null) {
    await files.create([applicationDirectory], tokenInformationControl);
  }
  await files.write(path, 0, information);
  application.tokenInformation.note(information);
}
