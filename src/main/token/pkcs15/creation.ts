import { KiltError } from '#shared/errors.ts';
import {
  condition,
  encodeAccessRules,
  fileKind,
  masterFile,
  type FileControl,
  type FilePath,
} from '../file-control.ts';
import {
  applicationListPath,
  directories,
  directorySize,
  isListed,
  objectFileControl,
  type DirectoryKind,
  type Pkcs15Application,
} from './application.ts';
import { applicationCodec, pkcs15Identifier } from './application-entry.ts';
import type { EntryCodec } from './attributes.ts';
import { Directory } from './directory.ts';
import { applicationDirectory, applicationFile, directoryCodec, inApplication } from './object-directory.ts';
import { pinCodec, standardPinEntries } from './pin-entry.ts';
import { encodeTokenInformation } from './token-information.ts';

/** Size that OpenSC gives DF 5000; tokens are known to take more files than that in it (facts §3.4). */
const applicationSize = 5000;
const fileSize = { applicationList: 128, objectDirectory: 128, tokenInformation: 128, pins: 256 } as const;

/** Anyone may make files in here, each file says who may write it (facts §3.2). */
const applicationRules = encodeAccessRules({
  first: condition.always,
  second: condition.always,
  remove: condition.user,
});

/** As OpenSC has ODF and TokenInfo, which its tools write without login. */
const openFileRules = encodeAccessRules({
  first: condition.always,
  second: condition.always,
  remove: condition.administrator,
});
const tokenInformationRules = encodeAccessRules({
  first: condition.always,
  second: condition.always,
  remove: condition.user,
});

/** OpenSC lets only the administrator write EF.DIR and AODF; a bank's customer has no administrator PIN at hand. */
const userWrittenRules = encodeAccessRules({
  first: condition.always,
  second: condition.user,
  remove: condition.administrator,
});

const applicationControl: FileControl = {
  kind: fileKind.directory,
  id: applicationDirectory,
  size: applicationSize,
  access: applicationRules,
};

const transparent = (id: number, size: number, access: Uint8Array): FileControl => ({
  kind: fileKind.transparent,
  id,
  size,
  access,
});

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
 * interrupted. EF.DIR, by which others find the application, is written last.
 *
 * @throws KiltError `input-invalid` {field} when the label is too long for TokenInfo
 */
export async function createApplication(
  application: Pkcs15Application,
  wanted: NewApplication,
): Promise<void> {
  const { files } = application;
  const information = encodeTokenInformation(wanted.serial, wanted.label, application.timeAfter(null));
  if (information.length > fileSize.tokenInformation)
    throw new KiltError('input-invalid', { field: 'label' });

  const applications = await application.applications();
  const isNew = (await files.find([applicationDirectory])) === null;
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
    transparent(applicationFile.objectDirectory, fileSize.objectDirectory, openFileRules),
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

  await ensureTokenInformation(application, isNew, information, wanted.label);

  const pins = await opened(
    inApplication(applicationFile.pins),
    directories.pins.name,
    pinCodec,
    transparent(applicationFile.pins, fileSize.pins, userWrittenRules),
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
      (await createdList(
        application,
        transparent(applicationListPath[0] ?? 0, fileSize.applicationList, userWrittenRules),
      ));
    await list.add({ identifier: pkcs15Identifier, label: wanted.label, path: [applicationDirectory] });
  }
}

async function createdList({ files }: Pkcs15Application, control: FileControl) {
  await files.create(masterFile, control);
  return Directory.empty(files, applicationListPath, 'EF.DIR', applicationCodec, control.size);
}

async function ensureTokenInformation(
  application: Pkcs15Application,
  isNew: boolean,
  information: Uint8Array,
  label: string,
): Promise<void> {
  const { files } = application;
  const path = inApplication(applicationFile.tokenInformation);
  if (!isNew && (await application.information()) !== null) {
    await application.setLabel(label);
    return;
  }
  if (isNew || (await files.find(path)) === null) {
    const control = transparent(
      applicationFile.tokenInformation,
      fileSize.tokenInformation,
      tokenInformationRules,
    );
    await files.create([applicationDirectory], control);
  }
  await files.write(path, 0, information);
  application.noteInformation(information);
}
