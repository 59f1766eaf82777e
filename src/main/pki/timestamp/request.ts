import type { DerBytes } from '#shared/bytes.ts';
import {
  DerError,
  boolean,
  derNull,
  integer,
  octetString,
  oid,
  parseSequence,
  sequence,
  tag,
} from '../asn1.ts';
import type { DigestAlgorithm } from '../digest-algorithms.ts';

/** What a time-stamp is asked for. */
export interface TimestampQuestion {
  readonly digest: DigestAlgorithm;
  /** Of the bytes to be stamped: the signature, for CAdES-T. */
  readonly imprint: Uint8Array;
  readonly nonce: bigint;
  /** Object identifier; undefined leaves it to the authority. */
  readonly policy?: string | undefined;
}

/** TimeStampReq (RFC 3161 §2.4.1) that asks for the authority's certificate too. */
export const timestampRequest = ({ digest, imprint, nonce, policy }: TimestampQuestion): DerBytes =>
  sequence(
    integer(1),
    // NULL parameters, as the NCA's own clients write them.
    sequence(sequence(oid(digest.oid), derNull), octetString(imprint)),
    policy === undefined ? undefined : oid(policy),
    integer(nonce),
    boolean(true),
  );

/** PKIStatus 0 and 1 (RFC 3161 §2.4.2): granted, and granted with modifications. */
const granted = [0, 1];

export type TimestampAnswer =
  | { readonly outcome: 'granted'; readonly token: DerBytes }
  /** @see PKIStatus and PKIFailureInfo of RFC 3161 §2.4.2 */
  | { readonly outcome: 'refused'; readonly status: number }
  | { readonly outcome: 'unreadable' };

/** TimeStampResp (RFC 3161 §2.4.2). What the token says is not proven. */
export function readTimestampAnswer(bytes: Uint8Array): TimestampAnswer {
  try {
    const fields = parseSequence(bytes);
    const status = fields.sequence().smallInteger();
    if (!granted.includes(status)) return { outcome: 'refused', status };
    const token = fields.next(tag.sequence).der;
    fields.end();
    return { outcome: 'granted', token };
  } catch (error) {
    if (error instanceof DerError) return { outcome: 'unreadable' };
    throw error;
  }
}
