import type { Purpose } from './bank-event.ts';

export type Decision = 'approved' | 'held' | 'refused';

export interface Customer {
  readonly userId: string;
  readonly name: string;
  readonly organisation: string;
  readonly iin: string;
  readonly sealedPin: string;
  readonly pinRequired: boolean;
  /** Requests of this customer wait for an officer, whatever the bank's default. */
  readonly hold: boolean;
  readonly decision: Decision | undefined;
  readonly reason: string | undefined;
  /** ISO 8601: when the officer who holds the requests means to have decided. */
  readonly expectedAt: string | undefined;
  /** Why the bank wants new keys out of turn. */
  readonly renewalDemand: string | undefined;
  /** How many ПИНs the customer has been given; each is good for one set of certificates. */
  readonly pinNumber: number;
  /** Wrong ПИН in a row; each attempt counted once. */
  readonly wrongAttempts: readonly string[];
  /** DER, base64; absent where a NUC signature takes its place. */
  readonly initialCertificate?: string | undefined;
  readonly admittedAt: string;
}

/** One request for a certificate, from arrival to confirmation. */
export interface Enrolment {
  /** Transaction in which the key was first seen. */
  readonly transactionId: string;
  readonly userId: string;
  readonly purpose: Purpose;
  /** SubjectPublicKeyInfo, base64. */
  readonly publicKey: string;
  /**
   * Transaction of the enrolment whose certificate signed this request: the one that a key update replaces, or the one
   * that a further certificate stands beside. Absent for a first certificate.
   */
  readonly basis: string | undefined;
  /** Of {@link Customer.pinNumber}, when it was asked for. */
  readonly pinNumber: number;
  readonly status: 'requested' | 'issued' | 'confirmed' | 'declined' | 'superseded';
  /** DER, base64; the last one issued. */
  readonly certificate: string | undefined;
}

export interface Registration {
  readonly registrationId: string;
  readonly jti: string;
  readonly userId: string;
  readonly signatureCertificate: string;
  readonly signInCertificate: string;
  readonly registeredAt: string;
}

/** New keys in the place of registered ones. */
export interface Renewal {
  readonly renewalId: string;
  readonly jti: string;
  readonly userId: string;
  readonly signatureCertificate: string;
  readonly signInCertificate: string;
  readonly renewedAt: string;
}

export interface BankSession {
  readonly sessionId: string;
  readonly userId: string;
  readonly signedInAt: string;
}

/** A certificate that this bank has issued to a customer. */
export type KnownCertificate =
  | { readonly userId: string; readonly role: 'initial-key'; readonly status: 'valid' }
  | {
      readonly userId: string;
      readonly role: Purpose;
      readonly status: 'valid' | 'unconfirmed' | 'withdrawn';
      /** Of its enrolment. */
      readonly transactionId: string;
    };
