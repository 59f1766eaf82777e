import { randomBytes } from 'node:crypto';
import { asDer, fromHex, toHex, wipe, type DerBytes, type SecretBytes } from '#shared/bytes.ts';
import { KiltError } from '#shared/errors.ts';
import { certificatesFromPem, parseCertificate } from '../certificate.ts';
import { distinguishedName } from '../distinguished-name.ts';
import type { HttpPost } from '../http-post.ts';
import type { Signer } from '../signer.ts';
import {
  buildCertConfBody,
  buildPollReqBody,
  buildRequestBody,
  responseTo,
  type CertificateResponse,
  type RequestKind,
} from './body.ts';
import { buildCertificateRequest } from './certificate-request.ts';
import { clockBehind, exchange, type CmpPeer, type CmpProtection } from './exchange.ts';
import { certificateHash, checkIssuedCertificate } from './issued-certificate.ts';
import { nonceLength, type PkiMessage } from './message.ts';
import { refusalError } from './refusal.ts';
import { rejected } from './status.ts';
import { readTransaction, type CmpTransaction } from './transaction.ts';

export type { CmpProtection } from './exchange.ts';
export type { CmpTransaction } from './transaction.ts';

export interface CmpClientOptions {
  readonly url: string;
  readonly post: HttpPost;
  /** Name of the issuing CA, RFC 4514. */
  readonly recipient: string;
  /** PEM of the roots that certificates and signed answers must lead to. */
  readonly anchors: readonly string[];
  readonly now?: () => Date;
  readonly random?: (length: number) => Uint8Array;
}

export interface CertificateOrder {
  readonly kind: RequestKind;
  /** RFC 4514. Parts that somebody typed belong through `escapeAttributeValue` first. */
  readonly subject: string;
  /** The key that the certificate is for: proves possession. */
  readonly keyPair: Signer;
  readonly protection: CmpProtection;
  /** 16 random bytes, remembered before the request so that a repeated one is recognised. */
  readonly transactionId: Uint8Array;
  /** Goes along as id-regCtrl-regToken, over https only. */
  readonly registrationToken?: SecretBytes;
  /** `kur`: the certificate to replace, if it is not the one that signs. */
  readonly oldCertificate?: DerBytes;
}

export type CmpOutcome =
  | {
      readonly status: 'issued';
      /** Checked: holds our key, leads to the anchors, is valid. Must be confirmed. */
      readonly certificate: DerBytes;
      /** Issuers, nearest first, without the anchor. */
      readonly chain: readonly DerBytes[];
      /** The CA changed what was asked for, for example the subject (grantedWithMods). */
      readonly modified: boolean;
      readonly state: CmpTransaction;
    }
  | {
      readonly status: 'waiting';
      /** Seconds until {@link CmpClient.poll} makes sense; 0 right after the request. */
      readonly checkAfter: number;
      readonly state: CmpTransaction;
    };

export type Decision = { readonly accept: true } | { readonly accept: false; readonly reason: string };

/** RFC 9483 §4.1: one request a message, with this number. */
const certReqId = 0;

/** The CA names the pause between polls; these bounds keep a wrong answer from a busy loop or an endless one. */
const pollPause = { least: 1, most: 30 * 24 * 3600 } as const;

/**
 * Client of a certification authority: CMP (RFC 9810, RFC 9483 §4.1 and §4.4) over HTTP (RFC 9811).
 *
 * Every method sends messages under fresh nonces and believes only answers that carry them and are protected by the CA.
 * Common failures, besides those of {@link HttpPost}: KiltError `ca-answer-invalid` {reason} for answers that can not be
 * believed, `registration-data-refused`, `registration-pin-locked`, `ca-refused` {reason, failure}, `server-failed`.
 */
export class CmpClient {
  readonly #peer: CmpPeer;
  readonly #random: (length: number) => Uint8Array;

