import { createHash } from 'node:crypto';
import { equalBytes, toHex, wipe } from '#shared/bytes.ts';
import type { Authority } from '../authority/authority.ts';
import { unsealPin } from '../authority/sealed-pin.ts';
import { DerError, expectTag, membersOf, readDer, smallInteger, tags } from '../asn1/der.ts';
import type { Faults } from '../faults.ts';
import type { BankRecords } from '../records/bank-records.ts';
import type { Enrolment } from '../records/entries.ts';
import {
  answerTo,
  certificateBody,
  confirmedBody,
  encodeAnswer,
  errorBody,
  pollBody,
  rejectionBody,
  waitingBody,
  type AnswerBody,
  type CertificateAnswer,
  type RequestType,
} from './answer.ts';
import { checkPossession, readCertificateRequest } from './certificate-request.ts';
import { customerCertificate, decoyCertificate } from './customer-certificate.ts';
import { courseOf, decisionFor, requestKind } from './enrolment-rules.ts';
import { sameName } from './name.ts';
import { bodyType, readPkiMessage, type PkiMessage } from './pki-message.ts';
import { isPasswordBased, macProtection, signatureProtection } from './protection.ts';
import { CmpRefusal } from './refusal.ts';
import { checkRight } from './request-right.ts';
import { refuseRevokedSender, revokeOnRequest } from './revocation.ts';
import { authenticate, type Sender } from './sender.ts';

export interface DeskSettings {
  readonly records: BankRecords;
  readonly authority: Authority;
  /** Certificates of the national authority whose signatures the bank takes, DER. */
  readonly nationalIssuers: readonly Uint8Array[];
  readonly faults: Faults;
  readonly approval: 'auto' | 'manual';
  readonly checkAfterSeconds: number;
  readonly now: () => Date;
  readonly certificateDays: number;
}

/**
 * The certification authority's counter: one PKIMessage in, one out (RFC 9483 §4.1).
 *
 * Everything between reading a request and writing its events down is synchronous, so two messages never overlap.
 */
export class CmpDesk {
  readonly #settings: DeskSettings;
  /** Hashes of certificates that a fault sent instead of the right one: the client may decline them in peace. */
  readonly #decoys = new Set<string>();

  constructor(settings: DeskSettings) {
    this.#settings = settings;
  }

  /** @throws DerError when the bytes are no PKIMessage: there is nothing to answer then */
  handle(bytes: Uint8Array): Uint8Array {
    const message = readPkiMessage(bytes);
    let sender: Sender | undefined;
    try {
      this.#checkHeader(message);
      sender = authenticate(this.#settings, message);
      this.#refuseRevoked(message);
      return this.#answer(message, sender, this.#bodyFor(message, sender), false);
    } catch (error) {
      if (error instanceof CmpRefusal) {
        return this.#answer(message, sender, errorBody(error.message, error.failure), error.signed);
      }
      if (error instanceof DerError) {
        return this.#answer(message, sender, errorBody(error.message, 'badDataFormat'), false);
      }
      throw error;
    }
  }

  /** A revoked key asks for nothing any more; whoever revokes it twice is told so by the revocation itself. */
  #refuseRevoked(message: PkiMessage): void {
    const [certificate] = message.extraCertificates;
    const byMac = message.protectionAlgorithm && isPasswordBased(message.protectionAlgorithm);
    if (!certificate || byMac === true || message.body.type === bodyType.rr) return;
    refuseRevokedSender(this.#settings.records, certificate);
  }

  #checkHeader(message: PkiMessage): void {
    if (message.version !== 2 && message.version !== 3) {
      throw new CmpRefusal('unsupportedVersion', 'pvno 2 or 3 expected');
    }
    if (message.transactionId?.length !== 16) {
      throw new CmpRefusal('badDataFormat', 'transactionID of 16 bytes expected');
    }
    if ((message.senderNonce?.length ?? 0) < 16) {
      throw new CmpRefusal('badSenderNonce', 'senderNonce of at least 16 bytes expected');
    }
    const { issuing, cmpServer } = this.#settings.authority;
    const { recipient } = message;
    const accepted =
      recipient &&
      (recipient.content.length === 0 ||
        [issuing, cmpServer].some((key) => sameName(recipient, readDer(key.parts.subject))));
    if (!accepted) throw new CmpRefusal('wrongAuthority', 'recipient is not this certification authority');
  }

