import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CmpClient } from '#main/pki/cmp/client.ts';
import { createHttpClient, type HttpClient } from '#main/enrolment/http.ts';
import { openKeyContainer, type InitialKey } from '#main/pki/pkcs12.ts';
import type { CertifiedSigner } from '#main/pki/signer.ts';
import { certificatesFromPem, verifyPath } from '#main/pki/x509.ts';
import { asSecret } from '#shared/bytes.ts';
import type { Admission } from '#test/bank/admission.ts';
import { gostDialect, type GostDialect } from '#test/bank/gost/dialects.ts';
import type { RunningBank } from '#test/bank/start-bank.ts';
import { openBank } from '#test/support/world.ts';
import { bankCommand } from './bank-process.ts';
import { softwareKey } from './software-customer.ts';

describe('customers with GOST.pfx at the demo bank', () => {
  let bank: RunningBank;
  let http: HttpClient;
  let cmp: CmpClient;
  beforeAll(async () => {
    bank = await openBank();
    const { ca, api } = bank.system;
    http = createHttpClient(api.tlsAnchors);
    cmp = new CmpClient({ url: ca.url, post: http.post, recipient: ca.name, anchors: ca.anchors });
  });
  afterAll(async () => {
    await http.close();
    await bank.stop();
  });

  const admit = (dialect: GostDialect) => bank.admit({ keyFile: 'gost', gostDialect: dialect });
  const open = ({ keyFile, keyFilePassword }: Admission): Promise<InitialKey> =>
    openKeyContainer(keyFile, keyFilePassword);
  const request = ({ userId, pin }: Admission, signer: CertifiedSigner) =>
    cmp.requestCertificate({
      kind: 'ir',
      subject: `UID=${userId},C=KZ`,
      keyPair: softwareKey(),
      protection: { type: 'signature', signer },
      transactionId: randomBytes(16),
      registrationToken: asSecret(pin.slice()),
    });

  it.each(gostDialect.options)(
    '%s: the request is granted and the certificate confirmed',
    async (dialect) => {
      const customer = await admit(dialect);
      const signer = await open(customer);
      expect(signer.algorithm).toBe(dialect);
      const outcome = await request(customer, signer);
      if (outcome.status !== 'issued') throw new Error('the request waits');
      await cmp.confirm(outcome.state, { type: 'signature', signer });
      const row = bank.customers().find(({ userId }) => userId === customer.userId);
      expect(row?.certificates).toEqual([{ purpose: 'signature', status: 'confirmed' }]);
    },
  );

  it.each(gostDialect.options)('%s: the certificate leads to the bank’s GOST root', async (dialect) => {
    const { certificate, chain } = await open(await admit(dialect));
    const root = readFileSync(join(bank.bankFile, '..', `gost-${dialect}-root.pem`), 'utf8');
    const question = { leaf: certificate, anchors: certificatesFromPem(root), at: new Date() };
    expect(await verifyPath({ ...question, intermediates: chain })).toMatchObject({ trusted: true });
    expect(await verifyPath({ ...question, intermediates: [] })).toMatchObject({
      trusted: false,
      reason: 'issuer-unknown',
    });
  });

  // The bank takes one byte order only, so that Kilt has to have the right one.
  it.each(gostDialect.options)('%s: a signature in the wrong byte order is refused', async (dialect) => {
    const customer = await admit(dialect);
    const signer = await open(customer);
    const backwards: CertifiedSigner = {
      ...signer,
      sign: async (data) => (await signer.sign(data)).slice().reverse(),
    };
    await expect(request(customer, backwards)).rejects.toMatchObject({
      id: 'registration-data-refused',
      data: { reason: 'signature of the message is wrong' },
    });
  });

  it('a stolen certificate without its key is refused', async () => {
    const [customer, thief] = [await admit('kz-2015-512'), await admit('kz-2015-512')];
    const { certificate, chain } = await open(customer);
    const { algorithm, publicKeyInfo, sign } = await open(thief);
    const stolen = { algorithm, publicKeyInfo, sign, certificate, chain };
    await expect(request(customer, stolen)).rejects.toMatchObject({ id: 'registration-data-refused' });
  });

  it('the GOST.pfx of another customer is refused, and nobody’s ПИН has been tried', async () => {
    const [customer, other] = [await admit('gamma-2004'), await admit('gamma-2004')];
    await expect(request(customer, await open(other))).rejects.toMatchObject({
      id: 'registration-data-refused',
      data: { reason: 'user ID is not that of the sender' },
    });
    expect(bank.customers().every(({ wrongPins }) => wrongPins === 0)).toBe(true);
  });

  it('a key of a CA that only has the bank’s name is refused', async () => {
    const strangers = await openBank();
    try {
      const theirs = await strangers.admit({ keyFile: 'gost' });
      const mine = await bank.admit({ keyFile: 'gost', userId: theirs.userId });
      await expect(request(mine, await open(theirs))).rejects.toMatchObject({
        id: 'registration-data-refused',
      });
    } finally {
      await strangers.stop();
    }
  });

  it('the command line admits them and writes GOST.pfx', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'bank-gost-'));
    try {
      const [data, out] = [join(bank.bankFile, '..'), join(folder, 'customer')];
      await bankCommand('admit', '--data', data, '--out', out, '--key-file', 'gost', '--gost', 'gamma-2004');
      const customer: unknown = JSON.parse(readFileSync(join(out, 'customer.json'), 'utf8'));
      expect(customer).toMatchObject({ keyFile: 'GOST.pfx', pinOpensKeyFile: true });
      const password = asSecret(new Uint8Array(readFileSync(join(out, 'pin.txt'))));
      const key = await openKeyContainer(new Uint8Array(readFileSync(join(out, 'GOST.pfx'))), password);
      expect(key.algorithm).toBe('gamma-2004');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
