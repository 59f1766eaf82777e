import type { AccessRules } from './access.ts';
import { demand, statusWord } from './status-word.ts';

/** A file identifier (FCP tag 83). Identifies a file inside its folder only: Sys-DF and SysKey-DF are both 1000. */
export type FileId = number;

interface FileBase {
  readonly id: FileId;
  readonly access: AccessRules;
  /** `null` for the master file. */
  readonly parent: FolderFile | null;
}

/** Dedicated file (DF). `declaredSize` is echoed in the FCI and limits nothing (facts §3.1: DF 5000 says 5000). */
export interface FolderFile extends FileBase {
  readonly type: 'folder';
  readonly declaredSize: number;
  readonly children: CardFile[];
}

/** Transparent elementary file. */
export interface DataFile extends FileBase {
  readonly type: 'data';
  readonly content: Uint8Array;
}

/** "Rutoken special file" with a PIN (facts §3.1, kind 01). `value` is `null` until the first INS 24. */
export interface PinFile extends FileBase {
  readonly type: 'pin';
  readonly property: Uint8Array;
  readonly declaredSize: number;
  readonly minLength: number;
  readonly maxAttempts: number;
  attemptsLeft: number;
  value: Uint8Array | null;
}

export type KeyKind = 'rsa-private' | 'rsa-public' | 'gost-private' | 'gost-public';

/** "Rutoken special file" with half of a key pair; layout of `value` in facts §3.5. */
export interface KeyFile extends FileBase {
  readonly type: 'key';
  readonly property: Uint8Array;
  readonly kind: KeyKind;
  readonly size: number;
  value: Uint8Array | null;
}

export type CardFile = FolderFile | DataFile | PinFile | KeyFile;

export const MASTER_FILE: FileId = 0x3f00;
/** Folders of special files by kind (facts §3.3, §3.4). */
export const PRIVATE_KEY_FOLDER: readonly FileId[] = [0x1000, 0x1000, 0x6002];
export const PUBLIC_KEY_FOLDER: readonly FileId[] = [0x1000, 0x1000, 0x6001];

/** Bytes a file's own content takes in memory. */
export function contentSize(file: CardFile): number {
  switch (file.type) {
    case 'folder':
      return 0;
    case 'data':
      return file.content.length;
    case 'pin':
      return file.value?.length ?? file.declaredSize;
    case 'key':
      return file.size;
  }
}

/** The tree of files and the memory they take. */
export class FileSystem {
  readonly memoryBytes: number;
  /** What each file takes beside its content. */
  readonly headerBytes: number;
  #root: FolderFile | null;

  constructor(memoryBytes: number, headerBytes: number, root: FolderFile | null = null) {
    this.memoryBytes = memoryBytes;
    this.headerBytes = headerBytes;
    this.#root = root;
  }

  /** The master file; `null` on a card without a file system. */
  get root(): FolderFile | null {
    return this.#root;
  }

  /** @throws CardRefusal 6A82 when there is no file system */
  masterFile(): FolderFile {
    demand(this.#root !== null, statusWord.fileNotFound);
    return this.#root;
  }

  /** Follows a path below the master file; `undefined` when a step is missing or leads through a file. */
  find(path: readonly FileId[]): CardFile | undefined {
    let at: CardFile | null | undefined = this.#root;
    for (const id of path) {
      if (at?.type !== 'folder') return undefined;
      at = childWithId(at, id);
    }
    return at ?? undefined;
  }

  pin(reference: number): PinFile | undefined {
    const file = this.find([reference]);
    return file?.type === 'pin' ? file : undefined;
  }

  key(folder: readonly FileId[], reference: number): KeyFile | undefined {
    const file = this.find([...folder, reference]);
    return file?.type === 'key' ? file : undefined;
  }

  /**
   * Adds a file to its parent, or makes it the master file.
   *
   * @throws CardRefusal 6A89 the identifier is taken, 6A84 no memory left
   */
  add(file: CardFile): void {
    if (file.parent === null) {
      demand(this.#root === null, statusWord.fileExists);
      demand(file.type === 'folder' && file.id === MASTER_FILE, statusWord.badData);
      this.#root = file;
      return;
    }
    demand(childWithId(file.parent, file.id) === undefined, statusWord.fileExists);
    demand(this.#cost(file) <= this.freeBytes(), statusWord.noMemory);
    file.parent.children.push(file);
  }

  /** Takes a file and all below it out of the tree. */
  remove(file: CardFile): void {
    if (file.parent === null) this.#root = null;
    else file.parent.children.splice(file.parent.children.indexOf(file), 1);
  }

  clear(): void {
    this.#root = null;
  }

  freeBytes(): number {
    return this.memoryBytes - (this.#root === null ? 0 : this.#cost(this.#root));
  }

  #cost(file: CardFile): number {
    const below =
      file.type === 'folder' ? file.children.reduce((sum, child) => sum + this.#cost(child), 0) : 0;
    return this.headerBytes + contentSize(file) + below;
  }
}

export const childWithId = (folder: FolderFile, id: FileId): CardFile | undefined =>
  folder.children.find((child) => child.id === id);

/** True when `file` is `ancestor` or lies below it. */
export function liesIn(file: CardFile, ancestor: CardFile): boolean {
  for (let at: CardFile | null = file; at !== null; at = at.parent) if (at === ancestor) return true;
  return false;
}
