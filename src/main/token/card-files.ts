import { asSecret, concatBytes, wipe, type SecretBytes } from '#shared/bytes.ts';
import { KiltError } from '#shared/errors.ts';
import { maxShortData, maxShortResponse } from './apdu.ts';
import { fileKind, type FileControl, type FileId, type FilePath } from './file-control.ts';
import type { Kaztoken } from './kaztoken.ts';

const samePath = (a: FilePath, b: FilePath): boolean =>
  a.length === b.length && a.every((id, i) => id === b[i]);
const parentOf = (path: FilePath): FilePath => path.slice(0, -1);

/**
 * Files of the card by path. Remembers what is selected, so that nothing is selected twice in a row, and forgets it
 * after every command that may change it in a way the card's papers do not tell.
 */
export class CardFiles {
  readonly #card: Kaztoken;
  #selected: { path: FilePath; control: FileControl } | null = null;

  constructor(card: Kaztoken) {
    this.#card = card;
  }

  /** Selects the file and says what it is; `null` when there is none. */
  async find(path: FilePath): Promise<FileControl | null> {
    if (this.#selected !== null && samePath(this.#selected.path, path)) return this.#selected.control;
    this.#selected = null;
    const control = await this.#card.select(path);
    if (control !== null) this.#selected = { path, control };
    return control;
  }

  /** To be called after commands that may move the card's selection: login, logout, key generation. */
  forgetSelection(): void {
    this.#selected = null;
  }

  /** The whole file, which is read into one buffer for the caller to wipe; `null` when there is no file. */
  async readSecret(path: FilePath): Promise<SecretBytes | null> {
    const control = await this.find(path);
    if (control === null) return null;
    const content = asSecret(new Uint8Array(control.size));
    for (let at = 0; at < content.length;) {
      const part = await this.#card.readBinary(at, Math.min(maxShortResponse, content.length - at));
      if (part.length === 0) break;
      content.set(part, at);
      at += part.length;
      wipe(part);
    }
    return content;
  }

  /** The file's bytes from the start, as many as it has or as `enough` wants to see; `null` when there is no file. */
  async read(path: FilePath, enough?: (soFar: Uint8Array) => boolean): Promise<Uint8Array | null> {
    const control = await this.find(path);
    if (control === null) return null;
    let content: Uint8Array = new Uint8Array();
    while (content.length < control.size) {
      const part = await this.#card.readBinary(
        content.length,
        Math.min(maxShortResponse, control.size - content.length),
      );
      if (part.length === 0) break;
      content = concatBytes(content, part);
      if (enough?.(content) === true) break;
    }
    return content;
  }

  /** Writes into a file that is there. Up to 255 bytes are one command and so happen whole or not at all. */
  async write(path: FilePath, offset: number, data: Uint8Array): Promise<void> {
    if ((await this.find(path)) === null) throw new KiltError('token-layout-damaged', { step: 'write' });
    for (let at = 0; at < data.length; at += maxShortData) {
      await this.#card.updateBinary(offset + at, data.subarray(at, at + maxShortData));
    }
  }

  /**
   * Makes a file in `directory`. Special files of keys are put by the card into a system directory of its own
   * (facts §3.3), but are made while `directory` is current.
   */
  async create(directory: FilePath, file: FileControl): Promise<void> {
    if (!this.#isCurrentDirectory(directory) && (await this.find(directory)) === null) {
      throw new KiltError('token-layout-damaged', { step: 'create-file' });
    }
    this.#selected = null;
    await this.#card.createFile(file);
  }

  /** Removes a file. A file that is not there is what was wanted. */
  async remove(path: FilePath): Promise<void> {
    if ((await this.find(path)) === null) return;
    this.#selected = null;
    await this.#card.deleteFile(lastOf(path));
  }

  /** Selecting a file makes the directory that holds it current; DELETE FILE by identifier relies on it (trace T18). */
  #isCurrentDirectory(directory: FilePath): boolean {
    if (this.#selected === null) return false;
    const { path, control } = this.#selected;
    return samePath(control.kind === fileKind.directory ? path : parentOf(path), directory);
  }
}

function lastOf(path: FilePath): FileId {
  const id = path.at(-1);
  if (id === undefined) throw new RangeError('the master file can not be removed');
  return id;
}
