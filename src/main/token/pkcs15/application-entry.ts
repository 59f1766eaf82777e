import { fromHex, toHex } from '#shared/bytes.ts';
import type { FilePath } from '../file-control.ts';
import { pathFromOctets, pathToOctets, type EntryCodec } from './attributes.ts';
import { DerError, encodeElement, readElements } from './der.ts';

/** One application of EF.DIR (ISO 7816-4 §8.2.1.1, trace T2). */
export interface ApplicationEntry {
  /** Application identifier, lower-case hexadecimal. */
  readonly identifier: string;
  readonly label: string;
  readonly path: FilePath;
}

/** A0 00 00 00 63 "PKCS-15". */
export const pkcs15Identifier = 'a000000063504b43532d3135';

const tag = { application: 0x61, identifier: 0x4f, label: 0x50, path: 0x51 } as const;

export const applicationCodec: EntryCodec<ApplicationEntry> = {
  decode(element) {
    if (element.tag !== tag.application) throw new DerError('not an application');
    const fields = new Map(readElements(element.content).map((field) => [field.tag, field]));
    const path = fields.get(tag.path);
    if (path === undefined) throw new DerError('application without path');
    return {
      identifier: toHex(fields.get(tag.identifier)?.content ?? new Uint8Array()),
      label: new TextDecoder().decode(fields.get(tag.label)?.content),
      path: pathFromOctets(path.content),
    };
  },
  encode: ({ identifier, label, path }) =>
    encodeElement(
      tag.application,
      encodeElement(tag.identifier, fromHex(identifier)),
      encodeElement(tag.label, new TextEncoder().encode(label)),
      encodeElement(tag.path, pathToOctets(path)),
    ),
};
