import type { FailureReason } from './protocol.ts';

/** Whether a page can ask anything, and if not, what is in the way. */
export type Availability =
  | {
      readonly available: true;
      /** The user has allowed this site; if not, the first request asks for it. */
      readonly approved: boolean;
    }
  | {
      readonly available: false;
      readonly reason: Extract<
        FailureReason,
        'no-extension' | 'no-host' | 'kilt-off' | 'browser-refuses' | 'version'
      >;
    };

/** Which of the user's certificates: of a key that signs documents, or of the one that answers sign-in challenges. */
export type CertificatePurpose = 'signature' | 'sign-in' | 'any';

export interface SignInAnswer {
  /** Of the sign-in key, DER. */
  readonly certificate: Uint8Array;
  /** RSASSA-PKCS1-v1_5 with SHA-256 over `domain ‖ SHA-256(origin) ‖ SHA-256(nonce)`; see docs/bank-pages.md. */
  readonly signature: Uint8Array;
}

export interface DocumentToSign {
  /** Shown as the document's name; without folder. */
  readonly name: string;
  /** Such as `application/pdf`: decides how Kilt shows the document. */
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

export interface SignOrder {
  /** One consent and one password for all of them. */
  readonly documents: readonly DocumentToSign[];
  /** `detached` (the default): the signature alone; `attached`: with the document inside. */
  readonly form?: 'attached' | 'detached' | undefined;
}

export interface SignedDocument {
  readonly name: string;
  /** CMS SignedData (CAdES-BES), DER. */
  readonly signature: Uint8Array;
}

export interface CallOptions {
  /** Ends the request; Kilt takes its window away. */
  readonly signal?: AbortSignal | undefined;
}

/** What the library tells by itself. */
export interface KiltEvents {
  /** `isAvailable` has found something else than the last time. */
  availability: Availability;
}
