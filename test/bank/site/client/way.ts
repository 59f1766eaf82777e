import type { SiteText } from '../site-texts.ts';

/** What the page asks to have signed, as the bank's server has it. */
export interface Challenge {
  readonly nonce: string;
  /** Text for a way that signs documents only. */
  readonly statement: string;
}

export interface OrderDocument {
  readonly name: string;
  readonly mediaType: string;
  /** Base64. */
  readonly document: string;
}

/** A way from the page to Kilt. Both end at the same window of Kilt's. */
export interface Way {
  /** @returns what the bank's server wants beside `challengeId`. @throws WayFailure */
  signIn(challenge: Challenge, signal: AbortSignal): Promise<Readonly<Record<string, string>>>;
  /** @returns detached CMS, base64. @throws WayFailure */
  sign(document: OrderDocument, signal: AbortSignal): Promise<string>;
}

/** Why nothing came of it, as the customer is told. */
export class WayFailure extends Error {
  override readonly name = 'WayFailure';
  readonly text: SiteText;
  readonly values: Readonly<Record<string, string>>;
  /** Kilt's, for the bank's support. */
  readonly code: string | undefined;

  constructor(text: SiteText, values: Readonly<Record<string, string>> = {}, code?: string) {
    super(text);
    this.text = text;
    this.values = values;
    this.code = code;
  }
}
