import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '#shared/bytes.ts';
import {
  certificateTime,
  DerError,
  encode,
  generalizedTime,
  integer,
  members,
  namedBits,
  octetString,
  oid,
  parseDer,
  parseSequence,
  readInteger,
  readNamedBits,
  readOid,
  readText,
  readTime,
  sequence,
  tag,
  utf8String,
} from '#main/pki/asn1.ts';

describe('DER', () => {
  it('gives back the bytes it was given, however deep', () => {
    const inner = sequence(integer(5), utf8String('ҚАЗ'));
    const received = sequence(octetString(new Uint8Array(300)), inner);
    const second = members(parseDer(received))[1];
    expect(second && toHex(second.der)).toBe(toHex(inner));
    expect(second?.der.buffer).toBe(received.buffer);
  });

  it.each([
    ['0500', '05', 'an early end'],
    ['0500', '050000', 'trailing bytes'],
    ['0500', '3080050000000000', 'an indefinite length'],
    ['020105', '02810105', 'a length in more octets than needed'],
    ['020105', '0282000105', 'a length with leading zeros'],
    ['020105', '1f020105', 'a multi-byte tag'],
    ['020105', '0288000000000000000105', 'an enormous length field'],
  ])('%s is accepted, %s is not: %s', (good, bad) => {
    expect(() => parseDer(fromHex(good))).not.toThrow();
    expect(() => parseDer(fromHex(bad))).toThrow(DerError);
  });

  it('numbers of any size and sign survive', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 270n), max: 2n ** 270n }), (number) => {
        expect(readInteger(parseDer(integer(number)))).toBe(number);
      }),
    );
  });

  it.each(['02020001', '0202ff80', '0200'])('the number %s is not in its shortest form', (hex) => {
    expect(() => readInteger(parseDer(fromHex(hex)))).toThrow(DerError);
  });

  it('an INTEGER of a megabyte is read in the time of its length, not of its square', () => {
    const long = encode(tag.integer, new Uint8Array(2 ** 20).fill(0x55));
    const before = process.cpuUsage();
    expect(readInteger(parseDer(long)) > 0n).toBe(true);
    // Byte by byte it would take minutes.
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(1_000);
  });

  it('named bits survive', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(40)), (bits) => {
        expect(readNamedBits(parseDer(namedBits(bits)))).toEqual(bits.toSorted((a, b) => a - b));
      }),
    );
  });

  it('object identifiers survive', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(100_000), { minLength: 1, maxLength: 10 }), (arcs) => {
        const dotted = `1.2.${arcs.join('.')}`;
        expect(readOid(parseDer(oid(dotted)))).toBe(dotted);
      }),
    );
  });

  it('moments survive to the second, in both forms', () => {
    const from = Date.UTC(1950, 0, 1) / 1000;
    const to = Date.UTC(2200, 0, 1) / 1000;
    fc.assert(
      fc.property(fc.integer({ min: from, max: to }), (seconds) => {
        const moment = new Date(seconds * 1000);
        expect(readTime(parseDer(certificateTime(moment)))).toEqual(moment);
        expect(readTime(parseDer(generalizedTime(moment)))).toEqual(moment);
      }),
    );
  });

  it.each(['251332000000Z', '250230000000Z', '2502010000Z', '250201000000+0500', '250201006000Z'])(
    'the time %s does not exist or is not in UTC',
    (text) => {
      expect(() => readTime(parseDer(encode(tag.utcTime, Buffer.from(text))))).toThrow(DerError);
    },
  );

  it('texts in the older alphabets are read', () => {
    expect(readText(parseDer(encode(tag.bmpString, fromHex('049a0061'))))).toBe('Қa');
    expect(readText(parseDer(encode(tag.universalString, fromHex('0001f511'))))).toBe('🔑');
    expect(() => readText(parseDer(encode(tag.utf8String, fromHex('ff'))))).toThrow(DerError);
  });

  it('random bytes end in a DerError or a value that is exactly them', () => {
    const walk = (bytes: Uint8Array): void => {
      const reader = parseSequence(bytes);
      while (!reader.atEnd) reader.any();
    };
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        try {
          walk(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(DerError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
