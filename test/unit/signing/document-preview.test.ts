import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { showBytes, showDocument } from '#main/signing/document-preview.ts';

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
    ['PDF beyond all measure', `%PDF-1.7\n${'a'.repeat(25 * 1024 * 1024)}`, 'large'],
    ['a text that nobody reads to its end', 'a'.repeat(600 * 1024), 'large'],
    ['a picture beyond all measure', Buffer.concat([png, Buffer.alloc(25 * 1024 * 1024)]), 'large'],
  ])('of %s is told by size and hash alone', async (_, contents, why) => {
    expect(await shown(contents)).toEqual({ kind: 'none', why });
  });

  it('is handed over whole when it is a picture', async () => {
    expect(await shown(png)).toEqual({ kind: 'image', type: 'image/png', content: Uint8Array.from(png) });
  });

  it('is handed over whole when it is PDF, to be drawn', async () => {
    expect(await shown('%PDF-1.7\n')).toMatchObject({ kind: 'pdf' });
  });

  const order = {
    type: 'application/vnd.kilt-demo.payment-order+json',
    number: '17',
    date: '2026-11-26',
    payer: { name: 'ТОО «Ромашка»', bin: '123456789012', iik: 'KZ123450000000000001' },
    payee: { name: 'ТОО «Василек»', bin: '210987654321', iik: 'KZ543210000000000002', bik: 'DEMOKZKA' },
    amount: '1250000.00',
    currency: 'KZT',
    purposeCode: '710',
    purpose: 'Оплата по договору № 5',
  };

  it('is shown as a form when it is a payment order', async () => {
    expect(await shown(JSON.stringify(order))).toEqual({ kind: 'payment-order', order });
    expect((await showBytes(Buffer.from(JSON.stringify(order)))).preview.kind).toBe('payment-order');
  });

  it.each([
    ['a member that the form does not show', JSON.stringify({ ...order, limit: 'none' })],
    [
      'a member that stands twice, so that another amount could be read from it',
      JSON.stringify(order).replace('"amount"', '"amount":"1.00","amount"'),
    ],
    ['an amount that is no sum of money', JSON.stringify({ ...order, amount: '1e9' })],
    ['something behind it', `${JSON.stringify(order)}{}`],
    ['an account that is none', JSON.stringify({ ...order, payee: { ...order.payee, iik: '17' } })],
  ])('is shown as its text when it is a payment order with %s', async (_, text) => {
    expect(await shown(text)).toMatchObject({ kind: 'text', text });
  });

  it('does not let a new line or a hidden sign in a name look like another member of the form', async () => {
    const payee = { ...order.payee, name: 'Ромашка\nБИН: 1\u202e' };
    expect(await shown(JSON.stringify({ ...order, payee }))).toMatchObject({
      order: { payee: { name: 'Ромашка БИН: 1⟦U+202E⟧' } },
    });
  });

  it('is not there', async () => {
    await expect(showDocument(path.join(folder, 'nowhere'))).rejects.toMatchObject({
      id: 'document-unreadable',
    });
    await expect(showDocument(folder)).rejects.toMatchObject({ id: 'document-unreadable' });
  });
});
