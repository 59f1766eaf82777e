import { dsigNamespace } from './xml-algorithms.ts';
import {
  childElements,
  elementsIn,
  isElement,
  isInside,
  nodeKind,
  rootOf,
  type Document,
  type Element,
} from './xml-document.ts';

/** How much of a document a signature over one of its elements speaks for. */
export interface Coverage {
  /**
   * `all`: there is nothing in the document beside it · `part`: there is · `moved`: the signed element stands where no
   * program looks for it, or another one of its name stands beside it unsigned: that is how such documents are forged.
   */
  readonly kind: 'all' | 'part' | 'moved';
  /** Of the signed element; undefined for the root. */
  readonly path: string | undefined;
}

/**
 * Says what a good signature over one element is worth to somebody who reads the whole document (signature wrapping:
 * McIntosh and Austel, 2005).
 *
 * @param alsoSigned elements that other good signatures of the document are over
 */
export function coverageOf(question: {
  readonly document: Document;
  readonly target: Element;
  readonly signature: Element;
  readonly alsoSigned: readonly (Element | 'document')[];
}): Coverage {
  const { document, target, signature, alsoSigned } = question;
  const root = rootOf(document);
  if (target === root) return { kind: 'all', path: undefined };
  const path = pathOf(target);
  if (ancestorsOf(target).some(isSignature)) return { kind: 'moved', path };
  const signed = [target, ...alsoSigned.filter((one) => one !== 'document')];
  const isSigned = (element: Element): boolean =>
    alsoSigned.includes('document') || signed.some((one) => isInside(element, one));
  const rest = elementsIn(root).filter(
    (element) => !isSigned(element) && !isInSignature(element) && !isInside(signature, element),
  );
  const beside = rest.filter((element) => !isInside(target, element));
  if (beside.some((element) => sameNameAs(element, target))) return { kind: 'moved', path };
  const isBare = ancestorsOf(target).every((element) => isSigned(element) || isMereContainer(element));
  return { kind: beside.length === 0 && isBare ? 'all' : 'part', path };
}

function ancestorsOf(element: Element): readonly Element[] {
  const found: Element[] = [];
  for (let one = element.parentNode; isElement(one); one = one.parentNode) found.push(one);
  return found;
}

const isSignature = ({ namespaceURI, localName }: Element): boolean =>
  namespaceURI === dsigNamespace && localName === 'Signature';

const isInSignature = (element: Element): boolean => [element, ...ancestorsOf(element)].some(isSignature);

const sameNameAs = (one: Element, other: Element): boolean =>
  one.localName === other.localName && one.namespaceURI === other.namespaceURI;

/** Has a name and nothing else of its own. */
const isMereContainer = (element: Element): boolean =>
  Array.from(element.attributes).every(({ name }) => name === 'xmlns' || name.startsWith('xmlns:')) &&
  Array.from(element.childNodes).every(
    ({ nodeType, nodeValue }) =>
      (nodeType !== nodeKind.text && nodeType !== nodeKind.cdata) || (nodeValue ?? '').trim() === '',
  );

/** `/order/items/item[2]` */
function pathOf(element: Element): string {
  return [...ancestorsOf(element).toReversed(), element]
    .map((one) => {
      const siblings = isElement(one.parentNode)
        ? childElements(one.parentNode).filter((other) => sameNameAs(other, one))
        : [];
      return siblings.length > 1 ? `/${one.tagName}[${siblings.indexOf(one) + 1}]` : `/${one.tagName}`;
    })
    .join('');
}
