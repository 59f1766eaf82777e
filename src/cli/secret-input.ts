import { closeSync, readSync } from 'node:fs';
import { asSecret, secretFromText, wipe, type SecretBytes } from '#shared/bytes.ts';
import { KiltError } from '#shared/errors.ts';

const longestSecret = 256;

/**
 * A PIN or password: from a file descriptor if one is named, else typed at the terminal without echo. Arguments and
 * the environment are no place for a secret; other users of the computer can read them.
 *
 * @param fd the secret is everything up to the first line feed or the end
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
    while (length < buffer.length) {
      const count = readSync(fd, buffer, length, 1, null);
      if (count === 0 || buffer[length] === 0x0a) break;
      length += count;
    }
  } catch (error) {
    throw new KiltError('input-invalid', { field: `fd ${fd}`, reason: 'unreadable' }, { cause: error });
  } finally {
    if (fd > 2) closeSync(fd);
  }
  if (length > 0 && buffer[length - 1] === 0x0d) length -= 1;
  const secret = asSecret(buffer.slice(0, length));
  wipe(buffer);
  return secret;
}
