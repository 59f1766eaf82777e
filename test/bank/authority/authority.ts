import {
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  randomBytes,
  X509Certificate,
  type KeyObject,
} from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { readJsonFile, writeFileAtomically } from '../records/atomic-file.ts';
import {
  certificateParts,
  certificatePem,
  issueCertificate,
  type CertificateParts,
  type SubjectFields,
} from './certificate.ts';
import { GostAuthority } from './gost-authority.ts';

/** A key of the bank with its certificate. */
export interface BankKey {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly privateKeyPem: string;
  readonly certificate: Uint8Array;
  readonly parts: CertificateParts;
  readonly pem: string;
}

/** Everything the bank signs and seals with. */
export interface Authority {
  readonly root: BankKey;
  readonly issuing: BankKey;
  /** Signs CMP answers: key usage digitalSignature, extended key usage id-kp-cmcCA. */
  readonly cmpServer: BankKey;
  readonly tlsRoot: BankKey;
  /** For 127.0.0.1 and localhost. */
  readonly tlsServer: BankKey;
  /** CAs that sign initial keys in the dialects of GOST. */
  readonly gost: GostAuthority;
  /** AES-256 key under which the ПИН of customers is kept in the records. */
  readonly sealingKey: Uint8Array;
  /** RFC 4514 string of the issuing CA's name. */
  readonly issuingName: string;
}

const storedKey = z.object({ privateKeyPem: z.string(), certificate: z.base64() });
const keyFile = z.object({
  format: z.literal(1),
  root: storedKey,
  issuing: storedKey,
  cmpServer: storedKey,
  tlsRoot: storedKey,
  tlsServer: storedKey,
  sealingKey: z.base64(),
});
type StoredKey = z.infer<typeof storedKey>;

const day = 24 * 3600 * 1000;
const keyFileName = 'bank-keys.json';
const caName = (commonName: string): SubjectFields => ({
  country: 'KZ',
  organisation: 'Kilt Demo Bank',
  commonName,
});

const makeKeyPair = promisify(generateKeyPair);

/** A new RSA-2048 pair: PKCS#8 PEM and SubjectPublicKeyInfo DER. */
export async function newRsaKey(): Promise<{ privateKeyPem: string; publicKey: Uint8Array }> {
  const pair = await makeKeyPair('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  return { privateKeyPem: pair.privateKey, publicKey: new Uint8Array(pair.publicKey) };
}

const store = (privateKeyPem: string, certificate: Uint8Array): StoredKey => ({
  privateKeyPem,
  certificate: Buffer.from(certificate).toString('base64'),
});

function open(stored: StoredKey): BankKey {
  const certificate = new Uint8Array(Buffer.from(stored.certificate, 'base64'));
  return {
    privateKey: createPrivateKey(stored.privateKeyPem),
    publicKey: createPublicKey(stored.privateKeyPem),
    privateKeyPem: stored.privateKeyPem,
    certificate,
    parts: certificateParts(certificate),
    pem: certificatePem(certificate),
  };
}

async function makeKeys(now: Date): Promise<z.infer<typeof keyFile>> {
  const pairs = Array.from({ length: 5 }, newRsaKey);
  // Five pairs were ordered one line above.
  const [root, issuing, cmp, tlsRoot, tls] = (await Promise.all(pairs)) as [Key, Key, Key, Key, Key];
  const notBefore = new Date(now.getTime() - day);
  const until = (days: number) => ({ notBefore, notAfter: new Date(now.getTime() + days * day) });
  const certify = (
    kind: 'root' | 'issuing' | 'cmp-server',
    commonName: string,
    key: Key,
    issuer: { privateKeyPem: string; certificate?: Uint8Array },
    days: number,
  ) =>
    issueCertificate({ kind, subject: caName(commonName), publicKey: key.publicKey, ...until(days) }, issuer);

  const rootCertificate = certify('root', 'Kilt Demo Root CA', root, root, 3650);
  const rootIssuer = { ...root, certificate: rootCertificate };
  const issuingCertificate = certify('issuing', 'Kilt Demo Issuing CA', issuing, rootIssuer, 3000);
  const issuingIssuer = { ...issuing, certificate: issuingCertificate };
  const tlsRootCertificate = certify('root', 'Kilt Demo TLS Root', tlsRoot, tlsRoot, 3650);
  return {
    format: 1,
    root: store(root.privateKeyPem, rootCertificate),
    issuing: store(issuing.privateKeyPem, issuingCertificate),
    cmpServer: store(
      cmp.privateKeyPem,
      certify('cmp-server', 'Kilt Demo CMP Server', cmp, issuingIssuer, 1500),
    ),
    tlsRoot: store(tlsRoot.privateKeyPem, tlsRootCertificate),
    tlsServer: store(
      tls.privateKeyPem,
      tlsServerCertificate(tls.publicKey, { ...tlsRoot, certificate: tlsRootCertificate }, now),
    ),
    sealingKey: randomBytes(32).toString('base64'),
  };
}
type Key = Awaited<ReturnType<typeof newRsaKey>>;

// 397 days: the longest that browsers accept.
const tlsServerCertificate = (
  publicKey: Uint8Array,
  issuer: { privateKeyPem: string; certificate: Uint8Array },
  now: Date,
): Uint8Array =>
  issueCertificate(
    {
      kind: 'tls-server',
      subject: { commonName: 'localhost' },
      publicKey,
      notBefore: new Date(now.getTime() - day),
      notAfter: new Date(now.getTime() + 395 * day),
    },
    issuer,
  );

/**
 * Loads the bank's keys, or makes them at the first start.
 *
 * All of them stand in one file (mode 0600) that appears by one rename, so that a start killed half way leaves either
 * none or all. The certificates are also written as PEM files, for people and for `openssl verify -CAfile`.
 */
export async function openAuthority(dataDir: string, now: Date): Promise<Authority> {
  const path = join(dataDir, keyFileName);
  let stored = readJsonFile(path, keyFile);
  if (!stored) {
    stored = await makeKeys(now);
    writeFileAtomically(path, JSON.stringify(stored), 0o600);
  }
  const tlsRoot = open(stored.tlsRoot);
  let tlsServer = open(stored.tlsServer);
  const tlsExpiry = new X509Certificate(tlsServer.certificate).validTo;
  if (new Date(tlsExpiry).getTime() < now.getTime() + 30 * day) {
    const renewed = tlsServerCertificate(tlsServer.parts.publicKey, tlsRoot, now);
    stored = { ...stored, tlsServer: store(tlsServer.privateKeyPem, renewed) };
    writeFileAtomically(path, JSON.stringify(stored), 0o600);
    tlsServer = open(stored.tlsServer);
  }
  const authority: Authority = {
    root: open(stored.root),
    issuing: open(stored.issuing),
    cmpServer: open(stored.cmpServer),
    tlsRoot,
    tlsServer,
    gost: new GostAuthority(dataDir),
    sealingKey: new Uint8Array(Buffer.from(stored.sealingKey, 'base64')),
    issuingName: 'CN=Kilt Demo Issuing CA,O=Kilt Demo Bank,C=KZ',
  };
  writeFileAtomically(join(dataDir, 'root.pem'), authority.root.pem, 0o644);
  writeFileAtomically(join(dataDir, 'issuing.pem'), authority.issuing.pem, 0o644);
  writeFileAtomically(join(dataDir, 'tls-root.pem'), authority.tlsRoot.pem, 0o644);
  return authority;
}
