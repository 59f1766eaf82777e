/**
 * DER reading and writing (X.690). Object identifiers and BER go through node-forge; the reader of the framing is our own,
 * because forge decodes into copies and forgets the bytes it read, while signatures and MACs have to be checked over the
 * bytes exactly as they were received.
 */
export * from './asn1/ber.ts';
export * from './asn1/primitives.ts';
export * from './asn1/reader.ts';
export { DerError, tag, type DerValue } from './asn1/value.ts';
export * from './asn1/writer.ts';
