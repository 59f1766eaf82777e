import type { SecretBytes } from '#shared/bytes.ts';
import type { ConsentView } from '#shared/consent-views.ts';
import type { ShownDocument } from '#main/signing/document-preview.ts';

/** What the user says yes with. */
export interface Consent {
  readonly key?: { readonly tokenId: string; readonly fingerprint: string } | undefined;
  /** Stays the window's to wipe. */
  readonly pin?: SecretBytes | undefined;
}

/** A request of a site, ready to be put to the user. */
export interface ConsentQuestion {
  readonly id: string;
  /** As things are now: a token may come or go while the window is open. */
  view(): ConsentView;
  /** @throws KiltError `input-invalid` {field: `documentId`} */
  show(documentId: string): Promise<ShownDocument>;
  /** Tells when {@link view} has changed. Returns the function that ends the subscription. */
  onChange(listener: () => void): () => void;
  /**
   * Does what the user has agreed to.
   *
   * @throws KiltError what the user can act on, as `wrong-pin`: the window shows it and stays
   */
  agree(consent: Consent): Promise<void>;
}

/** Puts questions to the user, one at a time. The desktop does it with a window of its own. */
export interface ConsentDesk {
  /**
   * @param signal aborted when the question is void: the page has gone, or nobody has answered in time
   * @returns once {@link ConsentQuestion.agree} has succeeded, the user has refused, or `signal` was aborted. Never rejects
   */
  ask(question: ConsentQuestion, signal: AbortSignal): Promise<'agreed' | 'refused'>;
}
