import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { showDocument } from '#main/signing/document-preview.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'kilt-preview-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function shown(contents: string | Uint8Array) {
  const file = path.join(folder, 'document');
  writeFileSync(file, contents);
  const { bytes, sha256, preview } = await showDocument(file);
  // Whatever is shown, size and hash are those of the file.
  expect(bytes).toBe(Buffer.from(contents).length);
  expect(sha256).toBe(createHash('sha256').update(contents).digest('hex'));
  return preview;
}

const png = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');

describe('a document before it is signed', () => {
  it('is shown as the text that it is', async () => {
    const text = 'Оплатить 100 000 ₸\r\n\tҚазақша: әғқңөұүһі\n';
    expect(await shown(text)).toEqual({ kind: 'text', encoding: 'utf-8', text });
    expect(await shown('')).toEqual({ kind: 'text', encoding: 'utf-8', text: '' });
  });

  it('is shown in the encoding of older programs, which is told', async () => {
    const windows1251 = Uint8Array.of(0xce, 0xef, 0xeb, 0xe0, 0xf2, 0xe8, 0xf2, 0xfc);
    expect(await shown(windows1251)).toEqual({ kind: 'text', encoding: 'windows-1251', text: 'Оплатить' });
  });

  it('does not hide signs that turn the writing around or are not seen', async () => {
    expect(await shown('pay \u202e001\u202c\u200b tenge')).toMatchObject({
      text: 'pay ⟦U+202E⟧001⟦U+202C⟧⟦U+200B⟧ tenge',
    });
  });

  it.each([
    ['bytes that are no text', Uint8Array.of(0, 1, 2, 3), 'format'],
    ['PDF', '%PDF-1.7\n', 'pdf'],
    ['a text that nobody reads to its end', 'a'.repeat(600 * 1024), 'large'],
    ['a picture beyond all measure', Buffer.concat([png, Buffer.alloc(25 * 1024 * 1024)]), 'large'],
  ])('of %s is told by size and hash alone', async (_, contents, why) => {
    expect(await shown(contents)).toEqual({ kind: 'none', why });
  });

  it('is handed over whole when it is a picture', async () => {
    expect(await shown(png)).toEqual({ kind: 'image', type: 'image/png', content: Uint8Array.from(png) });
  });

  it('is not there', async () => {
    await expect(showDocument(path.join(folder, 'nowhere'))).rejects.toMatchObject({
      id: 'document-unreadable',
    });
    await expect(showDocument(folder)).rejects.toMatchObject({ id: 'document-unreadable' });
  });
});
