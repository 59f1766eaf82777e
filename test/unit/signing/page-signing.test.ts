import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { KiltError } from '#shared/errors.ts';
import { PageSigning, type PageDocument, type PageSigningRequest } from '#main/signing/page-signing.ts';
import type { BatchKey } from '#main/signing/token-key.ts';
import { AuditLog } from '#main/store/audit-log.ts';
import { openDatabase, type KiltDatabase } from '#main/store/database.ts';
import type { TokenWatch } from '#main/token/token-watch.ts';
import { XmlDesk } from '#test/unit/pki/xml/xml-desk.ts';
import { sha256 } from './signing-desk.ts';

let desk: XmlDesk;
let folder: string;
let database: KiltDatabase;
let audit: AuditLog;
let pages: PageSigning;
beforeAll(() => {
  desk = new XmlDesk();
});
afterAll(() => desk.remove());
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'kilt-pages-'));
  database = openDatabase(folder);
  audit = new AuditLog(database);
  pages = new PageSigning({ tokens: {} as TokenWatch, audit, issuers: () => [], now: () => new Date() });
});
afterEach(() => {
  database.close();
  rmSync(folder, { recursive: true });
});

/** A key that answers as the token would; `opened` counts logins. */
function key(sign = desk.signer('aigul').sign): BatchKey & { readonly opened: ReturnType<typeof vi.fn> } {
  const opened = vi.fn();
  return {
    signer: desk.signer('aigul'),
    subject: { tokenSerial: '12345678', tokenLabel: 'aigul', role: 'user' },
    opened,
    async withKey(work) {
      opened();
      await work(sign);
    },
  };
}
const request = (documents: readonly PageDocument[], more: Partial<PageSigningRequest> = {}) => ({
  documents,
  origin: 'page' as const,
  site: 'https://bank.kz',
  ...more,
});
const text = new TextEncoder().encode('Оплатить 100 000 тенге');
const xml = '<order><amount>100 000</amount></order>';

describe('documents of a page', () => {
  it('are signed as OpenSSL accepts: inside, apart, and from their digest alone', async () => {
    const digest = Uint8Array.from(Buffer.from(sha256(text), 'hex'));
    const signatures = await pages.sign(
      key(),
      request([
        { kind: 'cms', content: text, attached: true },
        { kind: 'cms', content: text, attached: false },
        { kind: 'cms-of-digest', digest },
      ]),
    );
    desk.openssl.write('page.txt', text);
    for (const [place, signature] of signatures.entries()) {
      if (signature.kind !== 'cms') throw new Error('not CMS');
      desk.openssl.write('page.p7s', signature.der);
      const content = place === 0 ? [] : ['-content', 'page.txt'];
      expect(desk.opensslVerify('page.p7s', '-cades', ...content)).toEqual(text);
    }
  });

  it('are signed as xmlsec accepts, with one login for all', async () => {
    const one = key();
    const signatures = await pages.sign(
      one,
      request([
        { kind: 'xml', text: xml, layout: 'common-utils' },
        { kind: 'xml', text: xml, layout: 'basics' },
      ]),
    );
    for (const signature of signatures) desk.xmlsecVerify(signature.kind === 'xml' ? signature.text : '');
    expect(one.opened).toHaveBeenCalledTimes(1);
  });

  it('leave receipts with hash, key and the site that asked', async () => {
    await pages.sign(key(), request([{ kind: 'cms', content: text, attached: true }]));
    const { entries, chain } = audit.view({ offset: 0, count: 10 });
    expect(chain).toEqual({ state: 'intact' });
    expect(entries.map(({ action, result }) => `${action} ${result}`)).toEqual([
      'sign-documents done',
      'sign-document done',
      'sign-documents begun',
    ]);
    expect(entries[1]).toMatchObject({
      tokenSerial: '12345678',
      detail: { origin: 'page', site: 'https://bank.kz', bytes: text.length, sha256: sha256(text) },
    });
    expect(entries[1]?.detail['certificate']).toMatch(/^[0-9a-f]{16,}$/);
  });

  it.each([
    [
      'with a document type',
      '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>',
      'document-type',
    ],
    ['that is none', '<order>', 'not-xml'],
  ])('of XML %s cost no PIN', async (_, hostile, reason) => {
    const one = key();
    const asked = pages.sign(one, request([{ kind: 'xml', text: hostile, layout: 'basics' }]));
    await expect(asked).rejects.toMatchObject({ id: 'xml-unusable', data: { reason } });
    expect(one.opened).not.toHaveBeenCalled();
  });

  it('are not signed over a digest of another length', async () => {
    const asked = pages.sign(key(), request([{ kind: 'cms-of-digest', digest: new Uint8Array(20) }]));
    await expect(asked).rejects.toMatchObject({ id: 'input-invalid', data: { field: 'digest' } });
  });

  it('give nothing back when the token answers with another key, and leave a receipt that says so', async () => {
    const documents: PageDocument[] = [{ kind: 'cms', content: text, attached: true }];
    const asked = pages.sign(key(desk.signer('dana').sign), request(documents));
    await expect(asked).rejects.toMatchObject({ id: 'token-answer-unexpected' });
    const { entries } = audit.view({ offset: 0, count: 10 });
    expect(entries[1]).toMatchObject({ action: 'sign-document', result: 'failed', errorCode: '0100031' });
  });

  it('keep the receipt of the first when the token is pulled before the second', async () => {
    const signer = desk.signer('aigul');
    let signed = 0;
    const pulled = key(async (data) => {
      signed += 1;
      if (signed > 1) throw new KiltError('token-removed');
      return signer.sign(data);
    });
    const documents: PageDocument[] = [
      { kind: 'cms', content: text, attached: true },
      { kind: 'cms', content: text, attached: false },
    ];
    await expect(pages.sign(pulled, request(documents))).rejects.toMatchObject({ id: 'token-removed' });
    const results = audit
      .view({ offset: 0, count: 10 })
      .entries.map(({ action, result }) => `${action} ${result}`);
    expect(results).toEqual([
      'sign-documents failed',
      'sign-document failed',
      'sign-document done',
      'sign-documents begun',
    ]);
  });

  it('are stopped between two', async () => {
    const stop = new AbortController();
    const asked = pages.sign(
      key(),
      request(
        [
          { kind: 'cms', content: text, attached: true },
          { kind: 'cms', content: text, attached: true },
        ],
        { signal: stop.signal, onSigned: () => stop.abort() },
      ),
    );
    await expect(asked).rejects.toMatchObject({ id: 'operation-cancelled' });
  });
});
