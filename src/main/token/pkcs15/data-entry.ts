import type { FilePath } from '../file-control.ts';
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
import {
  derTag,
  DerError,
  encodeElement,
  encodeSequence,
  encodeText,
  readSequence,
  readText,
} from './der.ts';

/** One opaque data object of DODF (trace T17). */
export interface DataEntry extends ObjectAttributes {
  readonly application: string;
  readonly path: FilePath;
}

export const dataCodec: EntryCodec<DataEntry> = {
  decode(element) {
    if (element.tag !== derTag.sequence) throw new DerError('another kind of data object');
    const { common, ofClass, ofType } = entryParts(element);
    const application = readSequence(ofClass).find((field) => field.tag === derTag.utf8String);
    return {
      ...decodeObjectAttributes(common),
      application: application === undefined ? '' : readText(application),
      path: decodePath(ofType[0]),
    };
  },
  encode: (entry) =>
    encodeSequence(
      encodeObjectAttributes(entry),
      encodeSequence(...(entry.application === '' ? [] : [encodeText(entry.application)])),
      encodeElement(typeAttributesTag, encodePath(entry.path)),
    ),
};
