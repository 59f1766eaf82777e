import { randomBytes } from 'node:crypto';
import { toHex } from '#shared/bytes.ts';
import { isKiltError, type ErrorId } from '#shared/errors.ts';
import type { RegistrationStep } from '#shared/views.ts';
import type { RegistrationFacts } from '#main/store/registration-journal.ts';
import {
  confirmSignInCertificate,
  confirmSignatureCertificate,
  receiveSignInCertificate,
  receiveSignatureCertificate,
} from './registration-ca-steps.ts';
import type { RegistrationContext } from './registration-context.ts';
import { forgetCredentials } from './registration-secrets.ts';
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

/** What each step does. Every one can be repeated: it asks the token or the CA what is already there. */
export const registrationWork: Readonly<
  Record<RegistrationStep, (context: RegistrationContext) => Promise<Learnt | void>>
> = {
  'token-prepared': prepareToken,
  'pin-set': setChosenPin,
  'signature-key-made': makeSignatureKey,
  'sign-in-key-made': makeSignInKey,
  'signature-certificate-received': (context) =>
    withFreshTransactionAfterRefusal(context, receiveSignatureCertificate, 'signature'),
  'signature-certificate-stored': storeSignatureCertificate,
  'signature-certificate-confirmed': async (context) => {
    await confirmSignatureCertificate(context);
    forgetCredentials(context.secrets.credentials);
    context.secrets.credentials = undefined;
  },
  'sign-in-certificate-received': (context) =>
    withFreshTransactionAfterRefusal(context, receiveSignInCertificate, 'signIn'),
  'sign-in-certificate-stored': storeSignInCertificate,
  'sign-in-certificate-confirmed': confirmSignInCertificate,
  'registered-in-bank': registerInBank,
  'profile-written': writeRegisteredRecord,
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
  'registration-pin-locked',
  'ca-refused',
  'ca-certificate-wrong',
];

async function withFreshTransactionAfterRefusal(
  context: RegistrationContext,
  receive: (context: RegistrationContext) => Promise<Learnt>,
  which: 'signature' | 'signIn',
): Promise<Learnt> {
  try {
    return await receive(context);
  } catch (error) {
    if (isKiltError(error) && endsTransaction.includes(error.id)) {
      context.learn({
        [`${which}TransactionId`]: newTransactionId(),
        [`${which}Transaction`]: undefined,
        waitingUntil: undefined,
      });
    }
    throw error;
  }
}

/** 128 random bits (RFC 9810 §5.1.1), hexadecimal. */
export const newTransactionId = (): string => toHex(randomBytes(16));