  #bodyFor(message: PkiMessage, sender: Sender): AnswerBody {
    switch (message.body.type) {
      case bodyType.ir:
      case bodyType.cr:
      case bodyType.kur:
        return this.#enrol(message, sender, message.body.type);
      case bodyType.certConf:
        return this.#confirm(message, sender);
      case bodyType.pollReq:
        return this.#poll(message, sender);
      case bodyType.rr:
        return revokeOnRequest(this.#settings, message, sender);
      default:
        throw new CmpRefusal('badRequest', 'this kind of message is not served here');
    }
  }

  #enrol(message: PkiMessage, sender: Sender, type: RequestType): AnswerBody {
    const { records } = this.#settings;
    const request = readCertificateRequest(message.body.value);
    const answerType = answerTo[type];
    try {
      checkRight(this.#settings, message, sender, request);
      checkPossession(request);
      const requested = {
        transactionId: toHex(message.transactionId ?? new Uint8Array()),
        userId: sender.customer.userId,
        purpose: type === bodyType.cr ? ('sign-in' as const) : ('signature' as const),
        publicKey: Buffer.from(request.publicKey).toString('base64'),
        basis: sender.by === 'signature' ? sender.enrolment : undefined,
      };
      const course = courseOf(
        { ...requested, pinNumber: sender.customer.pinNumber },
        records.enrolment(requested.transactionId),
        records.enrolmentsOf(requested.userId),
      );
      const at = this.#settings.now().toISOString();
      switch (course.kind) {
        case 'new':
          for (const transactionId of course.supersedes) {
            records.record({ kind: 'request-superseded', at, transactionId });
          }
          records.record({ kind: 'certificate-requested', at, ...requested });
          break;
        case 'continued':
          records.record({
            kind: 'request-repeated',
            at,
            transactionId: requested.transactionId,
            first: course.enrolment.transactionId,
          });
          break;
        case 'again':
          break;
      }
      return (
        this.#outcome(requested.transactionId, request.id, sender) ?? waitingBody(answerType, request.id)
      );
    } catch (error) {
      if (!(error instanceof CmpRefusal)) throw error;
      return rejectionBody(answerType, request.id, error.message, error.failure);
    }
  }

