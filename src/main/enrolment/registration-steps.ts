import { isKiltError, type ErrorId, type KiltError } from '#shared/errors.ts';
import type { RegistrationStep } from '#shared/views.ts';
import type { RegistrationFacts } from '#main/store/registration-journal.ts';
import {
  confirmSignInCertificate,
  confirmSignatureCertificate,
  receiveSignInCertificate,
  receiveSignatureCertificate,
} from './registration-ca-steps.ts';
import { dropKeptCredentials, removeKeptCredentials } from './registration-credentials.ts';
import type { RegistrationContext } from './registration-context.ts';
import { forgetCredentials } from './registration-secrets.ts';
import { newTransaction } from './registration-transactions.ts';
import {
  makeSignatureKey,
  makeSignInKey,
  prepareToken,
  setChosenPin,
  storeSignatureCertificate,
  storeSignInCertificate,
  writeRegisteredRecord,
} from './registration-token-steps.ts';

type Learnt = Partial<RegistrationFacts>;

/** A step of which only its being done is worth a line. */
const nothingLearnt =
  (work: (context: RegistrationContext) => Promise<void>) =>
  async (context: RegistrationContext): Promise<undefined> => {
    await work(context);
  };

/** What each step does. Every one can be repeated: it asks the token or the CA what is already there. */
export const registrationWork: Readonly<
  Record<RegistrationStep, (context: RegistrationContext) => Promise<Learnt | undefined>>
> = {
  'token-prepared': nothingLearnt(prepareToken),
  'pin-set': nothingLearnt(setChosenPin),
  'signature-key-made': nothingLearnt(makeSignatureKey),
  'sign-in-key-made': nothingLearnt(makeSignInKey),
  'signature-certificate-received': (context) =>
    withFreshTransactionAfterRefusal(context, receiveSignatureCertificate, 'signature'),
  'signature-certificate-stored': nothingLearnt(storeSignatureCertificate),
  'signature-certificate-confirmed': nothingLearnt(async (context) => {
    if (context.facts.signatureConfirmed !== true) await confirmSignatureCertificate(context);
    forgetCredentials(context.secrets.credentials);
    context.secrets.credentials = undefined;
    await removeKeptCredentials(context);
  }),
  'sign-in-certificate-received': (context) =>
    withFreshTransactionAfterRefusal(context, receiveSignInCertificate, 'signIn'),
  'sign-in-certificate-stored': nothingLearnt(storeSignInCertificate),
  'sign-in-certificate-confirmed': nothingLearnt(confirmSignInCertificate),
  'registered-in-bank': registerInBank,
  'profile-written': nothingLearnt(writeRegisteredRecord),
};

async function registerInBank(context: RegistrationContext): Promise<Learnt> {
  const { registration, facts } = context;
  const { certificate, chain } = context.signatureCertificate();
  const jws = await context.bankClient.signRegistration({
    registrationId: registration.id,
    userId: registration.userId,
    signatureKey: context.certifiedTokenSigner(facts.signatureKeyId, certificate, chain),
    signInKey: context.certifiedTokenSigner(facts.signInKeyId, context.signInCertificate(), chain),
  });
  const answer = await context.bankClient.register(jws);
  return { customerName: answer.customerName, registeredAt: answer.registeredAt };
}

/** Refusals that end a CMP transaction; what is asked next must be a new one. */
const endsTransaction: readonly ErrorId[] = [
  'registration-data-refused',
  'national-registration-refused',
  'registration-pin-locked',
  'ca-refused',
  'ca-signer-revoked',
  'ca-request-not-understood',
  'ca-certificate-wrong',
  'certificate-revoked',
  'certificate-suspended',
];

/** Of these, the ones after which the same ПИН or initial key are of no use. */
const refusesCredentials: readonly ErrorId[] = [
  'registration-data-refused',
  'registration-pin-locked',
  'ca-refused',
  'ca-signer-revoked',
];

/** The CA did not like our time. Where it is its own that we do not believe, the transaction is as good as before. */
const isRefusalOfOurTime = ({ id, data }: KiltError): boolean =>
  id === 'clock-differs' && data['failure'] !== undefined;

async function withFreshTransactionAfterRefusal(
  context: RegistrationContext,
  receive: (context: RegistrationContext) => Promise<Learnt>,
  which: 'signature' | 'signIn',
): Promise<Learnt> {
  try {
    return await receive(context);
  } catch (error) {
    if (isKiltError(error) && (endsTransaction.includes(error.id) || isRefusalOfOurTime(error))) {
      context.learn(newTransaction(which));
      if (which === 'signature' && refusesCredentials.includes(error.id)) await dropKeptCredentials(context);
    }
    throw error;
  }
}
