import { isKiltError, KiltError } from '#shared/errors.ts';
import type { CardFiles } from '../card-files.ts';
import { applicationFile, inApplication } from './object-directory.ts';
import {
  changeTokenInformation,
  encodeTokenInformation,
  isBlank,
  isMarkedUnfinished,
  parseTokenInformation,
  type TokenInformation,
} from './token-information.ts';

const path = inApplication(applicationFile.tokenInformation);

/** EF TokenInfo on the card, read at most once. */
export class TokenInformationFile {
  readonly #files: CardFiles;
  readonly #now: () => Date;
  readonly #serial: Uint8Array;
  #content: Uint8Array | null | undefined;
  #marked = false;

  /** @param serial of the token, as the card gives it */
  constructor(files: CardFiles, now: () => Date, serial: Uint8Array) {
    this.#files = files;
    this.#now = now;
    this.#serial = serial;
  }

  /** `unfinished`: bears the mark of a format that is under way. */
  async state(): Promise<'none' | 'unfinished' | 'written'> {
    const content = await this.#bytes();
    if (content === null || isBlank(content)) return 'none';
    return isMarkedUnfinished(content) ? 'unfinished' : 'written';
  }

  /** `null` when there is no such file or it was never written. @throws KiltError `token-layout-damaged` */
  async read(): Promise<TokenInformation | null> {
    const content = await this.#bytes();
    return content === null ? null : parseTokenInformation(content);
  }

  /** {@link read}, with `null` also where it is damaged. */
  async readSound(): Promise<TokenInformation | null> {
    try {
      return await this.read();
    } catch (error) {
      if (isKiltError(error, 'token-layout-damaged')) return null;
      throw error;
    }
  }

  /**
   * Also mends a file that a power failure has torn.
   *
   * @throws KiltError `input-invalid` {field} when the label is too long, `token-layout-damaged` when there is no file
   */
  async setLabel(label: string): Promise<void> {
    if ((await this.readSound())?.label !== label) await this.#change({ label });
  }

  /**
   * To be called before the first change of a session: moves lastUpdate forward, by which OpenSC knows that what it
   * has cached is out of date. Before and not after, so that an interrupted change is noticed too.
   */
  async markChanged(): Promise<void> {
    if (!this.#marked) await this.#change({});
  }

  /** What the file holds now, after it was written elsewhere. */
  note(content: Uint8Array): void {
    this.#content = content;
    this.#marked = true;
  }

  /** The time that marks a change now: later than `before`, although whole seconds are its finest step. */
  timeAfter(before: Date | null): Date {
    const earliest = before === null ? 0 : before.getTime() + 1000;
    return new Date(Math.max(this.#now().getTime(), earliest));
  }

  async #change(change: { readonly label?: string }): Promise<void> {
    const before = await this.#bytes();
    if (before === null || isBlank(before)) {
      if (change.label !== undefined) throw new KiltError('token-layout-damaged', { file: 'TokenInfo' });
      return;
    }
    const control = await this.#files.find(path);
    const size = control?.size ?? before.length;
    const information = await this.readSound();
    const lastUpdate = this.timeAfter(information?.lastUpdate ?? null);
    let after = information === null ? null : changeTokenInformation(before, { ...change, lastUpdate });
    if (after === null || after.length > size) {
      // Torn, although it may still look like a TokenInfo. Only with a label can it be made anew.
      if (change.label === undefined) return;
      after = padded(encodeTokenInformation(this.#serial, change.label, lastUpdate), before.length);
    }
    if (after.length > size) throw new KiltError('input-invalid', { field: 'label' });
    const content = padded(after, before.length, before);
    const differs = (byte: number, at: number): boolean => byte !== before[at];
    const from = content.findIndex(differs);
    // Only what differs is written: a power failure may tear the new time, but nothing that stands before it.
    if (from >= 0) {
      await this.#files.write(path, from, content.slice(from, content.findLastIndex(differs) + 1));
    }
    this.note(content);
  }

  async #bytes(): Promise<Uint8Array | null> {
    if (this.#content === undefined) this.#content = await this.#files.read(path);
    return this.#content;
  }
}

/** At least `length` bytes: `start`, then what `rest` has there, or zeros. */
function padded(start: Uint8Array, length: number, rest: Uint8Array = new Uint8Array()): Uint8Array {
  const whole = new Uint8Array(Math.max(start.length, length));
  whole.set(rest);
  whole.set(start);
  return whole;
}
