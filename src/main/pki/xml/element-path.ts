import xpath from 'xpath';
import { isElement, rootOf, type Document, type Element } from './xml-document.ts';
import { XmlError } from './xml-error.ts';

/**
 * XPath as pages use it to point at an element: steps with a name, a place, an attribute's value or `local-name()`. All of
 * XPath would let a page keep this program busy for hours with one line.
 */
const value = `(?:'[^'\\]]{0,200}'|"[^"\\]]{0,200}")`;
const name = String.raw`(?:[\p{L}_][\p{L}\p{N}_.-]{0,200}:)?[\p{L}_][\p{L}\p{N}_.-]{0,200}`;
const predicate = String.raw`\[\s*(?:\d{1,6}|last\(\)|@${name}\s*=\s*${value}|local-name\(\)\s*=\s*${value})\s*\]`;
const step = `(?:${name}|\\*)(?:${predicate}){0,3}`;
const path = new RegExp(`^/{0,2}${step}(?:/{1,2}${step}){0,31}$`, 'u');
const longestPath = 1024;
const mostAnywhere = 3;

/**
 * The one element that a path leads to; the root for an empty one. Prefixes are those of the root element.
 *
 * @throws XmlError `path-wrong` when it leads to none, to several, or is more than a path
 */
export function elementAt(document: Document, expression: string | undefined): Element {
  const root = rootOf(document);
  const wanted = expression?.trim() ?? '';
  if (wanted === '') return root;
  const isPath =
    wanted.length <= longestPath && path.test(wanted) && wanted.split('//').length - 1 <= mostAnywhere;
  if (!isPath) throw new XmlError('path-wrong');
  const [found, another] = select(wanted, document, prefixesOf(root));
  if (!found || another) throw new XmlError('path-wrong');
  return found;
}

function select(
  expression: string,
  document: Document,
  namespaces: Record<string, string>,
): readonly Element[] {
  try {
    // The library's types are a browser's; the nodes are the parser's.
    const nodes = xpath.useNamespaces(namespaces)(expression, document as unknown as globalThis.Node);
    return Array.isArray(nodes) ? (nodes as unknown as Element[]).filter(isElement) : [];
  } catch (cause) {
    throw new XmlError('path-wrong', { cause });
  }
}

const prefixesOf = (root: Element): Record<string, string> =>
  Object.fromEntries(
    Array.from(root.attributes)
      .filter((attribute) => attribute.name.startsWith('xmlns:'))
      .map((attribute) => [attribute.name.slice('xmlns:'.length), attribute.value]),
  );
