import { readSync } from 'node:fs';
import { asSecret, secretFromText, wipe, type SecretBytes } from '#shared/bytes.ts';
import { KiltError } from '#shared/errors.ts';

const longestSecret = 256;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/**
 * A PIN or password: from a file descriptor if one is named, else typed at the terminal without echo. Arguments and
 * the environment are no place for a secret; other users of the computer can read them.
 *
 * @param fd the secret is one line; several secrets may come from one descriptor, in the order in which they are read
 * @throws KiltError `input-invalid` when there is neither descriptor nor terminal
 */
export async function readSecret(prompt: string, fd: number | undefined): Promise<SecretBytes> {
  if (fd !== undefined) return readFromDescriptor(fd);
  if (!process.stdin.isTTY)
    throw new KiltError('input-invalid', { field: prompt, reason: 'no terminal to ask on' });
  const { default: password } = await import('@inquirer/password');
  return secretFromText(await password({ message: prompt, mask: '•' }, { output: process.stderr }));
}

function readFromDescriptor(fd: number): SecretBytes {
  const buffer = new Uint8Array(longestSecret + 2);
  let length = 0;
  try {
    while (length < buffer.length && readByte(fd, buffer, length) && buffer[length] !== lineFeed) length += 1;
    if (length > 0 && buffer[length - 1] === carriageReturn) length -= 1;
    return asSecret(buffer.slice(0, length));
  } catch (error) {
    throw new KiltError('input-invalid', { field: `fd ${fd}`, reason: 'unreadable' }, { cause: error });
  } finally {
    wipe(buffer);
  }
}

/** @returns false at the end */
function readByte(fd: number, buffer: Uint8Array, at: number): boolean {
  for (;;) {
    try {
      return readSync(fd, buffer, at, 1, null) === 1;
    } catch (error) {
      const { code } = error as { code?: unknown };
      if (code === 'EOF') return false;
      // A pipe that its writer left non-blocking and has not filled yet.
      if (code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }
}
