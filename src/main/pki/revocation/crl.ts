import { asDer, toHex, type DerBytes } from '#shared/bytes.ts';
import { readAlgorithm, type AlgorithmIdentifier } from '../algorithm-identifier.ts';
import {
  DerError,
  DerReader,
  parseSequence,
  readSmallInteger,
  readTime,
  readWholeBytes,
  tag,
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

const understood: ReadonlySet<string> = new Set([
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

/** Lists have up to 100 000 entries: each is only framed here, and read when it is asked for. */
function indexEntries(list: Uint8Array | undefined) {
  const entries = new Map<string, Uint8Array>();
  let notUnderstood = false;
  const reader = new DerReader(list ?? new Uint8Array());
  while (!reader.atEnd) {
    const entry = reader.next(tag.sequence);
    const fields = new DerReader(entry.content);
    const serialNumber = readSerialNumber(fields.next(tag.integer));
    fields.any();
    if (!fields.atEnd) notUnderstood ||= hasUnknownCritical(entryExtensions(fields), understoodInEntries);
    entries.set(serialNumber, entry.der);
  }
  return { entries, notUnderstood };
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

  const { entries, notUnderstood } = indexEntries(revoked?.content);
  const scope = extensions.get(oids.issuingDistributionPoint);
  return {
    der: asDer(der),
    tbs: tbs.der,
    issuerName,
    thisUpdate,
    nextUpdate: next && readTime(next),
    scope: scope && readCrlScope(scope.value),
    isDelta: extensions.has(oids.deltaCRLIndicator),
    notUnderstood: notUnderstood || hasUnknownCritical(extensions, understood),
    size: entries.size,
    signatureAlgorithm,
    signature,
    entryOf(serialNumber) {
      const entry = entries.get(serialNumber);
      return entry && readEntry(entry);
    },
  };
}

const pemCrl = /-----BEGIN X509 CRL-----([A-Za-z0-9+/=\s]+)-----END X509 CRL-----/;

/** DER of a CRL as servers deliver it: usually DER, sometimes PEM. */
export function crlBytes(received: Uint8Array): Uint8Array {
  if (received[0] === tag.sequence) return received;
  const base64 = pemCrl.exec(Buffer.from(received).toString('latin1'))?.[1];
  return base64 === undefined ? received : new Uint8Array(Buffer.from(base64, 'base64'));
}
