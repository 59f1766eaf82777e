import { equalBytes, type DerBytes } from '#shared/bytes.ts';
import { algorithmWithNull, readAlgorithm, type AlgorithmIdentifier } from '../algorithm-identifier.ts';
import { DerError, DerReader, members, parseDer, readOid, readTime, tag, type DerValue } from '../asn1.ts';
import { parseCertificate, type CertificateInfo } from '../certificate.ts';
import { digestAlgorithm, digestOf, type DigestAlgorithm } from '../digest-algorithms.ts';
import { sameName } from '../distinguished-name.ts';
import { gostAlgorithms } from '../gost/gost-algorithms.ts';
import { oids } from '../oids.ts';
import { rsaSha1Holds } from '../weak-signature.ts';
import { signatureIdentifier, verifySignature } from '../signature.ts';
import type { SignerInfo } from './signer-info.ts';

/** What is wrong with one signature in itself, before anybody asks whether its certificate is to be trusted. */
export type SignatureFault =
  /** The document is another one than was signed. */
  | 'document-changed'
  /** The key of the certificate did not make this signature. */
  | 'signature-wrong'
  /** An attribute is missing, doubled, or says something else than the rest. */
  | 'attributes-wrong'
  /** The signature names another certificate than the one that came with it. */
  | 'certificate-differs'
  | 'certificate-missing'
  /** Made over a hash for which two documents with the same value can be found. */
  | 'hash-weak'
  /** A form that this program does not check, such as RSASSA-PSS: it may be good, and nothing here says so. */
  | 'algorithm-unsupported'
  /** Made over the document alone: such bytes can be passed off as another document (RFC 5652 §5.4), so they are not accepted. */
  | 'no-signed-attributes';

/** One signature, looked at by itself. */
export interface CheckedSigner {
  readonly fault: SignatureFault | undefined;
  readonly certificate: CertificateInfo | undefined;
  /** What the signer says; only a time-stamp proves it. */
  readonly signingTime: Date | undefined;
  readonly digest: DigestAlgorithm | undefined;
  /** The signature itself says which certificate it was made with (CAdES-BES); KISC's clients leave that out. */
  readonly namesCertificate: boolean;
  readonly timestampTokens: readonly DerBytes[];
  readonly countersignatures: number;
  readonly signature: Uint8Array;
}

export interface SignedContent {
  readonly contentType: string;
  /** Digests of the content by the object identifiers of their hashes. */
  readonly digests: ReadonlyMap<string, Uint8Array>;
  readonly certificates: readonly DerBytes[];
}

/**
 * Checks one signature: attributes, digest of the content, reference to the certificate, the signature itself
 * (RFC 5652 §5.4–5.6). Whether the certificate is to be trusted is for `verifyPath`.
 *
 * Never throws on bad input.
 */
export async function checkSigner(signer: SignerInfo, content: SignedContent): Promise<CheckedSigner> {
  const certificate = certificateOf(signer, content.certificates);
  const digest = digestAlgorithm(signer.digestAlgorithm.oid);
  const attributes = readSigned(signer);
  const checked = {
    certificate,
    digest,
    signingTime: attributes?.signingTime,
    namesCertificate: attributes?.reference !== undefined,
    timestampTokens: (signer.unsignedAttributes.get(oids.signatureTimeStampToken) ?? []).map(
      ({ der }) => der,
    ),
    countersignatures: signer.unsignedAttributes.get(oids.countersignature)?.length ?? 0,
    signature: signer.signature,
  };
  return { ...checked, fault: await faultOf(signer, content, { attributes, certificate, digest }) };
}

async function faultOf(
  signer: SignerInfo,
  { contentType, digests }: SignedContent,
  found: {
    readonly attributes: SignedAttributes | undefined;
    readonly certificate: CertificateInfo | undefined;
    readonly digest: DigestAlgorithm | undefined;
  },
): Promise<SignatureFault | undefined> {
  const { attributes, certificate, digest } = found;
  if (!signer.signedBytes || !signer.signedAttributes) return 'no-signed-attributes';
  if (!digest) return 'algorithm-unsupported';
  if (!attributes || attributes.contentType !== contentType) return 'attributes-wrong';
  const actual = digests.get(digest.oid);
  // Not among those announced: nobody has calculated it, and RFC 5652 §5.1 lets a verifier give up here.
  if (!actual) return 'attributes-wrong';
  if (!equalBytes(actual, attributes.messageDigest)) return 'document-changed';
  if (!certificate) return 'certificate-missing';
  if (attributes.reference && !isReferenceTo(attributes.reference, certificate)) return 'certificate-differs';
  if (digest.weak) return weakSignatureHolds(signer, certificate) ? 'hash-weak' : 'signature-wrong';
  const algorithm = algorithmBehind(signer.signatureAlgorithm, digest, certificate);
  if (!algorithm) return 'algorithm-unsupported';
  const check = await verifySignature({
    algorithm,
    publicKeyInfo: certificate.publicKeyInfo,
    data: signer.signedBytes,
    signature: signer.signature,
  });
  if (check === 'valid') return undefined;
  return check === 'invalid' ? 'signature-wrong' : 'algorithm-unsupported';
}

function certificateOf(
  { signer }: SignerInfo,
  certificates: readonly DerBytes[],
): CertificateInfo | undefined {
  for (const der of certificates) {
    const parsed = parsedOrUndefined(der);
    if (!parsed) continue;
    const isMeant =
      signer.kind === 'issuer-and-serial'
        ? equalBytes(parsed.serialNumberDer, signer.serialNumberDer) &&
          sameName(parsed.issuerName, signer.issuerName)
        : parsed.subjectKeyIdentifier !== undefined &&
          equalBytes(parsed.subjectKeyIdentifier, signer.identifier);
    if (isMeant) return parsed;
  }
  return undefined;
}

