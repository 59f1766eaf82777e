import { createPublicKey, randomBytes, verify } from 'node:crypto';
import { concatBytes, type DerBytes } from '#shared/bytes.ts';
import { isKiltError, KiltError } from '#shared/errors.ts';
import { parseCertificate } from '#main/pki/x509.ts';
import type { TokenSession } from '#main/token/token-session.ts';
import {
  makeSignatureKey,
  makeSignInKey,
  storeSignatureCertificate,
  storeSignInCertificate,
} from '../enrolment-keys.ts';
import type { RenewalContext } from './renewal-context.ts';
import { writeBegun, writeEnded, writeNewKeysInUse } from './renewal-record.ts';
import { roomForNewKeys } from './renewal-room.ts';

/** The steps that change the token. The old keys are not touched before the bank has answered a sign-in with the new. */

export async function recordRenewal(context: RenewalContext): Promise<void> {
  await whereThereIsRoom(context, () =>
    context.withUser(async (session) => {
      await checkRoom(context, session);
      await writeBegun(context, session);
    }),
  );
}

export const makeNewSignatureKey = (context: RenewalContext): Promise<void> =>
  whereThereIsRoom(context, () => makeSignatureKey(context));

export const makeNewSignInKey = (context: RenewalContext): Promise<void> =>
  whereThereIsRoom(context, () => makeSignInKey(context));

export async function storeNewSignatureCertificate(context: RenewalContext): Promise<void> {
  await storeSignatureCertificate(context);
  await proveKey(context, context.facts.signatureKeyId, context.signatureCertificate().certificate);
}

export async function storeNewSignInCertificate(context: RenewalContext): Promise<void> {
  await storeSignInCertificate(context);
  await proveKey(context, context.facts.signInKeyId, context.signInCertificate());
}

export const takeNewKeysIntoUse = (context: RenewalContext): Promise<void> =>
  context.withUser((session) => writeNewKeysInUse(context, session));

/** Private and public halves go, the certificates stay: old documents are read with them. */
export async function removeOldKeys(context: RenewalContext): Promise<void> {
  const { oldSignatureKeyId, oldSignInKeyId } = context.facts;
  await context.withUser(async (session) => {
    await session.deleteKeys(oldSignatureKeyId);
    await session.deleteKeys(oldSignInKeyId);
    await writeEnded(context, session);
  });
}

/**
 * Takes off the token what this renewal has made: new keys, and certificates if there are any. The old keys are in use as
 * before. Never called once the token says that the new ones are.
 */
export async function undoRenewal(context: RenewalContext): Promise<void> {
  const { signatureKeyId, signInKeyId } = context.facts;
  await context.withUser(async (session) => {
    await session.deleteKeyPair(signatureKeyId);
    await session.deleteKeyPair(signInKeyId);
    await writeEnded(context, session);
  });
  context.learn({ undone: true });
}

/** First bytes of what is signed to prove a new key: no document, no challenge and no request can begin so. */
const proofDomain = new TextEncoder().encode('kilt key proof v1\0');

/** Signs with the key on the token, and checks with the certificate: the two belong together and both work. */
async function proveKey(context: RenewalContext, keyId: string, certificate: DerBytes): Promise<void> {
  const message = concatBytes(proofDomain, randomBytes(32));
  const signature = await context.withUser((session) => session.signSha256(keyId, message));
  const { publicKeyInfo } = parseCertificate(certificate);
  const key = createPublicKey({ key: Buffer.from(publicKeyInfo), format: 'der', type: 'spki' });
  if (!verify('sha256', message, key, signature))
    throw new KiltError('token-answer-unexpected', { step: 'prove-new-key' });
}

/** Only before anything was made: a token that has the new keys already has had room. */
async function checkRoom(context: RenewalContext, session: TokenSession): Promise<void> {
  const { keys } = await session.objects();
  if (keys.some(({ id }) => id === context.facts.signatureKeyId)) return;
  const { freeMemory } = await session.info();
  if (freeMemory !== null && freeMemory < roomForNewKeys(context.bank.keys.bits))
    throw new KiltError('renewal-no-room');
}

/** @throws KiltError `renewal-no-room`, with nothing of the renewal left on the token if it can be reached */
async function whereThereIsRoom(context: RenewalContext, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!isKiltError(error, 'token-memory-full') && !isKiltError(error, 'renewal-no-room')) throw error;
    await undoRenewal(context);
    throw new KiltError('renewal-no-room', error.data, { cause: error });
  }
}
