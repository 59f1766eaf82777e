/** Why a text can not be signed or checked as XML. */
export type XmlFailure =
  /** Not well-formed, or in an encoding that is not read here. */
  | 'not-xml'
  /** It brings a document type: entities that expand to gigabytes or read files come with one, and no bank needs it. */
  | 'document-type'
  /** Larger, deeper or with more parts than any document is that people sign. */
  | 'too-much'
  /** There is no signature in it. */
  | 'not-signed'
  /** Two elements have the same Id: programs would take different ones for the signed one. */
  | 'id-twice'
  /** The path of what is to be signed, or of where the signature is to stand, leads to no one element. */
  | 'path-wrong'
  /** An element that is to be signed by itself has no Id. */
  | 'id-missing';

/** The text is no XML that this program signs or checks. Never quotes content. */
export class XmlError extends Error {
  readonly failure: XmlFailure;

  constructor(failure: XmlFailure, options?: { cause?: unknown }) {
    super(`not usable as XML: ${failure}`, options);
    this.name = 'XmlError';
    this.failure = failure;
  }
}
