import type { NationalSignatureView } from '#shared/views.ts';
import { issuerNameOf } from '#main/pki/certificate-texts.ts';
import type { BankSystem } from '../bank-system.ts';
import { nationalFit } from './national-fit.ts';
import type { NationalKey } from './national-keys.ts';

/**
 * A NUC signature in plain facts.
 *
 * @param banks those that are known; the view tells of each that takes NUC signatures whether it takes this one
 */
export function nationalSignatureView(
  key: NationalKey,
  banks: readonly BankSystem[],
  at: Date,
): NationalSignatureView {
  const { certificate, owner, algorithm, name, organisation } = key;
  return {
    serialNumber: certificate.serialNumber,
    owner,
    name,
    ...(organisation === undefined ? {} : { organisation }),
    algorithm,
    issuerName: issuerNameOf(certificate),
    notBefore: certificate.notBefore.toISOString(),
    notAfter: certificate.notAfter.toISOString(),
    fits: Object.fromEntries(
      banks.filter(({ national }) => national).map((bank) => [bank.id, nationalFit(key, bank, at)]),
    ),
  };
}
