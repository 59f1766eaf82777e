import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  asRegistrationPin,
  emptyRegistrationData,
  registrationDataRules,
  type RegistrationData,
} from '../../../src/renderer/wizard/registration-data.ts';
import { labelFor, maxLabelLength, tokenDataRules } from '../../../src/renderer/wizard/token-data.ts';

const filled: RegistrationData = {
  ...emptyRegistrationData,
  bankId: 'demo',
  userId: ' qq111111_qwertyui ',
  registrationPin: 'A1B2C3D4E5O',
  keyFile: { id: 'file', fileName: 'Key.pfx' },
};

/** Field → key of its first complaint, which is the one shown. */
function complaints(changes: Partial<RegistrationData>, keyFile = true): Record<string, string> {
  const typed = { ...filled, ...changes };
  const result = registrationDataRules({ userId: true, keyFile, sameAsPin: typed.sameAsPin }).safeParse(
    typed,
  );
  return Object.fromEntries(
    result.error?.issues.map(({ path, message }) => [path.join('.'), message]).reverse() ?? [],
  );
}

describe('the registration data of step 2', () => {
  it('are accepted as the manuals write them', () => {
    expect(complaints({})).toEqual({});
  });

  it.each([
    ['', 'fields.required'],
    ['   ', 'fields.required'],
    ['q'.repeat(65), 'fields.userIdTooLong'],
    // The first letter is Cyrillic.
    ['аq111111', 'fields.userIdNotLatin'],
    ['qq 111', 'fields.userIdNotLatin'],
  ])('complain about the user ID «%s»', (userId, complaint) => {
    expect(complaints({ userId })['userId']).toBe(complaint);
  });

  it.each([
    ['', 'fields.required'],
    ['A1B2C3D4E5', 'fields.registrationPinLength'],
    ['A1B2C3D4E5OO', 'fields.registrationPinLength'],
    // Cyrillic О, А, В.
    ['А1В2C3D4E5О', 'fields.registrationPinSigns'],
  ])('complain about the ПИН «%s»', (registrationPin, complaint) => {
    expect(complaints({ registrationPin })['registrationPin']).toBe(complaint);
  });

  it('ask for the key file only where the bank does', () => {
    expect(complaints({ keyFile: null })['keyFile']).toBe('fields.keyFileMissing');
    expect(complaints({ keyFile: null }, false)).toEqual({});
  });

  it('ask for the file’s password only when it differs from the ПИН', () => {
    expect(complaints({ sameAsPin: false })['keyFilePassword']).toBe('fields.required');
    expect(complaints({ sameAsPin: false, keyFilePassword: 'x' })).toEqual({});
  });

  it('tell of everything at once', () => {
    expect(Object.keys(complaints({ userId: '', registrationPin: '', keyFile: null })).sort()).toEqual([
      'keyFile',
      'registrationPin',
      'userId',
    ]);
  });
});

describe('a ПИН', () => {
  it('is capital and without spaces however it was typed or pasted', () => {
    expect(asRegistrationPin(' a1b2 c3d4\te5o\n')).toBe('A1B2C3D4E5O');
  });

  it('stays as it is when it is put in order twice', () => {
    fc.assert(
      fc.property(fc.string(), (typed) => {
        const once = asRegistrationPin(typed);
        expect(asRegistrationPin(once)).toBe(once);
      }),
    );
  });
});

describe('the token of step 3', () => {
  const complaint = (changes: Partial<{ label: string; newPin: string; confirmation: string }>) => {
    const typed = { label: '', newPin: 'Almaty2027', confirmation: 'Almaty2027', ...changes };
    const result = tokenDataRules(typed.newPin).safeParse(typed);
    return result.error?.issues.map(({ path, message }) => `${path.join('.')} ${message}`) ?? [];
  };

  it('may go without a name and then gets the user ID', () => {
    expect(complaint({})).toEqual([]);
    expect(labelFor('  ', 'qq111111_qwertyui')).toBe('qq111111_qwertyui');
    expect(labelFor(' Office ', 'qq111111_qwertyui')).toBe('Office');
    expect(labelFor('', 'q'.repeat(64))).toHaveLength(maxLabelLength);
  });

  it('takes no Cyrillic and no over-long name', () => {
    expect(complaint({ label: 'Токен' })).toEqual(['label fields.tokenNameSigns']);
    expect(complaint({ label: 'x'.repeat(33) })).toEqual(['label fields.tokenNameTooLong']);
  });

  it('takes no password against the rules and no differing confirmation', () => {
    expect(complaint({ newPin: '12345678', confirmation: '12345678' })).toEqual([
      'newPin fields.rulesNotMet',
    ]);
    expect(complaint({ confirmation: 'almaty2027' })).toEqual(['confirmation fields.confirmationDiffers']);
  });
});
