import { asDer, equalBytes, type DerBytes } from '#shared/bytes.ts';
import { isKiltError, KiltError } from '#shared/errors.ts';
import type { CardFiles } from '../card-files.ts';
import {
  condition,
  encodeAccessRules,
  fileKind,
  type FileControl,
  type FileId,
  type FilePath,
} from '../file-control.ts';
import { pinReference } from '../kaztoken.ts';
import type { EntryCodec } from './attributes.ts';
import { applicationCodec, pkcs15Identifier, type ApplicationEntry } from './application-entry.ts';
import { applicationListPath } from './application-files.ts';
import { certificateCodec } from './certificate-entry.ts';
import { dataCodec } from './data-entry.ts';
import { DerError, readElement } from './der.ts';
import { Directory } from './directory.ts';
import { privateKeyCodec, publicKeyCodec } from './key-entries.ts';
import {
  applicationDirectory,
  applicationFile,
  directoryCodec,
  inApplication,
  objectClass,
  type DirectoryReference,
} from './object-directory.ts';
import { pinCodec } from './pin-entry.ts';
import { TokenInformationFile } from './token-information-file.ts';

/** OpenSC's 2048 bytes would hold some thirty keys and take eight commands to read; six of each kind fit in here. */
export const directorySize = 1024;

/** The classes of objects that are read and written here. */
export const directories = {
  privateKeys: {
    of: objectClass.privateKeys,
    file: applicationFile.privateKeys,
    name: 'PrKDF',
    codec: privateKeyCodec,
  },
  publicKeys: {
    of: objectClass.publicKeys,
    file: applicationFile.publicKeys,
    name: 'PuKDF',
    codec: publicKeyCodec,
  },
  certificates: {
    of: objectClass.certificates,
    file: applicationFile.certificates,
    name: 'CDF',
    codec: certificateCodec,
  },
  dataObjects: {
    of: objectClass.dataObjects,
    file: applicationFile.dataObjects,
    name: 'DODF',
    codec: dataCodec,
  },
  pins: { of: objectClass.pins, file: applicationFile.pins, name: 'AODF', codec: pinCodec },
} as const;

export interface DirectoryKind<Entry> {
  readonly of: number;
  readonly file: FileId;
  readonly name: string;
  readonly codec: EntryCodec<Entry>;
}

/** A directory file, asked only whether an entry of it names a file. */
export interface MentionsFiles {
  mentions(path: FilePath): boolean;
}

/** Readable by everyone, written and deleted by the user: all that holds objects (facts §3.2). */
export const userFileRules = encodeAccessRules({
  first: condition.always,
  second: condition.user,
  remove: condition.user,
});

/** Read, written and deleted by the user: OpenSC's `privdata`. */
export const privateFileRules = encodeAccessRules({
  first: condition.user,
  second: condition.user,
  remove: condition.user,
});

export const objectFileControl = (id: FileId, size: number, access = userFileRules): FileControl => ({
  kind: fileKind.transparent,
  id,
  size,
  access,
});

/**
 * The PKCS#15 application of a token, DF 5000, as far as it is there. Each directory file is read at most once.
 */
export class Pkcs15Application {
  readonly files: CardFiles;
  readonly tokenInformation: TokenInformationFile;
  readonly #open = new Map<number, Directory<unknown>>();
  #references: Directory<DirectoryReference> | null | undefined;

  /** @param serial of the token, as the card gives it */
  constructor(files: CardFiles, now: () => Date, serial: Uint8Array) {
    this.files = files;
    this.tokenInformation = new TokenInformationFile(files, now, serial);
  }

  /** ODF, or `null`. */
  async references(): Promise<Directory<DirectoryReference> | null> {
    if (this.#references === undefined) {
      const path = inApplication(applicationFile.objectDirectory);
      this.#references = await Directory.open(this.files, path, 'ODF', directoryCodec);
    }
    return this.#references;
  }

  applications(): Promise<Directory<ApplicationEntry> | null> {
    return Directory.open(this.files, applicationListPath, 'EF.DIR', applicationCodec);
  }

  /** True when the application can hold objects, and will be found by others. */
  async isComplete(): Promise<boolean> {
    return (
      (await this.state()) === 'complete' &&
      isListed(await this.applications()) &&
      (await this.references()) !== null
    );
  }

