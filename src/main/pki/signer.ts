import type { DerBytes } from '#shared/bytes.ts';
import type { SignatureAlgorithm } from './algorithm-profile.ts';

/** A private key that can sign, wherever it lives: on the token, or in a key container while it is open. */
export interface Signer {
  /** What {@link sign} makes; `signatureIdentifier` writes it down. A token signs `rsa-sha256` and nothing else. */
  readonly algorithm: SignatureAlgorithm;
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
