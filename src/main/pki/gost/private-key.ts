import { readAlgorithm, type AlgorithmIdentifier } from '../algorithm-identifier.ts';
import { DerError, parseDer, parseSequence, tag } from '../asn1.ts';
import { pointsOf, type GostCurve } from './curves.ts';
import { fromBigEndian, fromLittleEndian } from './little-endian.ts';
import { keyBlobHeaderBytes, type GostPublicKey } from './public-key.ts';

/** Masks that a masked key may have (R 50.1.112-2016 §4.2.2 knows any number; programs write one). */
const mostMasks = 3;

/** PrivateKeyInfo (PKCS#8) as far as it is the same for everybody. @throws DerError */
export function readPrivateKeyInfo(info: Uint8Array): {
  readonly algorithm: AlgorithmIdentifier;
  readonly value: Uint8Array;
} {
  const fields = parseSequence(info);
  fields.next(tag.integer);
  return { algorithm: readAlgorithm(fields.next(tag.sequence)), value: fields.octets() };
}

/** What may be the bytes of the number: the value itself, what it wraps, and either without a key blob's header. */
function framings(value: Uint8Array): readonly Uint8Array[] {
  const inner = innerOctets(value);
  const outer = inner ? [value, inner] : [value];
  return outer.flatMap((bytes) =>
    bytes.length > keyBlobHeaderBytes ? [bytes, bytes.subarray(keyBlobHeaderBytes)] : [bytes],
  );
}

/** Content of an OCTET STRING or INTEGER that the value holds and nothing else. */
function innerOctets(value: Uint8Array): Uint8Array | undefined {
  try {
    const inner = parseDer(value);
    if (inner.tag === tag.octetString) return inner.content;
    return inner.tag === tag.integer ? withoutSign(inner.content) : undefined;
  } catch (error) {
    if (error instanceof DerError) return undefined;
    throw error;
  }
}

const withoutSign = (content: Uint8Array): Uint8Array => (content[0] === 0 ? content.subarray(1) : content);

/**
 * Numbers that a private key's value may stand for. NCA writes an OCTET STRING of the number little-endian, OpenSSL the
 * bare bytes (RFC 9215 leaves it open), R 50.1.112 allows a product with masks, others write an INTEGER; how Gamma does
 * it is not published, but its public keys are key blobs.
 */
function candidates({ bytes, q }: GostCurve, value: Uint8Array): ReadonlySet<bigint> {
  const found = new Set<bigint>();
  for (const framing of framings(value)) {
    const parts = framing.length / bytes;
    if (Number.isInteger(parts) && parts >= 1 && parts <= 1 + mostMasks) {
      let product = 1n;
      for (let at = 0; at < framing.length; at += bytes) {
        product = (product * fromLittleEndian(framing.subarray(at, at + bytes))) % q;
      }
      found.add(product);
    }
    // An INTEGER has no leading zeros.
    if (framing.length <= bytes) found.add(fromBigEndian(framing) % q);
  }
  found.delete(0n);
  return found;
}

/**
 * Finds out which of the public keys a private key belongs to, and how it is written: by calculating the point. The
 * form that gives a known point is the right one; a wrong one can not.
 *
 * @param value of {@link readPrivateKeyInfo}
 */
export function matchPrivateKey<T extends GostPublicKey>(
  value: Uint8Array,
  publicKeys: readonly T[],
): { readonly d: bigint; readonly publicKey: T } | undefined {
  for (const curve of new Set(publicKeys.map((key) => key.curve))) {
    for (const d of candidates(curve, value)) {
      const point = pointsOf(curve).BASE.multiply(d);
      const publicKey = publicKeys.find((key) => key.curve === curve && key.point.equals(point));
      if (publicKey) return { d, publicKey };
    }
  }
  return undefined;
}
