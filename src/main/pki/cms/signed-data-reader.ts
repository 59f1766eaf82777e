import { asDer, type DerBytes } from '#shared/bytes.ts';
import { readAlgorithm } from '../algorithm-identifier.ts';
import { DerError, members, parseDer, readOid, tag } from '../asn1.ts';
import { constructedBit } from '../asn1/value.ts';
import { oids } from '../oids.ts';
import { BerFile, BerLevel, definite, type BerHeader } from './ber-walk.ts';
import { pieces, type ByteSource } from './byte-source.ts';
import { CmsError } from './cms-error.ts';
import { readSignerInfo, type SignerInfo } from './signer-info.ts';

/** SignedData (RFC 5652 §5.1) as it was received. Nothing in it is proven. */
export interface ReadSignedData {
  /** Object identifier of what was signed: id-data for documents. */
  readonly contentType: string;
  /** The document's own size; undefined when the signature stands apart from it. */
  readonly attachedBytes: number | undefined;
  /** Object identifiers of the hashes that the signers used, as announced. */
  readonly digests: readonly string[];
  readonly certificates: readonly DerBytes[];
  readonly signers: readonly SignerInfo[];
}

/** Takes in the attached document while it is walked through. */
export type ContentSink = (piece: Uint8Array) => void | Promise<void>;

const mostSigners = 64;
const mostCertificates = 256;
const mostDigests = 16;
/** Strings within strings (X.690 §8.7.3): none that is met goes deeper than one. */
const deepestString = 4;
const constructedOctets = tag.octetString | constructedBit;

/**
 * Reads a signature in DER or BER, of any size, in one pass: the attached document goes by piece by piece.
 *
 * @param contentSink is made as soon as the hashes are known, before the document goes by
 * @throws CmsError
 */
export async function readSignedData(
  source: ByteSource,
  contentSink: (digests: readonly string[]) => ContentSink = () => () => undefined,
): Promise<ReadSignedData> {
  try {
    return await contentInfo(source, contentSink);
  } catch (error) {
    if (error instanceof DerError) throw new CmsError('not-cms', { cause: error });
    throw error;
  }
}

async function contentInfo(
  source: ByteSource,
  contentSink: (digests: readonly string[]) => ContentSink,
): Promise<ReadSignedData> {
  const outside = BerLevel.whole(new BerFile(source));
  const read = await outside.within(await outside.expect(tag.sequence), async (info) => {
    const type = readOid(parseDer(await info.take(tag.oid)));
    if (type !== oids.signedData) throw new CmsError('not-signed');
    return info.within(await info.expect(tag.context(0)), async (content) =>
      content.within(await content.expect(tag.sequence), (fields) => signedData(source, fields, contentSink)),
    );
  });
  // What stands behind is signed by nobody, and some program may show it.
  if (!(await outside.ended())) throw new CmsError('not-cms');
  return read;
}

async function signedData(
  source: ByteSource,
  fields: BerLevel,
  contentSink: (digests: readonly string[]) => ContentSink,
): Promise<ReadSignedData> {
  await fields.take(tag.integer); // version: says nothing that the parts do not say themselves
  const algorithms = members(parseDer(await fields.take(tag.set)), tag.sequence);
  if (algorithms.length > mostDigests) throw new CmsError('too-much');
  const digests = [...new Set(algorithms.map((value) => readAlgorithm(value).oid))];
  const { contentType, attachedBytes } = await fields.within(await fields.expect(tag.sequence), (content) =>
    encapsulated(source, content, () => contentSink(digests)),
  );
  const certificates: DerBytes[] = [];
  if ((await fields.peek())?.tag === tag.context(0)) {
    const found = members(parseDer(await fields.take(tag.context(0))));
    if (found.length > mostCertificates) throw new CmsError('too-much');
    // Beside certificates there may be attribute certificates, which say nothing here.
    certificates.push(...found.filter((one) => one.tag === tag.sequence).map(({ der }) => der));
  }
  const revocations = await fields.peek();
  // Revocation lists that came along: whoever signed chose them.
  if (revocations?.tag === tag.context(1)) await fields.skip(revocations);
  const infos = signerInfos(await fields.take(tag.set));
  if (infos.length > mostSigners) throw new CmsError('too-much');
  return { contentType, attachedBytes, digests, certificates, signers: infos };
}

/** Some producers close the set with a definite length around members of indefinite ones. */
function signerInfos(set: DerBytes): readonly SignerInfo[] {
  const read = (der: DerBytes) => members(parseDer(der), tag.sequence).map(readSignerInfo);
  try {
    return read(set);
  } catch (error) {
    if (error instanceof DerError) return read(definite(set));
    throw error;
  }
}

async function encapsulated(
  source: ByteSource,
  fields: BerLevel,
  sinkFor: () => ContentSink,
): Promise<Pick<ReadSignedData, 'contentType' | 'attachedBytes'>> {
  const contentType = readOid(parseDer(await fields.take(tag.oid)));
  const wrapper = await fields.peek();
  if (!wrapper) return { contentType, attachedBytes: undefined };
  if (wrapper.tag !== tag.context(0)) throw new CmsError('not-cms');
  const attachedBytes = await fields.within(wrapper, async (explicit) => {
    const octets = await explicit.peek();
    // PKCS#7 of before CMS put other things than an OCTET STRING here (RFC 5652 §5.2.1).
    if (octets?.tag !== tag.octetString && octets?.tag !== constructedOctets) throw new CmsError('not-cms');
    return octetString(source, explicit, octets, sinkFor(), 0);
  });
  return { contentType, attachedBytes };
}

/** Hands an OCTET STRING on, whole or in segments. @returns how many bytes it has */
async function octetString(
  source: ByteSource,
  level: BerLevel,
  header: BerHeader,
  sink: ContentSink,
  depth: number,
): Promise<number> {
  if (header.tag === tag.octetString && header.end !== undefined) {
    for await (const piece of pieces(source, header.contentAt, header.end)) await sink(piece);
    await level.skip(header);
    return header.end - header.contentAt;
  }
  if (header.tag !== constructedOctets || depth >= deepestString) throw new CmsError('not-cms');
  return level.within(header, async (segments) => {
    let total = 0;
    for (let next = await segments.peek(); next; next = await segments.peek())
      total += await octetString(source, segments, next, sink, depth + 1);
    return total;
  });
}

const pemBlock = /-----BEGIN (?:CMS|PKCS7|PKCS #7 SIGNED DATA)-----([A-Za-z0-9+/=\s]+)-----END /;
const bareBase64 = /^[A-Za-z0-9+/\s]+=*\s*$/;

/** DER or BER of a signature that is written as text (PEM or bare base64); undefined when the bytes are no such text. */
export function signatureFromText(bytes: Uint8Array): DerBytes | undefined {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  const base64 = pemBlock.exec(text)?.[1] ?? (bareBase64.test(text) ? text : undefined);
  return base64 === undefined ? undefined : asDer(new Uint8Array(Buffer.from(base64, 'base64')));
}
