import { generateKeyPair } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { z } from 'zod';

import { toHex } from '#shared/bytes.ts';

import { newGostKey } from '../gost/gost-key.ts';
import { issueCertificate, type CertificateOrder, type Name } from './certificate.ts';
import { gostSet, issuingGostKey, issuingRsaKey, type IssuingKey } from './issuing-key.ts';

/** The authority signs RSA keys with RSA and GOST keys with GOST, each under a root of its own, as the real one does. */
export type Family = 'RSA' | 'GOST';

export interface NationalAuthority {
  /** A certificate for a key of the owner. */
  certify(
    family: Family,
    order: Pick<CertificateOrder, 'subject' | 'owner' | 'publicKey' | 'notBefore' | 'notAfter'> & {
      readonly kind: 'authentication' | 'signing';
    },
  ): Uint8Array;
  /** The root's and the issuing authority's certificates, DER. */
  chain(family: Family): readonly [root: Uint8Array, issuing: Uint8Array];
  /** The same with their keys: they sign what they say of revocation too. */
  signers(family: Family): readonly [root: NationalSigner, issuing: NationalSigner];
}

export interface NationalSigner {
  /** DER. */
  readonly certificate: Uint8Array;
  readonly key: IssuingKey;
}

const keyFile = z.object({
  format: z.literal(1),
  /** PKCS#8 PEM. */
  rsa: z.object({ root: z.string(), issuing: z.string() }),
  /** `d`, little-endian, hexadecimal. */
  gost: z.object({ root: z.string(), issuing: z.string() }),
  certificates: z.object({
    rsa: z.object({ root: z.base64(), issuing: z.base64() }),
    gost: z.object({ root: z.base64(), issuing: z.base64() }),
  }),
});
type KeyFile = z.infer<typeof keyFile>;

const KEY_FILE = 'national-authority.json';
const OWNER_ONLY = 0o600;
const RSA_BITS = 2048;
const day = 24 * 3600 * 1000;
/** Older than any certificate that {@link NationalAuthority.certify} is asked to date back. */
const lifetimeDays = { before: 3650, root: 7300, issuing: 3650 } as const;

/** The names are made to be told apart from those of the real authority at a glance. */
const nameOf = (place: 'root' | 'issuing', family: Family): Name => [
  ['country', 'KZ'],
  ['commonName', `${place === 'root' ? 'ДЕМО НЕГІЗГІ' : 'ДЕМО ҰЛТТЫҚ'} КУӘЛАНДЫРУШЫ ОРТАЛЫҚ (${family})`],
];

const makeRsaKey = promisify(generateKeyPair);

const openKey = { RSA: issuingRsaKey, GOST: issuingGostKey } as const;

function newChain(family: Family, secrets: { root: string; issuing: string }, now: Date) {
  const root = openKey[family](secrets.root);
  const issuing = openKey[family](secrets.issuing);
  const from = now.getTime() - lifetimeDays.before * day;
  const certify = (kind: 'root' | 'issuing', publicKey: Uint8Array): string =>
    toBase64(
      issueCertificate(
        {
          kind,
          subject: nameOf(kind, family),
          issuer: nameOf('root', family),
          publicKey,
          issuerPublicKey: root.publicKey,
          notBefore: new Date(from),
          notAfter: new Date(now.getTime() + lifetimeDays[kind] * day),
        },
        root,
      ),
    );
  return { root: certify('root', root.publicKey), issuing: certify('issuing', issuing.publicKey) };
}

async function newKeyFile(now: Date): Promise<KeyFile> {
  const rsaPem = async (): Promise<string> => {
    const { privateKey } = await makeRsaKey('rsa', { modulusLength: RSA_BITS });
    return privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  };
  const [rsaRoot, rsaIssuing] = await Promise.all([rsaPem(), rsaPem()]);
  const rsa = { root: rsaRoot, issuing: rsaIssuing };
  const gost = {
    root: toHex(newGostKey(gostSet).privateValue),
    issuing: toHex(newGostKey(gostSet).privateValue),
  };
  const certificates = { rsa: newChain('RSA', rsa, now), gost: newChain('GOST', gost, now) };
  return { format: 1, rsa, gost, certificates };
}

/**
 * A small authority in the manner of the national one.
 *
 * @param folder where it keeps its keys (mode 0600) and lays its certificates as PEM files; absent: it is forgotten
 */
export async function openNationalAuthority(
  folder: string | undefined,
  now: Date,
): Promise<NationalAuthority> {
  const stored = await keysIn(folder, now);
  const certificates = { RSA: stored.certificates.rsa, GOST: stored.certificates.gost };
  const secrets = { RSA: stored.rsa, GOST: stored.gost };
  return {
    certify(family, order) {
      const key = openKey[family](secrets[family].issuing);
      const issuer = nameOf('issuing', family);
      return issueCertificate({ ...order, issuer, issuerPublicKey: key.publicKey }, key);
    },
    chain: (family) => [fromBase64(certificates[family].root), fromBase64(certificates[family].issuing)],
    signers(family) {
      const signer = (place: 'root' | 'issuing'): NationalSigner => ({
        certificate: fromBase64(certificates[family][place]),
        key: openKey[family](secrets[family][place]),
      });
      return [signer('root'), signer('issuing')];
    },
  };
}

async function keysIn(folder: string | undefined, now: Date): Promise<KeyFile> {
  if (folder === undefined) return await newKeyFile(now);
  const path = join(folder, KEY_FILE);
  if (existsSync(path)) return keyFile.parse(JSON.parse(readFileSync(path, 'utf8')));
  const made = await newKeyFile(now);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path, JSON.stringify(made), { mode: OWNER_ONLY });
  for (const [family, chain] of Object.entries(made.certificates))
    for (const [place, certificate] of Object.entries(chain))
      writeFileSync(join(folder, `${family}-${place}.pem`), pem(certificate));
  return made;
}

const pem = (base64: string): string =>
  `-----BEGIN CERTIFICATE-----\n${base64.replace(/.{64}/g, '$&\n').trimEnd()}\n-----END CERTIFICATE-----\n`;
const toBase64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const fromBase64 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'));
