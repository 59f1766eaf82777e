import { KiltError } from '#shared/errors.ts';
import type { RenewalStep } from '#shared/renewal-views.ts';
import type { RenewalFacts } from '#main/store/renewal-journal.ts';
import { confirmSignInCertificate } from '../certificate-requests.ts';
import type { RenewalContext } from './renewal-context.ts';
import {
  confirmNewSignatureCertificate,
  oldSignatureSigner,
  receiveNewSignatureCertificate,
  receiveNewSignInCertificate,
} from './renewal-ca-steps.ts';
import {
  makeNewSignatureKey,
  makeNewSignInKey,
  recordRenewal,
  removeOldKeys,
  storeNewSignatureCertificate,
  storeNewSignInCertificate,
  takeNewKeysIntoUse,
} from './renewal-token-steps.ts';

type Learnt = Partial<RenewalFacts>;

/** A step of which only its being done is worth a line. */
const nothingLearnt =
  (work: (context: RenewalContext) => Promise<void>) =>
  async (context: RenewalContext): Promise<undefined> => {
    await work(context);
  };

/** What each step does. Every one can be repeated: it asks the token, the CA or the bank what is already there. */
export const renewalWork: Readonly<
  Record<RenewalStep, (context: RenewalContext) => Promise<Learnt | undefined>>
> = {
  'renewal-recorded': nothingLearnt(recordRenewal),
  'new-signature-key-made': nothingLearnt(makeNewSignatureKey),
  'new-sign-in-key-made': nothingLearnt(makeNewSignInKey),
  'new-signature-certificate-received': receiveNewSignatureCertificate,
  'new-signature-certificate-stored': nothingLearnt(storeNewSignatureCertificate),
  'new-signature-certificate-confirmed': async (context) => {
    await confirmNewSignatureCertificate(context);
    return { signatureConfirmed: true };
  },
  'new-sign-in-certificate-received': receiveNewSignInCertificate,
  'new-sign-in-certificate-stored': nothingLearnt(storeNewSignInCertificate),
  'new-sign-in-certificate-confirmed': nothingLearnt(confirmSignInCertificate),
  'new-keys-registered-in-bank': registerInBank,
  'new-keys-in-use': nothingLearnt(takeNewKeysIntoUse),
  'signed-in-with-new-keys': nothingLearnt(signInWithNewKeys),
  'old-keys-removed': nothingLearnt(removeOldKeys),
};

async function registerInBank(context: RenewalContext): Promise<Learnt> {
  const { work, facts } = context;
  const jws = await context.bankClient.signRenewal({
    renewalId: work.id,
    userId: work.userId,
    signatureKey: context.signatureSigner(),
    signInKey: context.signInSigner(),
    oldKey: facts.authentication === 'old-key' ? oldSignatureSigner(context) : undefined,
  });
  const answer = await context.bankClient.renew(jws);
  return { customerName: answer.customerName, registeredAt: answer.registeredAt };
}

/** Really made: only the bank's answer to it lets the old keys go. */
async function signInWithNewKeys(context: RenewalContext): Promise<void> {
  const { bankClient, work, facts } = context;
  const { challengeId, message } = await bankClient.challenge(work.userId);
  const { certificate, signature } = await context.withUser(async (session) => {
    const found = (await session.objects()).certificates.find(({ id }) => id === facts.signInKeyId);
    if (!found) throw new KiltError('key-not-found', { reason: 'new sign-in certificate' });
    return { certificate: found.der, signature: await session.signSha256(found.id, message) };
  });
  context.signedIn(await bankClient.openSession({ challengeId, certificate, signature }));
}
