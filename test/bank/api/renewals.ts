import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { equalBytes } from '#shared/bytes.ts';
import type { Customer, Renewal } from '../records/entries.ts';
import type { KeySet } from '../records/key-sets.ts';
import { certificateParts } from '../authority/certificate.ts';
import { ApiRefusal } from './api-refusal.ts';
import { holderOf, type ApiSettings } from './customer-certificate.ts';
import { verifyJws } from './jws.ts';
import { checkFreshness } from './registrations.ts';

/** The bank's own reading of a request for new keys; Kilt's is in `bank-protocol.ts`. */
const renewalRequest = z.object({
  type: z.literal('kilt-renewal'),
  aud: z.string(),
  userId: z.string(),
  jti: z.string().min(1).max(128),
  iat: z.number().int(),
  signatureCertificate: z.base64(),
  signInCertificate: z.base64(),
  signInProof: z.string(),
  oldSignatureProof: z.string().optional(),
});
type RenewalRequest = z.infer<typeof renewalRequest>;

/** The same as after a registration; `registrationId` is the renewal's. */
export interface RenewalAnswer {
  readonly registrationId: string;
  readonly customerName: string;
  readonly registeredAt: string;
}

/**
 * `POST /renewals`: sets new certificates of a registered customer beside those in use.
 *
 * That the customer may is shown by the certification authority, which has certified the new signature key on the basis
 * of the old one or of a later ПИН, and, where the old key can still sign, by its proof over the same request. A repeated
 * request (same jti, same certificates) is answered as the first time, however late it comes.
 *
 * @throws ApiRefusal
 */
export function renew(
  settings: ApiSettings,
  compact: string,
): { readonly status: 200 | 201; readonly answer: RenewalAnswer } {
  const { records } = settings;
  const { payload, certificate } = verifyJws(compact);
  const parsed = renewalRequest.safeParse(payload);
  if (!parsed.success) throw new ApiRefusal(400, 'request-invalid', parsed.error.issues[0]?.message);
  const request = parsed.data;
  const { signatureCertificate, signInCertificate, userId, jti } = request;
  const customer = holderOf(settings, certificate, 'signature');
  const newSignIn = fromBase64(signInCertificate);
  if (!equalBytes(certificate, fromBase64(signatureCertificate))) {
    throw new ApiRefusal(400, 'request-invalid', 'request is not signed with the new signature certificate');
  }
  if (customer.userId !== userId || holderOf(settings, newSignIn, 'sign-in').userId !== userId) {
    throw new ApiRefusal(403, 'user-mismatch', 'certificates are not those of this user');
  }
  if (request.aud !== settings.origin()) throw new ApiRefusal(403, 'wrong-audience');
  checkProofs(settings, request, payload, newSignIn);

  const earlier = records.renewals().find((one) => one.jti === jti);
  if (earlier) {
    const same =
      earlier.userId === userId &&
      earlier.signatureCertificate === signatureCertificate &&
      earlier.signInCertificate === signInCertificate;
    if (!same) throw new ApiRefusal(409, 'already-renewed', 'this request was made with other certificates');
    return { status: 200, answer: answerFor(earlier, customer) };
  }

  checkRight(settings, customer, request);
  checkFreshness(settings, request.iat);
  const at = settings.now().toISOString();
  const renewal = { renewalId: randomUUID(), jti, userId, signatureCertificate, signInCertificate };
  records.record({ kind: 'renewed', at, ...renewal });
  return { status: 201, answer: answerFor({ ...renewal, renewedAt: at }, customer) };
}

const fromBase64 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'));

const answerFor = (renewal: Renewal, { name }: Customer): RenewalAnswer => ({
  registrationId: renewal.renewalId,
  customerName: name,
  registeredAt: renewal.renewedAt,
});

/** The set whose keys are to be replaced: whatever has not been replaced before. */
function setsToReplace({ records }: ApiSettings, userId: string): readonly KeySet[] {
  return records.keySetsOf(userId).filter(({ state }) => state !== 'replaced');
}

function checkProofs(
  settings: ApiSettings,
  request: RenewalRequest,
  payload: unknown,
  newSignIn: Uint8Array,
): void {
  const { signInProof, oldSignatureProof, ...claims } = payload as Record<string, unknown>;
  const proof = verifyJws(request.signInProof);
  if (!equalBytes(proof.certificate, newSignIn)) {
    throw new ApiRefusal(400, 'request-invalid', 'proof is not made with the new sign-in certificate');
  }
  if (!isDeepStrictEqual(proof.payload, claims)) {
    throw new ApiRefusal(400, 'request-invalid', 'proof of the sign-in key is over something else');
  }
  if (request.oldSignatureProof === undefined) return;
  const old = verifyJws(request.oldSignatureProof);
  const signer = Buffer.from(old.certificate).toString('base64');
  const isOurs = settings.records
    .keySetsOf(request.userId)
    .some((set) => set.signatureCertificate === signer);
  if (!isOurs) throw new ApiRefusal(403, 'certificate-unknown', 'proof is not made with a registered key');
  if (settings.records.revocationOf(certificateParts(old.certificate).serialNumber)) {
    throw new ApiRefusal(403, 'certificate-revoked', 'a revoked key proves nothing');
  }
  if (!isDeepStrictEqual(old.payload, claims)) {
    throw new ApiRefusal(400, 'request-invalid', 'proof of the old key is over something else');
  }
}

/** @throws ApiRefusal `user-unknown`, `already-registered`, `renewal-without-right` */
function checkRight(settings: ApiSettings, customer: Customer, request: RenewalRequest): void {
  const { records } = settings;
  const sets = setsToReplace(settings, customer.userId);
  if (sets.length === 0) throw new ApiRefusal(404, 'user-unknown', 'nothing is registered yet');
  const enrolmentOf = (certificate: string) => {
    const known = records.certificate(fromBase64(certificate));
    return known?.role === 'signature' ? records.enrolment(known.transactionId) : undefined;
  };
  if (records.keySetsOf(customer.userId).some((set) => isIn(set, request))) {
    throw new ApiRefusal(409, 'already-registered', 'these certificates are registered already');
  }
  const fresh = enrolmentOf(request.signatureCertificate);
  const granted = sets.some(({ signatureCertificate }) => {
    const replaced = enrolmentOf(signatureCertificate);
    if (!fresh || !replaced) return false;
    return fresh.basis === undefined
      ? fresh.pinNumber > replaced.pinNumber
      : fresh.basis === replaced.transactionId;
  });
  if (!granted) {
    throw new ApiRefusal(
      403,
      'renewal-without-right',
      'the new key is based on no key in use and no new pin',
    );
  }
}

const isIn = (set: KeySet, request: RenewalRequest): boolean =>
  set.signatureCertificate === request.signatureCertificate ||
  set.signInCertificate === request.signInCertificate;
