/**
 * Whether the serial number that a library gives is that of a token whose card was asked itself: the same number, in
 * hexadecimal as PKCS#11 libraries write it (with or without leading zeros), or in decimal as the token's maker prints it.
 *
 * @param serial upper-case hexadecimal without leading zero bytes (`TokenSerial`)
 */
export function isSameSerial(inLibrary: string, serial: string): boolean {
  const digits = inLibrary.replace(/[\s:-]/g, '');
  if (!/^[0-9a-f]+$/i.test(serial) || digits === '') return false;
  const number = BigInt(`0x${serial}`);
  if (/^[0-9a-f]+$/i.test(digits) && BigInt(`0x${digits}`) === number) return true;
  return /^[0-9]+$/.test(digits) && BigInt(digits) === number;
}
