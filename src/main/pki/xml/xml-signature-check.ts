import { asDer, equalBytes, type DerBytes } from '#shared/bytes.ts';
import { algorithmWithNull, readAlgorithm, type AlgorithmIdentifier } from '../algorithm-identifier.ts';
import { DerError, parseDer } from '../asn1.ts';
import { parseCertificate, type CertificateInfo } from '../certificate.ts';
import { digestOf, type DigestAlgorithm } from '../digest-algorithms.ts';
import { readGostPublicKey } from '../gost/public-key.ts';
import { signatureIdentifier, verifySignature } from '../signature.ts';
import { rsaSha1Holds } from '../weak-signature.ts';
import { canonicalXml } from './canonical-xml.ts';
import { readXmlSignature, type ReadXmlSignature } from './read-xml-signature.ts';
import { coverageOf, type Coverage } from './signed-part.ts';
import { dsigNamespace, xmlDigest, xmlSignatureMethod } from './xml-algorithms.ts';
import { elementsIn, elementWithId, parseXml, rootOf, type Document, type Element } from './xml-document.ts';
import { XmlError } from './xml-error.ts';

/** What is wrong with one XML signature in itself. */
export type XmlFault =
  | 'document-changed'
  | 'signature-wrong'
  | 'certificate-missing'
  | 'hash-weak'
  | 'algorithm-unsupported'
  /** Parts are missing, doubled, or stand where they should not. */
  | 'structure-wrong'
  /** Two elements have the identifier of the signed one. */
  | 'id-twice'
  /** What is signed is not there, or was put where nobody looks while another element took its place. */
  | 'element-moved'
  /** There is more in the document than was signed. */
  | 'part-unsigned';

export interface CheckedXmlSignature {
  readonly fault: XmlFault | undefined;
  readonly certificate: CertificateInfo | undefined;
  /** Those that came along beside the signer's. */
  readonly certificates: readonly DerBytes[];
  readonly digest: DigestAlgorithm | undefined;
  readonly signature: Uint8Array;
  /** Path of the signed element, as `/order/body`; undefined when the whole document is signed. */
  readonly signedPart: string | undefined;
}

const mostSignatures = 16;

/**
 * Checks every signature in an XML document (XMLDSig 1.1 §3.2): what each covers, its digest, the signature itself. Of all
 * that XMLDSig allows it takes what the NCA's and KISC's clients and xmlsec write: one reference, to the document or to an
 * element by its Id, and no transforms but enveloped-signature and canonicalization. Whether certificates are to be trusted
 * is for `verifyPath`.
 *
 * @throws XmlError `not-xml`, `document-type`, `too-much`, `not-signed`
 */
export async function checkXmlSignatures(text: string): Promise<readonly CheckedXmlSignature[]> {
  const document = parseXml(text);
  const found = elementsIn(rootOf(document)).filter(
    ({ namespaceURI, localName }) => namespaceURI === dsigNamespace && localName === 'Signature',
  );
  if (found.length === 0) throw new XmlError('not-signed');
  if (found.length > mostSignatures) throw new XmlError('too-much');
  const checked: (CheckedXmlSignature & { readonly target: Element | 'document' | undefined })[] = [];
  for (const element of found) checked.push(await checkOne(document, element));
  const good = checked.flatMap(({ fault, target }) => (fault === undefined && target ? [target] : []));
  return checked.map(({ target, ...one }, place) => {
    const element = found[place];
    if (one.fault !== undefined || !target || target === 'document' || !element) return one;
    const coverage = coverageOf({ document, target, signature: element, alsoSigned: good });
    return { ...one, signedPart: coverage.path, fault: faultOfCoverage(coverage) };
  });
}

const faultOfCoverage = ({ kind }: Coverage): XmlFault | undefined => {
  if (kind === 'all') return undefined;
  return kind === 'moved' ? 'element-moved' : 'part-unsigned';
};

