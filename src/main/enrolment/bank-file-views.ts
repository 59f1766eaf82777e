import { createHash } from 'node:crypto';
import type { BankChange, BankDetails } from '#shared/bank-views.ts';
import { groupedFingerprint } from '#shared/fingerprint.ts';
import { certificatesFromPem } from '#main/pki/x509.ts';
import type { BankSigner } from './bank-file.ts';
import type { BankSystem } from './bank-system.ts';

/** What a bank's file says, for people. */
export const bankDetails = (bank: BankSystem): BankDetails => ({
  id: bank.id,
  bank: bank.bank,
  name: bank.name,
  description: bank.description,
  customers: bank.customers,
  authentication: bank.authentication,
  version: bank.version,
  origin: bank.api.origin,
  caUrl: bank.ca.url,
  ...(bank.notAfter === undefined ? {} : { notAfter: bank.notAfter }),
  ...(bank.support?.phone === undefined ? {} : { supportPhone: bank.support.phone }),
  ...(bank.support?.site === undefined ? {} : { supportSite: bank.support.site }),
});

const fingerprints = (anchors: readonly string[]): string[] =>
  anchors
    .flatMap(certificatesFromPem)
    .map((der) => groupedFingerprint(createHash('sha256').update(der).digest('hex')));

/** What decides whom Kilt talks to and whom it believes, in the order in which it is told. */
const trusted: readonly (readonly [BankChange['what'], (bank: BankSystem) => string[]])[] = [
  ['origin', (bank) => [bank.api.origin]],
  ['ca-url', (bank) => [bank.ca.url]],
  ['ca-anchors', (bank) => fingerprints(bank.ca.anchors)],
  ['tls-anchors', (bank) => fingerprints(bank.api.tlsAnchors)],
  ['national-anchors', (bank) => fingerprints(bank.national?.anchors ?? [])],
  ['authentication', (bank) => [bank.authentication]],
];

/** What of that another version of a bank's file changes. The order of certificates means nothing. */
export function bankChanges(
  before: BankSystem,
  after: BankSystem,
  signers: { readonly before: BankSigner | undefined; readonly after: BankSigner | undefined },
): BankChange[] {
  const changed = trusted.flatMap(([what, values]): BankChange[] => {
    const [from, to] = [values(before), values(after)];
    return [...from].sort().join() === [...to].sort().join() ? [] : [{ what, from, to }];
  });
  const [from, to] = [signers.before, signers.after];
  return from && to && from.fingerprint !== to.fingerprint
    ? [{ what: 'signer', from: [signerText(from)], to: [signerText(to)] }, ...changed]
    : changed;
}

const signerText = ({ name, fingerprint }: BankSigner): string =>
  `${name} (${groupedFingerprint(fingerprint)})`;
