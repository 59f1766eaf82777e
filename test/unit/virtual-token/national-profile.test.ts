import { createHash, constants, publicDecrypt, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { secretFromText, toHex } from '#shared/bytes.ts';
import { Pkcs15TokenSession } from '#main/token/pkcs15-token-session.ts';
import { cardOnTransport } from '#test/support/card-on-transport.ts';
import { rsaKeyFromStock } from '#test/support/rsa-key-stock.ts';
import { bitStringBytes, membersOf, oidText, readDer, type DerValue } from '#test/bank/asn1/der.ts';
import type { VirtualCard } from '#test/virtual-token/card.ts';
import { gostHash } from '#test/virtual-token/national/gost-hash.ts';
import { gostSet } from '#test/virtual-token/national/issuing-key.ts';
import { fromLittleEndian } from '#test/virtual-token/little-endian.ts';
import { newCard } from '#test/virtual-token/new-card.ts';

import { Dialogue, loginUser, selectPrivateKey, signWith } from './dialogue.ts';
import { isGostSignature } from './gost-equation.ts';

const day = 24 * 3600 * 1000;
const AUTHENTICATION = '01';
const RSA_SIGNATURE = '02';
const GOST_SIGNATURE = '03';

let folder: string;
let card: VirtualCard;
let certificates: Map<string, Uint8Array>;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kilt-national-'));
  const order = { profile: 'national', authorityData: folder } as const;
  ({ card } = await newCard(order, { rsaKeySource: rsaKeyFromStock }));
  certificates = await certificatesOn(card);
});
afterAll(() => rmSync(folder, { recursive: true }));

async function certificatesOn(of: VirtualCard): Promise<Map<string, Uint8Array>> {
  const session = await Pkcs15TokenSession.open(cardOnTransport(of));
  const { certificates: found } = await session.objects();
  return new Map(found.map(({ id, der }) => [id, der]));
}

const certificateOf = (id: string): X509Certificate =>
  new X509Certificate(certificates.get(id) ?? new Uint8Array());
const inFolder = (name: string): Buffer => readFileSync(join(folder, name));

/** Signed part, signature, algorithm and public key of a certificate. */
function partsOf(der: Uint8Array): {
  content: Uint8Array;
  algorithm: string;
  signature: Uint8Array;
  publicKey: DerValue;
} {
  const [content, algorithm, signature] = membersOf(readDer(der));
  const publicKey = content && membersOf(content)[6];
  if (!content || !algorithm || !publicKey) throw new Error('not a certificate');
  const [oid] = membersOf(algorithm);
  return {
    content: content.whole,
    algorithm: oidText(oid),
    signature: bitStringBytes(signature),
    publicKey,
  };
}

/** Point, and identifiers of algorithm and parameters, of a GOST SubjectPublicKeyInfo. */
function gostKeyOf(publicKey: DerValue): { oids: string[]; x: bigint; y: bigint } {
  const [algorithm, bits] = membersOf(publicKey);
  const [oid, parameters] = algorithm ? membersOf(algorithm) : [];
  const point = readDer(bitStringBytes(bits)).content;
  return {
    oids: [oid, ...(parameters ? membersOf(parameters) : [])].map(oidText),
    x: fromLittleEndian(point.subarray(0, 32)),
    y: fromLittleEndian(point.subarray(32)),
  };
}

/** r‖s, each little-endian. */
const numbersOf = (signature: Uint8Array): { r: bigint; s: bigint } => ({
  r: fromLittleEndian(signature.subarray(0, 32)),
  s: fromLittleEndian(signature.subarray(32)),
});

