import { asDer, type DerBytes } from '#shared/bytes.ts';
import {
  DerError,
  DerReader,
  derNull,
  explicit,
  integer,
  members,
  octetString,
  parseDer,
  readSmallInteger,
  readText,
  sequence,
  tag,
  utf8String,
  type DerValue,
} from '../asn1.ts';
import { readAlgorithm, type AlgorithmIdentifier } from '../algorithm-identifier.ts';
import { parseCertificateRequest, type CertificateRequest } from './certificate-request.ts';
import { encodeStatus, freeText, readFreeText, readStatus, type StatusInfo } from './status.ts';

/** PKIBody alternatives by their tags (RFC 4210 §5.1.2). */
const bodyTags = {
  ir: 0,
  ip: 1,
  cr: 2,
  cp: 3,
  p10cr: 4,
  kur: 7,
  kup: 8,
  pkiConf: 19,
  error: 23,
  certConf: 24,
  pollReq: 25,
  pollRep: 26,
} as const;

export type RequestKind = 'ir' | 'cr' | 'kur';
export type ResponseKind = 'ip' | 'cp' | 'kup';

/** Which answer belongs to which request. */
export const responseTo: Readonly<Record<RequestKind, ResponseKind>> = { ir: 'ip', cr: 'cp', kur: 'kup' };

/** CertResponse. */
export interface CertificateResponse {
  readonly certReqId: number;
  readonly status: StatusInfo;
  readonly certificate?: DerBytes | undefined;
}

/** CertStatus (RFC 4210 §5.3.18). */
export interface CertificateStatus {
  readonly certHash: Uint8Array;
  readonly certReqId: number;
  /** Absent means accepted. */
  readonly status?: StatusInfo | undefined;
  /** hashAlg of pvno 3 (RFC 9480 §2.10); absent: the hash of the certificate's signature algorithm. */
  readonly hashAlgorithm?: AlgorithmIdentifier | undefined;
}

/** A PKIBody as received. */
export type PkiBody =
  | { readonly type: RequestKind; readonly requests: readonly CertificateRequest[] }
  | { readonly type: 'p10cr'; readonly request: DerBytes }
  | {
      readonly type: ResponseKind;
      readonly caPubs: readonly DerBytes[];
      readonly responses: readonly CertificateResponse[];
    }
  | { readonly type: 'certConf'; readonly statuses: readonly CertificateStatus[] }
  | { readonly type: 'pkiConf' }
  | { readonly type: 'pollReq'; readonly certReqIds: readonly number[] }
  | { readonly type: 'pollRep'; readonly entries: readonly PollEntry[] }
  | {
      readonly type: 'error';
      readonly status: StatusInfo;
      readonly errorCode?: number | undefined;
      readonly details: readonly string[];
    }
  | { readonly type: 'unsupported'; readonly tagNumber: number };

export interface PollEntry {
  readonly certReqId: number;
  /** Seconds until it is worth asking again. */
  readonly checkAfter: number;
  readonly reason: readonly string[];
}

const body = (type: keyof typeof bodyTags, content: Uint8Array): DerBytes =>
  explicit(bodyTags[type], content);

// Builders: each returns a PKIBody in DER.

/** ir, cr or kur around CertReqMsgs from `buildCertificateRequest`. */
export const buildRequestBody = (kind: RequestKind, ...requests: readonly DerBytes[]): DerBytes =>
  body(kind, sequence(...requests));

/** ip, cp or kup: CertRepMessage. */
export const buildResponseBody = (
  kind: ResponseKind,
  responses: readonly CertificateResponse[],
  caPubs: readonly DerBytes[] = [],
): DerBytes =>
  body(
    kind,
    sequence(
      caPubs.length > 0 ? explicit(1, sequence(...caPubs)) : undefined,
      sequence(
        ...responses.map(({ certReqId, status, certificate }) =>
          sequence(
            integer(certReqId),
            encodeStatus(status),
            // CertifiedKeyPair { CertOrEncCert: certificate [0] }
            certificate && sequence(explicit(0, certificate)),
          ),
        ),
      ),
    ),
  );

export const buildCertConfBody = (...statuses: readonly CertificateStatus[]): DerBytes =>
  body(
    'certConf',
    sequence(
      ...statuses.map(({ certHash, certReqId, status, hashAlgorithm }) =>
        sequence(
          octetString(certHash),
          integer(certReqId),
          status && encodeStatus(status),
          hashAlgorithm && explicit(0, hashAlgorithm.der),
        ),
      ),
    ),
  );

export const buildPkiConfBody = (): DerBytes => body('pkiConf', derNull);

