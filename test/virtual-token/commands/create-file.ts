import { accessMode, pinReference } from '../access.ts';
import type { CardContext, CommandHandler } from '../card-context.ts';
import { type FileParameters, parseFileParameters } from '../fcp.ts';
import {
  type CardFile,
  type FolderFile,
  type KeyKind,
  MASTER_FILE,
  PRIVATE_KEY_FOLDER,
  PUBLIC_KEY_FOLDER,
} from '../file-system.ts';
import { gostBytes, parameterSetOf } from '../gost/parameter-sets.ts';
import { bitsOfPrivateFile, bitsOfPublicFile } from '../rsa-key.ts';
import { demand, refuse, statusWord } from '../status-word.ts';
import type { UnverifiedBehaviour } from '../unverified.ts';

/** READ BINARY's offset ends at 7FFF (facts §2 no. 9): more could not be reached. */
const LARGEST_FILE = 0x8000;
const LARGEST_KEY_REFERENCE = 0xff;
/** ISO/IEC 7816-4 §7.4.1 keeps these identifiers for itself. */
const reservedIds: ReadonlySet<number> = new Set([0x0000, 0x3fff, 0xffff, MASTER_FILE]);

/** Ranges of Aktiv's formatting call (facts §6): administrator 3–10 tries, user 1–10, shortest PIN at most 31. */
const vendorLimits = { administratorAttempts: 3, attempts: 10, minLength: 31 } as const;

/** CREATE FILE, 00 E0 (facts §2 no. 7, §3.1–3.3). */
export const createFile: CommandHandler = (card, command) => {
  demand(command.p1 === 0 && command.p2 === 0, statusWord.badParameters);
  const parameters = parseFileParameters(command.data, card.behaviour.fcpTagOrder);
  const file = parameters.id === MASTER_FILE ? newMasterFile(card, parameters) : newFile(card, parameters);
  card.files.add(file);
  card.changed();
  if (file.parent === null || selectsAfterCreate(card, file)) card.session.select(file);
  return undefined;
};

function newMasterFile(card: CardContext, parameters: FileParameters): FolderFile {
  demand(card.files.root === null, statusWord.fileExists);
  demand(parameters.type === 'folder', statusWord.badData);
  return build(parameters, null) as FolderFile;
}

function newFile(card: CardContext, parameters: FileParameters): CardFile {
  const folder = folderFor(card, parameters);
  const { createFile: plain, createSpecialFile } = accessMode.folder;
  const mode = parameters.type === 'folder' || parameters.type === 'data' ? plain : createSpecialFile;
  // In the initialisation phase CREATE needs no login (T1, §8).
  if (card.phase === 'operational') card.session.demandRight(folder, mode);
  checkParameters(parameters, card.behaviour);
  return build(parameters, folder);
}

/** Special files go where their kind belongs, whatever folder is current (facts §3.3, T6). */
function folderFor(card: CardContext, parameters: FileParameters): FolderFile {
  const folder =
    parameters.type === 'pin'
      ? card.files.masterFile()
      : parameters.type === 'key'
        ? card.files.find(keyFolder(parameters.kind))
        : card.session.folder;
  demand(folder?.type === 'folder', statusWord.fileNotFound);
  return folder;
}

const keyFolder = (kind: KeyKind): readonly number[] =>
  kind === 'rsa-private' || kind === 'gost-private' ? PRIVATE_KEY_FOLDER : PUBLIC_KEY_FOLDER;

function checkParameters(parameters: FileParameters, behaviour: UnverifiedBehaviour): void {
  const { id, size } = parameters;
  demand(!reservedIds.has(id), statusWord.badData);
  switch (parameters.type) {
    case 'folder':
      return;
    case 'data':
      demand(size <= LARGEST_FILE, statusWord.badData);
      return;
    case 'pin':
      demand(id === pinReference.administrator || id === pinReference.user, statusWord.badData);
      demand(
        parameters.minLength <= behaviour.longestPin && size <= behaviour.longestPin,
        statusWord.badData,
      );
      if (behaviour.pinLimits === 'vendor') demandVendorLimits(parameters);
      return;
    case 'key':
      demand(id <= LARGEST_KEY_REFERENCE && isKeySize(parameters.kind, size), statusWord.badData);
      demand(isKindSpecific(parameters.kind, parameters.property), statusWord.badData);
      return;
  }
}

function isKeySize(kind: KeyKind, size: number): boolean {
  switch (kind) {
    case 'rsa-private':
      return bitsOfPrivateFile(size) !== undefined;
    case 'rsa-public':
      return bitsOfPublicFile(size) !== undefined;
    case 'gost-private':
      return size === gostBytes.privateKey;
    case 'gost-public':
      return size === gostBytes.publicKey;
  }
}

function demandVendorLimits({ id, minLength, maxAttempts }: FileParameters & { type: 'pin' }): void {
  const fewest = id === pinReference.administrator ? vendorLimits.administratorAttempts : 1;
  demand(maxAttempts >= fewest && maxAttempts <= vendorLimits.attempts, statusWord.badData);
  demand(minLength <= vendorLimits.minLength, statusWord.badData);
}

/** Property byte 1 (facts §3.1): for RSA once a Miller-Rabin count, which ECP 2.0 refuses; for GOST the curve. */
const isKindSpecific = (kind: KeyKind, property: Uint8Array): boolean =>
  kind.startsWith('rsa') ? property[1] === 0 : parameterSetOf(property) !== undefined;

function build(parameters: FileParameters, parent: FolderFile | null): CardFile {
  const { id, access, size } = parameters;
  switch (parameters.type) {
    case 'folder':
      return { type: 'folder', id, access, parent, declaredSize: size, children: [] };
    case 'data':
      return { type: 'data', id, access, parent, content: new Uint8Array(size) };
    case 'pin': {
      const { property, minLength, maxAttempts } = parameters;
      const attemptsLeft = maxAttempts;
      const pin = { property, minLength, maxAttempts, attemptsLeft, declaredSize: size, value: null };
      return { type: 'pin', id, access, parent, ...pin };
    }
    case 'key': {
      const { kind, property } = parameters;
      return { type: 'key', id, access, parent, kind, property, size, value: null };
    }
    default:
      return refuse(statusWord.badData);
  }
}

/** A key file is made beside the current folder, so it never becomes the current file (T6: two CREATEs in a row). */
const selectsAfterCreate = (card: CardContext, file: CardFile): boolean =>
  card.behaviour.createSelects === 'new-file' && file.parent === card.session.folder;
