import { createPublicKey, randomBytes, verify } from 'node:crypto';
import { type z } from 'zod';
import {
  challengeRequest,
  loginRequest,
  type ChallengeAnswer,
  type LoginAnswer,
} from '#main/enrolment/bank-protocol.ts';
import { signInMessage } from '#main/enrolment/sign-in-message.ts';
import { certificateParts } from '../authority/certificate.ts';
import type { Customer } from '../records/entries.ts';
import { ApiRefusal } from './api-refusal.ts';
import { holderOf, type ApiSettings } from './customer-certificate.ts';
import { RateLimit } from './rate-limit.ts';

const challengeLifetimeMs = 2 * 60 * 1000;

interface Challenge {
  /** Absent: whoever has the certificate. The bank's page does not know who is before it. */
  readonly userId: string | undefined;
  readonly nonce: Uint8Array;
  readonly expiresAt: number;
}

/** What the bank tells a customer who has just signed in. */
interface SignInNews {
  /** It demands new keys out of turn. */
  readonly renewal?: { readonly demanded: true; readonly reason: string };
}

/**
 * Sign-in by challenge. Challenges live in memory: after a restart a client asks for another. Sessions are recorded.
 */
export class SignInDesk {
  readonly #settings: ApiSettings;
  readonly #challenges = new Map<string, Challenge>();
  readonly #limit: RateLimit;

  constructor(settings: ApiSettings) {
    this.#settings = settings;
    this.#limit = new RateLimit({ perMinute: 60, now: settings.now });
  }

  /** `POST /login/challenges`. @throws ApiRefusal `user-unknown`, `too-many-requests` */
  challenge(body: unknown): ChallengeAnswer {
    const { userId } = parsed(challengeRequest, body);
    this.#limit.count(userId);
    if (!this.#settings.records.registrationOf(userId)) throw new ApiRefusal(404, 'user-unknown');
    return this.#newChallenge(userId);
  }

  /** For the bank's own page. @throws ApiRefusal `too-many-requests` */
  openChallenge(): ChallengeAnswer {
    this.#limit.count('');
    return this.#newChallenge(undefined);
  }

  /**
   * `POST /login/sessions`. A challenge is used up by the first attempt, right or wrong.
   *
   * The first sign-in with renewed keys takes them into use, and the ones before are refused from then on. Where the bank
   * demands new keys out of turn, the answer says so.
   *
   * @throws ApiRefusal `challenge-expired`, `certificate-…`, `signature-invalid`
   */
  session(body: unknown): LoginAnswer & SignInNews {
    const request = parsed(loginRequest, body);
    const { records, origin } = this.#settings;
    const challenge = this.#takeUp(request.challengeId);
    const certificate = new Uint8Array(Buffer.from(request.certificate, 'base64'));
    const customer = holderOf(this.#settings, certificate, 'sign-in');
    const signInCertificate = Buffer.from(certificate).toString('base64');
    const keySet = records
      .keySetsOf(customer.userId)
      .find((set) => set.signInCertificate === signInCertificate);
    if (customer.userId !== (challenge.userId ?? customer.userId) || !keySet)
      throw new ApiRefusal(403, 'certificate-unknown');
    if (keySet.state === 'replaced') throw new ApiRefusal(403, 'certificate-replaced');
    const spki = Buffer.from(certificateParts(certificate).publicKey);
    const key = createPublicKey({ key: spki, format: 'der', type: 'spki' });
    const signature = Buffer.from(request.signature, 'base64');
    if (!verify('sha256', signInMessage(origin(), challenge.nonce), key, signature)) {
      throw new ApiRefusal(403, 'signature-invalid');
    }
    return this.#open(customer, signInCertificate);
  }

  /**
   * What a page written for NCALayer has signed instead, as a document that its user can read. Names site and challenge, so
   * that it is worth nothing elsewhere or twice.
   *
   * @throws ApiRefusal `challenge-expired`
   */
  statementOf(challengeId: string): Uint8Array {
    const challenge = this.#challenges.get(challengeId);
    if (!challenge) throw new ApiRefusal(403, 'challenge-expired');
    const nonce = Buffer.from(challenge.nonce).toString('base64url');
    return new Uint8Array(
      Buffer.from(
        `Вход в Интернет-Банкинг · Internet Banking sign-in\n${this.#settings.origin()}\n${nonce}\n`,
      ),
    );
  }

  /** A session for whoever has signed {@link statementOf}. Uses the challenge up. @throws ApiRefusal as `session` */
  sessionByStatement(challengeId: string, signerOf: (statement: Uint8Array) => Customer): LoginAnswer {
    const statement = this.statementOf(challengeId);
    this.#takeUp(challengeId);
    const customer = signerOf(statement);
    if (!this.#settings.records.registrationOf(customer.userId)) throw new ApiRefusal(404, 'user-unknown');
    return this.#open(customer);
  }

  #takeUp(challengeId: string): Challenge {
    const challenge = this.#challenges.get(challengeId);
    this.#challenges.delete(challengeId);
    if (!challenge || challenge.expiresAt < this.#settings.now().getTime())
      throw new ApiRefusal(403, 'challenge-expired');
    return challenge;
  }

  #open(customer: Customer, signInCertificate?: string): LoginAnswer & SignInNews {
    const { records, now, origin } = this.#settings;
    const sessionId = randomBytes(24).toString('base64url');
    const { userId, name, renewalDemand } = customer;
    const at = now().toISOString();
    records.record({
      kind: 'signed-in',
      at,
      sessionId,
      userId,
      ...(signInCertificate === undefined ? {} : { signInCertificate }),
    });
    return {
      sessionId,
      customerName: name,
      pageUrl: `${origin()}/session/${sessionId}`,
      ...(renewalDemand === undefined ? {} : { renewal: { demanded: true, reason: renewalDemand } }),
    };
  }

  #newChallenge(userId: string | undefined): ChallengeAnswer {
    const now = this.#settings.now().getTime();
    for (const [id, challenge] of this.#challenges) {
      if (challenge.expiresAt < now) this.#challenges.delete(id);
    }
    const challengeId = randomBytes(16).toString('base64url');
    const nonce = new Uint8Array(randomBytes(32));
    const expiresAt = now + challengeLifetimeMs;
    this.#challenges.set(challengeId, { userId, nonce, expiresAt });
    return {
      challengeId,
      nonce: Buffer.from(nonce).toString('base64url'),
      expiresAt: new Date(expiresAt).toISOString(),
    };
  }
}

function parsed<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const result = schema.safeParse(body);
  if (!result.success) throw new ApiRefusal(400, 'request-invalid', result.error.issues[0]?.message);
  return result.data;
}
