import { existsSync, readdirSync, statSync, truncateSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KiltError } from '#shared/errors.ts';
import type { SigningView } from '#shared/signing-views.ts';
import { SigningDesk, sha256 } from './signing-desk.ts';

let desk: SigningDesk;
beforeAll(() => {
  desk = new SigningDesk();
});
afterAll(() => desk.remove());

/** Larger than a piece that is read at a time, and no multiple of one. */
const large = new Uint8Array(2_500_001).map((_, i) => (i * 31) % 251);

describe('signatures for everybody else', () => {
  it.each([
    ['a small text', new TextEncoder().encode('Платежное поручение № 17\r\n')],
    ['an empty file', new Uint8Array()],
    ['a file of several pieces', large],
  ])('apart from the document, OpenSSL accepts %s and its reference to the certificate', async (_, bytes) => {
    const at = desk.folder(`detached-${bytes.length}`);
    desk.openssl.write(at('act.pdf'), bytes);
    const { documents } = await desk.sign([at('act.pdf')], 'detached');
    expect(documents).toMatchObject([
      { outcome: 'signed', signatureFileName: 'act.pdf.p7s', bytes: bytes.length, sha256: sha256(bytes) },
    ]);
    const back = desk.opensslVerify(at('act.pdf.p7s'), '-cades', '-content', at('act.pdf'));
    expect(sha256(back)).toBe(sha256(bytes));
  });

  it.each([
    ['an empty file', new Uint8Array()],
    ['127 bytes, the most that one byte of length tells', large.subarray(0, 127)],
    ['a file of several pieces', large],
  ])('with the document inside, OpenSSL takes out %s as it was', async (_, bytes) => {
    const at = desk.folder(`attached-${bytes.length}`);
    desk.openssl.write(at('act.bin'), bytes);
    await desk.sign([at('act.bin')], 'attached');
    expect(sha256(desk.opensslVerify(at('act.bin.cms'), '-cades'))).toBe(sha256(bytes));
  });

  it('the attributes stand in the order that DER asks for, and the certificate of the signer alone goes along', async () => {
    const at = desk.folder('layout');
    desk.openssl.write(at('a.txt'), 'a');
    await desk.sign([at('a.txt')], 'detached');
    const printed = desk.openssl.run('cms', '-cmsout', '-print', '-inform', 'DER', '-in', at('a.txt.p7s'));
    const attributes = [...printed.matchAll(/object: ([\w-]+) \(1\.2\.840\.113549\.1\.9/g)].map(
      ([, name]) => name,
    );
    expect(attributes).toEqual([
      'contentType',
      'signingTime',
      'messageDigest',
      'id-smime-aa-signingCertificateV2',
    ]);
    expect(printed.match(/d\.certificate:/g)).toHaveLength(1);
    expect(printed).toContain('signatureAlgorithm: \n          algorithm: sha256WithRSAEncryption');
  });
});

describe('a batch', () => {
  it('never replaces a file that is there', async () => {
    const at = desk.folder('names');
    desk.openssl.write(at('a.txt'), 'a');
    desk.openssl.write(at('a.txt.p7s'), 'something of the user');
    const first = await desk.sign([at('a.txt')], 'detached');
    const second = await desk.sign([at('a.txt')], 'detached');
    expect([first, second].map((view) => view.documents[0]?.signatureFileName)).toEqual([
      'a.txt.2.p7s',
      'a.txt.3.p7s',
    ]);
    expect(new TextDecoder().decode(desk.openssl.read(at('a.txt.p7s')))).toBe('something of the user');
    expect(readdirSync(desk.path('names')).toSorted()).toEqual([
      'a.txt',
      'a.txt.2.p7s',
      'a.txt.3.p7s',
      'a.txt.p7s',
    ]);
    expect(await desk.check(at('a.txt.3.p7s'))).toMatchObject({ verdict: 'valid', documentName: 'a.txt' });
  });

  it('signs the others when one can not be read', async () => {
    const at = desk.folder('one-missing');
    desk.openssl.write(at('a.txt'), 'a');
    desk.openssl.write(at('c.txt'), 'c');
    const view = await desk.sign([at('a.txt'), at('b.txt'), at('c.txt')], 'detached');
    expect(view.documents).toMatchObject([
      { outcome: 'signed' },
      { outcome: 'failed', error: { id: 'document-unreadable', data: { reason: 'ENOENT' } } },
      { outcome: 'signed' },
    ]);
  });

  it('keeps what was signed when the token is pulled in the middle, and asks it for nothing more', async () => {
    const at = desk.folder('pulled');
    const names = ['a', 'b', 'c', 'd'].map(at);
    for (const name of names) desk.openssl.write(name, name);
    const signer = desk.signer('aigul');
    let asked = 0;
    const view = await desk.sign(names, 'detached', {
      withKey: async (work) => {
        await work(async (data) => {
          asked += 1;
          if (asked > 2) throw new KiltError('token-removed');
          return signer.sign(data);
        });
        throw new KiltError('token-removed');
      },
    });
    expect(asked).toBe(3);
    expect(view.documents.map(({ outcome }) => outcome)).toEqual(['signed', 'signed', 'failed', 'failed']);
    expect(view.documents[3]?.error?.id).toBe('token-removed');
    for (const name of names.slice(0, 2)) desk.opensslVerify(`${name}.p7s`, '-content', name);
  });

  it('writes nothing when the password is refused', async () => {
    const at = desk.folder('refused');
    desk.openssl.write(at('a'), 'a');
    const refused = desk.sign([at('a')], 'detached', {
      withKey: () => Promise.reject(new KiltError('wrong-pin', { attemptsLeft: 9 })),
    });
    await expect(refused).rejects.toMatchObject({ id: 'wrong-pin' });
    expect(readdirSync(desk.path('refused'))).toEqual(['a']);
  });

  it('stops between two documents when it is cancelled, and keeps the first', async () => {
    const at = desk.folder('cancelled');
    const names = ['a', 'b', 'c'].map(at);
    for (const name of names) desk.openssl.write(name, name);
    const cancel = new AbortController();
    const view = await desk.sign(names, 'detached', {
      signal: cancel.signal,
      onProgress: ({ stage, done }) => {
        if (stage === 'signing' && done === 1) cancel.abort();
      },
    });
    expect(view.documents.map(({ outcome }) => outcome)).toEqual(['signed', 'cancelled', 'cancelled']);
    expect(existsSync(desk.path(at('b.p7s')))).toBe(false);
  });

  it('signs only what was shown', async () => {
    const at = desk.folder('shown');
    desk.openssl.write(at('a.txt'), 'pay 100');
    const { signer } = { signer: desk.signer('aigul') };
    const view = await desk.sign([], 'detached', {
      documents: [{ path: desk.path(at('a.txt')), shownSha256: sha256('pay 1') }],
      withKey: () => Promise.reject(new Error('the key was asked for')),
      signer,
    });
    expect(view.documents).toMatchObject([{ outcome: 'failed', error: { id: 'document-changed' } }]);
  });

  it.each(['detached', 'attached'] as const)(
    'saves no signature (%s) on a document that is changed while it is being signed',
    async (form) => {
      const at = desk.folder(`changed-${form}`);
      desk.openssl.write(at('a.txt'), 'pay 100');
      const view = await desk.sign([at('a.txt')], form, {
        onProgress: ({ stage, done }) => {
          if (stage === 'signing' && done === 1) truncateSync(desk.path(at('a.txt')), 3);
        },
      });
      expect(view.documents).toMatchObject([{ outcome: 'failed', error: { id: 'document-changed' } }]);
      expect(readdirSync(desk.path(`changed-${form}`))).toEqual(['a.txt']);
    },
  );

  it('saves no signature that the certificate does not fit', async () => {
    const at = desk.folder('other-key');
    desk.openssl.write(at('a'), 'a');
    const signer = desk.signer('aigul');
    const view = await desk.sign([at('a')], 'detached', {
      signer: { algorithm: 'rsa-sha256', certificate: desk.openssl.der('dana'), chain: [] },
      withKey: (work) => work((data) => signer.sign(data)),
    });
    expect(view.documents).toMatchObject([{ outcome: 'failed', error: { id: 'token-answer-unexpected' } }]);
  });

  it('tells each stage and each document that is done', async () => {
    const at = desk.folder('progress');
    for (const name of ['a', 'b']) desk.openssl.write(at(name), name);
    const told: string[] = [];
    const tell = ({ stage, done }: SigningView) => void told.push(`${stage} ${done}`);
    await desk.sign([at('a'), at('b')], 'detached', { onProgress: tell });
    expect(told).toEqual(
      ['reading', 'signing', 'writing'].flatMap((stage) => [0, 1, 2].map((done) => `${stage} ${done}`)),
    );
    expect(statSync(desk.path(at('a.p7s'))).size).toBeGreaterThan(1000);
  });
});
