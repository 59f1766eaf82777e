import type { Document, Element, Node } from '@xmldom/xmldom';
import { isElement, nodeKind } from './xml-document.ts';

/** How XML is written down so that everybody who reads the same document gets the same bytes. */
export interface CanonicalForm {
  /** Exclusive (https://www.w3.org/TR/xml-exc-c14n/): only those namespaces that are in use. */
  readonly exclusive: boolean;
  readonly comments: boolean;
  /** Prefixes that count as in use everywhere (InclusiveNamespaces); `''` is the default namespace. */
  readonly inclusivePrefixes?: readonly string[] | undefined;
}

type Namespaces = ReadonlyMap<string, string>;

const xmlnsPrefix = 'xmlns:';

/**
 * Canonical XML 1.0 (https://www.w3.org/TR/2001/REC-xml-c14n-20010315) or its exclusive form of a whole document, or of
 * one element with all that is in it. Not taken from a library: what there is writes the data of processing instructions
 * as if it were text, so that two different documents become one (decision 070).
 *
 * @param without is left out, as the enveloped-signature transform does
 */
export function canonicalXml(top: Document | Element, form: CanonicalForm, without?: Element): string {
  const writer = new Writer(form, without);
  if (isElement(top)) writer.element(top, inScopeAbove(top), new Map(), inheritedXmlAttributes(top, form));
  else writer.document(top);
  return writer.text();
}

class Writer {
  readonly #form: CanonicalForm;
  readonly #without: Element | undefined;
  readonly #parts: string[] = [];

  constructor(form: CanonicalForm, without: Element | undefined) {
    this.#form = form;
    this.#without = without;
  }

  text(): string {
    return this.#parts.join('');
  }

  /** What stands before and after the root has a line of its own; white space there is no part of the document. */
  document(document: Document): void {
    let isBehind = false;
    for (const child of Array.from(document.childNodes)) {
      if (isElement(child)) {
        this.element(child, new Map(), new Map(), []);
        isBehind = true;
        continue;
      }
      const before = this.#parts.length;
      this.#aside(child);
      if (this.#parts.length === before) continue;
      const written = this.#parts.pop() ?? '';
      this.#parts.push(isBehind ? `\n${written}` : `${written}\n`);
    }
  }

  /**
   * @param scope namespaces by prefix as the parent has them
   * @param written namespaces as the nearest element written before has declared them
   */
  element(
    element: Element,
    scope: Namespaces,
    written: Namespaces,
    inherited: readonly (readonly [string, string])[],
  ): void {
    if (element === this.#without) return;
    const here = new Map([...scope, ...declarations(element)]);
    const declared = this.#declarationsOf(element, here, written);
    this.#parts.push('<', element.tagName);
    for (const [prefix, uri] of declared)
      this.#parts.push(prefix === '' ? ' xmlns="' : ` xmlns:${prefix}="`, attributeText(uri), '"');
    for (const [name, value] of attributesInOrder(element, inherited))
      this.#parts.push(` ${name}="`, attributeText(value), '"');
    this.#parts.push('>');
    const nowWritten = new Map([...written, ...declared]);
    for (const child of Array.from(element.childNodes)) {
      if (isElement(child)) this.element(child, here, nowWritten, []);
      else this.#aside(child);
    }
    this.#parts.push('</', element.tagName, '>');
  }

  #aside(node: Node): void {
    const value = node.nodeValue ?? '';
    switch (node.nodeType) {
      case nodeKind.text:
      case nodeKind.cdata:
        if (node.parentNode && isElement(node.parentNode)) this.#parts.push(contentText(value));
        break;
      case nodeKind.comment:
        if (this.#form.comments) this.#parts.push(`<!--${value.replaceAll('\r', '&#xD;')}-->`);
        break;
      case nodeKind.processingInstruction:
        // The declaration `<?xml …?>` is none, though it is kept as one.
        if (node.nodeName !== 'xml')
          this.#parts.push(
            `<?${node.nodeName}${value === '' ? '' : ` ${value.replaceAll('\r', '&#xD;')}`}?>`,
          );
        break;
    }
  }

  /** Declarations that are written on this element: those that the bytes written so far do not have already. */
  #declarationsOf(
    element: Element,
    scope: Namespaces,
    written: Namespaces,
  ): readonly (readonly [string, string])[] {
    const { exclusive, inclusivePrefixes = [] } = this.#form;
    const prefixes = exclusive
      ? new Set([...prefixesInUse(element), ...inclusivePrefixes.filter((prefix) => scope.has(prefix))])
      : new Set([...scope.keys(), '']);
    return [...prefixes]
      .map((prefix) => [prefix, scope.get(prefix) ?? ''] as const)
      .filter(([prefix, uri]) => prefix !== 'xml' && (written.get(prefix) ?? '') !== uri)
      .toSorted(([a], [b]) => byCodePoint(a, b));
  }
}

