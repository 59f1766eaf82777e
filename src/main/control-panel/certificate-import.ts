import { createHash } from 'node:crypto';
import { equalBytes, type DerBytes } from '#shared/bytes.ts';
import type { CertificateInfo, KeyUsage as CertificateKeyUsage } from '#main/pki/certificate.ts';
import type { KeyUsage, ObjectId, TokenObjects, TokenSession } from '#main/token/token-session.ts';
import type { OpenedFile } from './import-file.ts';

/**
 * Writes what a file holds onto the token, with the user logged in. It can be repeated: what is there already stays as
 * it is, and identifiers follow from the contents, so that a second run goes on where the first was cut off.
 *
 * Nothing that is on the token is replaced. A certificate whose key has another certificate already gets an identifier
 * of its own.
 */
export async function writeImport(session: TokenSession, { key, certificates }: OpenedFile): Promise<void> {
  const objects = await session.objects();
  const keys = await publicKeys(session, objects);
  if (key) {
    const id = idWith(keys, key.publicKeyInfo) ?? idOf(key.publicKeyInfo);
    await session.importRsaKeyPair({
      id,
      label: labelOf(key.certificate),
      usage: usageFor(key.certificate),
      key: key.numbers,
    });
    keys.set(id, key.publicKeyInfo);
  }
  const taken = new Set(objects.certificates.map(({ id }) => id));
  for (const certificate of certificates) {
    if (holdsCertificate(objects, certificate.der)) continue;
    const keyId = idWith(keys, certificate.publicKeyInfo);
    const id = keyId !== undefined && !taken.has(keyId) ? keyId : idOf(certificate.der);
    await session.storeCertificate({ id, label: labelOf(certificate), der: certificate.der });
    taken.add(id);
  }
}

/** SubjectPublicKeyInfo of the key pairs on the token, by identifier. */
export async function publicKeys(
  session: TokenSession,
  { keys }: Pick<TokenObjects, 'keys'>,
): Promise<Map<ObjectId, DerBytes>> {
  const known = new Map<ObjectId, DerBytes>();
  for (const { id, algorithm } of keys) {
    const publicKey = algorithm === 'rsa' ? await session.publicKey(id) : null;
    if (publicKey) known.set(id, publicKey);
  }
  return known;
}

/** Identifier of the key pair that has this public key. */
export const idWith = (
  keys: ReadonlyMap<ObjectId, DerBytes>,
  publicKeyInfo: DerBytes,
): ObjectId | undefined => [...keys].find(([, known]) => equalBytes(known, publicKeyInfo))?.[0];

export const holdsCertificate = ({ certificates }: TokenObjects, wanted: DerBytes): boolean =>
  certificates.some(({ der }) => equalBytes(der, wanted));

/** 20 bytes that follow from the contents, as PKCS#11 programs choose CKA_ID. Names only; SHA-1 protects nothing here. */
const idOf = (contents: Uint8Array): ObjectId => createHash('sha1').update(contents).digest('hex');

/** Fits an entry of the directory together with its other fields. */
const longestObjectLabel = 48;
const labelOf = ({ commonName, subject }: CertificateInfo): string =>
  Array.from(commonName ?? subject)
    .slice(0, longestObjectLabel)
    .join('');

const usages: Readonly<Partial<Record<CertificateKeyUsage, KeyUsage>>> = {
  digitalSignature: 'sign',
  nonRepudiation: 'nonRepudiation',
  keyEncipherment: 'decrypt',
  dataEncipherment: 'decrypt',
};

/** What the certificate lets its key be used for; one that says nothing limits nothing (RFC 5280 §4.2.1.3). */
function usageFor({ keyUsage }: CertificateInfo): readonly KeyUsage[] {
  const allowed = (keyUsage ?? []).flatMap((usage) => usages[usage] ?? []);
  return allowed.length === 0 ? ['sign', 'decrypt'] : [...new Set<KeyUsage>(['sign', ...allowed])];
}
