import type { z } from 'zod';
import { asDer, type DerBytes } from '#shared/bytes.ts';
import { KiltError } from '#shared/errors.ts';
import type { HttpPost } from '#main/pki/http-post.ts';
import { createJws } from '#main/pki/jws.ts';
import type { CertifiedSigner } from '#main/pki/signer.ts';
import {
  bankFailure,
  challengeAnswer,
  loginAnswer,
  registrationAnswer,
  renewalAnswer,
  renewalStatusAnswer,
  type LoginAnswer,
  type RegistrationAnswer,
  type RegistrationRequest,
  type RenewalAnswer,
  type RenewalRequest,
  type RenewalStatusAnswer,
} from './bank-protocol.ts';
import { bankRefusal } from './bank-refusal.ts';
import type { BankSystem } from './bank-system.ts';
import { signInMessage } from './sign-in-message.ts';

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

/** The bank's API as {@link RegistrationRequest} and its neighbours describe it. */
export class BankClient {
  readonly #bank: BankSystem;
  readonly #post: HttpPost;
  readonly #now: () => Date;

  constructor(bank: BankSystem, post: HttpPost, now: () => Date = () => new Date()) {
    this.#bank = bank;
    this.#post = post;
    this.#now = now;
  }

  /**
   * The signed request by which a customer's two certificates are made known to the bank. Signing it needs the token;
   * sending it does not.
   */
  async signRegistration(registration: {
    registrationId: string;
    userId: string;
    signatureKey: CertifiedSigner;
    signInKey: CertifiedSigner;
  }): Promise<string> {
    const claims: Omit<RegistrationRequest, 'signInProof'> = {
      type: 'kilt-registration',
      aud: this.#bank.api.origin,
      userId: registration.userId,
      jti: registration.registrationId,
      iat: Math.floor(this.#now().getTime() / 1000),
      signatureCertificate: base64(registration.signatureKey.certificate),
      signInCertificate: base64(registration.signInKey.certificate),
    };
    const signInProof = await createJws(claims, registration.signInKey);
    return createJws({ ...claims, signInProof }, registration.signatureKey);
  }

  /**
   * Sends what {@link signRegistration} made. The same registration again is answered the same.
   *
   * @throws KiltError `bank-refused` {reason}, `bank-answer-invalid`, `server-failed`, `network-…`, `tls-untrusted`
   */
  register(jws: string): Promise<RegistrationAnswer> {
    return this.#ask('registrations', 'application/jose', jws, registrationAnswer, 'bank-refused');
  }

  /**
   * The signed request by which new keys take the place of registered ones. Signing it needs the token.
   *
   * @param renewal.oldKey the signature key that is replaced, where it still authenticates the customer
   */
  async signRenewal(renewal: {
    renewalId: string;
    userId: string;
    signatureKey: CertifiedSigner;
    signInKey: CertifiedSigner;
    oldKey?: CertifiedSigner | undefined;
  }): Promise<string> {
    const { signatureKey, signInKey, oldKey } = renewal;
    const claims: Omit<RenewalRequest, 'signInProof' | 'oldSignatureProof'> = {
      type: 'kilt-renewal',
      aud: this.#bank.api.origin,
      userId: renewal.userId,
      jti: renewal.renewalId,
      iat: Math.floor(this.#now().getTime() / 1000),
      signatureCertificate: base64(signatureKey.certificate),
      signInCertificate: base64(signInKey.certificate),
    };
    const signInProof = await createJws(claims, signInKey);
    const oldSignatureProof = oldKey && (await createJws(claims, oldKey));
    return createJws(
      { ...claims, signInProof, ...(oldSignatureProof ? { oldSignatureProof } : {}) },
      signatureKey,
    );
  }

  /** Sends what {@link signRenewal} made. The same renewal again is answered the same. @throws KiltError as {@link register} */
  renew(jws: string): Promise<RenewalAnswer> {
    return this.#ask('renewals', 'application/jose', jws, renewalAnswer, 'bank-refused');
  }

  /** How a request at the CA stands. @param transactionId hexadecimal @throws KiltError as {@link register} */
  renewalStatus(transactionId: string): Promise<RenewalStatusAnswer> {
    const body = JSON.stringify({ transactionId });
    return this.#ask('renewals/status', 'application/json', body, renewalStatusAnswer, 'bank-refused');
  }

  /** @throws KiltError `sign-in-refused` {reason} and as {@link register} */
  async challenge(userId: string): Promise<{ challengeId: string; message: Uint8Array }> {
    const answer = await this.#askJson('login/challenges', { userId }, challengeAnswer);
    const nonce = Buffer.from(answer.nonce, 'base64url');
    if (nonce.length < 32)
      throw new KiltError('bank-answer-invalid', { reason: 'nonce shorter than 32 bytes' });
    return { challengeId: answer.challengeId, message: signInMessage(this.#bank.api.origin, nonce) };
  }

  /** @throws KiltError `sign-in-refused`, `sign-in-late`, `sign-in-certificate-ended` {reason} and as {@link register} */
  async openSession(login: {
    challengeId: string;
    certificate: DerBytes;
    signature: Uint8Array;
  }): Promise<LoginAnswer> {
    const answer = await this.#askJson(
      'login/sessions',
      {
        challengeId: login.challengeId,
        certificate: base64(asDer(login.certificate)),
        signature: base64(login.signature),
      },
      loginAnswer,
    );
    if (new URL(answer.pageUrl).origin !== this.#bank.api.origin) {
      throw new KiltError('bank-answer-invalid', { reason: 'page of another site' });
    }
    return answer;
  }

  #askJson<Answer>(path: string, body: object, schema: z.ZodType<Answer>): Promise<Answer> {
    return this.#ask(path, 'application/json', JSON.stringify(body), schema, 'sign-in-refused');
  }

  async #ask<Answer>(
    path: string,
    contentType: string,
    body: string,
    schema: z.ZodType<Answer>,
    refusal: 'bank-refused' | 'sign-in-refused',
  ): Promise<Answer> {
    const url = `${this.#bank.api.url.replace(/\/$/, '')}/${path}`;
    const answer = await this.#post({ url, contentType, body: new TextEncoder().encode(body) });
    if (answer.status >= 500) {
      throw new KiltError('server-failed', { host: new URL(url).host, httpStatus: answer.status });
    }
    const json = parseJson(answer.body);
    if (answer.status >= 400) {
      const failure = bankFailure.safeParse(json);
      if (!failure.success) throw new KiltError('bank-answer-invalid', { httpStatus: answer.status });
      throw bankRefusal(failure.data, answer.status, refusal);
    }
    const read = schema.safeParse(json);
    if (!read.success) throw new KiltError('bank-answer-invalid', { httpStatus: answer.status });
    return read.data;
  }
}

function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    return undefined;
  }
}
