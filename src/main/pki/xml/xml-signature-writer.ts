import { concatBytes } from '#shared/bytes.ts';
import { digestOf, digestOfSigner } from '../digest-algorithms.ts';
import type { CertifiedSigner } from '../signer.ts';
import { canonicalXml } from './canonical-xml.ts';
import { elementAt } from './element-path.ts';
import {
  canonicalForms,
  canonicalName,
  dsigNamespace,
  envelopedSignature,
  xmlAlgorithms,
} from './xml-algorithms.ts';
import { elementWithId, idOf, isInside, parseXml, type Document, type Element } from './xml-document.ts';
import { XmlError } from './xml-error.ts';

/**
 * How the elements of a signature are laid out.
 *
 * - `common-utils`: each on its own line and base64 in lines of 76, as NCALayer's commonUtils writes them
 * - `basics`: without white space, as its `basics` does; some portals take white space away and then find it wrong
 */
export type XmlLayout = 'common-utils' | 'basics';

export interface XmlSignatureOrder {
  readonly layout: XmlLayout;
  /** Path of the element to be signed, which must have an Id; empty or absent: the whole document. */
  readonly tbsXPath?: string | undefined;
  /** Path of the element at whose end the signature is to stand; empty or absent: the root. */
  readonly parentXPath?: string | undefined;
}

/** A document ready for its signature. */
export interface PreparedXml {
  /** What the key signs: SignedInfo in its canonical form. */
  readonly signedInfo: Uint8Array;
  /** The document with the signature in it. */
  readonly finish: (signature: Uint8Array) => string;
}

/** As what the NCA's clients write begins. */
const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="no"?>';
const lineLength = 76;

/**
 * Prepares an enveloped signature (XMLDSig 1.1 §4) in the form of the NCA's clients: of the whole document by the empty
 * reference, or of one element by its Id. Done before the key is opened, so that a document that can not be signed costs no
 * PIN.
 *
 * The document comes back in canonical form, comments kept: what is written here is what every parser reads again.
 *
 * @throws XmlError
 */
export function prepareXmlSignature(
  text: string,
  order: XmlSignatureOrder,
  signer: Pick<CertifiedSigner, 'algorithm' | 'certificate'>,
): PreparedXml {
  const document = parseXml(text);
  const parent = elementAt(document, order.parentXPath);
  const signed = order.tbsXPath?.trim() ? elementAt(document, order.tbsXPath) : undefined;
  const build = new SignatureElements(document, order.layout);
  const signature = signed ? build.ofElement(signed, parent, signer) : build.ofDocument(document, signer);
  parent.appendChild(signature.element);
  const form = canonicalForms[signature.canonical] ?? { exclusive: false, comments: false };
  return {
    signedInfo: Buffer.from(canonicalXml(signature.signedInfo, form), 'utf8'),
    finish(value) {
      signature.value.textContent = build.base64(value);
      return declaration + canonicalXml(document, { exclusive: false, comments: true });
    },
  };
}

interface BuiltSignature {
  readonly element: Element;
  readonly signedInfo: Element;
  readonly value: Element;
  readonly canonical: string;
}

class SignatureElements {
  readonly #document: Document;
  readonly #layout: XmlLayout;

  constructor(document: Document, layout: XmlLayout) {
    this.#document = document;
    this.#layout = layout;
  }

  ofDocument(document: Document, signer: Pick<CertifiedSigner, 'algorithm' | 'certificate'>): BuiltSignature {
    // A reference to the document itself leaves comments out, whatever its transforms say (XMLDSig §4.4.3.3).
    const content = canonicalXml(document, { exclusive: false, comments: false });
    return this.#signature(signer, {
      canonical: canonicalName.inclusive,
      uri: '',
      transforms: [envelopedSignature, canonicalName.inclusiveWithComments],
      content,
    });
  }

  ofElement(
    signed: Element,
    parent: Element,
    signer: Pick<CertifiedSigner, 'algorithm' | 'certificate'>,
  ): BuiltSignature {
    const id = idOf(signed);
    if (id === undefined || id === '') throw new XmlError('id-missing');
    elementWithId(this.#document, id);
    const isWithin = isInside(parent, signed);
    return this.#signature(signer, {
      canonical: canonicalName.exclusive,
      uri: `#${id}`,
      transforms: [...(isWithin ? [envelopedSignature] : []), canonicalName.inclusiveWithComments],
      content: canonicalXml(signed, { exclusive: false, comments: false }),
    });
  }

  base64(bytes: Uint8Array): string {
    const text = Buffer.from(bytes).toString('base64');
    if (this.#layout === 'basics') return text;
    const lines = text.match(new RegExp(`.{1,${lineLength}}`, 'g')) ?? [];
    return `\n${lines.join('\n')}\n`;
  }

  #signature(
    { algorithm, certificate }: Pick<CertifiedSigner, 'algorithm' | 'certificate'>,
    reference: {
      readonly canonical: string;
      readonly uri: string;
      readonly transforms: readonly string[];
      readonly content: string;
    },
  ): BuiltSignature {
    const names = xmlAlgorithms[algorithm];
    const digest = digestOf(digestOfSigner(algorithm).digest, Buffer.from(reference.content, 'utf8'));
    const method = (name: string, value: string): Element => this.#element(name, [], { Algorithm: value });
    const signedInfo = this.#element('SignedInfo', [
      method('CanonicalizationMethod', reference.canonical),
      method('SignatureMethod', names.signature),
      this.#element(
        'Reference',
        [
          this.#element(
            'Transforms',
            reference.transforms.map((name) => method('Transform', name)),
          ),
          method('DigestMethod', names.digest),
          this.#leaf('DigestValue', Buffer.from(digest).toString('base64')),
        ],
        { URI: reference.uri },
      ),
    ]);
    const value = this.#leaf('SignatureValue', '');
    const keyInfo = this.#element('KeyInfo', [
      this.#element('X509Data', [this.#leaf('X509Certificate', this.base64(concatBytes(certificate)))]),
    ]);
    const element = this.#element('Signature', [signedInfo, value, keyInfo]);
    element.setAttributeNS('http://www.w3.org/2000/xmlns/', 'xmlns:ds', dsigNamespace);
    return { element, signedInfo, value, canonical: reference.canonical };
  }

  #element(
    name: string,
    children: readonly Element[],
    attributes: Readonly<Record<string, string>> = {},
  ): Element {
    const element = this.#document.createElementNS(dsigNamespace, `ds:${name}`);
    for (const [attribute, value] of Object.entries(attributes)) element.setAttribute(attribute, value);
    if (children.length > 0) this.#newLine(element);
    for (const child of children) {
      element.appendChild(child);
      this.#newLine(element);
    }
    return element;
  }

  #leaf(name: string, text: string): Element {
    const element = this.#element(name, []);
    element.textContent = text;
    return element;
  }

  #newLine(element: Element): void {
    if (this.#layout === 'common-utils') element.appendChild(this.#document.createTextNode('\n'));
  }
}
