import type { CertificateCheckView } from '#shared/control-panel-views.ts';
import type { Language } from '#shared/views.ts';
import type { BankDirectory } from '#main/enrolment/bank-files.ts';
import { underBank } from '#main/enrolment/certificate-question.ts';
import type { CertificateTrust } from '#main/trust/certificate-trust.ts';
import type { TrustVerdict } from '#main/trust/verdict.ts';
import type { DerBytes } from '#shared/bytes.ts';
import { fingerprintOf } from './stored-objects-view.ts';

/**
 * «Проверить»: asks about a certificate under the roots of each bank that Kilt knows, until one has issued it. Only ever
 * at the user's wish: to look at a token sends nothing anywhere.
 */
export async function checkCertificate(
  certificate: DerBytes,
  others: readonly DerBytes[],
  services: {
    readonly banks: BankDirectory;
    readonly trust: Pick<CertificateTrust, 'judge'>;
    readonly language: Language;
    readonly now: Date;
  },
): Promise<CertificateCheckView> {
  const asked = { fingerprint: fingerprintOf(certificate), checkedAt: services.now.toISOString() };
  let reason = 'issuer-unknown';
  for (const bank of services.banks.all()) {
    const question = underBank(bank, certificate, others);
    const verdict = await services.trust.judge({ ...question, fresh: true });
    if (isAnswer(verdict)) return { ...asked, bank: bank.name[services.language], ...answerOf(verdict) };
    if (!verdict.trusted && verdict.reason !== 'issuer-unknown') reason = verdict.reason;
  }
  return { ...asked, verdict: 'untrusted', why: reason };
}

/** Whether the path leads to the bank's roots, so that what is said about revocation is about this certificate. */
const isAnswer = (verdict: TrustVerdict): boolean =>
  verdict.trusted || ['revoked', 'suspended', 'revocation-unknown'].includes(verdict.reason);

function answerOf({
  revocation,
}: TrustVerdict): Pick<CertificateCheckView, 'verdict'> & Partial<CertificateCheckView> {
  if (revocation.state === 'unknown') {
    const { why, fault, url } = revocation;
    return {
      verdict: 'unknown',
      why,
      ...(fault === undefined ? {} : { fault }),
      ...(url === undefined ? {} : { host: new URL(url).host }),
    };
  }
  const { kind, url, asOf, until } = revocation.source;
  const source = { kind, asOf: asOf.toISOString(), ...(until ? { until: until.toISOString() } : {}) };
  const found = { verdict: revocation.state, source, host: new URL(url).host };
  if (revocation.state === 'good') return found;
  return { ...found, since: revocation.since.toISOString(), reason: revocation.reason };
}
