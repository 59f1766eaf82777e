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
import { ApiRefusal } from './api-refusal.ts';
import { holderOf, type ApiSettings } from './customer-certificate.ts';
import { RateLimit } from './rate-limit.ts';

const challengeLifetimeMs = 2 * 60 * 1000;

interface Challenge {
  readonly userId: string;
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
    const { records, now, origin } = this.#settings;
    const challenge = this.#challenges.get(request.challengeId);
    this.#challenges.delete(request.challengeId);
    if (!challenge || challenge.expiresAt < now().getTime()) throw new ApiRefusal(403, 'challenge-expired');
    const certificate = new Uint8Array(Buffer.from(request.certificate, 'base64'));
    const customer = holderOf(this.#settings, certificate, 'sign-in');
    const signInCertificate = Buffer.from(certificate).toString('base64');
    const keySet = records
      .keySetsOf(challenge.userId)
      .find((set) => set.signInCertificate === signInCertificate);
    if (customer.userId !== challenge.userId || !keySet) throw new ApiRefusal(403, 'certificate-unknown');
    if (keySet.state === 'replaced') throw new ApiRefusal(403, 'certificate-replaced');
    const spki = Buffer.from(certificateParts(certificate).publicKey);
    const key = createPublicKey({ key: spki, format: 'der', type: 'spki' });
    const signature = Buffer.from(request.signature, 'base64');
    if (!verify('sha256', signInMessage(origin(), challenge.nonce), key, signature)) {
      throw new ApiRefusal(403, 'signature-invalid');
    }
    const sessionId = randomBytes(24).toString('base64url');
    const { userId, name, renewalDemand } = customer;
    records.record({ kind: 'signed-in', at: now().toISOString(), sessionId, userId, signInCertificate });
    return {
      sessionId,
      customerName: name,
      pageUrl: `${origin()}/session/${sessionId}`,
      ...(renewalDemand === undefined ? {} : { renewal: { demanded: true, reason: renewalDemand } }),
    };
  }
}

function parsed<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const result = schema.safeParse(body);
  if (!result.success) throw new ApiRefusal(400, 'request-invalid', result.error.issues[0]?.message);
  return result.data;
}
