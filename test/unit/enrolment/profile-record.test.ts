import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  encodeProfileRecord,
  readProfiles,
  recordedKeyIds,
  type ProfileRecord,
} from '#main/enrolment/profile-record.ts';
import type { TokenDataObject } from '#main/token/token-session.ts';

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
const another: ProfileRecord = {
  ...record,
  bankId: 'demo-starbanking',
  registrationId: 'another',
  signatureKeyId: '03',
  signInKeyId: '04',
};
const holding = (...dataObjects: TokenDataObject[]) => ({ dataObjects });
const written = (one: ProfileRecord, ...present: TokenDataObject[]) =>
  encodeProfileRecord(one, holding(...present));
const torn = ({ content, ...object }: TokenDataObject, length: number): TokenDataObject => {
  const left = new Uint8Array(content.length);
  left.set(content.subarray(0, length));
  return { ...object, content: left };
};

/** The token after a write: a data object takes the place of the one with its name. */
const after = (present: readonly TokenDataObject[], object: TokenDataObject): TokenDataObject[] => [
  ...present.filter(({ application, label }) => application !== object.application || label !== object.label),
  object,
];

describe('the record of a profile on a token', () => {
  it('is read back as it was written', () => {
    expect(readProfiles(holding(written(record)))).toEqual({ records: [record], damaged: false });
  });

  it('is found among the objects of other programs', () => {
    const other = { application: 'app', label: 'profile', content: new Uint8Array([1]) };
    expect(readProfiles(holding(other, written(record))).records).toEqual([record]);
    expect(readProfiles(holding(other))).toEqual({ records: [], damaged: false });
  });

  it('is called damaged wherever its writing was cut', () => {
    const whole = written(record);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: whole.content.length - 1 }), (length) => {
        expect(readProfiles(holding(torn(whole, length)))).toEqual({ records: [], damaged: true });
      }),
    );
  });

  it('stands beside those of other profiles, and is written again in its own place', () => {
    const first = written(record);
    const second = written(another, first);
    expect([first.label, second.label]).toEqual(['profile', 'profile 2']);
    const changed = written({ ...record, pin: 'new' }, second, first);
    expect(changed.label).toBe('profile');
    expect(readProfiles(holding(second, changed)).records).toEqual([{ ...record, pin: 'new' }, another]);
  });

  it('takes the place of one that can not be read, and never that of another profile', () => {
    const first = written(record);
    const cut = torn(written(another, first), 20);
    expect(readProfiles(holding(first, cut))).toEqual({ records: [record], damaged: true });
    expect(written(another, first, cut).label).toBe('profile 2');
    expect(written(record, first, cut).label).toBe('profile');
  });

  it('is never lost to another’s, whatever is written in whatever order', () => {
    const profile = fc.record({
      number: fc.integer({ min: 1, max: 12 }),
      state: fc.constantFrom('begun' as const, 'registered' as const),
    });
    fc.assert(
      fc.property(fc.array(profile, { maxLength: 40 }), (writes) => {
        let present: TokenDataObject[] = [];
        const expected = new Map<string, ProfileRecord>();
        for (const { number, state } of writes) {
          const one = {
            ...record,
            state,
            registrationId: `r${String(number)}`,
            userId: `u${String(number)}`,
          };
          present = after(present, encodeProfileRecord(one, { dataObjects: present }));
          expected.set(one.registrationId, one);
        }
        const { records, damaged } = readProfiles({ dataObjects: present });
        expect(damaged).toBe(false);
        expect(new Set(records)).toEqual(new Set(expected.values()));
      }),
    );
  });
});

it('keys that a record names are spoken for before they are on the token', () => {
  const renewal = {
    id: 'renewal',
    startedAt: record.startedAt,
    computer: record.computer,
    oldSignatureKeyId: '01',
    oldSignInKeyId: '02',
    newSignatureKeyId: '07',
    newSignInKeyId: '08',
    authentication: 'old-key',
  } as const;
  const first = written({ ...record, state: 'registered', renewal });
  expect(new Set(recordedKeyIds(holding(first, written(another, first))))).toEqual(
    new Set(['01', '02', '03', '04', '07', '08']),
  );
});
