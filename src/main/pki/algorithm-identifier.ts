import { asDer, equalBytes, type DerBytes } from '#shared/bytes.ts';
import { derNull, DerReader, oid, readOid, sequence, tag, type DerValue } from './asn1.ts';

/** AlgorithmIdentifier (RFC 5280 §4.1.1.2). */
export interface AlgorithmIdentifier {
  readonly oid: string;
  /** Encoded parameters; absent when the field is. */
  readonly parameters: DerBytes | undefined;
  readonly der: DerBytes;
}

/** @throws DerError */
export function readAlgorithm(value: DerValue): AlgorithmIdentifier {
  const reader = new DerReader(value.content);
  const type = readOid(reader.next(tag.oid));
  const parameters = reader.atEnd ? undefined : reader.any().der;
  reader.end();
  return { oid: type, parameters, der: value.der };
}

/** AlgorithmIdentifier with NULL parameters, as RSA and hash algorithms are written. */
export const algorithmWithNull = (dotted: string): DerBytes => sequence(oid(dotted), derNull);

/** Absent or NULL: both are met where an algorithm takes no parameters. */
export const hasNoParameters = ({ parameters }: AlgorithmIdentifier): boolean =>
  parameters === undefined || equalBytes(parameters, asDer(derNull));
