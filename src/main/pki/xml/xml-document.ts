import { DOMParser, type Document, type Element, type Node } from '@xmldom/xmldom';
import { XmlError } from './xml-error.ts';

export type { Document, Element, Node } from '@xmldom/xmldom';

/** In characters. It is parsed at once, on the thread that everything else waits for. */
export const largestXml = 8 * 1024 * 1024;
const deepest = 200;
const mostNodes = 400_000;

export const nodeKind = {
  element: 1,
  text: 3,
  cdata: 4,
  processingInstruction: 7,
  comment: 8,
  documentType: 10,
} as const;

/** Names under which an element's identifier stands; XML itself knows only those that a document type declares. */
const idNames = ['Id', 'ID', 'id'];

/** Characters that are none of XML's (XML 1.0 §2.2), though `&#0;` and the like bring them in. */
// eslint-disable-next-line no-control-regex -- they are what is looked for
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Cs}/u;

/**
 * The characters of an XML file: UTF-8 unless it says windows-1251, which old bank software writes.
 *
 * @throws XmlError `not-xml`, `too-much`
 */
export function decodeXml(bytes: Uint8Array): string {
  if (bytes.length > largestXml) throw new XmlError('too-much');
  const start = Buffer.from(bytes.subarray(0, 200)).toString('latin1');
  const named = /^<\?xml[^>]*?encoding\s*=\s*["']([\w.-]+)["']/.exec(start)?.[1]?.toLowerCase() ?? 'utf-8';
  const encoding = ['utf-8', 'windows-1251'].find((known) => known === named);
  if (encoding === undefined) throw new XmlError('not-xml');
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new XmlError('not-xml', { cause });
  }
}

/**
 * Parses without forgiving anything: what a parser mends, another one mends otherwise, and both would believe the same
 * signature. No document type, so no entities and nothing fetched; bounded in size, depth and number of nodes.
 *
 * @throws XmlError `not-xml`, `document-type`, `too-much`
 */
export function parseXml(text: string): Document {
  if (text.length > largestXml) throw new XmlError('too-much');
  // Before anything is read of it; in a comment or a CDATA section it is refused too, which costs nobody anything.
  if (/<!(?:DOCTYPE|ENTITY)/i.test(text)) throw new XmlError('document-type');
  let document: Document;
  try {
    document = new DOMParser({
      onError: (level) => {
        throw new Error(level);
      },
    }).parseFromString(text.replace(/^\ufeff/, ''), 'text/xml');
  } catch (cause) {
    throw new XmlError('not-xml', { cause });
  }
  if (document.doctype) throw new XmlError('document-type');
  checkNodes(document);
  return document;
}

export function rootOf(document: Document): Element {
  if (!document.documentElement) throw new XmlError('not-xml');
  return document.documentElement;
}

export const isElement = (node: Node | null): node is Element => node?.nodeType === nodeKind.element;

export const childElements = (element: Element): readonly Element[] =>
  Array.from(element.childNodes).filter(isElement);

/** The element itself and all below it, in the order of the text. */
export function elementsIn(top: Element): readonly Element[] {
  const found: Element[] = [];
  const waiting: Element[] = [top];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    found.push(next);
    waiting.push(...childElements(next).toReversed());
  }
  return found;
}

export const isInside = (node: Node, ancestor: Node): boolean => {
  for (let one: Node | null = node; one; one = one.parentNode) if (one === ancestor) return true;
  return false;
};

/** The one identifier of an element, under whichever of its usual names. */
export const idOf = (element: Element): string | undefined =>
  idNames.map((name) => element.getAttributeNS(null, name)).find((value) => value !== null) ?? undefined;

/**
 * The element with this identifier.
 *
 * @throws XmlError `id-twice` when several have it, under whatever names
 */
export function elementWithId(document: Document, id: string): Element | undefined {
  const [found, another] = elementsIn(rootOf(document)).filter((element) =>
    idNames.some((name) => element.getAttributeNS(null, name) === id),
  );
  if (another) throw new XmlError('id-twice');
  return found;
}

function checkNodes(document: Document): void {
  let nodes = 0;
  const waiting: (readonly [Node, number])[] = [[document, 0]];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const [node, depth] = next;
    nodes += 1;
    if (depth > deepest || nodes > mostNodes) throw new XmlError('too-much');
    if (forbidden.test(node.nodeValue ?? '')) throw new XmlError('not-xml');
    if (isElement(node)) nodes += checkAttributes(node);
    for (const child of Array.from(node.childNodes)) waiting.push([child, depth + 1]);
  }
}

/** @returns how many there are */
function checkAttributes(element: Element): number {
  for (const { name, value } of Array.from(element.attributes)) {
    if (forbidden.test(value)) throw new XmlError('not-xml');
    // Namespaces in XML §3 and §5: a prefix is not undeclared, and the two that are given are left alone.
    const isDeclaration = name.startsWith('xmlns:');
    if (isDeclaration && (value === '' || ['xmlns:xml', 'xmlns:xmlns'].includes(name)))
      throw new XmlError('not-xml');
  }
  return element.attributes.length;
}