  /** The certificate, or the refusal; `undefined` while the officer has not decided. */
  #outcome(transactionId: string, requestId: number, sender: Sender): AnswerBody | undefined {
    const enrolment = this.#enrolmentOf(transactionId, sender);
    const type = answerTo[bodyType[requestKind(enrolment)]];
    if (enrolment.status === 'issued' || enrolment.status === 'confirmed') {
      return this.#certificateAnswer(enrolment, type, requestId, sender);
    }
    const { approval, authority, now, records } = this.#settings;
    const decision = decisionFor(sender.customer, approval);
    if (decision === 'held') return undefined;
    if (decision === 'refused') {
      return rejectionBody(type, requestId, sender.customer.reason ?? 'refused by the bank', 'badRequest');
    }
    const certificate = customerCertificate(enrolment, sender.customer, authority.issuing, {
      now: now(),
      days: this.#settings.certificateDays,
    });
    records.record({
      kind: 'certificate-issued',
      at: now().toISOString(),
      transactionId: enrolment.transactionId,
      certificate: Buffer.from(certificate).toString('base64'),
    });
    return this.#certificateAnswer(this.#enrolmentOf(transactionId, sender), type, requestId, sender);
  }

  #enrolmentOf(transactionId: string, sender: Sender): Enrolment {
    const enrolment = this.#settings.records.enrolment(transactionId);
    if (!enrolment || enrolment.userId !== sender.customer.userId || enrolment.status === 'superseded') {
      throw new CmpRefusal('badRequest', 'transaction is not known');
    }
    return enrolment;
  }

  #certificateAnswer(
    enrolment: Enrolment,
    type: CertificateAnswer,
    requestId: number,
    sender: Sender,
  ): AnswerBody {
    const { authority, faults, now } = this.#settings;
    let certificate: Uint8Array = Buffer.from(enrolment.certificate ?? '', 'base64');
    const fault = faults.take('cmp', 'certificate');
    if (fault) {
      certificate = decoyCertificate(fault.kind, enrolment, sender.customer, authority.issuing, now());
      this.#decoys.add(sha256(certificate).toString('hex'));
    }
    // caPubs may hand out the root only where a shared secret protects the answer (RFC 9483 §4.1.1).
    const caCertificates = sender.by === 'pin' && type === bodyType.ip ? [authority.root.certificate] : [];
    return certificateBody(type, requestId, certificate, caCertificates);
  }

  /** certConf (RFC 9810 §5.3.18). A repeated one is answered again, for a client that lost the answer. */
  #confirm(message: PkiMessage, sender: Sender): AnswerBody {
    const enrolment = this.#enrolmentOf(toHex(message.transactionId ?? new Uint8Array()), sender);
    const [only, ...others] = membersOf(message.body.value, tags.sequence);
    if (!only || others.length > 0) throw new CmpRefusal('badRequest', 'one certificate status expected');
    const [hash, , ...options] = membersOf(only, tags.sequence);
    const certHash = expectTag(hash, tags.octetString).content;
    const info = options.find((option) => option.tag === tags.sequence);
    const accepted = !info || smallInteger(membersOf(info)[0]) < 2;
    const at = this.#settings.now().toISOString();
    const { transactionId } = enrolment;

    const issued = Buffer.from(enrolment.certificate ?? '', 'base64');
    if (enrolment.status === 'requested' || !equalBytes(certHash, sha256(issued))) {
      if (!accepted && this.#decoys.has(toHex(certHash))) return confirmedBody;
      throw new CmpRefusal('badCertId', 'certHash is not that of the issued certificate');
    }
    if (accepted && enrolment.status === 'issued') {
      this.#settings.records.record({ kind: 'certificate-confirmed', at, transactionId });
    } else if (accepted && enrolment.status === 'declined') {
      throw new CmpRefusal('badCertId', 'certificate was declined before');
    } else if (!accepted && enrolment.status !== 'declined') {
      this.#settings.records.record({ kind: 'certificate-declined', at, transactionId });
    }
    return confirmedBody;
  }

  #poll(message: PkiMessage, sender: Sender): AnswerBody {
    const [only, ...others] = membersOf(message.body.value, tags.sequence);
    if (!only || others.length > 0) throw new CmpRefusal('badRequest', 'one certificate request expected');
    const requestId = smallInteger(membersOf(only, tags.sequence)[0]);
    const outcome = this.#outcome(toHex(message.transactionId ?? new Uint8Array()), requestId, sender);
    return outcome ?? pollBody(requestId, this.#settings.checkAfterSeconds);
  }

  /** Protects the answer as the request was; signs it where no shared secret is established. */
  #answer(message: PkiMessage, sender: Sender | undefined, body: AnswerBody, signed: boolean): Uint8Array {
    const { authority, faults, now } = this.#settings;
    const fault = faults.take('cmp', 'protection');
    const byMac = sender?.by === 'pin' && !signed;
    const header = {
      sender: byMac ? authority.issuing.parts.subject : authority.cmpServer.parts.subject,
      recipient: message.senderWhole,
      senderKeyId: byMac ? Buffer.from(sender.customer.userId) : authority.cmpServer.parts.keyIdentifier,
      transactionId: message.transactionId,
      recipientNonce: fault?.kind === 'foreign-nonce' ? new Uint8Array(16) : message.senderNonce,
      at: now(),
    };
    const encode = (protection: ReturnType<typeof macProtection>, extraCertificates: readonly Uint8Array[]) =>
      encodeAnswer(
        header,
        body,
        fault?.kind === 'broken-protection'
          ? { ...protection, protect: (data) => protection.protect(data).map((octet) => octet ^ 1) }
          : protection,
        extraCertificates,
      );
    const chain = [authority.issuing.certificate];
    if (!byMac) {
      return encode(signatureProtection(authority.cmpServer.privateKey), [
        authority.cmpServer.certificate,
        ...chain,
      ]);
    }
    const pin = unsealPin(sender.customer.sealedPin, sender.customer.userId, authority.sealingKey);
    try {
      return encode(macProtection(pin), chain);
    } finally {
      wipe(pin);
    }
  }
}

const sha256 = (data: Uint8Array): Buffer => createHash('sha256').update(data).digest();
