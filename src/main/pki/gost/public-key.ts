import { equalBytes } from '#shared/bytes.ts';
import { readAlgorithm, type AlgorithmIdentifier } from '../algorithm-identifier.ts';
import { DerError, parseDer, parseSequence, tag } from '../asn1.ts';
import { pointAt, type GostCurve, type GostPoint } from './curves.ts';
import { gostAlgorithmOfKey, type GostAlgorithm } from './gost-algorithms.ts';
import { fromLittleEndian } from './little-endian.ts';

/** A public key that has been found to be a point of its curve. */
export interface GostPublicKey {
  readonly algorithm: GostAlgorithm;
  readonly curve: GostCurve;
  readonly point: GostPoint;
}

/** Bytes before x ‖ y in a key of Gamma Technologies: a Microsoft PUBLICKEYBLOB header with their own algorithm. */
export const keyBlobHeaderBytes = 16;
/** «␀EC1» at byte 8 of that header, as in every certificate of KISC that has been seen. */
const keyBlobMagic = Uint8Array.of(0x00, 0x45, 0x43, 0x31);
const keyBlobMagicAt = 8;

/** The curve that the algorithm of a key names. @throws DerError */
export function curveOfKey(identifier: AlgorithmIdentifier): GostCurve | undefined {
  const algorithm = gostAlgorithmOfKey(identifier.oid);
  if (!algorithm) return undefined;
  if (isCurve(algorithm.curves)) return algorithm.curves;
  if (!identifier.parameters) return undefined;
  // GostR3410-PublicKeyParameters: curve, hash, cipher (RFC 9215 §4.2); the curve alone decides.
  return algorithm.curves[parseSequence(identifier.parameters).oid()];
}

const isCurve = (curves: GostAlgorithm['curves']): curves is GostCurve => 'cofactor' in curves;

function coordinates({ publicKeyForm }: GostAlgorithm, bits: Uint8Array): Uint8Array | undefined {
  if (publicKeyForm === 'octet-string') {
    const octets = parseDer(bits);
    return octets.tag === tag.octetString ? octets.content : undefined;
  }
  const magic = bits.subarray(keyBlobMagicAt, keyBlobMagicAt + keyBlobMagic.length);
  return equalBytes(magic, keyBlobMagic) ? bits.subarray(keyBlobHeaderBytes) : undefined;
}

/** Reads a SubjectPublicKeyInfo; undefined for other algorithms, unknown curves and points that are none. */
export function readGostPublicKey(info: Uint8Array): GostPublicKey | undefined {
  try {
    const fields = parseSequence(info);
    const identifier = readAlgorithm(fields.next(tag.sequence));
    const bits = fields.bits();
    fields.end();
    const algorithm = gostAlgorithmOfKey(identifier.oid);
    const curve = curveOfKey(identifier);
    if (!algorithm || !curve) return undefined;
    const xy = coordinates(algorithm, bits);
    if (xy?.length !== 2 * curve.bytes) return undefined;
    const [x, y] = [xy.subarray(0, curve.bytes), xy.subarray(curve.bytes)].map(fromLittleEndian);
    const point = x !== undefined && y !== undefined ? pointAt(curve, x, y) : undefined;
    return point && { algorithm, curve, point };
  } catch (error) {
    if (error instanceof DerError) return undefined;
    throw error;
  }
}
