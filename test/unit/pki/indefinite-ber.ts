import { concatBytes } from '#shared/bytes.ts';
import { members, parseDer, tag, type DerValue } from '#main/pki/asn1.ts';

const endOfContents = Uint8Array.of(0, 0);
const indefinite = 0x80;

function lengthOf(bytes: Uint8Array): Uint8Array {
  if (bytes.length < 128) return Uint8Array.of(bytes.length);
  return Uint8Array.of(0x82, bytes.length >> 8, bytes.length & 0xff);
}

function convert(value: DerValue): Uint8Array {
  if (value.tag & 0x20) {
    return concatBytes(Uint8Array.of(value.tag, indefinite), ...members(value).map(convert), endOfContents);
  }
  if (value.tag === tag.octetString && value.content.length > 8) {
    const half = value.content.length >> 1;
    const pieces = [value.content.subarray(0, half), value.content.subarray(half)];
    return concatBytes(
      Uint8Array.of(0x24, indefinite),
      ...pieces.map((piece) => concatBytes(Uint8Array.of(tag.octetString), lengthOf(piece), piece)),
      endOfContents,
    );
  }
  return value.der;
}

/** The same value as some Java programs write it: indefinite lengths, long OCTET STRINGs in two pieces. */
export const toIndefiniteBer = (der: Uint8Array): Uint8Array => convert(parseDer(der));
