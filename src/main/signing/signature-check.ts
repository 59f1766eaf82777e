import { createHash } from 'node:crypto';
import path from 'node:path';
import type { DerBytes } from '#shared/bytes.ts';
import { KiltError } from '#shared/errors.ts';
import type { CheckedSignatureView, SignerView } from '#shared/signing-views.ts';
import { bytesInMemory, type ByteSource } from '#main/pki/cms/byte-source.ts';
import { CmsError } from '#main/pki/cms/cms-error.ts';
import { readSignedData, signatureFromText, type ReadSignedData } from '#main/pki/cms/signed-data-reader.ts';
import { checkSigner } from '#main/pki/cms/signer-check.ts';
import { decodeXml, largestXml } from '#main/pki/xml/xml-document.ts';
import { XmlError } from '#main/pki/xml/xml-error.ts';
import { checkXmlSignatures, type CheckedXmlSignature } from '#main/pki/xml/xml-signature-check.ts';
import { digestDocument, ParallelDigests, sha256Of } from './document-digest.ts';
import { withFile, type FileSource } from './file-source.ts';
import { documentNamesOf } from './signature-file.ts';
import { judgeSignature, worstVerdict, type SignatureFinding, type TrustedBy } from './signer-judgement.ts';

export interface CheckOrder extends TrustedBy {
  /** Absolute path of the signature. */
  readonly file: string;
  /** Of the document it stands apart from; undefined looks beside the signature. */
  readonly document?: string | undefined;
  /** Known beside those that come with the signature, which need not bring them. */
  readonly issuers: readonly DerBytes[];
}

/** A signature written as text is decoded in memory: nobody writes a large document that way. */
const largestText = 32 * 1024 * 1024;
/** `0x30`: what DER and BER of a signature begin with. */
const sequenceTag = 0x30;

interface OpenedSignature {
  readonly signedData: ReadSignedData;
  /** Of the document inside; undefined when it stands apart. */
  readonly digests: ReadonlyMap<string, Uint8Array> | undefined;
}

interface SignedDocument {
  readonly name: string;
  readonly bytes: number;
  readonly digests: ReadonlyMap<string, Uint8Array>;
}

/**
 * Says of a signature who made it and when, and what is wrong with it. Files of any size, in constant memory.
 *
 * @throws KiltError `document-unreadable` {reason}, `signature-unreadable` {reason}, `signed-document-missing`
 */
export async function checkSignature(order: CheckOrder): Promise<CheckedSignatureView> {
  const xml = await withFile(order.file, xmlIn);
  if (xml) return checkXml(xml, order);
  const { signedData, digests: inside } = await withFile(order.file, openSignature);
  const document = await documentOf(order, signedData, inside);
  const signers: SignerView[] = [];
  for (const signer of signedData.signers) {
    const checked = await checkSigner(signer, {
      contentType: signedData.contentType,
      digests: document.digests,
      certificates: signedData.certificates,
    });
    const finding = { ...checked, kind: 'cms' } as const;
    signers.push(await judgeSignature(finding, [...signedData.certificates, ...order.issuers], order));
  }
  // A set of no signers is a container of certificates, not a signature.
  if (signers.length === 0) throw new KiltError('signature-unreadable', { reason: 'not-signed' });
  return {
    fileName: path.basename(order.file),
    verdict: worstVerdict(signers.map(({ verdict }) => verdict)),
    form: inside ? 'attached' : 'detached',
    documentName: document.name,
    documentBytes: document.bytes,
    documentSha256: sha256Of(document.digests),
    signers,
  };
}

/** The bytes of a file that begins as XML does. Its signature stands in the document, which is looked at as a whole. */
async function xmlIn(source: FileSource): Promise<Uint8Array | undefined> {
  const start = source.size === 0 ? new Uint8Array() : await source.read(0, Math.min(64, source.size));
  if (!/^(?:\u00ef\u00bb\u00bf)?\s*</.test(Buffer.from(start).toString('latin1'))) return undefined;
  if (source.size > largestXml) throw new KiltError('signature-unreadable', { reason: 'too-much' });
  return Uint8Array.from(await source.read(0, source.size));
}

async function checkXml(bytes: Uint8Array, order: CheckOrder): Promise<CheckedSignatureView> {
  const signers: SignerView[] = [];
  for (const checked of await xmlSignatures(bytes)) {
    const finding: SignatureFinding = {
      ...checked,
      kind: 'xml',
      signingTime: undefined,
      namesCertificate: false,
      timestampTokens: [],
      countersignatures: 0,
    };
    signers.push(await judgeSignature(finding, [...checked.certificates, ...order.issuers], order));
  }
  return {
    fileName: path.basename(order.file),
    verdict: worstVerdict(signers.map(({ verdict }) => verdict)),
    form: 'attached',
    documentName: path.basename(order.file),
    documentBytes: bytes.length,
    documentSha256: createHash('sha256').update(bytes).digest('hex'),
    signers,
  };
}

async function xmlSignatures(bytes: Uint8Array): Promise<readonly CheckedXmlSignature[]> {
  try {
    return await checkXmlSignatures(decodeXml(bytes));
  } catch (error) {
    if (error instanceof XmlError)
      throw new KiltError('signature-unreadable', { reason: error.failure }, { cause: error });
    throw error;
  }
}

async function openSignature(source: FileSource): Promise<OpenedSignature> {
  try {
    return await read(await binary(source));
  } catch (error) {
    if (error instanceof CmsError)
      throw new KiltError('signature-unreadable', { reason: error.failure }, { cause: error });
    throw error;
  }
}

/** The signature's own bytes, whether they are in the file as they are or written as text. */
async function binary(source: FileSource): Promise<ByteSource> {
  const [first] = source.size === 0 ? [] : await source.read(0, 1);
  if (first === sequenceTag || first === undefined) return source;
  if (source.size > largestText) throw new CmsError('not-cms');
  const decoded = signatureFromText(await source.read(0, source.size));
  if (!decoded) throw new CmsError('not-cms');
  return bytesInMemory(decoded);
}

async function read(source: ByteSource): Promise<OpenedSignature> {
  let inside: ParallelDigests | undefined;
  const signedData = await readSignedData(source, (digests) => {
    const running = new ParallelDigests(digests);
    inside = running;
    return (piece) => {
      running.update(piece);
    };
  });
  return { signedData, digests: inside?.end() };
}

async function documentOf(
  { file, document }: CheckOrder,
  { attachedBytes, digests }: ReadSignedData,
  inside: ReadonlyMap<string, Uint8Array> | undefined,
): Promise<SignedDocument> {
  if (attachedBytes !== undefined && inside)
    return { name: path.basename(file), bytes: attachedBytes, digests: inside };
  for (const name of document === undefined ? documentNamesOf(file) : [document]) {
    try {
      const found = await withFile(name, (source) => digestDocument(source, digests));
      return { name: path.basename(name), ...found };
    } catch (error) {
      // Beside the signature it is looked for; one that was named must be there.
      const isElsewhere =
        document === undefined && error instanceof KiltError && error.data['reason'] === 'ENOENT';
      if (!isElsewhere) throw error;
    }
  }
  throw new KiltError('signed-document-missing');
}
