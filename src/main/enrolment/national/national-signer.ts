import { equalBytes, type DerBytes } from '#shared/bytes.ts';
import { KiltError } from '#shared/errors.ts';
import type { CertifiedSigner } from '#main/pki/signer.ts';
import { sameName, verifyPath } from '#main/pki/x509.ts';
import type { BankSystem } from '../bank-system.ts';
import { chooseNationalKey, nationalAnchors, nationalFit } from './national-fit.ts';
import type { NationalKey } from './national-keys.ts';

/**
 * A NUC signature as signer of messages to the CA, once the national authority's own signature under it is checked.
 *
 * @throws KiltError `national-signature-unusable` {likelyCause, reason}
 */
export async function nationalSigner(key: NationalKey, bank: BankSystem, at: Date): Promise<CertifiedSigner> {
  const { certificate } = key;
  const anchors = nationalAnchors(bank).map(({ der }) => der);
  const answer = await verifyPath({ leaf: certificate.der, intermediates: anchors, anchors, at });
  if (!answer.trusted) {
    const likelyCause = answer.reason === 'expired' ? 'expired' : 'issuer-unknown';
    throw new KiltError('national-signature-unusable', { likelyCause, reason: answer.reason });
  }
  // The CA has the root; what stands between that and the leaf it may lack.
  const chain = answer.path
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
