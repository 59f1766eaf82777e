import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkPin, defaultUserPin, pinMeetsRules } from '#shared/pin-rules.ts';

const backwards = (text: string): string => Array.from(text).reverse().join('');

describe('rules for a new token password', () => {
  it.each(['Almaty2027', 'qW7!rt9pX', '1a2b3c4d', 'Zz9Yy8Xx', 'a1'.repeat(16)])('accepts %s', (pin) => {
    expect(pinMeetsRules(pin)).toBe(true);
  });

  it.each([
    ['Ab1d5f7', 'length'],
    ['a1'.repeat(17), 'length'],
    ['qwtyupsd', 'letters-and-digits'],
    ['15937284', 'letters-and-digits'],
    ['xy123zwk', 'no-runs'],
    ['xz678pqt', 'no-runs'],
    ['abc15937', 'no-runs'],
    ['15937cba', 'no-runs'],
    ['k9876mtr', 'no-runs'],
    ['15aBC937', 'no-runs'],
    ['пароль12', 'only-latin'],
    ['Almaty 2027', 'only-latin'],
    // Cyrillic А looks like the Latin letter.
    ['Аlmaty2027', 'only-latin'],
  ] as const)('refuses %s because of %s', (pin, rule) => {
    expect(checkPin(pin)[rule]).toBe(false);
    expect(pinMeetsRules(pin)).toBe(false);
  });

  it('refuses the default password and ticks nothing before typing', () => {
    expect(pinMeetsRules(defaultUserPin)).toBe(false);
    expect(Object.values(checkPin(''))).toEqual([false, false, false, false]);
  });

  it('takes neighbours in the ASCII table that are no neighbours in an alphabet for no run', () => {
    expect(checkPin('/01').valueOf()).toMatchObject({ 'no-runs': true });
    expect(checkPin('9:;')).toMatchObject({ 'no-runs': true });
    expect(checkPin('yz{')).toMatchObject({ 'no-runs': true });
    expect(checkPin('121')).toMatchObject({ 'no-runs': true });
  });

  const alphabets = ['0123456789', 'abcdefghijklmnopqrstuvwxyz', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
  const run = fc
    .record({ alphabet: fc.constantFrom(...alphabets), start: fc.nat(23), down: fc.boolean() })
    .map(({ alphabet, start, down }) => {
      const at = start % (alphabet.length - 2);
      const piece = alphabet.slice(at, at + 3);
      return down ? backwards(piece) : piece;
    });

  it('finds every run, wherever it stands', () => {
    fc.assert(
      fc.property(fc.string(), run, fc.string(), (before, piece, after) => {
        expect(checkPin(before + piece + after)['no-runs']).toBe(false);
      }),
    );
  });

  it('gives the same verdict on runs to a password read backwards', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-e0-4]{1,12}$/), (pin) => {
        expect(checkPin(backwards(pin))['no-runs']).toBe(checkPin(pin)['no-runs']);
      }),
    );
  });
});