  constructor(options: CmpClientOptions) {
    this.#peer = {
      url: options.url,
      post: options.post,
      name: distinguishedName(options.recipient),
      anchors: options.anchors.flatMap(certificatesFromPem),
      now: options.now ?? (() => new Date()),
    };
    this.#random = options.random ?? ((length) => new Uint8Array(randomBytes(length)));
  }

  /**
   * Asks for a certificate.
   *
   * @throws KiltError also `ca-certificate-wrong` {reason}: the certificate can not be used and has been rejected;
   *   `internal` when a registration token would travel unencrypted
   */
  async requestCertificate(order: CertificateOrder): Promise<CmpOutcome> {
    if (order.registrationToken && new URL(this.#peer.url).protocol !== 'https:') {
      throw new KiltError('internal', { reason: 'registration token over an unencrypted connection' });
    }
    const subject = distinguishedName(order.subject);
    const request = await buildCertificateRequest(
      { certReqId, subject, ...templateOfUpdate(order) },
      order.keyPair,
    );
    const body = buildRequestBody(order.kind, request);
    const senderNonce = this.#random(nonceLength);
    const transaction: UnansweredTransaction = {
      version: 1,
      kind: order.kind,
      phase: 'waiting',
      transactionId: toHex(order.transactionId),
      certReqId,
      subject: base64(subject),
      publicKeyInfo: base64(order.keyPair.publicKeyInfo),
      firstNonce: toHex(senderNonce),
    };
    try {
      const message = await exchange(
        this.#peer,
        { body, subject, transactionId: order.transactionId, senderNonce },
        order.protection,
      );
      return await this.#outcome(transaction, message, order.protection);
    } finally {
      wipe(request);
      wipe(body);
    }
  }

  /**
   * Asks whether a waiting request has been decided.
   *
   * @param state of a `waiting` outcome, as it was or read back from JSON
   * @throws KiltError as {@link requestCertificate}
   */
  async poll(state: unknown, protection: CmpProtection): Promise<CmpOutcome> {
    const transaction = readTransaction(state, 'waiting');
    const message = await exchange(
      this.#peer,
      {
        ...this.#next(transaction),
        body: buildPollReqBody(transaction.certReqId),
        alsoAnswers: [fromHex(transaction.firstNonce)],
      },
      protection,
    );
    return this.#outcome(transaction, message, protection, true);
  }

  /**
   * Tells the CA that the certificate is accepted or not. May be repeated: a CA that has been told answers so.
   *
   * @param state of an `issued` outcome, as it was or read back from JSON
   */
  async confirm(
    state: unknown,
    protection: CmpProtection,
    decision: Decision = { accept: true },
  ): Promise<void> {
    const transaction = readTransaction(state, 'issued');
    const { body } = await exchange(
      this.#peer,
      {
        ...this.#next(transaction),
        body: buildCertConfBody({
          certHash: fromHex(transaction.certHash ?? ''),
          certReqId: transaction.certReqId,
          ...(decision.accept ? {} : { status: rejected(decision.reason, 'incorrectData') }),
        }),
      },
      protection,
    );
    if (body.type === 'pkiConf') return;
    if (body.type !== 'error') throw unexpected(body.type);
    if (decision.accept && body.status.failures.includes('certConfirmed')) return;
    throw refusalError(body.status, false);
  }

  /** Header of the next message in a transaction. */
  #next(transaction: CmpTransaction) {
    return {
      subject: fromBase64(transaction.subject),
      transactionId: fromHex(transaction.transactionId),
      senderNonce: this.#random(nonceLength),
      recipientNonce: fromHex(transaction.peerNonce),
    };
  }

  async #outcome(
    before: UnansweredTransaction,
    message: PkiMessage & { readonly peerNonce: Uint8Array },
    protection: CmpProtection,
    accepted = false,
  ): Promise<CmpOutcome> {
    const { body } = message;
    const state: CmpTransaction = { ...before, peerNonce: toHex(message.peerNonce) };
    const byRegistrationData = before.kind === 'ir' || protection.type === 'mac';
    if (body.type === 'error') throw refusalError(body.status, byRegistrationData);
    if (body.type === 'pollRep') {
      const [entry, ...others] = body.entries;
      if (others.length > 0 || entry?.certReqId !== state.certReqId) throw unexpected(body.type);
      const checkAfter = Math.min(Math.max(entry.checkAfter, pollPause.least), pollPause.most);
      return { status: 'waiting', checkAfter, state };
    }
    if (body.type !== responseTo[before.kind]) throw unexpected(body.type);
    const [response, ...others] = body.responses;
    if (others.length > 0 || response?.certReqId !== state.certReqId) throw unexpected(body.type);
    switch (response.status.status) {
      case 'accepted':
      case 'grantedWithMods':
        return this.#issued(state, response, [...body.caPubs, ...message.extraCerts], protection);
      case 'waiting':
        return { status: 'waiting', checkAfter: 0, state };
      case 'rejection':
        throw refusalError(response.status, byRegistrationData, accepted);
      default:
        throw unexpected(response.status.status);
    }
  }

  async #issued(
    before: CmpTransaction,
    { certificate, status }: CertificateResponse,
    offered: readonly DerBytes[],
    protection: CmpProtection,
  ): Promise<CmpOutcome> {
    if (!certificate) throw new KiltError('ca-answer-invalid', { reason: 'certificate-missing' });
    const state: CmpTransaction = {
      ...before,
      phase: 'issued',
      certHash: toHex(certificateHash(certificate)),
    };
    const check = await checkIssuedCertificate({
      certificate,
      publicKeyInfo: fromBase64(state.publicKeyInfo),
      subject: fromBase64(state.subject),
      modified: status.status === 'grantedWithMods',
      intermediates: [...offered, ...(protection.type === 'signature' ? protection.signer.chain : [])],
      anchors: this.#peer.anchors,
      now: this.#peer.now(),
    });
    // To refuse it would have it revoked: the same one is asked for again once the clock is right.
    if (!check.usable && check.reason === 'not-yet-valid') throw clockBehind(check.reason, this.#peer.now());
    if (!check.usable) {
      const error = new KiltError('ca-certificate-wrong', { reason: check.reason });
      // The CA should know; but whether it hears of it changes nothing for the user.
      await this.confirm(state, protection, { accept: false, reason: check.reason }).catch(() => undefined);
      throw error;
    }
    return {
      status: 'issued',
      certificate: asDer(Uint8Array.from(certificate)),
      chain: check.chain.map((issuer) => asDer(Uint8Array.from(issuer))),
      modified: status.status === 'grantedWithMods',
      state,
    };
  }
}

/** A transaction before the CA's first answer. */
type UnansweredTransaction = Omit<CmpTransaction, 'peerNonce'>;

/** Controls and issuer of a request: a key update says which certificate it replaces (RFC 9483 §4.1.3). */
function templateOfUpdate({ kind, protection, oldCertificate, registrationToken }: CertificateOrder) {
  if (kind !== 'kur') return { controls: { registrationToken } };
  const replaced =
    oldCertificate ?? (protection.type === 'signature' ? protection.signer.certificate : undefined);
  if (!replaced) throw new KiltError('internal', { reason: 'a key update without the old certificate' });
  const { issuerName, serialNumberDer } = parseCertificate(replaced);
  return {
    issuer: issuerName,
    controls: { registrationToken, oldCertificate: { issuerName, serialNumberDer } },
  };
}

const unexpected = (body: string): KiltError =>
  new KiltError('ca-answer-invalid', { reason: 'unexpected-answer', body });

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const fromBase64 = (text: string): DerBytes => asDer(new Uint8Array(Buffer.from(text, 'base64')));
