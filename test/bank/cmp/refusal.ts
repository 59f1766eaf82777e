/** PKIFailureInfo bits (RFC 9810 §5.2.3). */
export const failure = {
  badAlg: 0,
  badMessageCheck: 1,
  badRequest: 2,
  badCertId: 4,
  badDataFormat: 5,
  wrongAuthority: 6,
  badPop: 9,
  certRevoked: 10,
  badSenderNonce: 18,
  badCertTemplate: 19,
  signerNotTrusted: 20,
  transactionIdInUse: 21,
  unsupportedVersion: 22,
  notAuthorized: 23,
  duplicateCertReq: 26,
} as const;
export type FailureName = keyof typeof failure;

/** Status texts that the client shares with the bank: it tells its user something special for them. */
export const sharedTexts = {
  pinLocked: 'registration pin locked',
  pinWrong: 'registration pin wrong',
} as const;

/**
 * The bank refuses a CMP message. Before the request itself is understood the answer is an `error` message, after that
 * a rejection of the request (RFC 9483 §3.6.4, §4.1.1).
 */
export class CmpRefusal extends Error {
  override readonly name = 'CmpRefusal';
  readonly failure: FailureName;
  /**
   * The secret of the customer did not fit: an answer under that secret could not be checked by somebody who mistyped
   * it, so it is signed with the CMP server's certificate.
   */
  readonly signed: boolean;

  constructor(name: FailureName, text: string, options: { signed?: boolean } = {}) {
    super(text);
    this.failure = name;
    this.signed = options.signed ?? false;
  }
}
