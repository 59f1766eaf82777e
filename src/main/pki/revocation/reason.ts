import { DerError, parseDer, readSmallInteger, tag } from '../asn1.ts';

/** CRLReason (RFC 5280 §5.3.1) by its number; 7 is not in use. */
const reasons = {
  0: 'unspecified',
  1: 'keyCompromise',
  2: 'cACompromise',
  3: 'affiliationChanged',
  4: 'superseded',
  5: 'cessationOfOperation',
  6: 'certificateHold',
  8: 'removeFromCRL',
  9: 'privilegeWithdrawn',
  10: 'aACompromise',
} as const;

/** Why a certificate was revoked. `certificateHold` means suspended: it may come back. */
export type RevocationReason = Exclude<(typeof reasons)[keyof typeof reasons], 'removeFromCRL'>;

/**
 * Reads an ENUMERATED CRLReason. A number nobody has defined is `unspecified`: the certificate is revoked all the same.
 *
 * @throws DerError
 */
export function readReason(encoded: Uint8Array): RevocationReason | 'removeFromCRL' {
  const value = parseDer(encoded);
  if (value.tag !== tag.enumerated) throw new DerError('not a CRLReason');
  const code = readSmallInteger(value);
  return code in reasons ? reasons[code as keyof typeof reasons] : 'unspecified';
}
