import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { secretFromText, type DerBytes } from '#shared/bytes.ts';
import {
  buildErrorBody,
  buildPkiConfBody,
  buildPollRepBody,
  buildResponseBody,
  responseTo,
  type RequestKind,
} from '#main/pki/cmp/body.ts';
import {
  buildMessage,
  freshNonce,
  parseMessage,
  type HeaderFields,
  type MessageProtector,
  type PkiMessage,
} from '#main/pki/cmp/message.ts';
import { macProtector, signatureProtector } from '#main/pki/cmp/protection.ts';
import { accepted, rejected } from '#main/pki/cmp/status.ts';
import type { HttpPost } from '#main/pki/http-post.ts';
import { keyObjectSigner } from '#main/pki/key-object-signer.ts';
import type { Signer } from '#main/pki/signer.ts';
import { distinguishedName, parseCertificate } from '#main/pki/x509.ts';
import type { OpensslWorkshop } from './openssl-workshop.ts';

export const caName = 'CN=Demo CA,C=KZ';
export const pin = 'ABCDEFGHJK2';

/** What an authority says; tests change parts of it. */
export interface Answer {
  body: DerBytes;
  header: HeaderFields;
  protector: MessageProtector | undefined;
  extraCerts: readonly DerBytes[];
  /** Changes to the finished message. */
  distort: (message: Uint8Array) => Uint8Array;
}

export const fileSigner = (openssl: OpensslWorkshop, name: string): Signer =>
  keyObjectSigner(createPrivateKey(readFileSync(openssl.path(`${name}.key`))));

/**
 * An authority that answers by the book, under the shared secret, with the certificate `user`, and lets a test change
 * one thing of one answer.
 */
export class CmpAuthority {
  readonly requests: PkiMessage[] = [];
  change: (answer: Answer, request: PkiMessage) => void = () => undefined;
  readonly #openssl: OpensslWorkshop;

  constructor(openssl: OpensslWorkshop) {
    this.#openssl = openssl;
  }

  get seen(): readonly string[] {
    return this.requests.map(({ body }) => body.type);
  }

  readonly post: HttpPost = async ({ contentType, body }) => {
    const request = parseMessage(Uint8Array.from(body));
    this.requests.push(request);
    const { header } = request;
    const answer: Answer = {
      body: this.bodyFor(request),
      header: {
        sender: distinguishedName(caName),
        recipient: header.sender ?? distinguishedName(''),
        transactionId: header.transactionId ?? new Uint8Array(),
        senderNonce: freshNonce(),
        recipientNonce: header.senderNonce,
        messageTime: new Date(),
      },
      protector: macProtector(secretFromText(pin), { iterations: 500 }),
      extraCerts: [],
      distort: (message) => message,
    };
    this.change(answer, request);
    const message = await buildMessage(answer);
    return { status: 200, contentType, body: answer.distort(message) };
  };

  bodyFor({ body }: PkiMessage): DerBytes {
    switch (body.type) {
      case 'ir':
      case 'cr':
      case 'kur':
        return this.issue(body.type);
      case 'certConf':
        return buildPkiConfBody();
      case 'pollReq':
        return buildPollRepBody({ certReqId: 0, checkAfter: 60, reason: [] });
      default:
        return buildErrorBody(rejected('not expected', 'badRequest'));
    }
  }

  issue(kind: RequestKind, certificate = 'user'): DerBytes {
    return buildResponseBody(responseTo[kind], [
      { certReqId: 0, status: accepted, certificate: this.#openssl.der(certificate) },
    ]);
  }

  /** Lets the certificate `name` sign an answer. */
  signedBy(answer: Answer, name: string): void {
    const certificate = parseCertificate(this.#openssl.der(name));
    answer.protector = signatureProtector(fileSigner(this.#openssl, name));
    answer.extraCerts = [certificate.der];
    answer.header = {
      ...answer.header,
      sender: certificate.subjectName,
      senderKeyId: certificate.subjectKeyIdentifier,
    };
  }
}
