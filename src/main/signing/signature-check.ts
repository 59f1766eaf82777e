import path from 'node:path';
import { type DerBytes } from '#shared/bytes.ts';
import { KiltError } from '#shared/errors.ts';
import type {
  CheckedSignatureView,
  SignatureNote,
  SignatureProblem,
  SignatureVerdict,
  SignerView,
} from '#shared/signing-views.ts';
import { bytesInMemory, type ByteSource } from '#main/pki/cms/byte-source.ts';
import { CmsError } from '#main/pki/cms/cms-error.ts';
import { readSignedData, signatureFromText, type ReadSignedData } from '#main/pki/cms/signed-data-reader.ts';
import { checkSigner, type CheckedSigner, type SignatureFault } from '#main/pki/cms/signer-check.ts';
import { commonNameOf } from '#main/pki/distinguished-name.ts';
import { oids } from '#main/pki/oids.ts';
import { checkTimestamp } from '#main/pki/timestamp/token.ts';
import { verifyPath, type CertificateInfo, type PathFailure, type PathUsage } from '#main/pki/x509.ts';
import { digestDocument, ParallelDigests, sha256Of } from './document-digest.ts';
import { withFile, type FileSource } from './file-source.ts';
import { documentNamesOf } from './signature-file.ts';

export interface CheckOrder {
  /** Absolute path of the signature. */
  readonly file: string;
  /** Of the document it stands apart from; undefined looks beside the signature. */
  readonly document?: string | undefined;
  /** Certificates that are trusted by themselves. */
  readonly anchors: readonly DerBytes[];
  /** Known beside those that come with the signature, which need not bring them. */
  readonly issuers: readonly DerBytes[];
  readonly now: Date;
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
  const { signedData, digests: inside } = await withFile(order.file, openSignature);
  const document = await documentOf(order, signedData, inside);
  const signers: SignerView[] = [];
  for (const signer of signedData.signers) {
    const checked = await checkSigner(signer, {
      contentType: signedData.contentType,
      digests: document.digests,
      certificates: signedData.certificates,
    });
    signers.push(await judge(checked, [...signedData.certificates, ...order.issuers], order));
  }
  // A set of no signers is a container of certificates, not a signature.
  if (signers.length === 0) throw new KiltError('signature-unreadable', { reason: 'not-signed' });
  return {
    fileName: path.basename(order.file),
    verdict: worst(signers.map(({ verdict }) => verdict)),
    form: inside ? 'attached' : 'detached',
    documentName: document.name,
    documentBytes: document.bytes,
    documentSha256: sha256Of(document.digests),
    signers,
  };
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

const byGravity: readonly SignatureVerdict[] = ['valid', 'doubtful', 'wrong'];
const worst = (verdicts: readonly SignatureVerdict[]): SignatureVerdict =>
  byGravity[Math.max(...verdicts.map((one) => byGravity.indexOf(one)))] ?? 'wrong';

/** What does not show that the document or the signature is another, only that nothing is proven by it. */
const doubts: readonly SignatureFault[] = ['algorithm-unsupported', 'no-signed-attributes', 'hash-weak'];

async function judge(
  checked: CheckedSigner,
  certificates: readonly DerBytes[],
  { anchors, now }: CheckOrder,
): Promise<SignerView> {
  const { certificate, digest, signingTime, fault } = checked;
  const stamp = fault === undefined ? await timestampOf(checked, anchors) : undefined;
  const notes = [
    ...(stamp ? stamp.notes : []),
    ...(checked.countersignatures > 0 ? (['countersignature-ignored'] as const) : []),
    ...(fault === undefined && !checked.namesCertificate ? (['certificate-not-named'] as const) : []),
    ...(fault === undefined ? (['revocation-not-checked'] as const) : []),
  ];
  const base = {
    notes,
    form: stamp?.timestamp ? 'cades-t' : checked.namesCertificate ? 'cades-bes' : 'cms',
    ...(certificate ? { certificate: certificateFacts(certificate) } : {}),
    ...(signingTime ? { claimedAt: signingTime.toISOString() } : {}),
    ...(stamp?.timestamp ? { timestamp: stamp.timestamp } : {}),
    ...(digest ? { digest: digest.name } : {}),
  } as const;
  if (fault !== undefined || !certificate) {
    const problem = fault ?? 'certificate-missing';
    return { ...base, verdict: doubts.includes(problem) ? 'doubtful' : 'wrong', problem, chain: [] };
  }
  // A time-stamp that can be trusted says when the certificate had to be good; without one that is now.
  const at = stamp?.timestamp?.trusted === true ? new Date(stamp.timestamp.at) : now;
  const trust = await trustIn(certificate, certificates, anchors, at);
  return {
    ...base,
    verdict: trust.problem === undefined ? 'valid' : 'doubtful',
    ...(trust.problem === undefined ? {} : { problem: trust.problem }),
    chain: [...trust.chain],
  };
}

const certificateFacts = (certificate: CertificateInfo) => ({
  subjectName: certificate.commonName ?? certificate.subject,
  subject: certificate.subject,
  issuerName: commonNameOf(certificate.issuerName) ?? certificate.issuer,
  serialNumber: certificate.serialNumber,
  notBefore: certificate.notBefore.toISOString(),
  notAfter: certificate.notAfter.toISOString(),
});

const pathProblems: Readonly<Record<PathFailure, SignatureProblem>> = {
  expired: 'certificate-expired',
  'not-yet-valid': 'certificate-not-yet-valid',
  'issuer-unknown': 'issuer-unknown',
  malformed: 'chain-wrong',
  'issuer-not-ca': 'chain-wrong',
  'path-too-long': 'chain-wrong',
  'issuer-key-usage': 'chain-wrong',
  'signature-invalid': 'chain-wrong',
  'algorithm-unsupported': 'chain-wrong',
  'critical-extension': 'chain-wrong',
  'name-constraints': 'chain-wrong',
  usage: 'key-usage',
};

/** RFC 5280 §4.2.1.3: either says that the key stands for its owner. */
const forSignatures: PathUsage = { keyUsage: ['digitalSignature', 'nonRepudiation'] };
const forTimestamps: PathUsage = { extendedKeyUsage: oids.timeStamping };

async function trustIn(
  certificate: CertificateInfo,
  intermediates: readonly DerBytes[],
  anchors: readonly DerBytes[],
  at: Date,
): Promise<{ readonly problem: SignatureProblem | undefined; readonly chain: readonly string[] }> {
  const answer = await verifyPath({
    leaf: certificate.der,
    intermediates,
    anchors,
    at,
    usage: forSignatures,
  });
  if (!answer.trusted) return { problem: pathProblems[answer.reason], chain: [] };
  const chain = answer.path.slice(1).map((issuer) => issuer.commonName ?? issuer.subject);
  return { problem: undefined, chain };
}

interface StampFinding {
  readonly timestamp?: NonNullable<SignerView['timestamp']>;
  readonly notes: readonly SignatureNote[];
}

/** The first time-stamp that holds; a wrong one is told, and takes nothing from the signature itself. */
async function timestampOf(checked: CheckedSigner, anchors: readonly DerBytes[]): Promise<StampFinding> {
  const { timestampTokens, signature } = checked;
  if (timestampTokens.length === 0) return { notes: ['no-timestamp'] };
  for (const token of timestampTokens) {
    const stamp = await checkTimestamp(token, signature);
    if (stamp.fault !== undefined) continue;
    const { authority, certificates, time } = stamp;
    const path = await verifyPath({
      leaf: authority.der,
      intermediates: certificates,
      anchors,
      at: time,
      usage: forTimestamps,
    });
    const authorityName = authority.commonName ?? authority.subject;
    return {
      timestamp: { at: time.toISOString(), authorityName, trusted: path.trusted },
      notes: path.trusted ? [] : ['timestamp-untrusted'],
    };
  }
  return { notes: ['timestamp-wrong'] };
}
