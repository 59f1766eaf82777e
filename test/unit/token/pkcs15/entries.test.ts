import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '#shared/bytes.ts';
import { applicationCodec, pkcs15Identifier } from '#main/token/pkcs15/application-entry.ts';
import type { EntryCodec } from '#main/token/pkcs15/attributes.ts';
import { certificateCodec } from '#main/token/pkcs15/certificate-entry.ts';
import { dataCodec } from '#main/token/pkcs15/data-entry.ts';
import { DerError, readElement } from '#main/token/pkcs15/der.ts';
import {
  privateKeyCodec,
  privateUsageBits,
  publicKeyCodec,
  publicUsageBits,
  usageOf,
} from '#main/token/pkcs15/key-entries.ts';
import { directoryCodec } from '#main/token/pkcs15/object-directory.ts';
import { pinCodec, standardPinEntries } from '#main/token/pkcs15/pin-entry.ts';

/** What OpenSC 0.23 was seen to write (traces T2, T3, T6, T8, T17), and what it says. */
const seen = {
  privateKey:
    '30 37 30 0F 0C 06 4D 79 20 4B 65 79 03 02 06 C0 04 01 02 30 0E 04 01 42 03 02 05 20 03 02 03 B8 02 01 01 A1 14 30 12 30 0C 04 0A 3F 00 10 00 10 00 60 02 00 01 02 02 08 00',
  publicKey:
    '30 2F 30 0C 0C 06 4D 79 20 4B 65 79 03 02 06 40 30 0D 04 01 42 03 02 01 02 01 01 00 02 01 00 A1 10 30 0E 30 08 04 06 3F 00 50 00 02 00 02 02 08 00',
  certificate:
    '30 24 30 0F 0C 09 54 65 73 74 20 63 65 72 74 03 02 06 40 30 03 04 01 43 A1 0C 30 0A 30 08 04 06 3F 00 50 00 03 00',
  data: '30 1F 30 0A 0C 04 6E 6F 74 65 03 02 06 40 30 05 0C 03 61 70 70 A1 0A 30 08 04 06 3F 00 50 00 04 00',
  directory: 'A8 0A 30 08 04 06 3F 00 50 00 60 05',
  application: '61 1D 4F 0C A0 00 00 00 63 50 4B 43 53 2D 31 35 50 07 4D 79 54 6F 6B 65 6E 51 04 3F 00 50 00',
  administratorPin:
    '30 3B 30 1A 0C 14 53 65 63 75 72 69 74 79 20 4F 66 66 69 63 65 72 20 50 49 4E 03 02 06 C0 30 03 04 01 01 A1 18 30 16 03 02 00 99 0A 01 01 02 01 08 02 01 20 02 01 20 80 01 01 04 01 00',
  userPin:
    '30 2F 30 0E 0C 08 55 73 65 72 20 50 49 4E 03 02 06 C0 30 03 04 01 02 A1 18 30 16 03 02 03 98 0A 01 01 02 01 04 02 01 20 02 01 20 80 01 02 04 01 00',
} as const;

const [administratorPin, userPin] = standardPinEntries({ administrator: 8, user: 4 });

const cases: readonly (readonly [string, EntryCodec<unknown>, string, unknown])[] = [
  [
    'a private key',
    privateKeyCodec,
    seen.privateKey,
    {
      label: 'My Key',
      isPrivate: true,
      authId: '02',
      id: '42',
      algorithm: 'rsa',
      usage: [2],
      keyReference: 1,
      path: [0x1000, 0x1000, 0x6002, 0x0001],
      bits: 2048,
    },
  ],
  [
    'a public key',
    publicKeyCodec,
    seen.publicKey,
    {
      label: 'My Key',
      isPrivate: false,
      authId: '',
      id: '42',
      algorithm: 'rsa',
      usage: [6],
      keyReference: 0,
      path: [0x5000, 0x0200],
      bits: 2048,
    },
  ],
  [
    'a certificate',
    certificateCodec,
    seen.certificate,
    { label: 'Test cert', isPrivate: false, authId: '', id: '43', path: [0x5000, 0x0300] },
  ],
  [
    'a data object',
    dataCodec,
    seen.data,
    { label: 'note', isPrivate: false, authId: '', application: 'app', path: [0x5000, 0x0400] },
  ],
  ['a directory', directoryCodec, seen.directory, { objectClass: 8, path: [0x5000, 0x6005] }],
  [
    'an application',
    applicationCodec,
    seen.application,
    { identifier: pkcs15Identifier, label: 'MyToken', path: [0x5000] },
  ],
  ['the administrator PIN', pinCodec, seen.administratorPin, administratorPin],
  ['the user PIN', pinCodec, seen.userPin, userPin],
];