  /**
   * How far the application is made, from what is read of every token anyway: TokenInfo is written last and so vouches
   * for the rest, and a format that is under way has left its mark in it.
   *
   * `unfinished`: left behind by an interrupted format, Kilt's or that of OpenSC, which has listed no user PIN yet.
   */
  async state(): Promise<'none' | 'unfinished' | 'complete'> {
    const made = await this.tokenInformation.state();
    if (made !== 'written') return made;
    return (await this.#lacksUserPin()) ? 'unfinished' : 'complete';
  }

  /** The directory of this class of objects, or `null` when there is none on the token. */
  async directory<Entry>(kind: DirectoryKind<Entry>): Promise<Directory<Entry> | null> {
    const known = this.#open.get(kind.of);
    // One codec belongs to each class of objects, so the entries of a class are always of its type.
    if (known !== undefined) return known as Directory<Entry>;
    const references = await this.references();
    const reference = references?.entries.find((entry) => entry.objectClass === kind.of);
    if (reference === undefined) return null;
    const directory = await Directory.open(this.files, reference.path, kind.name, kind.codec);
    if (directory !== null) this.#open.set(kind.of, directory);
    return directory;
  }

  /** The same, made when it is not there: OpenSC makes each directory with its first object. */
  async directoryForWriting<Entry>(kind: DirectoryKind<Entry>): Promise<Directory<Entry>> {
    const known = await this.directory(kind);
    if (known !== null) return known;
    const references = await this.references();
    if (references === null) throw new KiltError('token-layout-damaged', { file: 'ODF' });
    const referenced = references.entries.find((entry) => entry.objectClass === kind.of);
    const path = referenced?.path ?? inApplication(kind.file);
    let directory = await Directory.open(this.files, path, kind.name, kind.codec);
    if (directory === null) {
      const id = path.at(-1) ?? kind.file;
      await this.files.create(path.slice(0, -1), objectFileControl(id, directorySize));
      directory = Directory.empty(this.files, path, kind.name, kind.codec, directorySize);
    }
    if (referenced === undefined) await references.add({ objectClass: kind.of, path });
    this.#open.set(kind.of, directory);
    return directory;
  }

  /** Takes over directory files that were made a moment ago, so that they need not be read. */
  noteDirectory(kind: DirectoryKind<unknown>, directory: Directory<unknown>): void {
    this.#open.set(kind.of, directory);
  }

  noteReferences(references: Directory<DirectoryReference>): void {
    this.#references = references;
  }

  /**
   * Puts `content` into a file for an object, and names it: the first number that no entry of these directories
   * mentions. A file of that number can only be left over from a write that was interrupted, and is used again.
   *
   * @param first number of the first such file; `objectFile`
   * @param access who may read, write and remove it
   */
  async writeObjectFile(
    first: FileId,
    directoriesOfClass: readonly MentionsFiles[],
    content: Uint8Array,
    access: Uint8Array = userFileRules,
  ): Promise<FilePath> {
    const path = this.#unmentioned(first, directoriesOfClass);
    const found = await this.files.find(path);
    const isUsable =
      found?.kind === fileKind.transparent &&
      found.size === content.length &&
      (access === userFileRules || equalBytes(found.access, access));
    if (!isUsable) {
      if (found !== null) await this.files.remove(path);
      await this.files.create(
        [applicationDirectory],
        objectFileControl(path.at(-1) ?? first, content.length, access),
      );
    }
    await this.files.write(path, 0, content);
    return path;
  }

  /** Removes the file that {@link writeObjectFile} would use next, if an interrupted write has left one. */
  async removeLeftover(first: FileId, directoriesOfClass: readonly MentionsFiles[]): Promise<void> {
    await this.files.remove(this.#unmentioned(first, directoriesOfClass));
  }

  /** The DER value in a file, without what stands after it; `null` when there is no file or no such value in it. */
  async readDer(path: FilePath): Promise<DerBytes | null> {
    const content = await this.files.read(path);
    if (content === null) return null;
    try {
      return asDer(readElement(content).raw.slice());
    } catch (error) {
      if (error instanceof DerError) return null;
      throw error;
    }
  }

  #unmentioned(first: FileId, directoriesOfClass: readonly MentionsFiles[]): FilePath {
    for (let id = first; id <= first + 0xff; id += 1) {
      const path = inApplication(id);
      if (!directoriesOfClass.some((directory) => directory.mentions(path))) return path;
    }
    throw new KiltError('token-memory-full', { step: 'object-file' });
  }

  /** OpenSC lists the user PIN with its last command but one. Only before the first object is there need to look. */
  async #lacksUserPin(): Promise<boolean> {
    try {
      const references = await this.references();
      const hasObjects = references?.entries.some((entry) => entry.objectClass !== objectClass.pins);
      if (references === null || hasObjects === true) return false;
      const pins = await this.directory(directories.pins);
      return pins?.entries.some(({ reference }) => reference === pinReference.user) !== true;
    } catch (error) {
      // What is damaged was made once; whoever reads the objects will say so.
      if (isKiltError(error, 'token-layout-damaged')) return false;
      throw error;
    }
  }
}

export const isListed = (applications: Directory<ApplicationEntry> | null): boolean =>
  applications?.entries.some(
    ({ identifier, path }) =>
      identifier === pkcs15Identifier && path.length === 1 && path[0] === applicationDirectory,
  ) === true;
