import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SigningRequest } from '#main/signing/signing-service.ts';
import type { Desktop } from '#main/desktop/application.ts';
import { signingHandlers } from '#main/desktop/signing-handlers.ts';
import type { Kilt } from '#main/kilt.ts';
import { sha256 } from '../signing/signing-desk.ts';

let folder: string;
let asked: SigningRequest[];
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'kilt-documents-'));
  asked = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

const file = (name: string): string => path.join(folder, name);
/** The services behind the calls, of which only what reaches them matters here. */
const kilt = {
  signing: {
    signWithToken: async (_: unknown, request: SigningRequest) => {
      asked.push(request);
      return { stage: 'finished', done: 0, documents: [] };
    },
  },
} as unknown as Kilt;
const handlers = () =>
  signingHandlers(
    kilt,
    { chooseDocuments: async () => [file('a.txt')] } as unknown as Desktop,
    () => undefined,
  );
const order = (documentIds: string[]) => ({
  tokenId: 't',
  fingerprint: 'f',
  pin: new Uint8Array(8),
  documentIds,
  form: 'detached' as const,
});

describe('what the page may have signed', () => {
  it('is what the user has chosen, and no file that the page names', async () => {
    const calls = handlers();
    for (const documentId of ['/etc/passwd', file('a.txt'), '../a.txt', 'x']) {
      await expect(calls['signing.sign'](order([documentId]))).rejects.toMatchObject({ id: 'input-invalid' });
      await expect(calls['signing.show']({ documentId })).rejects.toMatchObject({ id: 'input-invalid' });
    }
    await expect(async () => calls['signing.check']({ signatureId: '/etc/passwd' })).rejects.toMatchObject({
      id: 'input-invalid',
    });
    expect(await calls['signing.drop']({ paths: ['relative.txt'] })).toEqual([]);
    expect(asked).toEqual([]);
  });

  it('is the document as it was shown, even when it was read again since', async () => {
    writeFileSync(file('a.txt'), 'pay 100');
    const calls = handlers();
    const [chosen] = await calls['signing.chooseDocuments']({ what: 'documents' });
    const documentId = chosen?.documentId ?? '';
    expect(await calls['signing.show']({ documentId })).toMatchObject({
      sha256: sha256('pay 100'),
      preview: { text: 'pay 100' },
    });
    writeFileSync(file('a.txt'), 'pay 900');
    expect(await calls['signing.measure']({ documentId })).toMatchObject({ sha256: sha256('pay 900') });
    await calls['signing.sign'](order([documentId]));
    expect(asked[0]?.documents).toEqual([
      { id: documentId, path: file('a.txt'), shownSha256: sha256('pay 100') },
    ]);
  });
});