function parsedOrUndefined(der: DerBytes): CertificateInfo | undefined {
  try {
    return parseCertificate(der);
  } catch (error) {
    if (error instanceof DerError) return undefined;
    throw error;
  }
}

interface CertificateReference {
  readonly hash: DigestAlgorithm | undefined;
  readonly digest: Uint8Array;
}

interface SignedAttributes {
  readonly contentType: string;
  readonly messageDigest: Uint8Array;
  readonly signingTime: Date | undefined;
  readonly reference: CertificateReference | undefined;
}

/** Undefined when one that is needed is missing, or one that is there can not be read. */
function readSigned({ signedAttributes }: SignerInfo): SignedAttributes | undefined {
  if (!signedAttributes) return undefined;
  try {
    const one = (type: string, expected: number): DerValue | undefined => {
      const values = signedAttributes.get(type);
      if (!values) return undefined;
      const [value, another] = values;
      if (!value || another || value.tag !== expected) throw new DerError('not one value');
      return value;
    };
    const contentType = one(oids.contentType, tag.oid);
    const messageDigest = one(oids.messageDigest, tag.octetString);
    const time = signedAttributes.get(oids.signingTime);
    const second = one(oids.signingCertificateV2, tag.sequence);
    const first = one(oids.signingCertificate, tag.sequence);
    if (!contentType || !messageDigest) return undefined;
    return {
      contentType: readOid(contentType),
      messageDigest: messageDigest.content,
      signingTime: time && timeOf(time),
      reference: second ? readReferenceV2(second) : first && readReferenceV1(first),
    };
  } catch (error) {
    if (error instanceof DerError) return undefined;
    throw error;
  }
}

function timeOf([value, another]: readonly DerValue[]): Date {
  if (!value || another) throw new DerError('not one value');
  return readTime(value);
}

/** The first reference is the signer's own certificate (RFC 5035 §5.4). */
function firstReference({ content }: DerValue): DerReader {
  const list = members(new DerReader(content).next(tag.sequence), tag.sequence);
  const [first] = list;
  if (!first) throw new DerError('no reference');
  return new DerReader(first.content);
}

function readReferenceV2(value: DerValue): CertificateReference {
  const reference = firstReference(value);
  const named = reference.optional(tag.sequence);
  const objectIdentifier = named ? readAlgorithm(named).oid : oids.sha256;
  return { hash: digestAlgorithm(objectIdentifier), digest: reference.octets() };
}

const readReferenceV1 = (value: DerValue): CertificateReference => ({
  hash: digestAlgorithm(oids.sha1),
  digest: firstReference(value).octets(),
});

const isReferenceTo = ({ hash, digest }: CertificateReference, { der }: CertificateInfo): boolean =>
  hash !== undefined && equalBytes(digestOf(hash, der), digest);

/** Hashes and signature algorithms that go together; CMS names them apart (RFC 5754, RFC 5753). */
const withHash: Readonly<Record<string, { readonly rsa: string; readonly ecdsa: string }>> = {
  [oids.sha256]: { rsa: oids.sha256WithRSA, ecdsa: oids.ecdsaWithSHA256 },
  [oids.sha384]: { rsa: oids.sha384WithRSA, ecdsa: oids.ecdsaWithSHA384 },
  [oids.sha512]: { rsa: oids.sha512WithRSA, ecdsa: oids.ecdsaWithSHA512 },
};

/**
 * The signature algorithm with its hash. RSA is often written as the bare key algorithm, and so is GOST (RFC 4490 §3.2,
 * OpenSSL's engine); what is written otherwise must agree with the hash.
 */
function algorithmBehind(
  named: AlgorithmIdentifier,
  digest: DigestAlgorithm,
  { publicKeyInfo }: CertificateInfo,
): AlgorithmIdentifier | undefined {
  const pair = withHash[digest.oid];
  if (pair) {
    if (named.oid === oids.rsaEncryption || named.oid === pair.rsa) return identifierOf(pair.rsa);
    return named.oid === pair.ecdsa ? named : undefined;
  }
  const keyOid = keyAlgorithmOf(publicKeyInfo);
  const gost = gostAlgorithms.find(
    (one) =>
      one.keyOid === keyOid &&
      one.hashOid === digest.oid &&
      (named.oid === one.signatureOid || named.oid === one.keyOid),
  );
  return gost && readAlgorithm(parseDer(signatureIdentifier(gost.name)));
}

const identifierOf = (objectIdentifier: string): AlgorithmIdentifier =>
  readAlgorithm(parseDer(algorithmWithNull(objectIdentifier)));

function keyAlgorithmOf(publicKeyInfo: DerBytes): string | undefined {
  try {
    const fields = new DerReader(parseDer(publicKeyInfo).content);
    return readAlgorithm(fields.next(tag.sequence)).oid;
  } catch (error) {
    if (error instanceof DerError) return undefined;
    throw error;
  }
}

/** Whether a signature over SHA-1 is at least what it says, so that it is called weak and not wrong. */
function weakSignatureHolds(
  { signedBytes, signature, signatureAlgorithm }: SignerInfo,
  { publicKeyInfo }: CertificateInfo,
): boolean {
  const isRsa = [oids.rsaEncryption, oids.sha1WithRSA].some((known) => known === signatureAlgorithm.oid);
  return isRsa && signedBytes !== undefined && rsaSha1Holds(publicKeyInfo, signedBytes, signature);
}
