import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { errorViewOf } from '#shared/error-view.ts';
import { KiltError } from '#shared/errors.ts';
import { suspicions } from '#shared/suspicions.ts';
import { redactValue } from '#main/desktop/redaction.ts';
import { typedSuspicions } from '#main/enrolment/typed-suspicions.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const found = (typed: { userId?: string; pin?: string; password?: string; path?: string }) => {
  const pin = typed.pin ?? 'ABCDEFGHJK2';
  return typedSuspicions({
    userId: typed.userId ?? 'ab111111_demo',
    registrationPin: bytes(pin),
    keyFile: { path: typed.path ?? '/media/usb/Key.pfx', password: bytes(typed.password ?? pin) },
  });
};

describe('what is odd about registration data', () => {
  it.each([
    ['nothing, where all has the right shape', {}, []],
    ['a ПИН of ten characters', { pin: 'ABCDEFGHJK' }, ['pin-length']],
    ['a ПИН of twelve characters', { pin: 'ABCDEFGHJK22' }, ['pin-length']],
    ['small letters', { pin: 'aBCDEFGHJK2' }, ['pin-small']],
    ['Cyrillic letters that look right', { pin: 'АВCDEFGHJK2' }, ['pin-letters']],
    ['0 or O', { pin: 'ABCDEFGHJ0K' }, ['pin-lookalikes']],
    ['1 or I', { pin: 'ABCDEFGHJIK' }, ['pin-lookalikes']],
    ['a password in the wrong layout', { password: 'пароль' }, ['password-letters']],
    ['an ID with AQ or AG', { userId: 'aq111111_demo' }, ['user-id-lookalikes']],
    ['a file named for somebody else', { path: '/media/ab222222_other.pfx' }, ['other-id-in-file-name']],
    [
      'a folder named for somebody else',
      { path: '/media/ab222222_other/Key.pfx' },
      ['other-id-in-file-name'],
    ],
    ['nothing about a file with the own ID in its name', { path: '/media/AB111111_Demo.pfx' }, []],
  ])('%s', (_, typed, expected) => {
    expect(found(typed)).toEqual(expected);
  });

  it('is told to who typed it and never written to a log', () => {
    const error = new KiltError('key-container-wrong', { likelyCause: 'password', suspicions: 'pin-length' });
    expect(JSON.stringify(redactValue(error))).not.toContain('pin-length');
    expect(JSON.stringify(redactValue({ error: errorViewOf(error) }))).not.toContain('pin-length');
  });

  it('is told by names alone: nothing that was typed is in it', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), fc.string(), (userId, pin, password, path) => {
        const told = found({ userId, pin, password, path });
        expect(told.every((name) => suspicions.includes(name))).toBe(true);
      }),
    );
  });
});
