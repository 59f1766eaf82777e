import { concatBytes } from '#shared/bytes.ts';
import { KiltError } from '#shared/errors.ts';
import type { CardFiles } from '../card-files.ts';
import type { FilePath } from '../file-control.ts';
import { pathToOctets, type EntryCodec } from './attributes.ts';
import { DerError, type DerElement } from './der.ts';
import {
  parseEntryFile,
  planAppend,
  planRemoval,
  showsEnd,
  type EntryFile,
  type PlannedWrite,
} from './entry-file.ts';

/**
 * One directory file on the card, read once and written through. Entries that are not understood are passed over
 * when looking for objects and kept byte for byte when others are written.
 */
export class Directory<Entry> {
  readonly #files: CardFiles;
  readonly #path: FilePath;
  readonly #name: string;
  readonly #codec: EntryCodec<Entry>;
  readonly #content: Uint8Array;
  #layout: EntryFile;

  private constructor(
    files: CardFiles,
    path: FilePath,
    name: string,
    codec: EntryCodec<Entry>,
    content: Uint8Array,
  ) {
    this.#files = files;
    this.#path = path;
    this.#name = name;
    this.#codec = codec;
    this.#content = content;
    this.#layout = parseEntryFile(content, content.length, name);
  }

  /**
   * @param name of the file, for error messages
   * @returns `null` when there is no such file
   * @throws KiltError `token-layout-damaged` {file}
   */
  static async open<Entry>(
    files: CardFiles,
    path: FilePath,
    name: string,
    codec: EntryCodec<Entry>,
  ): Promise<Directory<Entry> | null> {
    const read = await files.read(path, showsEnd);
    const control = read === null ? null : await files.find(path);
    if (read === null || control === null) return null;
    if (!showsEnd(read) && read.length < control.size) {
      throw new KiltError('token-layout-damaged', { file: name });
    }
    const unread = new Uint8Array(Math.max(0, control.size - read.length));
    return new Directory(files, path, name, codec, concatBytes(read, unread));
  }

  /** A file that was made a moment ago and is empty. */
  static empty<Entry>(
    files: CardFiles,
    path: FilePath,
    name: string,
    codec: EntryCodec<Entry>,
    size: number,
  ): Directory<Entry> {
    return new Directory(files, path, name, codec, new Uint8Array(size));
  }

  /** In the order of writing: of two entries for one object the later is the newer. */
  get entries(): readonly Entry[] {
    return this.#layout.entries.flatMap(({ element }) => {
      const entry = this.#decode(element);
      return entry === null ? [] : [entry];
    });
  }

  /** True when any entry, understood or not, names this file. */
  mentions(path: FilePath, except?: (entry: Entry) => boolean): boolean {
    const octets = Buffer.from(pathToOctets(path));
    return this.#layout.entries.some(({ element }) => {
      const entry = this.#decode(element);
      return !(entry !== null && except?.(entry) === true) && Buffer.from(element.raw).includes(octets);
    });
  }

  /** @throws KiltError `token-memory-full` when {@link add} would */
  checkRoom(entry: Entry): void {
    planAppend(this.#layout, this.#codec.encode(entry));
  }

  /** Adds entries, all in one command if they fit. @throws KiltError `token-memory-full` */
  async add(...entries: readonly Entry[]): Promise<void> {
    await this.#apply(planRemoval(this.#layout, () => false));
    await this.#apply(
      planAppend(this.#layout, concatBytes(...entries.map((entry) => this.#codec.encode(entry)))),
    );
  }

  async remove(isRemoved: (entry: Entry) => boolean): Promise<void> {
    const writes = planRemoval(this.#layout, ({ element }) => {
      const entry = this.#decode(element);
      return entry !== null && isRemoved(entry);
    });
    await this.#apply(writes);
  }

  #decode(element: DerElement): Entry | null {
    try {
      return this.#codec.decode(element);
    } catch (error) {
      if (error instanceof DerError) return null;
      throw error;
    }
  }

  async #apply(writes: readonly PlannedWrite[]): Promise<void> {
    for (const { offset, data } of writes) {
      await this.#files.write(this.#path, offset, data);
      this.#content.set(data, offset);
    }
    if (writes.length > 0) this.#layout = parseEntryFile(this.#content, this.#content.length, this.#name);
  }
}
