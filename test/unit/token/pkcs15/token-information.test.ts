import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '#shared/bytes.ts';
import {
  changeTokenInformation,
  encodeTokenInformation,
  parseTokenInformation,
} from '#main/token/pkcs15/token-information.ts';

/** Trace T2. */
const seen = fromHex(
  '30 38 02 01 00 04 08 01 02 03 04 05 06 07 08 0C 09 41 6B 74 69 76 20 43 6F 2E 80 07 4D 79 54 6F 6B 65 6E 03 02 04 10 A5 11 18 0F 32 30 32 36 31 31 32 32 31 31 35 36 35 39 5A',
);
const seenTime = new Date('2026-11-22T11:56:59Z');
const padded = new Uint8Array(128);
padded.set(seen);

describe('TokenInfo', () => {
  it('is written as OpenSC writes it', () => {
    expect(toHex(encodeTokenInformation(fromHex('0102030405060708'), 'MyToken', seenTime))).toBe(toHex(seen));
  });

  it('is read with the zeros that fill its file', () => {
    expect(parseTokenInformation(padded)).toEqual({ label: 'MyToken', lastUpdate: seenTime });
  });

  it('that was never written is no TokenInfo', () => {
    expect(parseTokenInformation(new Uint8Array(128))).toBeNull();
    expect(parseTokenInformation(new Uint8Array(128).fill(0xff))).toBeNull();
    expect(parseTokenInformation(new Uint8Array())).toBeNull();
  });

  it('keeps all other fields when the label changes, and overwrites what a longer label leaves', () => {
    const changed = changeTokenInformation(padded, { label: 'My', lastUpdate: seenTime });
    expect(parseTokenInformation(changed)?.label).toBe('My');
    expect(toHex(changed)).toBe(
      '3033020100040801020304050607080c09416b74697620436f2e80024d7903020410a511180f32303236313132323131353635395a' +
        '0000000000',
    );
  });

  it('gets a label and a time that it did not have, in their places', () => {
    // serial number, flags, preferred language; neither label nor lastUpdate
    const bare = fromHex('30 0F 02 01 00 04 02 AB CD 03 02 04 10 13 02 72 75');
    const changed = changeTokenInformation(bare, { label: 'A', lastUpdate: seenTime });
    expect(toHex(changed)).toBe(
      '302502010004 02abcd 800141 03020410 a511180f32303236313132323131353635395a 13027275'.replaceAll(
        ' ',
        '',
      ),
    );
  });

  it('is read as it was written, with any label', () => {
    const time = fc.date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 32 }), time, (label, at) => {
        at.setMilliseconds(0);
        expect(parseTokenInformation(encodeTokenInformation(fromHex('01'), label, at))).toEqual({
          label,
          lastUpdate: at,
        });
        const changed = changeTokenInformation(padded, { label, lastUpdate: at });
        expect(parseTokenInformation(changed)).toEqual({ label, lastUpdate: at });
      }),
    );
  });

  it('of any bytes is read or called damaged, never crashed on', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 128 }), (bytes) => {
        for (const read of [parseTokenInformation, changeLabel]) {
          try {
            read(bytes);
          } catch (error) {
            expect(error).toMatchObject({ id: 'token-layout-damaged' });
          }
        }
      }),
    );
  });
});

const changeLabel = (bytes: Uint8Array): unknown =>
  changeTokenInformation(bytes, { label: 'x', lastUpdate: seenTime });
