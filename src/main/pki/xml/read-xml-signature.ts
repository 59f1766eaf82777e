import { asDer, type DerBytes } from '#shared/bytes.ts';
import { canonicalForms, dsigNamespace, envelopedSignature, exclusiveNamespace } from './xml-algorithms.ts';
import type { CanonicalForm } from './canonical-xml.ts';
import { childElements, nodeKind, type Element } from './xml-document.ts';

/** A `ds:Signature` as it stands in the document. Nothing in it is proven. */
export interface ReadXmlSignature {
  readonly signedInfo: Element;
  /** Undefined: a form that is not known here. */
  readonly canonicalForm: CanonicalForm | undefined;
  readonly methodName: string;
  /** Undefined: there are several. */
  readonly reference: XmlReference | undefined;
  readonly value: Uint8Array;
  readonly certificates: readonly DerBytes[];
}

export interface XmlReference {
  readonly uri: string;
  readonly enveloped: boolean;
  /** Undefined: transforms that are not known here. */
  readonly form: CanonicalForm | undefined;
  readonly digestName: string;
  readonly digest: Uint8Array;
}

const mostCertificates = 8;

/**
 * Reads the parts of a signature in the order and number that the schema gives (XMLDSig 1.1 §4.1); undefined when anything
 * is missing, doubled or beside it. Comments within are refused: one in the middle of a value hides what comes behind it
 * from some programs.
 */
export function readXmlSignature(signature: Element): ReadXmlSignature | undefined {
  const parts = childrenOf(signature);
  const [signedInfo, value, keyInfo, another] = parts ?? [];
  if (!isNamed(signedInfo, 'SignedInfo') || !isNamed(value, 'SignatureValue') || another) return undefined;
  if (keyInfo && !isNamed(keyInfo, 'KeyInfo')) return undefined;
  const signedParts = childrenOf(signedInfo) ?? [];
  const [canonical, method, reference, second] = signedParts;
  const areNamed =
    isNamed(canonical, 'CanonicalizationMethod') &&
    isNamed(method, 'SignatureMethod') &&
    isNamed(reference, 'Reference');
  if (!areNamed || childElements(method).length > 0) return undefined;
  const bytes = base64In(value);
  const read = readReference(reference);
  const certificates = keyInfo ? certificatesIn(keyInfo) : [];
  if (!bytes || !read || !certificates) return undefined;
  return {
    signedInfo,
    canonicalForm: formOf(canonical),
    methodName: algorithmIn(method),
    reference: second ? undefined : read,
    value: bytes,
    certificates,
  };
}

function readReference(reference: Element): XmlReference | undefined {
  const parts = childrenOf(reference);
  const uri = reference.getAttributeNS(null, 'URI');
  if (!parts || uri === null) return undefined;
  const transforms = isNamed(parts[0], 'Transforms') ? childrenOf(parts[0]) : [];
  const [method, value, another] = isNamed(parts[0], 'Transforms') ? parts.slice(1) : parts;
  if (!transforms || another || !isNamed(method, 'DigestMethod') || !isNamed(value, 'DigestValue'))
    return undefined;
  if (!transforms.every((one) => isNamed(one, 'Transform'))) return undefined;
  const digest = base64In(value);
  if (!digest) return undefined;
  const [first] = transforms;
  const enveloped = first !== undefined && algorithmIn(first) === envelopedSignature;
  const [canonical, more] = enveloped ? transforms.slice(1) : transforms;
  const form = canonical
    ? formOf(canonical)
    : canonicalForms['http://www.w3.org/TR/2001/REC-xml-c14n-20010315'];
  return { uri, enveloped, form: more ? undefined : form, digestName: algorithmIn(method), digest };
}

function formOf(method: Element): CanonicalForm | undefined {
  const name = algorithmIn(method);
  const form = Object.hasOwn(canonicalForms, name) ? canonicalForms[name] : undefined;
  const [list, another] = childElements(method);
  if (!form || !list) return form;
  const isList =
    form.exclusive && list.namespaceURI === exclusiveNamespace && list.localName === 'InclusiveNamespaces';
  if (!isList || another) return undefined;
  const prefixes = (list.getAttributeNS(null, 'PrefixList') ?? '')
    .split(/\s+/)
    .filter((prefix) => prefix !== '');
  return { ...form, inclusivePrefixes: prefixes.map((prefix) => (prefix === '#default' ? '' : prefix)) };
}

/** The first X509Data alone: a second one may be anybody's. */
function certificatesIn(keyInfo: Element): readonly DerBytes[] | undefined {
  const data = childElements(keyInfo).find((one) => isNamed(one, 'X509Data'));
  if (!data) return [];
  const found = childElements(data)
    .filter((one) => isNamed(one, 'X509Certificate'))
    .map(base64In);
  if (found.length > mostCertificates) return undefined;
  return found.every((bytes) => bytes !== undefined) ? found.map(asDer) : undefined;
}

const isNamed = (element: Element | undefined, name: string): element is Element =>
  element?.namespaceURI === dsigNamespace && element.localName === name;

const algorithmIn = (element: Element): string => element.getAttributeNS(null, 'Algorithm') ?? '';

/** Child elements, where nothing else but white space stands between them. */
function childrenOf(element: Element): readonly Element[] | undefined {
  const isBetween = Array.from(element.childNodes).every(
    ({ nodeType, nodeValue }) =>
      nodeType === nodeKind.element || (nodeType === nodeKind.text && (nodeValue ?? '').trim() === ''),
  );
  return isBetween ? childElements(element) : undefined;
}

function base64In(element: Element): Uint8Array | undefined {
  const nodes = Array.from(element.childNodes);
  if (nodes.some(({ nodeType }) => nodeType !== nodeKind.text)) return undefined;
  const text = nodes
    .map(({ nodeValue }) => nodeValue ?? '')
    .join('')
    .replaceAll(/[\t\n\r ]/g, '');
  const isBase64 = text.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(text);
  return isBase64 ? new Uint8Array(Buffer.from(text, 'base64')) : undefined;
}
