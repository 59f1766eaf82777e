import { randomUUID } from 'node:crypto';
import { link, open, rename, rm, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { KiltError, isKiltError } from '#shared/errors.ts';
import type { SignatureForm } from '#shared/signing-views.ts';

const mostNames = 1000;

/**
 * What the file of a signature is called: `act.pdf.p7s` as everybody does, `act.pdf.cms` where the document is inside,
 * `order.signed.xml` where the signature is. A name that is taken gets a number: `act.pdf.2.p7s`.
 */
function nameFor(document: string, form: SignatureForm, turn: number): string {
  const number = turn === 1 ? '' : `.${turn}`;
  switch (form) {
    case 'detached':
      return `${document}${number}.p7s`;
    case 'attached':
      return `${document}${number}.cms`;
    case 'xml':
      return `${document.replace(/\.xml$/i, '')}.signed${number}.xml`;
  }
}

/** Documents that a signature apart from its document may belong to, by its own name; the likeliest first. */
export function documentNamesOf(signatureFile: string): readonly string[] {
  const stem = /^(.+)\.(?:p7s|p7m|cms|sig|sgn)$/i.exec(signatureFile)?.[1];
  if (stem === undefined) return [];
  const unnumbered = /^(.+)\.\d{1,3}$/.exec(stem)?.[1];
  return unnumbered === undefined ? [stem] : [stem, unnumbered];
}

/**
 * Writes a signature beside its document: whole or not at all, and never over a file that is there.
 *
 * @returns the file's path
 * @throws KiltError `disk-full`, `file-not-written` {reason}; what `write` throws
 */
export async function writeSignatureFile(
  document: string,
  form: SignatureForm,
  write: (add: (piece: Uint8Array) => Promise<void>) => Promise<void>,
): Promise<string> {
  const half = path.join(path.dirname(document), `.${randomUUID()}.kilt-new`);
  try {
    const handle = await open(half, 'wx');
    try {
      await write((piece) => writeAll(handle, piece));
      // A USB stick may be pulled as soon as Kilt says that the file is there.
      await handle.sync();
    } finally {
      await handle.close();
    }
    return await named(half, document, form);
  } catch (error) {
    if (isKiltError(error)) throw error;
    const { code } = error as { code?: unknown };
    const reason = typeof code === 'string' ? code : '';
    if (reason === 'ENOSPC' || reason === 'EDQUOT') throw new KiltError('disk-full', {}, { cause: error });
    throw new KiltError('file-not-written', { reason }, { cause: error });
  } finally {
    // After a rename there is nothing to take away.
    await rm(half, { force: true }).catch(() => undefined);
  }
}

async function writeAll(handle: FileHandle, piece: Uint8Array): Promise<void> {
  for (let at = 0; at < piece.length;) at += (await handle.write(piece, at)).bytesWritten;
}

/** Gives the finished file the first name that is free. */
async function named(half: string, document: string, form: SignatureForm): Promise<string> {
  for (let turn = 1; turn <= mostNames; turn += 1) {
    const file = nameFor(document, form, turn);
    if (await isGiven(half, file)) return file;
  }
  throw new KiltError('file-not-written', { reason: 'EEXIST' });
}

async function isGiven(half: string, file: string): Promise<boolean> {
  try {
    // One step that fails where the name is taken; a rename would replace what is there.
    await link(half, file);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    return isReserved(half, file);
  }
}

/** File systems of USB sticks know no links: the name is taken first, and only what was taken is replaced. */
async function isReserved(half: string, file: string): Promise<boolean> {
  try {
    await (await open(file, 'wx')).close();
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
  try {
    await rename(half, file);
    return true;
  } catch (error) {
    await rm(file, { force: true }).catch(() => undefined);
    throw error;
  }
}

const codeOf = (error: unknown): unknown => (error as { code?: unknown }).code;
