import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asDer } from '#shared/bytes.ts';
import { chooseNationalKey, nationalFit } from '#main/enrolment/national/national-fit.ts';
import { readNationalSignature } from '#main/enrolment/national/national-signature.ts';
import { nationalKeyToGoOnWith, nationalSigner } from '#main/enrolment/national/national-signer.ts';
import { nationalSignatureView } from '#main/enrolment/national/national-view.ts';
import type { NationalKey } from '#main/enrolment/national/national-keys.ts';
import { parseCertificate, verifySignature } from '#main/pki/x509.ts';
import { readAlgorithm } from '#main/pki/algorithm-identifier.ts';
import { parseDer } from '#main/pki/asn1.ts';
import { signatureIdentifier } from '#main/pki/signature.ts';
import type { BankSystem } from '#main/enrolment/bank-system.ts';
import { CertificateTrust } from '#main/trust/certificate-trust.ts';
import { certificateFor, demoBank } from '../workshop.ts';
import { nationalBank, nationalToken, type NationalToken } from './national-token.ts';

const now = new Date();
const day = 24 * 3600 * 1000;
const trust = new CertificateTrust({ now: () => now });

let folder: string;
let bank: BankSystem;
let person: NationalToken;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'kilt-national-'));
  bank = await nationalBank(folder);
  person = await nationalToken({ authorityData: folder });
});
afterAll(() => rmSync(folder, { recursive: true }));

const keysOf = ({ keys, token }: NationalToken): readonly NationalKey[] => keys.on(token);
const keyOf = (token: NationalToken, use: NationalKey['use'], algorithm: NationalKey['algorithm']) => {
  const found = keysOf(token).find((key) => key.use === use && key.algorithm === algorithm);
  if (!found) throw new Error(`no ${algorithm} key for ${use}`);
  return found;
};

describe('NUC signatures on a token', () => {
  it('are told apart: one that only signs in to sites, and those for documents', () => {
    expect(keysOf(person).map(({ use, algorithm }) => [use, algorithm])).toEqual([
      ['authentication', 'rsa'],
      ['signing', 'rsa'],
      ['signing', 'gost'],
    ]);
  });

  it('name a person, or an organisation and whoever acts for it', async () => {
    expect(keyOf(person, 'signing', 'rsa')).toMatchObject({
      owner: 'person',
      name: 'САПАРОВА АЙГЕРИМ СЕРИКОВНА',
      organisation: undefined,
    });
    const firm = await nationalToken({ authorityData: folder, nationalOwner: 'organisation' });
    expect(keyOf(firm, 'signing', 'gost')).toMatchObject({
      owner: 'organisation',
      name: 'САПАРОВА АЙГЕРИМ СЕРИКОВНА',
      organisation: 'ТОО «ТҰЛПАР»',
    });
  });

  it('are none of those that a bank has issued, and nothing that is no certificate', () => {
    expect(readNationalSignature(certificateFor({ commonName: 'САПАРОВА АЙГЕРИМ' }))).toBeUndefined();
    expect(readNationalSignature(asDer(new Uint8Array([0x30, 0])))).toBeUndefined();
  });

  it('are not counted without their keys', () => {
    const { keys, token } = person;
    const objects = token.objects && { ...token.objects, keys: [] };
    expect(keys.on({ ...token, ...(objects && { objects }) })).toEqual([]);
  });
});

