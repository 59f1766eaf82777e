import type { CallOutput } from '#shared/ipc-contract.ts';

/** A file that the user has chosen or dropped, as the main process names it. */
export type ChosenDocument = CallOutput<'signing.drop'>[number];

/** What has been chosen so far and what came now, each once; what came again is looked at anew. */
export const joined = (
  before: readonly ChosenDocument[],
  now: readonly ChosenDocument[],
): readonly ChosenDocument[] => [
  ...before,
  ...now.filter((one) => !before.some(({ documentId }) => documentId === one.documentId)),
];

const units = ['bytes', 'kilobytes', 'megabytes', 'gigabytes'] as const;

/** Size for people: the number, and the name of its unit. */
export function sizeOf(bytes: number): { readonly unit: (typeof units)[number]; readonly count: number } {
  const power = bytes < 1024 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  const count = bytes / 1024 ** power;
  return { unit: units[power] ?? 'bytes', count: power === 0 ? count : Math.round(count * 10) / 10 };
}
