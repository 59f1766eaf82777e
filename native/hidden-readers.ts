/**
 * Readers that are listed but hold no card a person could own: Windows' own for Windows Hello, TPM virtual smart
 * cards and remote sessions' helpers. They are left out of the picker and named in diagnostics.
 *
 * The names are those Windows 10 and 11 give them; a number follows each.
 */
const hiddenReaderNames: readonly RegExp[] = [
  /^Windows Hello for Business\b/i,
  /^Microsoft (Passport|UICC|IFD)\b/i,
  /^Microsoft Virtual Smart ?Card\b/i,
  /^Generic TPM Virtual Smart ?Card\b/i,
  /\bVirtual Smart ?Card Reader\b/i,
];

export const isHiddenReader = (name: string): boolean =>
  hiddenReaderNames.some((pattern) => pattern.test(name));