describe.each(cases)('%s as OpenSC writes it', (_name, codec, bytes, entry) => {
  it('is read', () => expect(codec.decode(readElement(fromHex(bytes)))).toEqual(entry));
  it('is written the same, byte for byte', () =>
    expect(toHex(codec.encode(entry))).toBe(toHex(fromHex(bytes))));
});

const label = fc.string({ unit: 'grapheme', maxLength: 40 });
const id = fc.uint8Array({ minLength: 1, maxLength: 255 }).map(toHex);
const path = fc
  .array(fc.integer({ min: 0, max: 0xffff }), { minLength: 1, maxLength: 4 })
  .filter(([first]) => first !== 0x3f00);
const attributes = { label, isPrivate: fc.boolean(), authId: fc.constantFrom('', '02') };
const usage = fc.subarray([0, 1, 2, 3, 6, 7, 9]);
const key = fc.record({
  ...attributes,
  id,
  algorithm: fc.constant('rsa' as const),
  usage,
  keyReference: fc.option(fc.integer({ min: 0, max: 255 })),
  path,
  bits: fc.constantFrom(1024, 2048, 4096),
});

const roundTrips: readonly (readonly [string, EntryCodec<unknown>, fc.Arbitrary<unknown>])[] = [
  ['private keys', privateKeyCodec, key],
  ['public keys', publicKeyCodec, key],
  ['certificates', certificateCodec, fc.record({ ...attributes, id, path })],
  ['data objects', dataCodec, fc.record({ ...attributes, application: label, path })],
  ['directories', directoryCodec, fc.record({ objectClass: fc.integer({ min: 0, max: 8 }), path })],
  ['applications', applicationCodec, fc.record({ identifier: id, label, path })],
  [
    'PINs',
    pinCodec,
    fc.record({
      ...attributes,
      pinId: id,
      flags: fc.subarray([0, 1, 3, 4, 7, 9]),
      reference: fc.integer({ min: 0, max: 255 }),
      minLength: fc.integer({ min: 0, max: 255 }),
      maxLength: fc.integer({ min: 0, max: 255 }),
    }),
  ],
];

describe.each(roundTrips)('%s', (_name, codec, entries) => {
  it('are read as they were written', () => {
    fc.assert(
      fc.property(entries, (entry) => {
        expect(codec.decode(readElement(codec.encode(entry)))).toEqual(entry);
      }),
    );
  });

  it('are read or refused, whatever the bytes are', () => {
    const damaged = fc.tuple(entries, fc.nat(), fc.integer({ min: 0, max: 255 })).map(([entry, at, byte]) => {
      const bytes = codec.encode(entry);
      bytes[at % bytes.length] = byte;
      return bytes;
    });
    fc.assert(
      fc.property(fc.oneof(damaged, fc.uint8Array({ maxLength: 200 })), (bytes) => {
        try {
          codec.decode(readElement(bytes));
        } catch (error) {
          expect(error).toBeInstanceOf(DerError);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('entries that others write differently', () => {
  it('a GOST key of OpenSC is seen as such (trace T15a)', () => {
    const gost = fromHex(
      'A4 36 30 0D 0C 04 67 6F 73 74 03 02 06 C0 04 01 02 30 0A 04 01 61 03 02 04 30 02 01 01 A1 19 30 17 30 0C 04 0A 3F 00 10 00 10 00 60 02 00 01 02 01 01 02 01 00 02 01 00',
    );
    expect(privateKeyCodec.decode(readElement(gost))).toMatchObject({
      algorithm: 'gost',
      id: '61',
      label: 'gost',
      bits: 256,
      keyReference: 1,
    });
  });

  it('a key for documents carries non-repudiation, and its public half verifies', () => {
    expect(privateUsageBits(['nonRepudiation', 'sign'])).toEqual([2, 9]);
    expect(publicUsageBits(['sign', 'nonRepudiation', 'decrypt'])).toEqual([0, 6, 9]);
    const [, , bytes] = cases[0] ?? [];
    const entry = privateKeyCodec.decode(readElement(fromHex(bytes ?? '')));
    const both = { ...entry, usage: [2, 9] };
    expect(toHex(privateKeyCodec.encode(both))).toContain('0303062040'); // six unused bits, bits 2 and 9
    expect(usageOf(both)).toEqual(['sign', 'nonRepudiation']);
  });
});
