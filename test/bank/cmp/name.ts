import { membersOf, oidText, tags, type DerValue } from '../asn1/der.ts';

/** Attributes of a distinguished name in order: object identifier and text, whatever string type it came in. */
export function nameAttributes(name: DerValue): readonly { readonly type: string; readonly value: string }[] {
  return membersOf(name, tags.sequence).flatMap((relative) =>
    membersOf(relative, tags.set).map((attribute) => {
      const [type, value] = membersOf(attribute, tags.sequence);
      return { type: oidText(type), value: value ? textOf(value) : '' };
    }),
  );
}

const textOf = (value: DerValue): string =>
  value.tag === tags.bmp
    ? new TextDecoder('utf-16be').decode(value.content)
    : new TextDecoder().decode(value.content);

export const nameValue = (name: DerValue, type: string): string | undefined =>
  nameAttributes(name).find((attribute) => attribute.type === type)?.value;

/** Same attributes in the same order; the string types may differ (RFC 5280 §7.1, without case folding). */
export const sameName = (a: DerValue, b: DerValue): boolean =>
  JSON.stringify(nameAttributes(a)) === JSON.stringify(nameAttributes(b));
