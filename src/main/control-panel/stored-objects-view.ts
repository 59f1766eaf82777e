import { createHash } from 'node:crypto';
import type { StoredCertificateView, StoredKeyView, StoredObjectsView } from '#shared/control-panel-views.ts';
import type { Language } from '#shared/views.ts';
import type { BankDirectory } from '#main/enrolment/bank-files.ts';
import { belongsTo, registeredProfiles, type ProfileRecord } from '#main/enrolment/profile-record.ts';
import { certificateViewOf } from '#main/enrolment/token-views.ts';
import { DerError } from '#main/pki/asn1.ts';
import { certificatesFromPem, parseCertificate, type CertificateInfo } from '#main/pki/certificate.ts';
import type { TokenCertificate, TokenObjects } from '#main/token/token-session.ts';
import { chainOf, type PoolCertificate } from './certificate-chain.ts';
import { usageName } from './extended-key-usage.ts';
import { publicKeyText } from './key-text.ts';

export interface ViewedWith {
  readonly banks: BankDirectory;
  readonly language: Language;
  readonly now: Date;
}

/** SHA-256 of a certificate's DER, lower-case hexadecimal: its name in calls. */
export const fingerprintOf = (der: Uint8Array): string => createHash('sha256').update(der).digest('hex');

/** Tab «Сертификаты»: everything that is on a token, with what can be said of each. */
export async function storedObjectsView(
  tokenId: string,
  objects: TokenObjects,
  known: ViewedWith,
): Promise<StoredObjectsView> {
  const read = objects.certificates.map((stored) => ({ stored, parsed: parsedOrUndefined(stored.der) }));
  const readable = read.flatMap(({ stored, parsed }) => (parsed ? [{ stored, parsed }] : []));
  const pool: PoolCertificate[] = [
    ...known.banks
      .all()
      .flatMap(({ ca }) => ca.anchors.flatMap(certificatesFromPem))
      .flatMap((der) => parsedOrUndefined(der) ?? [])
      .map((certificate) => ({ certificate, from: 'bank' as const })),
    ...readable.map(({ parsed }) => ({ certificate: parsed, from: 'token' as const })),
  ];
  const profiles = registeredProfiles(objects);
  return {
    tokenId,
    certificates: await Promise.all(
      readable.map(({ stored, parsed }) =>
        certificateView(stored, parsed, objects, { ...known, pool, profiles }),
      ),
    ),
    keys: storedKeys(objects),
    unreadable: read.flatMap(({ stored, parsed }) =>
      parsed ? [] : [{ objectId: stored.id, objectLabel: stored.label }],
    ),
  };
}

export const storedKeys = (objects: TokenObjects): StoredKeyView[] =>
  objects.keys.map(({ id, label, algorithm, bits }) => ({
    objectId: id,
    label,
    algorithm,
    bits,
    hasCertificate: objects.certificates.some((certificate) => certificate.id === id),
  }));

async function certificateView(
  stored: TokenCertificate,
  parsed: CertificateInfo,
  objects: TokenObjects,
  known: ViewedWith & { pool: readonly PoolCertificate[]; profiles: readonly ProfileRecord[] },
): Promise<StoredCertificateView> {
  const { chain, complete } = await chainOf(parsed, known.pool);
  const bank = known.profiles.find((profile) => belongsTo(profile, stored.id))?.bankId;
  return {
    ...certificateViewOf(stored, parsed, objects, known.profiles),
    fingerprint: fingerprintOf(stored.der),
    objectId: stored.id,
    objectLabel: stored.label,
    validity: validityOf(parsed, known.now),
    keyUsage: [...(parsed.keyUsage ?? [])],
    extendedKeyUsage: (parsed.extendedKeyUsage ?? []).map(usageName),
    publicKey: publicKeyText(parsed.publicKeyInfo),
    isAuthority: parsed.basicConstraints?.ca === true,
    ...(bank === undefined ? {} : { usedByBank: known.banks.find(bank)?.name[known.language] ?? bank }),
    chain: chain.map(({ certificate, from }) => ({
      name: certificate.commonName ?? certificate.subject,
      notAfter: certificate.notAfter.toISOString(),
      from,
    })),
    chainComplete: complete,
  };
}

export const validityOf = (
  { notBefore, notAfter }: Pick<CertificateInfo, 'notBefore' | 'notAfter'>,
  now: Date,
): StoredCertificateView['validity'] => (now < notBefore ? 'not-yet' : now > notAfter ? 'expired' : 'valid');

export function parsedOrUndefined(der: Uint8Array): CertificateInfo | undefined {
  try {
    return parseCertificate(der);
  } catch (error) {
    if (error instanceof DerError) return undefined;
    throw error;
  }
}
