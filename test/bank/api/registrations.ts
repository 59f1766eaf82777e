import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import {
  registrationRequest,
  type RegistrationAnswer,
  type RegistrationRequest,
} from '#main/enrolment/bank-protocol.ts';
import { equalBytes } from '#shared/bytes.ts';
import type { Registration } from '../records/entries.ts';
import { ApiRefusal } from './api-refusal.ts';
import { holderOf, type ApiSettings } from './customer-certificate.ts';
import { verifyJws } from './jws.ts';

/** How far a customer's clock may be off. */
const clockToleranceSeconds = 600;

/**
 * `POST /registrations`: takes the two certificates of a customer into use.
 *
 * A repeated request (same jti, same certificates) is answered as the first time, however late it comes: the client
 * may have died between sending and reading.
 *
 * @throws ApiRefusal
 */
export function register(
  settings: ApiSettings,
  compact: string,
): { readonly status: 200 | 201; readonly answer: RegistrationAnswer } {
  const { records } = settings;
  const { payload, certificate } = verifyJws(compact);
  const parsed = registrationRequest.safeParse(payload);
  if (!parsed.success) throw new ApiRefusal(400, 'request-invalid', parsed.error.issues[0]?.message);
  const request = parsed.data;
  const customer = holderOf(settings, certificate, 'signature');
  const signInCertificate = new Uint8Array(Buffer.from(request.signInCertificate, 'base64'));
  if (!equalBytes(certificate, Buffer.from(request.signatureCertificate, 'base64'))) {
    throw new ApiRefusal(400, 'request-invalid', 'request is not signed with the signature certificate');
  }
  const signInCustomer = holderOf(settings, signInCertificate, 'sign-in');
  if (customer.userId !== request.userId || signInCustomer.userId !== request.userId) {
    throw new ApiRefusal(403, 'user-mismatch', 'certificates are not those of this user');
  }
  if (request.aud !== settings.origin()) throw new ApiRefusal(403, 'wrong-audience');
  checkSignInProof(request, payload, signInCertificate);

  const earlier = records
    .registrations()
    .find(({ jti, userId }) => jti === request.jti || userId === request.userId);
  if (earlier) {
    const same =
      earlier.jti === request.jti &&
      earlier.userId === request.userId &&
      earlier.signatureCertificate === request.signatureCertificate &&
      earlier.signInCertificate === request.signInCertificate;
    if (!same) throw new ApiRefusal(409, 'already-registered');
    return { status: 200, answer: answerFor(earlier, customer.name) };
  }

  checkFreshness(settings, request.iat);
  const at = settings.now().toISOString();
  const { jti, userId, signatureCertificate } = request;
  const registration = {
    registrationId: randomUUID(),
    jti,
    userId,
    signatureCertificate,
    signInCertificate: request.signInCertificate,
  };
  records.record({ kind: 'registered', at, ...registration });
  return { status: 201, answer: answerFor({ ...registration, registeredAt: at }, customer.name) };
}

/** @param iat seconds since 1970. @throws ApiRefusal `request-stale` */
export function checkFreshness({ now }: Pick<ApiSettings, 'now'>, iat: number): void {
  if (Math.abs(now().getTime() / 1000 - iat) > clockToleranceSeconds) {
    throw new ApiRefusal(403, 'request-stale', 'iat is more than ten minutes from the time of the bank');
  }
}

const answerFor = (registration: Registration, customerName: string): RegistrationAnswer => ({
  registrationId: registration.registrationId,
  customerName,
  registeredAt: registration.registeredAt,
});

function checkSignInProof(request: RegistrationRequest, payload: unknown, certificate: Uint8Array): void {
  const proof = verifyJws(request.signInProof);
  if (!equalBytes(proof.certificate, certificate)) {
    throw new ApiRefusal(400, 'request-invalid', 'proof is not made with the sign-in certificate');
  }
  const { signInProof: _, ...expected } = payload as Record<string, unknown>;
  if (!isDeepStrictEqual(proof.payload, expected)) {
    throw new ApiRefusal(400, 'request-invalid', 'proof is over something else');
  }
}
