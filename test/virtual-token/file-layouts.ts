import { concatBytes } from '#shared/bytes.ts';

import { type AccessRules, accessRules, condition, pinReference } from './access.ts';
import type { CardMemory } from './card-state.ts';
import { PROPERTY_BYTES, specialKind } from './fcp.ts';
import { type FileId, type FileSystem, type FolderFile, MASTER_FILE, type PinFile } from './file-system.ts';
import {
  authDirectoryContent,
  directoryContent,
  initInfoContent,
  objectDirectoryContent,
  tokenInfoContent,
} from './pkcs15-application.ts';
import type { CardSettings } from './profiles.ts';

const { always, administrator, user, either, never } = condition;

/** Access rules of the files below, from facts §3.2 "Typical sec values". */
const access = {
  masterFile: accessRules({ 0: user, 1: user, 2: administrator, 6: never }),
  systemFolder: accessRules({ 0: user, 1: user, 6: never }),
  application: accessRules({ 0: always, 1: always, 6: user }),
  writtenByAdministrator: accessRules({ 0: always, 1: administrator, 6: administrator }),
  objectDirectory: accessRules({ 0: always, 1: always, 6: administrator }),
  tokenInfo: accessRules({ 0: always, 1: always, 6: user }),
  administratorPin: accessRules({ 0: never, 1: administrator, 6: never }),
  unreadable: accessRules({ 0: never, 1: never, 6: administrator }),
} as const;

/** Who may change the user PIN, in the encoding of Aktiv's ChangeUserPINPolicy (facts §3.2 "Key insight"). */
const changePolicy = { administrator, user, both: either } as const;

/** The vendor's system folders (facts §3.4): path below the master file, in the order of T2. */
const systemFolders: readonly (readonly FileId[])[] = [
  [0x1000],
  [0x1000, 0x1000],
  [0x1000, 0x1000, 0x6001],
  [0x1000, 0x1000, 0x6002],
  [0x1000, 0x1000, 0x6003],
  [0x1000, 0x1000, 0x6004],
  [0x1000, 0x1000, 0x6005],
  [0x1000, 0x1001],
  [0x1000, 0x1002],
  [0x1000, 0x1003],
  [0x1000, 0x1004],
  [0x1000, 0x1001, 0x8001],
  [0x1000, 0x1001, 0x8002],
];

/** Vendor reserve folder that {@link fillUp} uses. */
const RESERVE_FOLDER: FileId = 0x1004;
const FILLER_FILE: FileId = 0x0f00;
const NEARLY_FULL_FREE_BYTES = 4096;
const LARGEST_FILLER = 0x7fff;

/** OpenSC 0.23's profile: PIN lengths and tries (facts §3.6, T2, T3). */
const opensc = {
  administratorMinLength: 8,
  administratorAttempts: 10,
  userMinLength: 4,
  userAttempts: 5,
  applicationSize: 5000,
} as const;
/** PinAttributes flags that OpenSC writes (facts §8). */
const openscPinFlags = { administrator: Uint8Array.of(0x00, 0x99), user: Uint8Array.of(0x03, 0x98) } as const;

export function addMasterFile(files: FileSystem): FolderFile {
  const root: FolderFile = {
    type: 'folder',
    id: MASTER_FILE,
    access: access.masterFile,
    parent: null,
    declaredSize: 0,
    children: [],
  };
  files.add(root);
  return root;
}

export function addSystemFolders(files: FileSystem, root: FolderFile): void {
  for (const path of systemFolders) {
    const parent = path.length === 1 ? root : files.find(path.slice(0, -1));
    const id = path.at(-1);
    if (parent?.type === 'folder' && id !== undefined) addFolder(files, parent, id, access.systemFolder, 0);
  }
}

/** Both PINs as the vendor delivers them: same length rule and tries for both. */
export function addVendorPins(
  files: FileSystem,
  root: FolderFile,
  settings: CardSettings,
): { administrator: PinFile; user: PinFile } {
  const { minPinLength: minLength, attempts, administratorPinAttempts, userPinAttempts } = settings;
  return {
    administrator: addPin(files, root, {
      id: pinReference.administrator,
      access: access.administratorPin,
      minLength,
      attempts: administratorPinAttempts ?? attempts,
      pin: settings.administratorPin,
    }),
    user: addPin(files, root, {
      id: pinReference.user,
      access: userPinAccess(settings),
      minLength,
      attempts: userPinAttempts ?? attempts,
      pin: settings.userPin,
    }),
  };
}

