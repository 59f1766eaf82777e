import { fromHex, toHex, type DerBytes } from '#shared/bytes.ts';
import { KiltError } from '#shared/errors.ts';
import {
  DerError,
  DerReader,
  encode,
  members,
  oid,
  parseDer,
  readOid,
  readText,
  sequence,
  setOf,
  tag,
  type DerValue,
} from './asn1.ts';
import { oids } from './oids.ts';

/** Short names: RFC 4514 §3 first, then descriptors that bank certificates use (RFC 4519, OpenSSL). */
const shortNames: readonly (readonly [string, string])[] = [
  ['CN', oids.commonName],
  ['L', oids.locality],
  ['ST', oids.state],
  ['O', oids.organization],
  ['OU', oids.organizationalUnit],
  ['C', oids.country],
  ['STREET', oids.street],
  ['DC', oids.domainComponent],
  ['UID', oids.userId],
  ['serialNumber', oids.serialNumber],
  ['SN', oids.surname],
  ['GN', oids.givenName],
  ['title', oids.title],
  ['emailAddress', oids.emailAddress],
];
const oidByName = new Map<string, string>([
  ...shortNames.map(([name, dotted]) => [name.toUpperCase(), dotted] as const),
  ['S', oids.state],
  ['E', oids.emailAddress],
  ['EMAIL', oids.emailAddress],
  ['GIVENNAME', oids.givenName],
  ['SURNAME', oids.surname],
]);
const nameByOid = new Map(shortNames.map(([name, dotted]) => [dotted, name]));

