import { equalBytes, type DerBytes } from '#shared/bytes.ts';
import { KiltError } from '#shared/errors.ts';
import type { CertifiedSigner } from '#main/pki/signer.ts';
import { sameName } from '#main/pki/x509.ts';
import type { CertificateTrust } from '#main/trust/certificate-trust.ts';
import type { TrustVerdict } from '#main/trust/verdict.ts';
import type { BankSystem } from '../bank-system.ts';
import { revocationError, underNationalAuthority } from '../certificate-question.ts';
import { chooseNationalKey, nationalFit } from './national-fit.ts';
import type { NationalKey } from './national-keys.ts';

/**
 * A NUC signature as signer of messages to the CA, once the national authority's own signature under it is checked and,
 * as far as the bank's file wants it, whether the authority has revoked it.
 *
 * @throws KiltError `national-signature-unusable` {likelyCause, reason}, `revocation-unknown`
 */
export async function nationalSigner(
  key: NationalKey,
  bank: BankSystem,
  trust: Pick<CertificateTrust, 'judge'>,
): Promise<CertifiedSigner> {
  const { certificate } = key;
  const verdict = await trust.judge(underNationalAuthority(bank, certificate.der));
  if (!verdict.trusted) throw refusal(verdict);
  // The CA has the root; what stands between that and the leaf it may lack.
  const chain = verdict.path
    .slice(1)
    .filter(({ subjectName, issuerName }) => !sameName(subjectName, issuerName))
    .map(({ der }) => der);
  const signer = key.signer();
  return {
    algorithm: signer.algorithm,
    publicKeyInfo: signer.publicKeyInfo,
    sign: (data) => signer.sign(data),
    certificate: certificate.der,
    chain,
  };
}

function refusal(verdict: Extract<TrustVerdict, { trusted: false }>): KiltError {
  const { reason, revocation } = verdict;
  if (reason === 'revoked' || reason === 'suspended') {
    const since = revocation.state === reason ? { since: revocation.since.toISOString() } : {};
    return new KiltError('national-signature-unusable', { likelyCause: reason, ...since });
  }
  const likelyCause = reason === 'expired' ? 'expired' : 'issuer-unknown';
  return revocationError(verdict) ?? new KiltError('national-signature-unusable', { likelyCause, reason });
}

/**
 * The NUC signature that a registration goes on with: the one it was begun with, or, where that has been renewed or has
 * ended meanwhile, the only other one that fits.
 *
 * @throws KiltError as {@link chooseNationalKey}
 */
export function nationalKeyToGoOnWith(
  keys: readonly NationalKey[],
  bank: BankSystem,
  at: Date,
  begunWith: DerBytes | undefined,
): NationalKey {
  const same = begunWith && keys.find(({ certificate }) => equalBytes(certificate.der, begunWith));
  return same && nationalFit(same, bank, at) === 'fits' ? same : chooseNationalKey(keys, bank, at);
}
