import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { belongsToUser } from '#main/enrolment/initial-key-owner.ts';
import type { SubjectFields } from '#test/bank/authority/certificate.ts';
import { certificateFor } from './workshop.ts';

const keyOf = (subject: SubjectFields) => ({ certificate: certificateFor(subject) });

describe('an initial key', () => {
  it('belongs to the user whose ID its subject names', () => {
    const key = keyOf({ commonName: 'Айгерим', userId: 'qq111111_demo' });
    expect(belongsToUser(key, 'qq111111_demo')).toBe(true);
    expect(belongsToUser(key, 'qq111111_dem0')).toBe(false);
    expect(belongsToUser(key, 'QQ111111_demo')).toBe(false);
  });

  it('that names no user says nothing: the CA decides', () => {
    expect(belongsToUser(keyOf({ commonName: 'Айгерим' }), 'qq111111_demo')).toBe(true);
  });

  it.each([
    ['organisation', { commonName: 'A', organisation: 'X,UID=qq111111_demo', userId: 'other' }],
    ['common name', { commonName: 'A,UID=qq111111_demo', userId: 'other' }],
    [
      'common name, in its RFC 4514 form',
      { commonName: 'A\\,0.9.2342.19200300.100.1.1=qq111111_demo', userId: 'other' },
    ],
  ])('is not given away by text that looks like an ID in the %s', (_, subject) => {
    expect(belongsToUser(keyOf(subject), 'qq111111_demo')).toBe(false);
    expect(belongsToUser(keyOf(subject), 'other')).toBe(true);
  });

  it('belongs to a user whose ID has commas, quotes, plus signs and spaces', () => {
    const id = fc.string({
      minLength: 1,
      maxLength: 20,
      unit: fc.constantFrom(...Array.from('ab1 ,+"\\;<>#=Ж')),
    });
    fc.assert(
      fc.property(
        id.filter((text) => text.trim() === text),
        (userId) => {
          const key = keyOf({ commonName: 'A', userId });
          expect(belongsToUser(key, userId)).toBe(true);
          expect(belongsToUser(key, `${userId}x`)).toBe(false);
        },
      ),
      { numRuns: 25 },
    );
  });
});
