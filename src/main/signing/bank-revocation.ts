import type { BankDirectory } from '#main/enrolment/bank-files.ts';
import { underBank } from '#main/enrolment/certificate-question.ts';
import type { CertificateTrust } from '#main/trust/certificate-trust.ts';
import type { TrustVerdict } from '#main/trust/verdict.ts';
import type { AskRevocation } from './signer-judgement.ts';

/**
 * Asks about revocation as the file of the bank wants it under whose roots a certificate stands: lists and responders that
 * the file names, and nobody else. Who has no network gets the answer that it is not known.
 */
export const revocationUnderBanks =
  (services: {
    readonly banks: BankDirectory;
    readonly trust: Pick<CertificateTrust, 'judge'>;
  }): AskRevocation =>
  async ({ certificate, others, at }) => {
    for (const bank of services.banks.all()) {
      const verdict = await services.trust.judge({ ...underBank(bank, certificate, others), at });
      if (isAnswer(verdict)) return verdict;
    }
    return undefined;
  };

/** Whether the path leads to the bank's roots, so that what is said about revocation is about this certificate. */
const isAnswer = (verdict: TrustVerdict): boolean =>
  verdict.trusted || ['revoked', 'suspended', 'revocation-unknown'].includes(verdict.reason);
