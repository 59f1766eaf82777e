import type { DerBytes } from '#shared/bytes.ts';

/** A private key that can sign, wherever it lives: on the token, or in a key container while it is open. */
export interface Signer {
  /** RSASSA-PKCS1-v1_5 with SHA-256 (OID 1.2.840.113549.1.1.11). */
  readonly algorithm: 'rsa-sha256';
  /** SubjectPublicKeyInfo. */
  readonly publicKeyInfo: DerBytes;
  sign(data: Uint8Array): Promise<Uint8Array>;
}

/** A signer that a certificate vouches for. */
export interface CertifiedSigner extends Signer {
  readonly certificate: DerBytes;
  /** Issuers of the certificate, nearest first; may be empty. */
  readonly chain: readonly DerBytes[];
}
