import type { DerBytes } from '#shared/bytes.ts';
import { attributeTexts, sameName } from '#main/pki/distinguished-name.ts';
import { oids } from '#main/pki/oids.ts';
import { parseCertificate } from '#main/pki/x509.ts';

/** Attributes that name a person or a firm whatever they are called: user ID, and IIN or BIN. */
const identifiers = [oids.userId, oids.serialNumber];

/**
 * Whether a new certificate names the holder of the old one. Names change, by marriage for example; identifiers do not. A
 * subject without any must be the same as a whole.
 */
export function isSameHolder(old: DerBytes, renewed: DerBytes): boolean {
  const before = parseCertificate(old).subjectName;
  const after = parseCertificate(renewed).subjectName;
  const named = identifiers.filter((type) => attributeTexts(before, type).length > 0);
  if (named.length === 0) return sameName(before, after);
  return named.every((type) => attributeTexts(before, type).join() === attributeTexts(after, type).join());
}
