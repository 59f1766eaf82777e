import { z } from 'zod';
import { readFingerprint } from '#shared/fingerprint.ts';
import { DerError } from '#main/pki/asn1.ts';
import { certificatesFromPem, distinguishedName, parseCertificate } from '#main/pki/x509.ts';

/** What members of a bank's file are made of. Each message is for the bank's developer: what the member must be. */

const longestAddress = 2_048;
// What turns the direction of text around, joins it or hides in it: a name could look like another one.
const hidden = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

/** One line for people. */
export const line = (longest: number) =>
  z
    .string()
    .max(longest)
    .refine((text) => text.trim() !== '', 'must not be empty')
    .refine((text) => text === text.trim(), 'must not begin or end with a space')
    .refine((text) => !hidden.test(text), 'must be one line without control characters');

/** The same line in each of Kilt's languages. */
export const texts = (longest: number) =>
  z.strictObject({ ru: line(longest), kk: line(longest), en: line(longest) });

/** An address that a program asks or a browser opens. */
const address = z
  .string()
  .max(longestAddress)
  .refine((text) => URL.canParse(text) && !/[\s\\]/.test(text), 'must be an absolute URL')
  .refine(
    (text) => !URL.canParse(text) || new URL(text).username === '',
    'must not hold a user name or password',
  )
  .refine((text) => !text.includes('#'), 'must not hold a fragment (#…)');

export const httpsAddress = address.refine((text) => text.startsWith('https://'), 'must be https');
export const httpAddress = address.refine((text) => /^https?:\/\//.test(text), 'must be https or http');

/** Scheme, host and port as a browser writes them (RFC 6454 §6.2). */
export const origin = z
  .string()
  .refine(
    (text) => text.startsWith('https://') && URL.canParse(text) && new URL(text).origin === text,
    'must be an https origin as browsers write it: https://host or https://host:port, nothing after it',
  );

/** PEM of one certificate or several. */
export const pem = z.string().superRefine((text, context) => {
  const found = certificatesFromPem(text);
  if (found.length === 0) context.addIssue('must be a certificate in PEM (-----BEGIN CERTIFICATE-----)');
  for (const der of found) {
    try {
      parseCertificate(der);
    } catch (error) {
      if (!(error instanceof DerError)) throw error;
      context.addIssue('holds a certificate that can not be read');
    }
  }
});

export const distinguishedNameText = z
  .string()
  .refine(isDistinguishedName, 'must be a distinguished name (RFC 4514)');
export const subjectTemplate = distinguishedNameText.refine(
  (text) => text.includes('{userId}'),
  'must hold {userId}, which Kilt replaces',
);

/** SHA-256 of a public key (SubjectPublicKeyInfo), as `kilt banks check` shows it. */
export const fingerprint = z
  .string()
  .refine(
    (text) => readFingerprint(text) !== undefined,
    'must be a SHA-256 fingerprint: 64 hexadecimal digits',
  );

function isDistinguishedName(text: string): boolean {
  try {
    distinguishedName(text);
    return text !== '';
  } catch {
    return false;
  }
}
