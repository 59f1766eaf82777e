import forge from 'node-forge';
import { asDer, type DerBytes } from '#shared/bytes.ts';
import { DerError } from './value.ts';

/**
 * Brings BER (indefinite lengths, strings in pieces) to definite lengths. Only for containers whose signature or MAC is
 * not over these bytes.
 *
 * @throws DerError
 */
export function berToDer(bytes: Uint8Array): DerBytes {
  try {
    const options = { strict: true, parseAllBytes: true, decodeBitStrings: false };
    // The published types know only the older boolean form of the second argument.
    const value = forge.asn1.fromDer(binaryString(bytes), options as unknown as boolean);
    return asDer(Buffer.from(forge.asn1.toDer(value).getBytes(), 'latin1'));
  } catch (cause) {
    throw new DerError('not BER', { cause });
  }
}

/** Forge's kind of byte string: one character a byte. */
export const binaryString = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
