import { equalBytes, wipe, type DerBytes, type SecretBytes } from '#shared/bytes.ts';
import { KiltError } from '#shared/errors.ts';
import { DerError } from '../asn1.ts';
import { parseCertificate } from '../certificate.ts';
import type { HttpPost } from '../http-post.ts';
import type { CertifiedSigner } from '../signer.ts';
import { buildMessage, parseMessage, type PkiMessage } from './message.ts';
import { authenticatePeer, type PeerAnswer } from './peer-authentication.ts';
import { macProtector, signatureProtector } from './protection.ts';

/**
 * By this computer's clock something of the CA's begins in the future. Nothing is believed for it; the transaction is
 * still good once the clock is right.
 */
export const clockBehind = (reason: string, now: Date): KiltError =>
  new KiltError('clock-differs', { reason, computerTime: now.toISOString() });

/** What proves to the CA who asks. */
export type CmpProtection =
  | {
      readonly type: 'mac';
      /** Reference under which the CA knows the secret: the user's ID. */
      readonly reference: string;
      readonly secret: SecretBytes;
    }
  | { readonly type: 'signature'; readonly signer: CertifiedSigner };

/** The CA to talk to. */
export interface CmpPeer {
  readonly url: string;
  readonly post: HttpPost;
  readonly name: DerBytes;
  readonly anchors: readonly DerBytes[];
  readonly now: () => Date;
}

/** One message of a transaction. */
export interface OutgoingMessage {
  readonly body: DerBytes;
  readonly transactionId: Uint8Array;
  readonly senderNonce: Uint8Array;
  readonly recipientNonce?: Uint8Array | undefined;
  /** Sender of a message that a MAC protects. */
  readonly subject: DerBytes;
  /** Nonces besides `senderNonce` that the answer may return. */
  readonly alsoAnswers?: readonly Uint8Array[];
}

/** RFC 9811 §3.4. */
const contentType = 'application/pkixcmp';

/**
 * Sends one message and returns the CA's answer once it is known to be an answer to it and to come from the CA.
 *
 * @throws KiltError `ca-answer-invalid` {reason}, `clock-differs` {computerTime}, `registration-data-refused` {verified: false}, `server-failed`
 *   {httpStatus, host} and what {@link HttpPost} throws
 */
export async function exchange(
  peer: CmpPeer,
  outgoing: OutgoingMessage,
  protection: CmpProtection,
): Promise<PkiMessage & { readonly peerNonce: Uint8Array }> {
  const message = parseAnswer(peer, await send(peer, outgoing, protection));
  requireAnswerTo(outgoing, message);
  const answer = await authenticatePeer(message, {
    secret: protection.type === 'mac' ? protection.secret : undefined,
    name: peer.name,
    anchors: peer.anchors,
    at: peer.now(),
  });
  if (answer !== 'authentic') throw notAuthentic(answer, message, peer.now());
  const { senderNonce } = message.header;
  if (!senderNonce?.length) throw new KiltError('ca-answer-invalid', { reason: 'sender-nonce-missing' });
  return { ...message, peerNonce: senderNonce };
}

type HttpAnswer = Awaited<ReturnType<HttpPost>>;

async function send(
  peer: CmpPeer,
  outgoing: OutgoingMessage,
  protection: CmpProtection,
): Promise<HttpAnswer> {
  const message = await buildMessage({
    header: {
      ...identity(protection, outgoing.subject),
      recipient: peer.name,
      transactionId: outgoing.transactionId,
      senderNonce: outgoing.senderNonce,
      recipientNonce: outgoing.recipientNonce,
      messageTime: peer.now(),
    },
    body: outgoing.body,
    protector:
      protection.type === 'mac' ? macProtector(protection.secret) : signatureProtector(protection.signer),
    extraCerts: protection.type === 'mac' ? [] : [protection.signer.certificate, ...protection.signer.chain],
  });
  try {
    return await peer.post({ url: peer.url, contentType, body: message });
  } finally {
    wipe(message);
  }
}

function identity(
  protection: CmpProtection,
  subject: DerBytes,
): { sender: DerBytes; senderKeyId: Uint8Array | undefined } {
  if (protection.type === 'mac') {
    return { sender: subject, senderKeyId: new TextEncoder().encode(protection.reference) };
  }
  const certificate = parseCertificate(protection.signer.certificate);
  return { sender: certificate.subjectName, senderKeyId: certificate.subjectKeyIdentifier };
}

/** A CMP message counts whatever the HTTP status (RFC 9811 §3.3); without one the status says who failed. */
function parseAnswer(peer: CmpPeer, { status, contentType: type, body }: HttpAnswer): PkiMessage {
  const reason = (why: string): KiltError =>
    status >= 200 && status < 300
      ? new KiltError('ca-answer-invalid', { reason: why, httpStatus: status })
      : new KiltError('server-failed', { httpStatus: status, host: new URL(peer.url).host });
  if (type.split(';')[0]?.trim().toLowerCase() !== contentType) throw reason('content-type');
  try {
    return parseMessage(body);
  } catch (error) {
    if (error instanceof DerError) throw reason('not-cmp');
    throw error;
  }
}

/** RFC 4210 §5.1.1: an answer returns our transaction ID and our nonce, else it may be a replayed one. */
function requireAnswerTo(outgoing: OutgoingMessage, { header }: PkiMessage): void {
  if (!header.transactionId || !equalBytes(header.transactionId, outgoing.transactionId)) {
    throw new KiltError('ca-answer-invalid', { reason: 'transaction-id' });
  }
  const { recipientNonce } = header;
  const nonces = [outgoing.senderNonce, ...(outgoing.alsoAnswers ?? [])];
  if (!recipientNonce || !nonces.some((nonce) => equalBytes(nonce, recipientNonce))) {
    throw new KiltError('ca-answer-invalid', { reason: 'recipient-nonce' });
  }
}

/**
 * What an unauthenticated message says is not repeated: anybody on the way could have written it. Its kind alone tells
 * one thing: an error message under a secret that is not ours means that our ID or ПИН is not what the CA has.
 */
function notAuthentic(answer: Exclude<PeerAnswer, 'authentic'>, { body }: PkiMessage, now: Date): KiltError {
  if (body.type === 'error' && answer === 'mac-wrong') {
    return new KiltError('registration-data-refused', { verified: false });
  }
  // A CA whose certificate begins in the future is nearly always a computer whose clock is behind.
  if (answer === 'signer-not-yet-valid') return clockBehind(answer, now);
  return new KiltError('ca-answer-invalid', { reason: answer, body: body.type });
}
