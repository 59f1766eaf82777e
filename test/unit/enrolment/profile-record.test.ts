import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  encodeProfileRecord,
  readProfileRecord,
  type ProfileRecord,
} from '#main/enrolment/profile-record.ts';
import type { TokenDataObject, TokenObjects } from '#main/token/token-session.ts';

const record: ProfileRecord = {
  format: 1,
  state: 'begun',
  bankId: 'demo-internet-banking',
  userId: 'qq111111_qwertyui',
  registrationId: '3f0c4b1e-0000-4000-8000-000000000000',
  startedAt: '2026-11-22T10:00:00.000Z',
  computer: 'бухгалтерия-2',
  pin: 'changing',
  signatureKeyId: '01',
  signInKeyId: '02',
};
const holding = (...dataObjects: TokenDataObject[]): TokenObjects => ({
  keys: [],
  certificates: [],
  dataObjects,
});

it('is read back as it was written', () => {
  expect(readProfileRecord(holding(encodeProfileRecord(record)))).toEqual(record);
});

it('is found among the objects of other programs', () => {
  const other = { application: 'app', label: 'profile', content: new Uint8Array([1]) };
  expect(readProfileRecord(holding(other, encodeProfileRecord(record)))).toEqual(record);
  expect(readProfileRecord(holding(other))).toBeUndefined();
});

it('is called damaged wherever its writing was cut', () => {
  const whole = encodeProfileRecord(record);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: whole.content.length - 1 }), (length) => {
      const torn = new Uint8Array(whole.content.length);
      torn.set(whole.content.subarray(0, length));
      expect(readProfileRecord(holding({ ...whole, content: torn }))).toBe('damaged');
    }),
  );
});
