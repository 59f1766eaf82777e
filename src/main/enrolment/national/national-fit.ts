import type { DerBytes } from '#shared/bytes.ts';
import { KiltError } from '#shared/errors.ts';
import type { NationalFit } from '#shared/views.ts';
import { DerError } from '#main/pki/asn1.ts';
import { certificatesFromPem, parseCertificate, sameName, type CertificateInfo } from '#main/pki/x509.ts';
import type { BankSystem } from '../bank-system.ts';
import type { NationalKey } from './national-keys.ts';

const anchorsOf = new WeakMap<BankSystem, readonly CertificateInfo[]>();

/** The national authority's certificates that a bank goes by; none where it takes no NUC signature. */
export function nationalAnchors(bank: BankSystem): readonly CertificateInfo[] {
  const known = anchorsOf.get(bank);
  if (known) return known;
  const anchors = (bank.national?.anchors ?? []).flatMap(certificatesFromPem).flatMap(readable);
  anchorsOf.set(bank, anchors);
  return anchors;
}

function readable(der: DerBytes): readonly CertificateInfo[] {
  try {
    return [parseCertificate(der)];
  } catch (error) {
    if (error instanceof DerError) return [];
    throw error;
  }
}

/**
 * Whether a NUC signature can authenticate its owner to a bank, as far as a look at it tells. The signature of the
 * authority under it is checked when it is used.
 */
export function nationalFit(key: NationalKey, bank: BankSystem, at: Date): NationalFit {
  const { certificate, use, owner, canSign } = key;
  if (use !== 'signing') return 'not-for-signing';
  if (bank.national?.owner !== 'any' && bank.national?.owner !== owner) return 'other-owner';
  const issuers = nationalAnchors(bank);
  if (!issuers.some(({ subjectName }) => sameName(subjectName, certificate.issuerName)))
    return 'issuer-unknown';
  if (at < certificate.notBefore) return 'not-yet-valid';
  if (at > certificate.notAfter) return 'expired';
  return canSign ? 'fits' : 'key-unusable';
}

/**
 * The NUC signature that is to authenticate the user.
 *
 * @param serialNumber of the one that the user has chosen; it may stay away while only one fits
 * @throws KiltError `national-signature-missing`, `national-signature-unusable` {likelyCause: a {@link NationalFit}},
 *   `input-invalid` {field: certificate} when one has to be chosen
 */
export function chooseNationalKey(
  keys: readonly NationalKey[],
  bank: BankSystem,
  at: Date,
  serialNumber?: string,
): NationalKey {
  const wanted =
    serialNumber === undefined
      ? keys
      : keys.filter(({ certificate }) => certificate.serialNumber === serialNumber);
  const [fitting, another] = wanted.filter((key) => nationalFit(key, bank, at) === 'fits');
  if (another) throw new KiltError('input-invalid', { field: 'certificate' });
  if (fitting) return fitting;
  // A certificate for documents that does not fit says more than one that only signs in to sites.
  const nearest = wanted.find(({ use }) => use === 'signing') ?? wanted[0];
  if (!nearest) throw new KiltError('national-signature-missing');
  throw new KiltError('national-signature-unusable', { likelyCause: nationalFit(nearest, bank, at) });
}
