import type { DerBytes } from '#shared/bytes.ts';
import { members, parseDer, readText, retag, tag, type DerValue } from './asn1.ts';

/** GeneralName (RFC 5280 §4.2.1.6), as far as it is made use of. */
export type GeneralName =
  | { readonly kind: 'rfc822' | 'dns' | 'uri'; readonly text: string }
  | { readonly kind: 'directory'; readonly name: DerBytes }
  /** An address, or in name constraints an address and its mask. */
  | { readonly kind: 'ip'; readonly bytes: Uint8Array }
  /** Names of forms that nothing here can compare. */
  | { readonly kind: 'other'; readonly form: number };

const texts = { 1: 'rfc822', 2: 'dns', 6: 'uri' } as const;
const ia5Text = (value: DerValue): string => readText(parseDer(retag(tag.ia5String, value)));

/** @throws DerError */
export function readGeneralName(value: DerValue): GeneralName {
  for (const [form, kind] of Object.entries(texts)) {
    if (value.tag === tag.contextPrimitive(Number(form))) return { kind, text: ia5Text(value) };
  }
  // A Name is a CHOICE, so its tag is explicit.
  if (value.tag === tag.context(4)) return { kind: 'directory', name: parseDer(value.content).der };
  if (value.tag === tag.contextPrimitive(7)) return { kind: 'ip', bytes: value.content };
  return { kind: 'other', form: value.tag };
}

/** GeneralNames. @throws DerError */
export const readGeneralNames = (value: DerValue): readonly GeneralName[] =>
  members(value).map(readGeneralName);