type CheckedAlone = CheckedXmlSignature & { readonly target: Element | 'document' | undefined };

async function checkOne(document: Document, element: Element): Promise<CheckedAlone> {
  const read = readXmlSignature(element);
  const [signer, ...certificates] = read?.certificates ?? [];
  const base = {
    certificate: signer && parsedOrUndefined(signer),
    certificates,
    digest: read?.reference && xmlDigest(read.reference.digestName),
    signature: read?.value ?? new Uint8Array(),
    signedPart: undefined,
    target: undefined,
  };
  if (!read) return { ...base, fault: 'structure-wrong' };
  const referred = targetOf(document, read);
  if (typeof referred === 'string' && referred !== 'document') return { ...base, fault: referred };
  return { ...base, target: referred, fault: await faultOf(document, element, read, base, referred) };
}

function targetOf(
  document: Document,
  { reference }: ReadXmlSignature,
): Element | 'document' | Extract<XmlFault, 'id-twice' | 'element-moved' | 'algorithm-unsupported'> {
  if (!reference) return 'algorithm-unsupported';
  if (reference.uri === '') return 'document';
  const id = /^#([^()#\s]+)$/.exec(reference.uri)?.[1];
  // An address outside of the document, or an XPointer: nothing is fetched for a signature.
  if (id === undefined) return 'algorithm-unsupported';
  try {
    return elementWithId(document, id) ?? 'element-moved';
  } catch (error) {
    if (error instanceof XmlError && error.failure === 'id-twice') return 'id-twice';
    throw error;
  }
}

async function faultOf(
  document: Document,
  element: Element,
  read: ReadXmlSignature,
  { certificate, digest }: Pick<CheckedXmlSignature, 'certificate' | 'digest'>,
  target: Element | 'document',
): Promise<XmlFault | undefined> {
  const { reference, canonicalForm } = read;
  const method = xmlSignatureMethod(read.methodName);
  if (!reference?.form || !canonicalForm || !digest || !method) return 'algorithm-unsupported';
  // A reference within the document leaves comments out, whatever its transforms say (XMLDSig §4.4.3.3).
  const form = { ...reference.form, comments: false };
  const top = target === 'document' ? document : target;
  const content = canonicalXml(top, form, reference.enveloped ? element : undefined);
  if (!equalBytes(digestOf(digest, Buffer.from(content, 'utf8')), reference.digest))
    return 'document-changed';
  if (!certificate) return 'certificate-missing';
  const { publicKeyInfo } = certificate;
  const data = Buffer.from(canonicalXml(read.signedInfo, canonicalForm), 'utf8');
  if (method.kind === 'rsa' && method.weak)
    return rsaSha1Holds(publicKeyInfo, data, read.value) ? 'hash-weak' : 'signature-wrong';
  const algorithm = algorithmOf(method, certificate);
  if (!algorithm) return 'algorithm-unsupported';
  const check = await verifySignature({ algorithm, publicKeyInfo, data, signature: read.value });
  if (check === 'valid') return digest.weak ? 'hash-weak' : undefined;
  return check === 'invalid' ? 'signature-wrong' : 'algorithm-unsupported';
}

function algorithmOf(
  method: NonNullable<ReturnType<typeof xmlSignatureMethod>>,
  { publicKeyInfo }: CertificateInfo,
): AlgorithmIdentifier | undefined {
  if (method.kind === 'rsa') return readAlgorithm(parseDer(algorithmWithNull(method.oid)));
  const name = readGostPublicKey(publicKeyInfo)?.algorithm.name;
  const isMeant = name !== undefined && method.names.includes(name);
  return isMeant ? readAlgorithm(parseDer(signatureIdentifier(name))) : undefined;
}

function parsedOrUndefined(bytes: Uint8Array): CertificateInfo | undefined {
  try {
    return parseCertificate(asDer(bytes));
  } catch (error) {
    if (error instanceof DerError) return undefined;
    throw error;
  }
}
