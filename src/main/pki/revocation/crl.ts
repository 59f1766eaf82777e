import { asDer, toHex, type DerBytes } from '#shared/bytes.ts';
import { readAlgorithm, type AlgorithmIdentifier } from '../algorithm-identifier.ts';
import {
  DerError,
  DerReader,
  parseDer,
  parseSequence,
  readInteger,
  readSmallInteger,
  readTime,
  readWholeBytes,
  spanAt,
  tag,
  type Span,
} from '../asn1.ts';
import { readExtensions, readSerialNumber, type Extension } from '../certificate.ts';
import { oids } from '../oids.ts';
import { readCrlScope, type CrlScope } from './distribution-points.ts';
import { readReason, type RevocationReason } from './reason.ts';

export interface CrlEntry {
  readonly revokedAt: Date;
  readonly reason: RevocationReason | 'removeFromCRL';
}

/** A certificate revocation list (RFC 5280 §5.1). Nothing in it is proven until {@link checkCrl} has looked at it. */
export interface Crl {
  readonly der: DerBytes;
  /** The signed part, as received. */
  readonly tbs: DerBytes;
  readonly issuerName: DerBytes;
  readonly thisUpdate: Date;
  /** Absent in lists that break RFC 5280 §5.1.2.5. */
  readonly nextUpdate: Date | undefined;
  /** cRLNumber (RFC 5280 §5.2.3): grows from list to list of one CA. */
  readonly number: bigint | undefined;
  readonly scope: CrlScope | undefined;
  /** The list only changes another one. */
  readonly isDelta: boolean;
  /** An extension of the list or of any entry is critical and not understood: the list tells nothing (§5.2, §5.3). */
  readonly notUnderstood: boolean;
  readonly size: number;
  readonly signatureAlgorithm: AlgorithmIdentifier;
  readonly signature: Uint8Array;
  /** @param serialNumber as {@link CertificateInfo} has it. @throws DerError for an entry that can not be read */
  entryOf(serialNumber: string): CrlEntry | undefined;
}

const understoodInLists: ReadonlySet<string> = new Set([
  oids.authorityKeyIdentifier,
  oids.cRLNumber,
  oids.deltaCRLIndicator,
  oids.issuingDistributionPoint,
]);
/** certificateIssuer is critical and left out: only indirect lists have it. */
const understoodInEntries: ReadonlySet<string> = new Set([oids.cRLReason, oids.invalidityDate]);

const hasUnknownCritical = (
  extensions: ReadonlyMap<string, Extension>,
  known: ReadonlySet<string>,
): boolean => [...extensions].some(([type, { critical }]) => critical && !known.has(type));

const entryExtensions = (reader: DerReader): ReadonlyMap<string, Extension> =>
  readExtensions(reader.atEnd ? undefined : reader.next(tag.sequence));

function readEntry(entry: Uint8Array): CrlEntry {
  const reader = parseSequence(entry);
  reader.next(tag.integer);
  const revokedAt = readTime(reader.any());
  const reason = entryExtensions(reader).get(oids.cRLReason);
  reader.end();
  return { revokedAt, reason: reason ? readReason(reason.value) : 'unspecified' };
}

/** The value at a place, which must have this tag. */
function spanOf(bytes: Uint8Array, at: number, expected: number): Span {
  if (bytes[at] !== expected) throw new DerError('not an entry of a CRL');
  return spanAt(bytes, at);
}

/**
 * Where each entry stands, by its serial number. Lists have up to 100 000 of them: each is only framed here, without
 * making an object of it, and read when it is asked for.
 */
