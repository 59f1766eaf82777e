import { fromHex, toHex } from '#shared/bytes.ts';
import type { FilePath } from '../file-control.ts';
import type { ObjectId } from '../token-session.ts';
import {
  decodeObjectAttributes,
  decodePath,
  encodeObjectAttributes,
  encodePath,
  entryParts,
  typeAttributesTag,
  type EntryCodec,
  type ObjectAttributes,
} from './attributes.ts';
import { derTag, DerError, encodeElement, encodeSequence, readOctets, readSequence } from './der.ts';

/** One X.509 certificate of CDF (trace T8). */
export interface CertificateEntry extends ObjectAttributes {
  readonly id: ObjectId;
  readonly path: FilePath;
}

export const certificateCodec: EntryCodec<CertificateEntry> = {
  decode(element) {
    if (element.tag !== derTag.sequence) throw new DerError('another kind of certificate');
    const { common, ofClass, ofType } = entryParts(element);
    const [path] = readSequence(ofType[0]);
    return {
      ...decodeObjectAttributes(common),
      id: toHex(readOctets(readSequence(ofClass)[0])),
      path: decodePath(path),
    };
  },
  encode: (entry) =>
    encodeSequence(
      encodeObjectAttributes(entry),
      encodeSequence(encodeElement(derTag.octetString, fromHex(entry.id))),
      encodeElement(typeAttributesTag, encodeSequence(encodePath(entry.path))),
    ),
};
