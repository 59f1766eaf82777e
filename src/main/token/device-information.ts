import type { TokenInfo } from './token-session.ts';

/** Bytes of GET DATA 0189 (facts §2 row 17). */
const at = { memory: 2, protocol: 3, microcode: 4 } as const;
const memoryUnit = 8 * 1024;

/** What a card says of itself; all `null` where it does not. @param information answer to GET DATA 0189 */
export function deviceFacts(
  information: Uint8Array | null,
): Pick<TokenInfo, 'totalMemory' | 'freeMemory' | 'firmware' | 'protocol'> {
  const textOf = (byte: number | undefined): string | null => (byte === undefined ? null : String(byte));
  const memory = information?.[at.memory] ?? 0;
  return {
    totalMemory: memory === 0 ? null : memory * memoryUnit,
    // No command for it is known (facts §5.3).
    freeMemory: null,
    firmware: textOf(information?.[at.microcode]),
    protocol: textOf(information?.[at.protocol]),
  };
}
