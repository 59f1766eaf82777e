import { equalBytes, type DerBytes } from '#shared/bytes.ts';
import { readAlgorithm } from '../algorithm-identifier.ts';
import { DerError, DerReader, parseSequence, readTime, tag } from '../asn1.ts';
import type { CertificateInfo } from '../certificate.ts';
import { bytesInMemory } from '../cms/byte-source.ts';
import { CmsError } from '../cms/cms-error.ts';
import { readSignedData, type ReadSignedData } from '../cms/signed-data-reader.ts';
import { checkSigner } from '../cms/signer-check.ts';
import { digestAlgorithm, digestOf, type DigestAlgorithm } from '../digest-algorithms.ts';
import { oids } from '../oids.ts';

/** Why a time-stamp says nothing about a signature. */
export type TimestampFault =
  | 'unreadable'
  /** It belongs to something else. */
  | 'imprint-differs'
  | 'nonce-differs'
  | 'policy-differs'
  | 'signature-wrong'
  /** The certificate is not for time-stamps alone (RFC 3161 §2.3). */
  | 'not-an-authority';

export type TimestampCheck =
  | {
      readonly fault: undefined;
      readonly time: Date;
      readonly policy: string;
      readonly authority: CertificateInfo;
      /** Those that came along, for the path from the authority to an anchor. */
      readonly certificates: readonly DerBytes[];
    }
  | { readonly fault: TimestampFault };

interface TimestampInfo {
  readonly policy: string;
  readonly digest: DigestAlgorithm | undefined;
  readonly imprint: Uint8Array;
  readonly time: Date;
  readonly nonce: bigint | undefined;
}

/** TSTInfo (RFC 3161 §2.4.2). @throws DerError */
function readInfo(bytes: Uint8Array): TimestampInfo {
  const fields = parseSequence(bytes);
  if (fields.smallInteger() !== 1) throw new DerError('another version');
  const policy = fields.oid();
  const imprint = fields.sequence();
  const digest = digestAlgorithm(readAlgorithm(imprint.next(tag.sequence)).oid);
  const hash = imprint.octets();
  imprint.end();
  fields.next(tag.integer); // the token's own number
  const time = readTime(fields.next(tag.generalizedTime));
  fields.optional(tag.sequence); // accuracy
  fields.optional(tag.boolean); // ordering
  const nonce = fields.optional(tag.integer);
  return { policy, digest, imprint: hash, time, nonce: nonce && new DerReader(nonce.der).integer() };
}

/**
 * Checks a TimeStampToken: that it is over these bytes, answers the question asked, is signed, and by a certificate for
 * time-stamps alone. Whether that certificate is to be trusted is for `verifyPath`.
 *
 * @param stamped the bytes that the time-stamp is for
 * @param asked what was asked, where this program asked itself
 */
export async function checkTimestamp(
  token: Uint8Array,
  stamped: Uint8Array,
  asked?: { readonly nonce: bigint; readonly policy?: string | undefined },
): Promise<TimestampCheck> {
  const opened = await openToken(token);
  if (!opened) return { fault: 'unreadable' };
  const { content, info, signedData } = opened;
  if (!info.digest || info.digest.weak || !equalBytes(digestOf(info.digest, stamped), info.imprint))
    return { fault: 'imprint-differs' };
  if (asked && info.nonce !== asked.nonce) return { fault: 'nonce-differs' };
  if (asked?.policy !== undefined && info.policy !== asked.policy) return { fault: 'policy-differs' };
  const { certificates, signers, contentType } = signedData;
  const [signer, another] = signers;
  // RFC 3161 §2.4.2: the authority signs, and nobody else.
  if (!signer || another) return { fault: 'signature-wrong' };
  const digest = digestAlgorithm(signer.digestAlgorithm.oid);
  const digests = new Map(digest ? [[digest.oid, digestOf(digest, content)]] : []);
  const { fault, certificate, namesCertificate } = await checkSigner(signer, {
    contentType,
    digests,
    certificates,
  });
  // The reference to the certificate is mandatory here (RFC 3161 §2.4.2, RFC 5816 §2.2.1).
  if (fault !== undefined || !certificate || !namesCertificate) return { fault: 'signature-wrong' };
  if (!isForTimestampsAlone(certificate)) return { fault: 'not-an-authority' };
  return { fault: undefined, time: info.time, policy: info.policy, authority: certificate, certificates };
}

/** RFC 3161 §2.3: extendedKeyUsage is critical and holds id-kp-timeStamping and nothing else. */
const isForTimestampsAlone = ({ extendedKeyUsage, criticalExtensions }: CertificateInfo): boolean =>
  extendedKeyUsage?.length === 1 &&
  extendedKeyUsage[0] === oids.timeStamping &&
  criticalExtensions.includes(oids.extendedKeyUsage);

async function openToken(
  token: Uint8Array,
): Promise<{ content: Uint8Array; info: TimestampInfo; signedData: ReadSignedData } | undefined> {
  const parts: Uint8Array[] = [];
  try {
    const signedData = await readSignedData(bytesInMemory(token), () => (piece) => {
      parts.push(Uint8Array.from(piece));
    });
    if (signedData.contentType !== oids.timeStampInfo) return undefined;
    const content = new Uint8Array(Buffer.concat(parts));
    return { content, info: readInfo(content), signedData };
  } catch (error) {
    if (error instanceof DerError || error instanceof CmsError) return undefined;
    throw error;
  }
}
