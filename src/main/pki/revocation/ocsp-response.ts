import type { DerBytes } from '#shared/bytes.ts';
import { readAlgorithm, type AlgorithmIdentifier } from '../algorithm-identifier.ts';
import {
  DerError,
  DerReader,
  members,
  parseDer,
  parseSequence,
  readSmallInteger,
  readTime,
  readWholeBytes,
  tag,
  type DerValue,
} from '../asn1.ts';
import { readExtensions, type Extension } from '../certificate.ts';
import { oids } from '../oids.ts';
import { readReason, type RevocationReason } from './reason.ts';

/** OCSPResponseStatus other than successful (RFC 6960 §4.2.1) by its number. */
const refusals = {
  1: 'malformedRequest',
  2: 'internalError',
  3: 'tryLater',
  5: 'sigRequired',
  6: 'unauthorized',
} as const;
export type OcspRefusal = (typeof refusals)[keyof typeof refusals];

export interface SingleResponse {
  readonly certId: DerValue;
  readonly status:
    | { readonly state: 'good' }
    | { readonly state: 'unknown' }
    | { readonly state: 'revoked'; readonly since: Date; readonly reason: RevocationReason };
  readonly thisUpdate: Date;
  /** Absent: newer information is there at any time. */
  readonly nextUpdate: Date | undefined;
  readonly extensions: ReadonlyMap<string, Extension>;
}

/** BasicOCSPResponse (RFC 6960 §4.2.1). Nothing in it is proven until `checkOcspResponse` has looked at it. */
export interface OcspResponse {
  /** The signed part, as received. */
  readonly tbs: DerBytes;
  readonly responder:
    | { readonly by: 'name'; readonly name: DerBytes }
    /** SHA-1 of the bits of the key. */
    | { readonly by: 'key'; readonly keyHash: Uint8Array };
  readonly producedAt: Date;
  readonly responses: readonly SingleResponse[];
  readonly extensions: ReadonlyMap<string, Extension>;
  readonly signatureAlgorithm: AlgorithmIdentifier;
  readonly signature: Uint8Array;
  readonly certificates: readonly DerBytes[];
}

/** Answers are about one certificate; this bounds what a responder can make us read. */
const mostResponses = 64;
const mostCertificates = 8;

/**
 * Reads an OCSPResponse.
 *
 * @returns the responder's refusal where it gives one: refusals are not signed and prove nothing
 * @throws DerError
 */
export function parseOcspResponse(der: Uint8Array): OcspResponse | OcspRefusal {
  const whole = parseSequence(der);
  const status = readSmallInteger(whole.next(tag.enumerated));
  const bytes = whole.optionalExplicit(0);
  whole.end();
  if (status !== 0) {
    if (status in refusals) return refusals[status as keyof typeof refusals];
    throw new DerError('no such response status');
  }
  if (bytes?.tag !== tag.sequence) throw new DerError('a response without content');
  const reader = new DerReader(bytes.content);
  if (reader.oid() !== oids.ocspBasic) throw new DerError('not a basic response');
  const basic = reader.octets();
  reader.end();
  return readBasic(basic);
}

function readBasic(der: Uint8Array): OcspResponse {
  const basic = parseSequence(der);
  const tbs = basic.next(tag.sequence);
  const signatureAlgorithm = readAlgorithm(basic.next(tag.sequence));
  const signature = readWholeBytes(basic.next(tag.bitString));
  const certificates = basic.optionalExplicit(0);
  basic.end();

  const data = new DerReader(tbs.content);
  const version = data.optionalExplicit(0);
  if (version && readSmallInteger(version) !== 0) throw new DerError('not version 1');
  const responder = readResponder(data.any());
  const producedAt = readTime(data.next(tag.generalizedTime));
  const responses = members(data.next(tag.sequence), tag.sequence);
  if (responses.length > mostResponses) throw new DerError('more responses than anybody asked for');
  const extensions = readExtensions(data.optionalExplicit(1));
  data.end();
  return {
    tbs: tbs.der,
    responder,
    producedAt,
    responses: responses.map(readSingle),
    extensions,
    signatureAlgorithm,
    signature,
    certificates: certificates
      ? members(certificates, tag.sequence)
          .slice(0, mostCertificates)
          .map((one) => one.der)
      : [],
  };
}

function readResponder(value: DerValue): OcspResponse['responder'] {
  if (value.tag === tag.context(1)) return { by: 'name', name: parseDer(value.content).der };
  if (value.tag !== tag.context(2)) throw new DerError('not a ResponderID');
  return { by: 'key', keyHash: new DerReader(value.content).octets() };
}

function readSingle({ content }: DerValue): SingleResponse {
  const reader = new DerReader(content);
  const certId = reader.next(tag.sequence);
  const status = readStatus(reader.any());
  const thisUpdate = readTime(reader.next(tag.generalizedTime));
  const next = reader.optionalExplicit(0);
  const extensions = readExtensions(reader.optionalExplicit(1));
  reader.end();
  return { certId, status, thisUpdate, nextUpdate: next && readTime(next), extensions };
}

function readStatus(value: DerValue): SingleResponse['status'] {
  if (value.tag === tag.contextPrimitive(0)) return { state: 'good' };
  if (value.tag === tag.contextPrimitive(2)) return { state: 'unknown' };
  if (value.tag !== tag.context(1)) throw new DerError('not a CertStatus');
  const reader = new DerReader(value.content);
  const since = readTime(reader.next(tag.generalizedTime));
  const given = reader.optionalExplicit(0);
  reader.end();
  const reason = given ? readReason(given.der) : 'unspecified';
  // RFC 5280 has removeFromCRL for delta lists alone; an answer of «revoked» with it is revoked.
  return { state: 'revoked', since, reason: reason === 'removeFromCRL' ? 'unspecified' : reason };
}
