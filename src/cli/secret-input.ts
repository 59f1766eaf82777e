import { readSync } from 'node:fs';
import type { TFunction } from 'i18next';
import { asSecret, secretFromText, wipe, type SecretBytes } from '#shared/bytes.ts';
import { KiltError } from '#shared/errors.ts';
import { commandLineProblem } from './command-line-problem.ts';

const longestSecret = 256;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** A secret that a command may need: the option that names its descriptor, and what it is called at the terminal. */
export interface SecretSource {
  readonly option: string;
  /** Undefined: it is asked for at the terminal. */
  readonly descriptor: number | undefined;
  readonly what: string;
}

/**
 * One line of a file descriptor. Several secrets may come from one descriptor, in the order in which they are read.
 *
 * @returns empty when the line is, or when there is none any more
 * @throws KiltError `input-invalid` {problem: `unreadable-descriptor` | `secret-too-long`}
 */
export function readSecretLine(
  descriptor: number,
  { option, what }: Pick<SecretSource, 'option' | 'what'>,
): SecretBytes {
  const buffer = new Uint8Array(longestSecret + 2);
  let length = 0;
  try {
    while (length < buffer.length && readByte(descriptor, buffer, length) && buffer[length] !== lineFeed)
      length += 1;
    if (length > 0 && buffer[length - 1] === carriageReturn) length -= 1;
    // A line cut here would leave its rest to be taken for the next secret.
    if (length > longestSecret) throw commandLineProblem('secret-too-long', { what });
    return asSecret(buffer.slice(0, length));
  } catch (error) {
    if (error instanceof KiltError) throw error;
    throw commandLineProblem('unreadable-descriptor', { option });
  } finally {
    wipe(buffer);
  }
}

/** @returns false at the end */
function readByte(descriptor: number, buffer: Uint8Array, at: number): boolean {
  for (;;) {
    try {
      return readSync(descriptor, buffer, at, 1, null) === 1;
    } catch (error) {
      const { code } = error as { code?: unknown };
      if (code === 'EOF') return false;
      // A pipe that its writer left non-blocking and has not filled yet.
      if (code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }
}

/**
 * Asks at the terminal without showing what is typed. Arguments and the environment are no place for a secret: other
 * users of the computer can read them.
 *
 * @throws KiltError `input-invalid` {problem: `no-terminal`}, `operation-cancelled` (Ctrl+C)
 */
export async function askSecret({ what, option }: SecretSource): Promise<SecretBytes> {
  if (!process.stdin.isTTY) throw commandLineProblem('no-terminal', { what, option });
  const { default: password } = await import('@inquirer/password');
  try {
    return secretFromText(await password({ message: what, mask: '•' }, { output: process.stderr }));
  } catch (error) {
    throw new KiltError('operation-cancelled', {}, { cause: error });
  }
}

/** Asks for a password to be set, until it has been typed the same twice. */
export async function askNewPassword(source: SecretSource, t: TFunction): Promise<SecretBytes> {
  for (;;) {
    const first = await askSecret(source);
    const again = await askSecret({ ...source, what: t('commandLine.prompts.newPinAgain') });
    const same = Buffer.compare(first, again) === 0;
    wipe(again);
    if (same) return first;
    wipe(first);
    process.stderr.write(`${t('fields.confirmationDiffers')}\n`);
  }
}