export const buildPollReqBody = (...certReqIds: readonly number[]): DerBytes =>
  body('pollReq', sequence(...certReqIds.map((id) => sequence(integer(id)))));

export const buildPollRepBody = (...entries: readonly PollEntry[]): DerBytes =>
  body(
    'pollRep',
    sequence(
      ...entries.map(({ certReqId, checkAfter, reason }) =>
        sequence(integer(certReqId), integer(checkAfter), freeText(reason)),
      ),
    ),
  );

export const buildErrorBody = (status: StatusInfo, errorCode?: number, details?: string): DerBytes =>
  body(
    'error',
    sequence(
      encodeStatus(status),
      errorCode === undefined ? undefined : integer(errorCode),
      details === undefined ? undefined : sequence(utf8String(details)),
    ),
  );

// Reading

function readCertRepMessage(
  value: DerValue,
): Pick<Extract<PkiBody, { type: ResponseKind }>, 'caPubs' | 'responses'> {
  const reader = new DerReader(value.content);
  const caPubs = reader.optionalExplicit(1);
  const responses = reader.next(tag.sequence);
  reader.end();
  return {
    caPubs: caPubs ? members(caPubs, tag.sequence).map(({ der }) => der) : [],
    responses: members(responses, tag.sequence).map(readCertResponse),
  };
}

function readCertResponse({ content }: DerValue): CertificateResponse {
  const reader = new DerReader(content);
  const certReqId = reader.smallInteger();
  const status = readStatus(reader.next(tag.sequence));
  const keyPair = reader.optional(tag.sequence);
  reader.optional(tag.octetString); // rspInfo: nothing in it is asked for
  reader.end();
  // An encrypted certificate [1] is an answer to requests this program never makes.
  const certificate = keyPair && new DerReader(keyPair.content).optionalExplicit(0);
  return { certReqId, status, ...(certificate ? { certificate: certificate.der } : {}) };
}

function readCertStatus({ content }: DerValue): CertificateStatus {
  const reader = new DerReader(content);
  const certHash = reader.octets();
  const certReqId = reader.smallInteger();
  const status = reader.optional(tag.sequence);
  const hashAlgorithm = reader.optionalExplicit(0);
  reader.end();
  return {
    certHash,
    certReqId,
    ...(status ? { status: readStatus(status) } : {}),
    ...(hashAlgorithm ? { hashAlgorithm: readAlgorithm(hashAlgorithm) } : {}),
  };
}

function readPollEntry({ content }: DerValue): PollEntry {
  const reader = new DerReader(content);
  const certReqId = reader.smallInteger();
  const checkAfter = reader.smallInteger();
  const reason = reader.optional(tag.sequence);
  reader.end();
  if (checkAfter < 0) throw new DerError('a waiting time in the past');
  return { certReqId, checkAfter, reason: reason ? readFreeText(reason) : [] };
}

function readError(value: DerValue): PkiBody {
  const reader = new DerReader(value.content);
  const status = readStatus(reader.next(tag.sequence));
  const errorCode = reader.optional(tag.integer);
  const details = reader.optional(tag.sequence);
  reader.end();
  return {
    type: 'error',
    status,
    ...(errorCode ? { errorCode: readSmallInteger(errorCode) } : {}),
    details: details ? members(details).map(readText) : [],
  };
}

/** Reads a PKIBody. Kinds that this program has no use for come back as `unsupported`. @throws DerError */
export function readBody(value: DerValue): PkiBody {
  const tagNumber = value.tag & 0x1f;
  if (value.tag !== tag.context(tagNumber)) throw new DerError('not a PKIBody');
  const known = Object.entries(bodyTags).find(([, number]) => number === tagNumber);
  if (!known) return { type: 'unsupported', tagNumber };
  const type = known[0] as keyof typeof bodyTags;
  const content = parseDer(value.content);
  if (type === 'pkiConf') return { type };
  if (content.tag !== tag.sequence) throw new DerError('not a PKIBody');
  switch (type) {
    case 'ir':
    case 'cr':
    case 'kur':
      return {
        type,
        requests: members(content, tag.sequence).map(({ der }) => parseCertificateRequest(der)),
      };
    case 'p10cr':
      return { type, request: asDer(content.der) };
    case 'ip':
    case 'cp':
    case 'kup':
      return { type, ...readCertRepMessage(content) };
    case 'certConf':
      return { type, statuses: members(content, tag.sequence).map(readCertStatus) };
    case 'pollReq':
      return {
        type,
        certReqIds: members(content, tag.sequence).map(({ content: id }) => new DerReader(id).smallInteger()),
      };
    case 'pollRep':
      return { type, entries: members(content, tag.sequence).map(readPollEntry) };
    case 'error':
      return readError(content);
  }
}
