import type { StoredCertificateView } from '#shared/control-panel-views.ts';

/** What a certificate is good for, in words a person uses; texts stand under `certificates.usage`. */
export type PlainUsage = 'signing' | 'sign-in' | 'sign-in-and-signing' | 'encryption' | 'authority' | 'other';

/** Names of RFC 5280 §4.2.1.3: `nonRepudiation` is what makes a signature binding. */
const binding = ['nonRepudiation', 'contentCommitment'];
const encrypting = ['keyEncipherment', 'dataEncipherment', 'keyAgreement'];

/**
 * What a certificate is good for: of one that Kilt has registered, what it was made for; of any other, what its key
 * usage allows. One without key usage may be used for anything (RFC 5280 §4.2.1.3) and says nothing about itself.
 */
export function plainUsage(certificate: StoredCertificateView): PlainUsage[] {
  const { purpose, keyUsage, isAuthority } = certificate;
  if (isAuthority) return ['authority'];
  if (purpose === 'signature') return ['signing'];
  if (purpose === 'sign-in') return ['sign-in'];
  const signs = keyUsage.some((name) => binding.includes(name));
  const usages: PlainUsage[] = [];
  if (signs) usages.push(keyUsage.includes('digitalSignature') ? 'sign-in-and-signing' : 'signing');
  else if (keyUsage.includes('digitalSignature')) usages.push('sign-in');
  if (keyUsage.some((name) => encrypting.includes(name))) usages.push('encryption');
  return usages.length > 0 ? usages : ['other'];
}
