import type { DerBytes } from '#shared/bytes.ts';
import type { SignatureNote, SignatureProblem, SignatureVerdict, SignerView } from '#shared/signing-views.ts';
import type { CheckedSigner, SignatureFault } from '#main/pki/cms/signer-check.ts';
import { certificateTexts } from '#main/pki/certificate-texts.ts';
import { oids } from '#main/pki/oids.ts';
import { checkTimestamp } from '#main/pki/timestamp/token.ts';
import { verifyPath, type CertificateInfo, type PathFailure, type PathUsage } from '#main/pki/x509.ts';
import type { XmlFault } from '#main/pki/xml/xml-signature-check.ts';
import type { TrustVerdict } from '#main/trust/verdict.ts';

const byGravity: readonly SignatureVerdict[] = ['valid', 'doubtful', 'wrong'];
export const worstVerdict = (verdicts: readonly SignatureVerdict[]): SignatureVerdict =>
  byGravity[Math.max(...verdicts.map((one) => byGravity.indexOf(one)))] ?? 'wrong';

/** What does not show that the document or the signature is another, only that nothing is proven by it. */
const doubts: readonly SignatureProblem[] = [
  'algorithm-unsupported',
  'no-signed-attributes',
  'hash-weak',
  'part-unsigned',
];

/** One signature that was looked at by itself, in whatever form. */
export interface SignatureFinding extends Omit<CheckedSigner, 'fault'> {
  readonly fault: SignatureFault | XmlFault | undefined;
  readonly kind: 'cms' | 'xml';
  readonly signedPart?: string | undefined;
}

/** What a signer's certificate is measured by. */
export interface TrustedBy {
  /** Certificates that are trusted by themselves. */
  readonly anchors: readonly DerBytes[];
  /** Asks about revocation, as of a moment; undefined when nobody is to be asked, or nobody can be. */
  readonly revocation?: AskRevocation | undefined;
  readonly now: Date;
}

/** @returns undefined when none of the banks' files leads to the certificate */
export type AskRevocation = (question: {
  readonly certificate: DerBytes;
  readonly others: readonly DerBytes[];
  readonly at: Date;
}) => Promise<TrustVerdict | undefined>;

/**
 * Who made a signature and when, and what is wrong: with the signature itself first, then with the certificate.
 *
 * @param certificates that may lead from the signer to an anchor
 */
export async function judgeSignature(
  finding: SignatureFinding,
  certificates: readonly DerBytes[],
  { anchors, revocation: ask, now }: TrustedBy,
): Promise<SignerView> {
  const { certificate, digest, signingTime, fault, kind, signedPart } = finding;
  const stamp = fault === undefined && kind === 'cms' ? await timestampOf(finding, anchors) : undefined;
  const isUnnamed = fault === undefined && kind === 'cms' && !finding.namesCertificate;
  const notes: SignatureNote[] = [
    ...(stamp ? stamp.notes : []),
    ...(kind === 'xml' && fault === undefined ? (['no-signing-time'] as const) : []),
    ...(finding.countersignatures > 0 ? (['countersignature-ignored'] as const) : []),
    ...(isUnnamed ? (['certificate-not-named'] as const) : []),
  ];
  const cmsForm = stamp?.timestamp ? 'cades-t' : finding.namesCertificate ? 'cades-bes' : 'cms';
  const base = {
    form: kind === 'xml' ? 'xmldsig' : cmsForm,
    ...(certificate ? { certificate: certificateFacts(certificate) } : {}),
    ...(signingTime ? { claimedAt: signingTime.toISOString() } : {}),
    ...(stamp?.timestamp ? { timestamp: stamp.timestamp } : {}),
    ...(digest ? { digest: digest.name } : {}),
    ...(signedPart === undefined ? {} : { signedPart }),
  } as const;
  if (fault !== undefined || !certificate) {
    const problem = fault ?? 'certificate-missing';
    return { ...base, notes, verdict: doubts.includes(problem) ? 'doubtful' : 'wrong', problem, chain: [] };
  }
  // A time-stamp that can be trusted says when the certificate had to be good; without one that is now.
  const at = stamp?.timestamp?.trusted === true ? new Date(stamp.timestamp.at) : now;
  const { problem: pathProblem, chain } = await trustIn(certificate, certificates, anchors, at);
  const { view: revocation, problem: revoked } =
    pathProblem === undefined
      ? revocationOf(ask && (await ask({ certificate: certificate.der, others: certificates, at })), at)
      : noRevocation;
  const problem = pathProblem ?? revoked;
  const verdict = problem === undefined ? 'valid' : problem === 'certificate-revoked' ? 'wrong' : 'doubtful';
  return {
    ...base,
    verdict,
    ...(problem === undefined ? {} : { problem }),
    ...(revocation ? { revocation } : {}),
    notes: revocation && revocation.state !== 'unknown' ? notes : [...notes, 'revocation-not-checked'],
    chain: [...chain],
  };
}

interface RevocationFinding {
  readonly view: SignerView['revocation'];
  readonly problem: SignatureProblem | undefined;
}

const noRevocation: RevocationFinding = { view: undefined, problem: undefined };

function revocationOf(verdict: TrustVerdict | undefined, at: Date): RevocationFinding {
  if (!verdict) return noRevocation;
  const { revocation } = verdict;
  const against = !verdict.trusted ? verdict.reason : undefined;
  const problem: SignatureProblem | undefined =
    against === 'revoked'
      ? 'certificate-revoked'
      : against === 'suspended'
        ? 'certificate-suspended'
        : against === 'revocation-unknown'
          ? 'revocation-unknown'
          : undefined;
  if (revocation.state === 'unknown') {
    const { why, url } = revocation;
    return {
      problem,
      view: { state: 'unknown', why, ...(url === undefined ? {} : { host: new URL(url).host }) },
    };
  }
  const { kind, url, asOf } = revocation.source;
  const source = { kind, host: new URL(url).host, asOf: asOf.toISOString() };
  if (revocation.state === 'good') return { problem, view: { state: 'good', ...source } };
  const { state, since } = revocation;
  return { problem, view: { state, since: since.toISOString(), later: since > at, ...source } };
}

/** The view tells of the issuer by name alone. */
function certificateFacts(certificate: CertificateInfo) {
  const { issuer: _, ...facts } = certificateTexts(certificate);
  return facts;
}

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
async function timestampOf(
  checked: Pick<CheckedSigner, 'timestampTokens' | 'signature'>,
  anchors: readonly DerBytes[],
): Promise<StampFinding> {
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
