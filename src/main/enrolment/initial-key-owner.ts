import type { DerBytes } from '#shared/bytes.ts';
import { parseCertificate } from '#main/pki/certificate.ts';
import { attributeTexts } from '#main/pki/distinguished-name.ts';
import { oids } from '#main/pki/oids.ts';

/**
 * Whether an initial key was issued for this user ID, as far as its subject tells: the bank writes the ID as UID
 * (0.9.2342.19200300.100.1.1). A subject without one says nothing, and the CA decides. Letter case counts: the CA
 * compares so, and a typing error is better found here, before anything is changed.
 */
export function belongsToUser(key: { readonly certificate: DerBytes }, userId: string): boolean {
  const named = attributeTexts(parseCertificate(key.certificate).subjectName, oids.userId);
  return named.length === 0 || named.some((uid) => uid.trim() === userId);
}