/** `pkcs15-init --erase-card`, `--create-pkcs15`, `--store-pin`, `--finalize` (T1–T3), in the same order of files. */
export function fillAsOpenscDoes(memory: CardMemory, settings: CardSettings): void {
  const { files } = memory;
  const root = addMasterFile(files);
  const written = { files, access: access.writtenByAdministrator };
  addData(written, root, 0x2f00, 128, directoryContent(settings.label));
  addSystemFolders(files, root);
  const application = addFolder(files, root, 0x5000, access.application, opensc.applicationSize);
  addPin(files, root, {
    id: pinReference.administrator,
    access: access.administratorPin,
    minLength: opensc.administratorMinLength,
    attempts: settings.administratorPinAttempts ?? opensc.administratorAttempts,
    pin: settings.administratorPin,
  });
  addData(written, application, 0x6005, 256, authDirectoryContent(openscPinObjects));
  addData({ files, access: access.objectDirectory }, application, 0x5031, 128, objectDirectoryContent());
  const serial = concatBytes(new Uint8Array(4), memory.serial);
  const tokenInfo = tokenInfoContent(serial, settings.label, new Date());
  addData({ files, access: access.tokenInfo }, application, 0x5032, 128, tokenInfo);
  addData(written, application, 0x4946, 128, initInfoContent());
  addPin(files, root, {
    id: pinReference.user,
    access: userPinAccess(settings),
    minLength: opensc.userMinLength,
    attempts: settings.userPinAttempts ?? opensc.userAttempts,
    pin: settings.userPin,
  });
}

const openscPinObjects = [
  {
    label: 'Security Officer PIN',
    reference: pinReference.administrator,
    minLength: opensc.administratorMinLength,
    flags: openscPinFlags.administrator,
  },
  {
    label: 'User PIN',
    reference: pinReference.user,
    minLength: opensc.userMinLength,
    flags: openscPinFlags.user,
  },
];

/** Leaves so little memory that a key pair does not fit any more. */
export function fillUp(files: FileSystem): void {
  const reserve = files.find([0x1000, RESERVE_FOLDER]);
  if (reserve?.type !== 'folder') return;
  const where = { files, access: access.unreadable };
  for (let id = FILLER_FILE; ; id++) {
    const surplus = files.freeBytes() - files.headerBytes - NEARLY_FULL_FREE_BYTES;
    if (surplus <= 0) return;
    addData(where, reserve, id, Math.min(LARGEST_FILLER, surplus), new Uint8Array());
  }
}

function userPinAccess({ userPinChangedBy }: CardSettings): AccessRules {
  return accessRules({ 0: administrator, 1: changePolicy[userPinChangedBy], 6: never });
}

function addFolder(
  files: FileSystem,
  parent: FolderFile,
  id: FileId,
  rules: AccessRules,
  declaredSize: number,
): FolderFile {
  const folder: FolderFile = { type: 'folder', id, access: rules, parent, declaredSize, children: [] };
  files.add(folder);
  return folder;
}

function addData(
  where: { files: FileSystem; access: AccessRules },
  parent: FolderFile,
  id: FileId,
  size: number,
  start: Uint8Array,
): void {
  const content = new Uint8Array(size);
  content.set(start);
  where.files.add({ type: 'data', id, access: where.access, parent, content });
}

function addPin(
  files: FileSystem,
  root: FolderFile,
  options: { id: number; access: AccessRules; minLength: number; attempts: number; pin: string },
): PinFile {
  const { id, access: rules, minLength, attempts } = options;
  const property = new Uint8Array(PROPERTY_BYTES);
  property.set([specialKind.pin, minLength, 0x01, (attempts << 4) | attempts]);
  const value = new TextEncoder().encode(options.pin);
  const file: PinFile = {
    type: 'pin',
    id,
    access: rules,
    parent: root,
    property,
    declaredSize: value.length,
    minLength,
    maxAttempts: attempts,
    attemptsLeft: attempts,
    value,
  };
  files.add(file);
  return file;
}
