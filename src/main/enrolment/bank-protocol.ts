import { z } from 'zod';

/**
 * The bank API that follows the CA: JSON over HTTPS. Every request that speaks for the customer is a JWS in compact
 * form (RFC 7515; `alg` RS256, `x5c` = the customer's certificate) sent as `application/jose`; answers are JSON.
 *
 * - `POST <api>/registrations`      JWS of {@link registrationRequest}, signed with the signature key
 *                                   → 200/201 {@link registrationAnswer}; the same request again answers the same
 * - `POST <api>/renewals`           JWS of {@link renewalRequest}, signed with the new signature key → 200/201
 *                                   {@link renewalAnswer}; the same request again answers the same. From then on both sets
 *                                   of keys sign in, until the first sign-in that is made with the new one
 * - `POST <api>/renewals/status`    JSON {@link renewalStatusRequest} → {@link renewalStatusAnswer}; only where the bank's
 *                                   file says `renewal.status`
 * - `POST <api>/login/challenges`   JSON {@link challengeRequest} → {@link challengeAnswer}
 * - `POST <api>/login/sessions`     JSON {@link loginRequest} → {@link loginAnswer}
 * - any failure: status 4xx/5xx with {@link bankFailure}
 */
const base64 = z.string().regex(/^[A-Za-z0-9+/]+=*$/);
const base64url = z.string().regex(/^[A-Za-z0-9_-]+$/);

export const registrationRequest = z.object({
  type: z.literal('kilt-registration'),
  /** Origin of the bank: the request is worth nothing elsewhere. */
  aud: z.string(),
  userId: z.string(),
  /** Unique; the journal's id, so that a repeated request is recognised. */
  jti: z.string(),
  /** Seconds since 1970. */
  iat: z.number().int(),
  signatureCertificate: base64,
  signInCertificate: base64,
  /** JWS by the sign-in key over the same object without this member: proves that the customer holds both keys. */
  signInProof: z.string(),
});
export type RegistrationRequest = z.infer<typeof registrationRequest>;

export const registrationAnswer = z.object({
  registrationId: z.string(),
  customerName: z.string(),
  registeredAt: z.iso.datetime(),
});
export type RegistrationAnswer = z.infer<typeof registrationAnswer>;

export const renewalRequest = z.object({
  type: z.literal('kilt-renewal'),
  aud: z.string(),
  userId: z.string(),
  /** Unique; the id of the renewal in the journal and in the token's record, so that a repeated request is recognised. */
  jti: z.string(),
  /** Seconds since 1970. */
  iat: z.number().int(),
  /** The new ones; the JWS is signed with the key of the first. */
  signatureCertificate: base64,
  signInCertificate: base64,
  /** JWS by the new sign-in key over the same object without this member and without `oldSignatureProof`. */
  signInProof: z.string(),
  /**
   * JWS by the old signature key over what {@link signInProof} is over: whoever asks holds the keys that are replaced.
   * Absent where the old key authenticates nobody any more (ended, revoked); the CA has then seen ID and ПИН.
   */
  oldSignatureProof: z.string().optional(),
});
export type RenewalRequest = z.infer<typeof renewalRequest>;

/** `registrationId` is the bank's name of the renewal. */
export const renewalAnswer = registrationAnswer;
export type RenewalAnswer = z.infer<typeof renewalAnswer>;

/** How a request at the CA stands, asked without a PIN: whoever knows the transaction has begun it, or holds the token. */
export const renewalStatusRequest = z.object({
  /** Of the CMP transaction, 128 random bits, lower-case hexadecimal. */
  transactionId: z.string().regex(/^[0-9a-f]{32}$/),
});
export const renewalStatusAnswer = z.object({
  state: z.enum(['accepted', 'issued', 'refused', 'unknown']),
  /** «Расчетное время получения нового сертификата». */
  expectedAt: z.iso.datetime().optional(),
  /** Of a refusal, for the customer. */
  reason: z.string().optional(),
});
export type RenewalStatusAnswer = z.infer<typeof renewalStatusAnswer>;

export const challengeRequest = z.object({ userId: z.string() });
export const challengeAnswer = z.object({
  challengeId: z.string(),
  /** At least 32 random bytes. */
  nonce: base64url,
  expiresAt: z.iso.datetime(),
});
export type ChallengeAnswer = z.infer<typeof challengeAnswer>;

export const loginRequest = z.object({
  challengeId: z.string(),
  /** Sign-in certificate, DER. */
  certificate: base64,
  /** RSASSA-PKCS1-v1_5/SHA-256 over {@link signInMessage}. */
  signature: base64,
});
export const loginAnswer = z.object({
  sessionId: z.string(),
  customerName: z.string(),
  /** Address that opens the bank's page already signed in; same origin as the bank. */
  pageUrl: z.url(),
  /** The bank wants the keys regenerated out of turn, and says why in its own words. */
  renewal: z.object({ demanded: z.boolean(), reason: z.string().max(500).optional() }).optional(),
});
export type LoginAnswer = z.infer<typeof loginAnswer>;

export const bankFailure = z.object({
  /** `certificate-revoked` is told as such. Others, for example `certificate-unknown`, `user-unknown`, `challenge-expired`, `already-registered`. */
  error: z.string(),
  message: z.string().optional(),
});

/** First bytes of every sign-in message; a page's own bytes can never start a signature of the sign-in key. */
export const signInDomain = new TextEncoder().encode('kilt sign-in v1\0');
