import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bitString,
  bitStringBytes,
  context,
  der,
  DerError,
  insideOf,
  integer,
  membersOf,
  namedBits,
  octetString,
  oid,
  oidText,
  readDer,
  sequence,
  smallInteger,
  tags,
  utf8String,
  utf8Text,
} from '#test/bank/asn1/der.ts';
import { readPkiMessage } from '#test/bank/cmp/pki-message.ts';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

describe('the bank’s DER', () => {
  it('writes the examples of X.690 as they stand there', () => {
    expect(hex(oid('2.100.3'))).toBe('0603813403');
    expect(hex(oid('1.2.840.113549'))).toBe('06062a864886f70d');
    expect([0, 127, 128, 256, -128, -129].map((number) => hex(integer(number)))).toEqual([
      '020100',
      '02017f',
      '02020080',
      '02020100',
      '020180',
      '0202ff7f',
    ]);
  });

  it('writes PKIFailureInfo bits without trailing zeros', () => {
    expect(hex(namedBits(1))).toBe('03020640');
    expect(hex(namedBits(23))).toBe('030400000001');
    expect(hex(namedBits())).toBe('030100');
  });

  it('reads back every integer, text and byte string it writes', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -(2 ** 47), max: 2 ** 47 - 1 }),
        fc.uint8Array({ maxLength: 70_000 }),
        fc.string({ unit: 'grapheme' }),
        (number, bytes, text) => {
          const [first, second, third, fourth] = membersOf(
            readDer(
              sequence(integer(number), octetString(bytes), bitString(bytes), context(3, utf8String(text))),
            ),
          );
          expect(smallInteger(first)).toBe(number);
          expect(second?.content).toEqual(Buffer.from(bytes));
          expect(bitStringBytes(third)).toEqual(Buffer.from(bytes));
          expect(fourth && utf8Text(insideOf(fourth))).toBe(text);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('reads back every object identifier it writes', () => {
    const arc = fc.nat({ max: 2 ** 31 - 1 });
    const dotted = fc.oneof(
      fc.tuple(fc.constantFrom(0, 1), fc.nat({ max: 39 }), arc, arc),
      fc.tuple(fc.constant(2), fc.nat({ max: 10_000 }), arc),
    );
    fc.assert(
      fc.property(dotted, (arcs) => {
        expect(oidText(readDer(oid(arcs.join('.'))))).toBe(arcs.join('.'));
      }),
    );
  });

  it.each([
    ['an indefinite length', '3080020100' + '0000'],
    ['a length longer than needed', '3081030201' + '00'],
    ['bytes after the value', '02010000'],
    ['content that is cut short', '300502'],
    ['nothing at all', ''],
  ])('refuses %s', (_what, bytes) => {
    expect(() => readDer(Buffer.from(bytes, 'hex'))).toThrow(DerError);
  });

  it('answers any rubbish with a DER error and nothing else', () => {
    const rubbish = fc.uint8Array({ maxLength: 200 });
    const framed = fc
      .array(rubbish, { maxLength: 4 })
      .map((parts) => sequence(...parts.map((p) => der(0x30, p))));
    fc.assert(
      fc.property(fc.oneof(rubbish, framed), (bytes) => {
        try {
          readPkiMessage(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(DerError);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('keeps the received bytes of a value, for protection and hashes', () => {
    const inner = sequence(integer(7));
    const [value] = membersOf(readDer(sequence(inner)), tags.sequence);
    expect(value?.whole).toEqual(inner);
  });
});
