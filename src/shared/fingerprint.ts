/** A SHA-256 fingerprint as typed or printed: 64 hexadecimal digits; spaces, dashes and colons may stand between them. */
const form = /^[0-9a-f]{64}$/;

/** The digits in lower case, or `undefined` when the text is no fingerprint. */
export function readFingerprint(text: string): string | undefined {
  const digits = text.replace(/[\s:-]/g, '').toLowerCase();
  return form.test(digits) ? digits : undefined;
}

/** As on paper: capital letters in groups of four, which the eye compares one by one. */
export const groupedFingerprint = (digits: string): string =>
  digits
    .toUpperCase()
    .match(/.{1,4}/g)
    ?.join(' ') ?? '';
