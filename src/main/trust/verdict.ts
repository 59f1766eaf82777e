import type { DerBytes } from '#shared/bytes.ts';
import type { CertificateInfo } from '#main/pki/certificate.ts';
import type { PathFailure, PathUsage } from '#main/pki/certificate-path.ts';
import type { CrlFault } from '#main/pki/revocation/crl-check.ts';
import type { OcspFault } from '#main/pki/revocation/ocsp-check.ts';
import type { OcspRefusal } from '#main/pki/revocation/ocsp-response.ts';
import type { RevocationReason } from '#main/pki/revocation/reason.ts';
import type { RevocationRules } from './revocation-policy.ts';

/** Who said so: the list or responder, and what moment it speaks of. */
export interface RevocationSource {
  readonly kind: 'crl' | 'ocsp';
  readonly url: string;
  /** thisUpdate: when this was known to be so. */
  readonly asOf: Date;
  /** nextUpdate, if there is one. */
  readonly until: Date | undefined;
}

/** Why it is not known whether a certificate has been revoked. */
export type RevocationUnknown =
  /** The policy says not to ask. */
  | 'not-asked'
  /** Neither the bank's file nor, as far as that allows, the certificate says whom to ask. */
  | 'no-source'
  /** Nobody answered. */
  | 'unreachable'
  /** What was answered can not be believed. */
  | 'answer-invalid'
  /** The responder has never heard of the certificate. */
  | 'not-known'
  /** The certificate has ended: lists leave such out, so silence proves nothing. */
  | 'ended';

export type RevocationStatus =
  | { readonly state: 'good'; readonly source: RevocationSource }
  | {
      /** `suspended` (certificateHold) may be lifted, `revoked` is for good. */
      readonly state: 'revoked' | 'suspended';
      readonly since: Date;
      readonly reason: RevocationReason;
      readonly source: RevocationSource;
    }
  | {
      readonly state: 'unknown';
      readonly why: RevocationUnknown;
      /** What was wrong with the last answer, for support. */
      readonly fault?: CrlFault | OcspFault | OcspRefusal | 'http' | 'too-large';
      readonly url?: string;
    };

/** «May this certificate be believed?» */
export interface TrustQuestion {
  readonly certificate: DerBytes;
  /** Unordered and untrusted. */
  readonly intermediates: readonly DerBytes[];
  readonly anchors: readonly DerBytes[];
  readonly usage?: PathUsage | undefined;
  /** The moment in question, if not now: for signatures, one that is proven by a time stamp. */
  readonly at?: Date | undefined;
  /** Absent: revocation is not asked for. */
  readonly policy?: RevocationRules | undefined;
  /** PEM of the bank's TLS roots, for https addresses. */
  readonly tlsAnchors?: readonly string[] | undefined;
  /** Asks anew even where the last answer still counts: the user pressed «Проверить». */
  readonly fresh?: boolean | undefined;
}

export type TrustVerdict =
  | {
      readonly trusted: true;
      /** From the certificate to the anchor. */
      readonly path: readonly CertificateInfo[];
      readonly revocation: RevocationStatus;
    }
  | {
      readonly trusted: false;
      readonly reason: PathFailure | 'revoked' | 'suspended' | 'revocation-unknown';
      /** Subject of the certificate at fault (RFC 4514), where it could be read: an issuer may be the one. */
      readonly subject: string | undefined;
      /** Of the certificate at fault. */
      readonly revocation: RevocationStatus;
    };