describe('what a bank takes', () => {
  it('is a signature for documents, of the kind it wants, from the authority it goes by, while it is valid', async () => {
    const rsa = keyOf(person, 'signing', 'rsa');
    const fit = (of: NationalKey, by: BankSystem, at = now) => nationalFit(of, by, at);
    expect(fit(rsa, bank)).toBe('fits');
    expect(fit(rsa, await nationalBank(folder, 'person'))).toBe('fits');
    expect(fit(rsa, await nationalBank(folder, 'organisation'))).toBe('other-owner');
    expect(fit(keyOf(person, 'authentication', 'rsa'), bank)).toBe('not-for-signing');
    expect(fit(rsa, bank, new Date(now.getTime() + 366 * day))).toBe('expired');
    expect(fit(rsa, bank, new Date(now.getTime() - 2 * day))).toBe('not-yet-valid');
    expect(fit({ ...rsa, canSign: false }, bank)).toBe('key-unusable');
    const anchors = bank.national?.anchors.slice(2) ?? [];
    expect(fit(rsa, { ...bank, national: { owner: 'any', anchors } })).toBe('issuer-unknown');
  });

  it('is shown as plain facts, for each bank that takes NUC signatures and for no other', () => {
    const view = nationalSignatureView(
      keyOf(person, 'signing', 'gost'),
      [bank, { ...demoBank, id: 'x' }],
      now,
    );
    expect(view).toMatchObject({
      owner: 'person',
      algorithm: 'gost',
      issuerName: 'ДЕМО ҰЛТТЫҚ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ (GOST)',
      fits: { [bank.id]: 'fits' },
    });
    // The IIN is nobody's business on a screen that others see.
    expect(JSON.stringify(view)).not.toContain('123456789011');
  });

  it('has to be chosen where there are several, and is found by its number', () => {
    const keys = keysOf(person);
    const [, rsa] = keys;
    expect(() => chooseNationalKey(keys, bank, now)).toThrow(
      expect.objectContaining({ id: 'input-invalid', data: { field: 'certificate' } }),
    );
    expect(chooseNationalKey(keys, bank, now, rsa?.certificate.serialNumber)).toBe(rsa);
  });

  it('is missing on a token without one, and does not fit where it has ended', () => {
    expect(() => chooseNationalKey([], bank, now)).toThrow(
      expect.objectContaining({ id: 'national-signature-missing' }),
    );
    expect(() => chooseNationalKey(keysOf(person), bank, new Date(now.getTime() + 366 * day))).toThrow(
      expect.objectContaining({ id: 'national-signature-unusable', data: { likelyCause: 'expired' } }),
    );
  });

  it('may have been renewed on the token since a registration was begun with it', () => {
    const rsa = keyOf(person, 'signing', 'rsa');
    const gost = keyOf(person, 'signing', 'gost');
    expect(nationalKeyToGoOnWith([rsa, gost], bank, now, gost.certificate.der)).toBe(gost);
    expect(nationalKeyToGoOnWith([rsa], bank, now, gost.certificate.der)).toBe(rsa);
  });
});

describe('a NUC signature signs', () => {
  const message = new TextEncoder().encode('a request for a certificate');
  const signedBy = async (token: NationalToken, algorithm: NationalKey['algorithm']) => {
    const signer = await nationalSigner(keyOf(token, 'signing', algorithm), bank, trust);
    return { signer, signature: await signer.sign(message) };
  };

  it.each(['rsa', 'gost'] as const)(
    'with its %s key on the token what its certificate verifies',
    async (kind) => {
      const { signer, signature } = await signedBy(person, kind);
      const question = {
        algorithm: readAlgorithm(parseDer(signatureIdentifier(signer.algorithm))),
        publicKeyInfo: parseCertificate(signer.certificate).publicKeyInfo,
      };
      expect(await verifySignature({ ...question, data: message, signature })).toBe('valid');
      expect(await verifySignature({ ...question, data: message.slice(1), signature })).toBe('invalid');
    },
  );

  it('and brings its issuer along, but not the root', async () => {
    const { signer } = await signedBy(person, 'gost');
    expect(signer.chain.map((der) => parseCertificate(der).commonName)).toEqual([
      'ДЕМО ҰЛТТЫҚ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ (GOST)',
    ]);
  });

  it('is refused when somebody else has issued it under the authority’s name', async () => {
    const elsewhere = mkdtempSync(path.join(tmpdir(), 'kilt-false-national-'));
    const forged = await nationalToken({ authorityData: elsewhere });
    rmSync(elsewhere, { recursive: true });
    const key = keyOf(forged, 'signing', 'rsa');
    expect(nationalFit(key, bank, now)).toBe('fits');
    await expect(nationalSigner(key, bank, trust)).rejects.toMatchObject({
      id: 'national-signature-unusable',
      data: { likelyCause: 'issuer-unknown' },
    });
  });

  const orders = (['little-endian', 'big-endian'] as const).flatMap((gostHashOrder) =>
    (['r-s-little-endian', 's-r-little-endian', 'r-s-big-endian', 's-r-big-endian'] as const).map(
      (gostSignatureLayout) => ({ gostHashOrder, gostSignatureLayout }),
    ),
  );
  it.each(orders)(
    'whatever the token’s own order is: $gostHashOrder, $gostSignatureLayout',
    async (order) => {
      const token = await nationalToken({ authorityData: folder, unverified: order });
      const { signer, signature } = await signedBy(token, 'gost');
      expect(signer.algorithm).toBe('kz-2004');
      expect(
        await verifySignature({
          algorithm: readAlgorithm(parseDer(signatureIdentifier('kz-2004'))),
          publicKeyInfo: signer.publicKeyInfo,
          data: message,
          signature,
        }),
      ).toBe('valid');
    },
  );
});
