import {
  DerError,
  DerReader,
  integer,
  members,
  namedBits,
  readNamedBits,
  readSmallInteger,
  readText,
  sequence,
  tag,
  utf8String,
  type DerValue,
} from '../asn1.ts';
import type { DerBytes } from '#shared/bytes.ts';

/** PKIStatus in the order of its numbers (RFC 4210 §5.2.3). */
export const pkiStatuses = [
  'accepted',
  'grantedWithMods',
  'rejection',
  'waiting',
  'revocationWarning',
  'revocationNotification',
  'keyUpdateWarning',
] as const;
export type PkiStatus = (typeof pkiStatuses)[number];

/** PKIFailureInfo: names of the bits in their order (RFC 4210 §5.2.3). */
export const failureNames = [
  'badAlg',
  'badMessageCheck',
  'badRequest',
  'badTime',
  'badCertId',
  'badDataFormat',
  'wrongAuthority',
  'incorrectData',
  'missingTimeStamp',
  'badPOP',
  'certRevoked',
  'certConfirmed',
  'wrongIntegrity',
  'badRecipientNonce',
  'timeNotAvailable',
  'unacceptedPolicy',
  'unacceptedExtension',
  'addInfoNotAvailable',
  'badSenderNonce',
  'badCertTemplate',
  'signerNotTrusted',
  'transactionIdInUse',
  'unsupportedVersion',
  'notAuthorized',
  'systemUnavail',
  'systemFailure',
  'duplicateCertReq',
] as const;
export type FailureName = (typeof failureNames)[number];

/** PKIStatusInfo. */
export interface StatusInfo {
  readonly status: PkiStatus;
  readonly text: readonly string[];
  readonly failures: readonly FailureName[];
}

export const accepted: StatusInfo = { status: 'accepted', text: [], failures: [] };

export const rejected = (text: string, ...failures: readonly FailureName[]): StatusInfo => ({
  status: 'rejection',
  text: [text],
  failures,
});

/** PKIFreeText: SEQUENCE of UTF8String, absent when there is nothing to say. */
export const freeText = (text: readonly string[]): DerBytes | undefined =>
  text.length > 0 ? sequence(...text.map(utf8String)) : undefined;

/** @throws DerError */
export const readFreeText = (value: DerValue): readonly string[] =>
  members(value, tag.utf8String).map(readText);

export const encodeStatus = ({ status, text, failures }: StatusInfo): DerBytes =>
  sequence(
    integer(pkiStatuses.indexOf(status)),
    freeText(text),
    failures.length > 0 ? namedBits(failures.map((name) => failureNames.indexOf(name))) : undefined,
  );

/** Failure bits without a name are left out. @throws DerError */
export function readStatus(value: DerValue): StatusInfo {
  const reader = new DerReader(value.content);
  const status = pkiStatuses[readSmallInteger(reader.next(tag.integer))];
  if (status === undefined) throw new DerError('no such PKIStatus');
  const text = reader.optional(tag.sequence);
  const failures = reader.optional(tag.bitString);
  reader.end();
  return {
    status,
    text: text ? readFreeText(text) : [],
    failures: failures ? readNamedBits(failures).flatMap((bit) => failureNames[bit] ?? []) : [],
  };
}