describe('a token with national keys', () => {
  it('shows Kilt three keys, each with its certificate', async () => {
    const session = await Pkcs15TokenSession.open(cardOnTransport(card));
    await session.login('user', secretFromText('12345678'));
    const { keys } = await session.objects();
    await session.end();
    expect(keys.map(({ id, algorithm, usage }) => [id, algorithm, usage])).toEqual([
      [AUTHENTICATION, 'rsa', ['sign', 'decrypt']],
      [RSA_SIGNATURE, 'rsa', ['sign', 'nonRepudiation']],
      [GOST_SIGNATURE, 'gost', ['sign', 'signRecover']],
    ]);
    expect([...certificates.keys()]).toEqual([AUTHENTICATION, RSA_SIGNATURE, GOST_SIGNATURE]);
  });

  it('has a person’s certificates: one to sign in with, the others for documents', () => {
    expect(certificateOf(AUTHENTICATION).keyUsage).toEqual(['1.3.6.1.5.5.7.3.2', '1.2.398.3.3.4.1.1']);
    for (const id of [RSA_SIGNATURE, GOST_SIGNATURE])
      expect(certificateOf(id).keyUsage).toEqual(['1.3.6.1.5.5.7.3.4', '1.2.398.3.3.4.1.1']);
    expect(certificateOf(GOST_SIGNATURE).subject).toContain('serialNumber=IIN123456789011');
    expect(certificateOf(GOST_SIGNATURE).issuer).toContain('ДЕМО ҰЛТТЫҚ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ (GOST)');
  });

  it('has RSA certificates of the authority whose certificates lie in the folder', () => {
    const root = new X509Certificate(inFolder('rsa-root.pem'));
    const issuing = new X509Certificate(inFolder('rsa-issuing.pem'));
    expect(issuing.verify(root.publicKey)).toBe(true);
    for (const id of [AUTHENTICATION, RSA_SIGNATURE]) {
      expect(certificateOf(id).checkIssued(issuing)).toBe(true);
      expect(certificateOf(id).verify(issuing.publicKey)).toBe(true);
    }
  });

  it('has a GOST certificate with Kazakh identifiers that the GOST authority has signed', () => {
    const der = certificates.get(GOST_SIGNATURE) ?? new Uint8Array();
    const { content, algorithm, signature, publicKey } = partsOf(der);
    expect(algorithm).toBe('1.2.398.3.10.1.1.1.2');
    expect(gostKeyOf(publicKey).oids).toEqual([
      '1.2.398.3.10.1.1.1.1',
      '1.2.398.3.10.1.1.1.1.1',
      '1.2.398.3.10.1.3.1.1.0',
    ]);
    const issuer = new X509Certificate(inFolder('gost-issuing.pem'));
    const issuerKey = gostKeyOf(partsOf(new Uint8Array(issuer.raw)).publicKey);
    const hash = fromLittleEndian(gostHash(content));
    expect(isGostSignature(gostSet, issuerKey, hash, numbersOf(signature))).toBe(true);
  });

  it('signs with the keys that the certificates speak of', async () => {
    const token = new Dialogue(card);
    const block = Uint8Array.from({ length: 256 }, (_, i) => (i < 2 ? 0 : i));
    const reversed = toHex(block.slice().reverse());
    const pso = [`10 2A 9E 9A FF ${reversed.slice(0, 510)}`, `00 2A 9E 9A 01 ${reversed.slice(510)} 00`];
    const signature = await token.ok(loginUser, selectPrivateKey(1), signWith(1), ...pso);
    const key = { key: certificateOf(AUTHENTICATION).publicKey, padding: constants.RSA_NO_PADDING };
    expect(toHex(publicDecrypt(key, signature.reverse()))).toBe(toHex(block));

    const hash = createHash('sha256').update('a document').digest();
    const gost = await token.ok(selectPrivateKey(3), signWith(3), `00 2A 9E 9A 20 ${toHex(hash)} 00`);
    const { publicKey } = partsOf(certificates.get(GOST_SIGNATURE) ?? new Uint8Array());
    expect(isGostSignature(gostSet, gostKeyOf(publicKey), fromLittleEndian(hash), numbersOf(gost))).toBe(
      true,
    );
  });

  it('made later in the same folder is of the same authority', async () => {
    const order = { profile: 'national', authorityData: folder, expiresInDays: -3 } as const;
    const later = await newCard(order, { rsaKeySource: rsaKeyFromStock });
    const [der] = (await certificatesOn(later.card)).values();
    const certificate = new X509Certificate(der ?? new Uint8Array());
    expect(certificate.verify(new X509Certificate(inFolder('rsa-issuing.pem')).publicKey)).toBe(true);
    const daysLeft = (new Date(certificate.validTo).getTime() - Date.now()) / day;
    expect(Math.round(daysLeft)).toBe(-3);
  });
});