function indexEntries(content: Uint8Array) {
  const list = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  const places = new Map<string, Span>();
  // Most entries of a list have the same few bytes of extensions.
  const understood = new Set<string>();
  let notUnderstood = false;
  for (let at = 0; at < list.length;) {
    const entry = spanOf(list, at, tag.sequence);
    const serialNumber = spanOf(list, entry.start, tag.integer);
    const date = spanAt(list, serialNumber.end);
    if (date.end < entry.end) {
      const extensions = list.toString('latin1', date.end, entry.end);
      if (!understood.has(extensions)) {
        const read = readExtensions(parseDer(list.subarray(date.end, entry.end)));
        if (hasUnknownCritical(read, understoodInEntries)) notUnderstood = true;
        else if (understood.size < 16) understood.add(extensions);
      }
    } else if (date.end > entry.end) throw new DerError('the entry ends early');
    places.set(serialNumberAt(list, serialNumber), { start: at, end: entry.end });
    at = entry.end;
  }
  return { places, notUnderstood };
}

/** As `readSerialNumber` writes it, in far less time. */
function serialNumberAt(list: Buffer, { start, end }: Span): string {
  const [first, second = 0] = [list[start], list[start + 1]];
  const padded =
    first === undefined || (end - start > 1 && (first === 0 || (first === 0xff && second >= 0x80)));
  return padded ? readSerialNumber({ content: list.subarray(start, end) }) : list.toString('hex', start, end);
}

/**
 * Reads a CRL, version 1 or 2.
 *
 * @throws DerError for anything that is not a CRL in DER
 */
export function parseCrl(der: Uint8Array): Crl {
  const whole = parseSequence(der);
  const tbs = whole.next(tag.sequence);
  const outer = readAlgorithm(whole.next(tag.sequence));
  const signature = readWholeBytes(whole.next(tag.bitString));
  whole.end();

  const fields = new DerReader(tbs.content);
  const version = fields.optional(tag.integer);
  if (version && readSmallInteger(version) !== 1) throw new DerError('not a CRL of version 1 or 2');
  const signatureAlgorithm = readAlgorithm(fields.next(tag.sequence));
  if (toHex(signatureAlgorithm.der) !== toHex(outer.der)) {
    throw new DerError('two signature algorithms in one CRL');
  }
  const issuerName = fields.next(tag.sequence).der;
  const thisUpdate = readTime(fields.any());
  const next = fields.optional(tag.utcTime) ?? fields.optional(tag.generalizedTime);
  const revoked = fields.optional(tag.sequence);
  const extensions = readExtensions(fields.optionalExplicit(0));
  fields.end();

  const list = revoked?.content ?? new Uint8Array();
  const { places, notUnderstood } = indexEntries(list);
  const number = extensions.get(oids.cRLNumber);
  const scope = extensions.get(oids.issuingDistributionPoint);
  return {
    der: asDer(der),
    tbs: tbs.der,
    issuerName,
    thisUpdate,
    nextUpdate: next && readTime(next),
    number: number && readInteger(parseDer(number.value)),
    scope: scope && readCrlScope(scope.value),
    isDelta: extensions.has(oids.deltaCRLIndicator),
    notUnderstood: notUnderstood || hasUnknownCritical(extensions, understoodInLists),
    size: places.size,
    signatureAlgorithm,
    signature,
    entryOf(serialNumber) {
      const place = places.get(serialNumber);
      return place && readEntry(list.subarray(place.start, place.end));
    },
  };
}

/** Whether a list was made before another one of the same CA. */
export const isOlder = (crl: Crl, other: Crl): boolean =>
  crl.thisUpdate < other.thisUpdate ||
  (crl.thisUpdate.getTime() === other.thisUpdate.getTime() && (crl.number ?? 0n) < (other.number ?? 0n));

const pemCrl = /-----BEGIN X509 CRL-----([A-Za-z0-9+/=\s]+)-----END X509 CRL-----/;

/** DER of a CRL as servers deliver it: usually DER, sometimes PEM. */
export function crlBytes(received: Uint8Array): Uint8Array {
  if (received[0] === tag.sequence) return received;
  const base64 = pemCrl.exec(Buffer.from(received).toString('latin1'))?.[1];
  return base64 === undefined ? received : new Uint8Array(Buffer.from(base64, 'base64'));
}
