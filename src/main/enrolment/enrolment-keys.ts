import { equalBytes, type DerBytes } from '#shared/bytes.ts';
import { KiltError } from '#shared/errors.ts';
import type { EnrolmentContext } from './enrolment-context.ts';

/**
 * New keys on the token and their certificates, for registration and renewal alike. Each step asks the token how things
 * stand and does only what is missing, so that it can be repeated after any interruption.
 */

/** Makes the pair for documents on the token. */
export async function makeSignatureKey(context: EnrolmentContext): Promise<void> {
  await makeKey(context, context.facts.signatureKeyId, `${context.work.label} signature`, true);
}

/** Makes the pair that answers login challenges and signs nothing else. */
export async function makeSignInKey(context: EnrolmentContext): Promise<void> {
  await makeKey(context, context.facts.signInKeyId, `${context.work.label} sign-in`, false);
}

async function makeKey(
  context: EnrolmentContext,
  id: string,
  label: string,
  documents: boolean,
): Promise<void> {
  await context.withUser(async (session) => {
    if (await session.publicKey(id)) return;
    await session.generateRsaKeyPair({
      id,
      label,
      bits: context.bank.keys.bits,
      usage: documents ? ['sign', 'nonRepudiation'] : ['sign'],
    });
  });
}

/** Stores a certificate beside its key, reads it back, and proves the two belong together. */
export async function storeSignatureCertificate(context: EnrolmentContext): Promise<void> {
  const { certificate } = context.signatureCertificate();
  await storeCertificate(context, context.facts.signatureKeyId, certificate);
}

export async function storeSignInCertificate(context: EnrolmentContext): Promise<void> {
  await storeCertificate(context, context.facts.signInKeyId, context.signInCertificate());
}

async function storeCertificate(context: EnrolmentContext, id: string, certificate: DerBytes): Promise<void> {
  await context.withUser(async (session) => {
    await session.storeCertificate({ id, label: context.work.label, der: certificate });
    const stored = (await session.objects()).certificates.find((one) => one.id === id);
    if (!stored || !equalBytes(stored.der, certificate)) {
      throw new KiltError('token-layout-damaged', { reason: 'certificate reads back differently' });
    }
  });
}