function declarations(element: Element): readonly (readonly [string, string])[] {
  return Array.from(element.attributes).flatMap(({ name, value }) => {
    if (name === 'xmlns') return [['', value] as const];
    return name.startsWith(xmlnsPrefix) ? [[name.slice(xmlnsPrefix.length), value] as const] : [];
  });
}

const ancestorsOf = (element: Element): readonly Element[] => {
  const found: Element[] = [];
  for (let one = element.parentNode; isElement(one); one = one.parentNode) found.unshift(one);
  return found;
};

const inScopeAbove = (element: Element): Namespaces => new Map(ancestorsOf(element).flatMap(declarations));

/** `xml:lang` and the like of ancestors that are not written themselves (Canonical XML 1.0 §2.4). */
function inheritedXmlAttributes(
  element: Element,
  form: CanonicalForm,
): readonly (readonly [string, string])[] {
  if (form.exclusive) return [];
  const inherited = new Map(
    ancestorsOf(element).flatMap((one) =>
      Array.from(one.attributes)
        .filter(({ name }) => name.startsWith('xml:'))
        .map(({ name, value }) => [name, value] as const),
    ),
  );
  return [...inherited].filter(([name]) => !element.hasAttribute(name));
}

function prefixesInUse(element: Element): readonly string[] {
  const ofAttributes = Array.from(element.attributes)
    .filter(({ name }) => name !== 'xmlns' && !name.startsWith(xmlnsPrefix))
    .map(({ prefix }) => prefix ?? '')
    .filter((prefix) => prefix !== '');
  return [element.prefix ?? '', ...ofAttributes];
}

const xmlNamespace = 'http://www.w3.org/XML/1998/namespace';

/** By namespace, those without one first, and then by name. */
function attributesInOrder(
  element: Element,
  inherited: readonly (readonly [string, string])[],
): readonly (readonly [string, string])[] {
  const own = Array.from(element.attributes)
    .filter(({ name }) => name !== 'xmlns' && !name.startsWith(xmlnsPrefix))
    .map(({ name, value, namespaceURI, localName }) => ({
      name,
      value,
      namespace: namespaceURI ?? '',
      localName: localName ?? name,
    }));
  const fromAbove = inherited.map(([name, value]) => ({
    name,
    value,
    namespace: xmlNamespace,
    localName: name.slice('xml:'.length),
  }));
  return [...own, ...fromAbove]
    .toSorted((a, b) => byCodePoint(a.namespace, b.namespace) || byCodePoint(a.localName, b.localName))
    .map(({ name, value }) => [name, value]);
}

/** Order of the characters, not of the halves that JavaScript keeps them in. */
const byCodePoint = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

const contentText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('\r', '&#xD;');

const attributeText = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\t', '&#x9;')
    .replaceAll('\n', '&#xA;')
    .replaceAll('\r', '&#xD;');