const printable = /^[A-Za-z0-9 '()+,\-./:=?]*$/;
// eslint-disable-next-line no-control-regex -- IA5 is exactly this range
const ia5 = /^[\x00-\x7f]*$/;

function attributeValue(type: string, text: string): DerBytes {
  const bytes = Buffer.from(text, 'utf8');
  // RFC 5280 appendix A.1 fixes PrintableString for these two, IA5String for the next two; UTF8String is the rule.
  if ((type === oids.country || type === oids.serialNumber) && printable.test(text)) {
    return encode(tag.printableString, bytes);
  }
  if ((type === oids.domainComponent || type === oids.emailAddress) && ia5.test(text)) {
    return encode(tag.ia5String, bytes);
  }
  return encode(tag.utf8String, bytes);
}

const wrong = (): KiltError => new KiltError('input-invalid', { field: 'distinguished-name' });

/** Reads the RFC 4514 §3 grammar; spaces around separators are forgiven as RFC 2253 wrote them. */
class NameText {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  isAtEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  skipSpaces(): void {
    while (this.#text[this.#at] === ' ') this.#at += 1;
  }

  take(separator: string): boolean {
    if (this.#text[this.#at] !== separator) return false;
    this.#at += 1;
    return true;
  }

  match(pattern: RegExp): string | undefined {
    const found = pattern.exec(this.#text.slice(this.#at))?.[0];
    this.#at += found?.length ?? 0;
    return found;
  }

  attribute(): DerBytes {
    this.skipSpaces();
    const name = this.match(/^(?:[A-Za-z][A-Za-z0-9-]*|\d+(?:\.\d+)+)/);
    this.skipSpaces();
    if (name === undefined || !this.take('=')) throw wrong();
    const type = /^\d/.test(name) ? name : oidByName.get(name.toUpperCase());
    if (type === undefined) throw wrong();
    this.skipSpaces();
    const value = this.take('#') ? this.hexValue() : attributeValue(type, this.stringValue());
    try {
      return sequence(oid(type), value);
    } catch {
      throw wrong();
    }
  }

  hexValue(): Uint8Array {
    try {
      return parseDer(fromHex(this.match(/^[0-9A-Fa-f]+ */) ?? '')).der;
    } catch {
      throw wrong();
    }
  }

  stringValue(): string {
    const bytes: Uint8Array[] = [];
    let lengthWithoutTrailingSpaces = 0;
    while (!this.isAtEnd() && !/[,+;]/.test(this.#text[this.#at] ?? '')) {
      const escaped = this.match(/^\\(?:[0-9A-Fa-f]{2}|[ "#+,;<=>\\])/);
      const plain = escaped === undefined ? this.match(/^[^\\"+,;<>\0]/u) : undefined;
      if (escaped !== undefined && escaped.length === 3) bytes.push(fromHex(escaped.slice(1)));
      else if (escaped !== undefined) bytes.push(Buffer.from(escaped.slice(1), 'utf8'));
      else if (plain !== undefined) bytes.push(Buffer.from(plain, 'utf8'));
      else throw wrong();
      if (plain !== ' ') lengthWithoutTrailingSpaces = bytes.length;
    }
    try {
      const value = Buffer.concat(bytes.slice(0, lengthWithoutTrailingSpaces));
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(value);
    } catch {
      throw wrong();
    }
  }
}

/**
 * DER Name of a distinguished name written as text (RFC 4514), last component first in the encoding as the RFC says.
 *
 * Values become UTF8String; country and serialNumber PrintableString, DC and e-mail IA5String.
 *
 * @throws KiltError `input-invalid` with `field: 'distinguished-name'`
 */
export function distinguishedName(rfc4514: string): DerBytes {
  const text = new NameText(rfc4514);
  const relativeNames: DerBytes[] = [];
  text.skipSpaces();
  if (text.isAtEnd()) return sequence();
  do {
    const attributes: DerBytes[] = [];
    do attributes.push(text.attribute());
    while (text.take('+'));
    relativeNames.unshift(setOf(...attributes));
  } while (text.take(',') || text.take(';'));
  if (!text.isAtEnd()) throw wrong();
  return sequence(...relativeNames);
}

/** Makes any text safe as an attribute value in an RFC 4514 string (§2.4), for example a user ID typed by somebody. */
export function escapeAttributeValue(text: string): string {
  return Array.from(text)
    .map((character, i, all) => {
      const atEdge = character === ' ' && (i === 0 || i === all.length - 1);
      if (atEdge || '\\"+,;<>'.includes(character) || (character === '#' && i === 0)) return `\\${character}`;
      const code = character.charCodeAt(0);
      return code < 0x20 || code === 0x7f ? `\\${code.toString(16).padStart(2, '0')}` : character;
    })
    .join('');
}

interface Attribute {
  readonly type: string;
  readonly value: DerValue;
}

function relativeNamesOf(name: Uint8Array): readonly (readonly Attribute[])[] {
  const whole = parseDer(name);
  if (whole.tag !== tag.sequence) throw new DerError('not a Name');
  return members(whole, tag.set).map((set) =>
    members(set, tag.sequence).map((pair) => {
      const reader = new DerReader(pair.content);
      const type = readOid(reader.next(tag.oid));
      const value = reader.any();
      reader.end();
      return { type, value };
    }),
  );
}

function attributeText({ type, value }: Attribute): string {
  const name = nameByOid.get(type);
  if (name !== undefined) {
    try {
      return `${name}=${escapeAttributeValue(readText(value))}`;
    } catch (error) {
      if (!(error instanceof DerError)) throw error;
    }
  }
  return `${name ?? type}=#${toHex(value.der)}`;
}

/** RFC 4514 text of a DER Name; what can not be read as text appears as `#` and hexadecimal. @throws DerError */
export const nameText = (name: Uint8Array): string =>
  relativeNamesOf(name)
    .map((attributes) => attributes.map(attributeText).join('+'))
    .reverse()
    .join(',');

/** The most specific common name, if there is one. @throws DerError */
export function commonNameOf(name: Uint8Array): string | undefined {
  const attribute = relativeNamesOf(name)
    .flat()
    .findLast(({ type }) => type === oids.commonName);
  if (!attribute) return undefined;
  try {
    return readText(attribute.value);
  } catch {
    return undefined;
  }
}

/** Values of all attributes of one type, in the order of the encoding; those that are no text are left out. @throws DerError */
export const attributeTexts = (name: Uint8Array, type: string): readonly string[] =>
  relativeNamesOf(name)
    .flat()
    .filter((attribute) => attribute.type === type)
    .flatMap(({ value }) => {
      try {
        return [readText(value)];
      } catch {
        return [];
      }
    });

const comparable = ({ type, value }: Attribute): string => {
  try {
    const text = readText(value).normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim();
    return `${type}=${text}`;
  } catch {
    return `${type}#${toHex(value.der)}`;
  }
};

const comparableNames = (name: Uint8Array): readonly string[] =>
  relativeNamesOf(name).map((attributes) => JSON.stringify(attributes.map(comparable).toSorted()));

const identifying: readonly string[] = [oids.userId, oids.serialNumber];

/**
 * Whether a Name is of the person that another one asks for: every UID and serialNumber is there, or the common name
 * where there is neither. The rest is for the CA's records to say.
 *
 * @throws DerError
 */
export function isNameOf(name: Uint8Array, wanted: Uint8Array): boolean {
  const asked = relativeNamesOf(wanted).flat();
  const identifiers = asked.filter(({ type }) => identifying.includes(type));
  const decisive =
    identifiers.length > 0 ? identifiers : asked.filter(({ type }) => type === oids.commonName);
  const given = new Set(relativeNamesOf(name).flat().map(comparable));
  return decisive.every((attribute) => given.has(comparable(attribute)));
}

/** Whether a Name stands in the subtree of another, or is that one (RFC 5280 §4.2.1.10). @throws DerError */
export function isNameWithin(name: Uint8Array, base: Uint8Array): boolean {
  const parts = comparableNames(name);
  return comparableNames(base).every((part, place) => part === parts[place]);
}

/**
 * Whether two Names are the same (RFC 5280 §7.1): string types, letter case and runs of spaces do not matter. What is no
 * Name is the same as nothing but itself.
 */
export function sameName(a: Uint8Array, b: Uint8Array): boolean {
  if (Buffer.compare(a, b) === 0) return true;
  try {
    return comparableNames(a).join() === comparableNames(b).join();
  } catch (error) {
    if (error instanceof DerError) return false;
    throw error;
  }
}
