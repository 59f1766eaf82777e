import { readSmallInteger, type DerValue } from '../asn1.ts';
import { unsupportedContainer } from './failure.ts';

/**
 * Beyond it a file is made to keep us busy: a derivation takes up to a second or two for so many. Firefox (NSS) writes
 * 600 000. Streebog is our own and a hundred times slower than what `node:crypto` has; programs write
 * 2000 iterations with it.
 */
export const mostIterations = { native: 600_000, gost: 10_000 } as const;

/** @throws DerError; KiltError `key-container-unsupported` */
export function checkedIterations(value: DerValue, most: number = mostIterations.native): number {
  const iterations = readSmallInteger(value);
  if (iterations < 1 || iterations > most) throw unsupportedContainer(`${iterations} iterations`);
  return iterations;
}
