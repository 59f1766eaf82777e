import type { TFunction } from 'i18next';
import { wipe, type SecretBytes } from '#shared/bytes.ts';
import { commandLineProblem } from './command-line-problem.ts';
import { askNewPassword, askSecret, readSecretLine, type SecretSource } from './secret-input.ts';

/**
 * The secrets of one command. Those that come from a descriptor are read at once and in the order of their names here,
 * needed or not; the others are asked for when they are needed.
 */
export class SecretLines<Name extends string> {
  readonly #sources: Readonly<Record<Name, SecretSource>>;
  readonly #lines: Partial<Record<Name, SecretBytes>> = {};

  /** @throws KiltError `input-invalid` {problem} */
  constructor(sources: Readonly<Record<Name, SecretSource>>) {
    this.#sources = sources;
    for (const name of Object.keys(sources) as Name[]) {
      const source = sources[name];
      if (source.descriptor !== undefined) this.#lines[name] = readSecretLine(source.descriptor, source);
    }
  }

  /** Nothing was said of a descriptor: it will be asked for at the terminal. */
  isAsked(name: Name): boolean {
    return this.#sources[name].descriptor === undefined;
  }

  /** The line itself, for looking at; it stays this object's. */
  line(name: Name): SecretBytes | undefined {
    return this.#lines[name];
  }

  /** A copy, which the caller wipes; not empty unless it was typed so. @throws KiltError `input-invalid` {problem: `no-line` | `no-terminal`} */
  async needed(name: Name): Promise<SecretBytes> {
    const source = this.#sources[name];
    if (source.descriptor === undefined) return askSecret(source);
    const line = this.#lines[name];
    if (!line || line.length === 0)
      throw commandLineProblem('no-line', { what: source.what, option: source.option });
    return copyOf(line);
  }

  /** The same for a secret that may be empty. */
  async maybeEmpty(name: Name): Promise<SecretBytes> {
    const line = this.#lines[name];
    return line ? copyOf(line) : this.needed(name);
  }

  /** The same for a password to be set: at the terminal it is typed twice. */
  async neededNew(name: Name, t: TFunction): Promise<SecretBytes> {
    return this.isAsked(name) && process.stdin.isTTY
      ? askNewPassword(this.#sources[name], t)
      : this.needed(name);
  }

  forget(): void {
    for (const name of Object.keys(this.#sources) as Name[]) wipe(this.#lines[name]);
  }
}

export const copyOf = (secret: SecretBytes): SecretBytes => Uint8Array.from(secret) as SecretBytes;
