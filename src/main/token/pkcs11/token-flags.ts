import type { PinStatus } from '../token-session.ts';
import type { LibraryToken } from './library-protocol.ts';

/** Flags of CK_TOKEN_INFO that tell of the user PIN (PKCS#11 v2.40 §3.2, table 8). */
export const userPinFlags = {
  countLow: 0x0001_0000,
  finalTry: 0x0002_0000,
  locked: 0x0004_0000,
} as const;

/**
 * What a library tells of the user PIN without trying it. It counts no tries: it knows only the last one, and none.
 */
export function pinStatusFrom({ flags, minPinLength }: LibraryToken): PinStatus {
  const has = (flag: number): boolean => (flags & flag) !== 0;
  const blocked = has(userPinFlags.locked);
  return {
    attemptsLeft: blocked ? 0 : has(userPinFlags.finalTry) ? 1 : null,
    maxAttempts: null,
    minLength: minPinLength > 0 ? minPinLength : null,
    blocked,
    changedBy: null,
  };
}

/** What the card says of its PIN, and where it keeps silent what the library says of the same PIN. */
export function knownOf(card: PinStatus, library: PinStatus | undefined): PinStatus {
  if (library === undefined || card.attemptsLeft !== null || card.blocked) return card;
  return { ...card, attemptsLeft: library.attemptsLeft, blocked: library.blocked };
}
