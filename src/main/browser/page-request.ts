import type { DerBytes } from '#shared/bytes.ts';
import type { Origin } from './origin.ts';

/**
 * What a page may ask of Kilt, whichever way it came: through the browser's extension or through the server on this
 * computer. Each way reads its own messages into a {@link PageRequest} and writes the {@link PageAnswer} back; what is
 * allowed, asked of the user and signed is decided in one place for both (`page-desk.ts`).
 *
 * Nothing here chooses words that the user sees, apart from a document's name.
 */
export type PageWay = 'extension' | 'loopback';

interface Asked {
  /** Of this request, for the log; unique within its connection. */
  readonly id: string;
  /** As the browser told it, never as the page did. */
  readonly origin: Origin;
  readonly way: PageWay;
}

/** Is Kilt there? Asks the user nothing and tells nothing but whether this very site may ask. */
export interface HelloRequest extends Asked {
  readonly kind: 'hello';
}

/** Asks the user, on the first contact, whether the site may call Kilt at all. */
export interface ConnectRequest extends Asked {
  readonly kind: 'connect';
}

/** Whether a token is there. Answered to a site that the user has allowed; asks about others first. */
export interface TokensRequest extends Asked {
  readonly kind: 'tokens';
}

/** A certificate that the user chooses; its key is not used. */
export interface CertificateRequest extends Asked {
  readonly kind: 'certificate';
  readonly purpose: 'signature' | 'sign-in' | 'any';
}

/** The sign-in key's word for this site and this nonce (`signInMessage`). It signs nothing else, ever. */
export interface SignInRequest extends Asked {
  readonly kind: 'sign-in';
  /** At least {@link shortestNonce} bytes that the site has never used before. */
  readonly nonce: Uint8Array;
}

/** RFC 9483's nonces have 16 bytes; who signs for a page wants twice that. */
export const shortestNonce = 32;
export const longestNonce = 1024;

/** A document as a page hands it over. */
export interface PageDocument {
  /** For the user's eyes; may be empty. */
  readonly name: string;
  /** As the page calls it: a hint for what is shown, never trusted. */
  readonly mediaType: string;
  readonly content: Uint8Array;
}

/** A document that the page does not hand over: nothing of it can be shown, and the user is told so. */
export interface HashedDocument {
  readonly name: string;
  readonly hash: Uint8Array;
}

export interface XmlPlace {
  /** XPath of the element that is signed; empty: the whole document. */
  readonly signed: string;
  /** XPath of the element that takes the signature in; empty: the root. */
  readonly parent: string;
}

export type SignedForm =
  /** SignedData (RFC 5652) as CAdES-BES, DER; with a time-stamp CAdES-T. */
  | { readonly kind: 'cms'; readonly attached: boolean; readonly timestamp: boolean }
  /** XML signature inside the document, which is UTF-8 then. */
  | { readonly kind: 'xml'; readonly place: XmlPlace; readonly layout: 'compact' | 'lines' };

/** Signs documents with the signature key. One consent and one PIN for all of them. */
export interface SignRequest extends Asked {
  readonly kind: 'sign';
  readonly form: SignedForm;
  readonly documents: readonly PageDocument[];
}

/** Signs what the page calls the hash of a document: always detached. */
export interface SignHashRequest extends Asked {
  readonly kind: 'sign-hash';
  readonly timestamp: boolean;
  readonly documents: readonly HashedDocument[];
}

/** Adds a time-stamp to a signature that was made before; needs no key. */
export interface TimestampRequest extends Asked {
  readonly kind: 'timestamp';
  readonly signature: Uint8Array;
}

export type PageRequest =
  | HelloRequest
  | ConnectRequest
  | TokensRequest
  | CertificateRequest
  | SignInRequest
  | SignRequest
  | SignHashRequest
  | TimestampRequest;

export type PageRequestKind = PageRequest['kind'];

/** What a page learns when all went well. */
export type PageResult =
  | { readonly kind: 'hello'; readonly approved: boolean }
  | { readonly kind: 'connect' }
  | { readonly kind: 'tokens'; readonly present: boolean }
  | { readonly kind: 'certificate'; readonly certificate: DerBytes }
  | {
      readonly kind: 'sign-in';
      readonly certificate: DerBytes;
      /** RSASSA-PKCS1-v1_5 with SHA-256 over `signInMessage(origin, nonce)`. */
      readonly signature: Uint8Array;
    }
  /** One for each document, in their order: DER, or UTF-8 of the XML document. */
  | {
      readonly kind: 'sign' | 'sign-hash';
      readonly certificate: DerBytes;
      readonly signatures: readonly Uint8Array[];
    }
  | { readonly kind: 'timestamp'; readonly signature: Uint8Array };

/** Why a page gets nothing. The names are part of what pages are written against: never rename one. */
export const pageRefusals = [
  /** The user said no, or has closed the window. */
  'user-refused',
  /** The user did not answer in time. */
  'timed-out',
  /** The user has not allowed this site, or not any more. */
  'not-approved',
  /** Kilt is asking the user about another request. */
  'busy',
  /** Too many requests; try again later. */
  'rate-limited',
  /** The request makes no sense; the page has a defect. */
  'malformed',
  'too-large',
  /** Kilt does not do this for pages. */
  'unsupported',
  /** No token, or none with a key for this; told only to a site that the user has allowed. */
  'token-missing',
  /** Told only after the user's consent: the token is blocked, the certificate has ended, the authority does not answer. */
  'failed',
  /** The page has gone away meanwhile. */
  'page-closed',
] as const;
export type PageRefusal = (typeof pageRefusals)[number];

export type PageAnswer =
  | { readonly outcome: 'done'; readonly result: PageResult }
  | {
      readonly outcome: 'refused';
      readonly reason: PageRefusal;
      /** With `rate-limited`. */
      readonly retryAfterSeconds?: number;
      /** With `failed`: code of the error catalogue, as `0100021`. */
      readonly code?: string;
    };

/** What both ways talk to. */
export interface PageDoor {
  /** Never rejects. @param signal aborted when the page has gone: whatever the user is being asked then is taken back */
  ask(request: PageRequest, signal: AbortSignal): Promise<PageAnswer>;
}
