import type { ErrorId, KiltError } from '#shared/errors.ts';
import type { RegistrationStep } from '#shared/views.ts';
import type { RegistrationFacts } from '#main/store/registration-journal.ts';
import {
  confirmSignInCertificate,
  receiveSignInCertificate,
  withFreshTransactionAfterRefusal,
} from './certificate-requests.ts';
import {
  makeSignatureKey,
  makeSignInKey,
  storeSignatureCertificate,
  storeSignInCertificate,
} from './enrolment-keys.ts';
import { confirmSignatureCertificate, receiveSignatureCertificate } from './registration-ca-steps.ts';
import { dropKeptCredentials, removeKeptCredentials } from './registration-credentials.ts';
import type { RegistrationContext } from './registration-context.ts';
import { forgetCredentials } from './registration-secrets.ts';
import { prepareToken, setChosenPin, writeRegisteredRecord } from './registration-token-steps.ts';

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
    withFreshTransactionAfterRefusal(context, receiveSignatureCertificate, 'signature', dropRefused(context)),
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
  const { registration } = context;
  const jws = await context.bankClient.signRegistration({
    registrationId: registration.id,
    userId: registration.userId,
    signatureKey: context.signatureSigner(),
    signInKey: context.signInSigner(),
  });
  const answer = await context.bankClient.register(jws);
  return { customerName: answer.customerName, registeredAt: answer.registeredAt };
}

/** Of the CA's refusals, the ones after which the same ПИН or initial key are of no use. */
const refusesCredentials: readonly ErrorId[] = [
  'registration-data-refused',
  'registration-pin-locked',
  'ca-refused',
  'ca-signer-revoked',
];

const dropRefused = (context: RegistrationContext) => async (error: KiltError) => {
  if (refusesCredentials.includes(error.id)) await dropKeptCredentials(context);
};
