import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maxPinLength, pinMeetsRules } from '#shared/pin-rules.ts';
import { newPinRules } from '../../../src/renderer/control-panel/new-pin/new-pin-data.ts';
import {
  checkNewPin,
  type NewPinPolicy,
  type NewPinRule,
} from '../../../src/renderer/control-panel/new-pin/new-pin-rules.ts';

const warns: NewPinPolicy = { minLength: 6, weakPins: 'warn' };
const forbids: NewPinPolicy = { minLength: 6, weakPins: 'forbid' };

const rule = (pin: string, policy: NewPinPolicy, name: NewPinRule) =>
  checkNewPin(pin, policy).rules.find((one) => one.rule === name);

describe('a new PIN while it is typed', () => {
  it('is held against the token’s own minimum before the token refuses it', () => {
    expect(checkNewPin('Ab1cd', warns).verdict).toBe('refused');
    expect(rule('Ab1cd', warns, 'token-length')).toMatchObject({ met: false, needed: true, count: 6 });
    expect(rule('Ab1cde', warns, 'token-length')).toMatchObject({ met: true });
    expect(checkNewPin('Almaty2027', { ...warns, minLength: 12 }).verdict).toBe('refused');
  });

  it('may be weak where the settings only warn, and may not where they forbid it', () => {
    expect(checkNewPin('Almaty2027', warns).verdict).toBe('good');
    for (const weak of ['12345678', 'Ab1xyzw', 'almatyalmaty', 'Almaty123x']) {
      expect(checkNewPin(weak, warns).verdict, weak).toBe('weak');
      expect(checkNewPin(weak, forbids).verdict, weak).toBe('refused');
    }
  });

  it('is refused whatever the settings when another keyboard could not type it', () => {
    for (const pin of ['пароль2027', 'Almaty 2027', 'Құпия2027']) {
      expect(checkNewPin(pin, warns).verdict, pin).toBe('refused');
    }
  });

  it('meets nothing before typing', () => {
    expect(checkNewPin('', warns).rules.map(({ met }) => met)).not.toContain(true);
  });

  it('is told one length, the longer, where only that counts', () => {
    const lengths = (policy: NewPinPolicy) =>
      checkNewPin('x', policy)
        .rules.filter(({ rule: name }) => name.endsWith('-length'))
        .map(({ count }) => count);
    expect(lengths(warns)).toEqual([6, 8]);
    expect(lengths(forbids)).toEqual([8]);
    expect(lengths({ minLength: 10, weakPins: 'warn' })).toEqual([10]);
    expect(lengths({ minLength: null, weakPins: 'warn' })).toEqual([8]);
  });

  it('is told to be too long only when it is', () => {
    expect(rule('a1'.repeat(maxPinLength / 2), warns, 'most-length')).toBeUndefined();
    expect(rule(`${'a1'.repeat(maxPinLength / 2)}b`, warns, 'most-length')).toMatchObject({ met: false });
    expect(checkNewPin(`${'a1'.repeat(maxPinLength / 2)}b`, warns).verdict).toBe('refused');
  });

  it('passes as good exactly what the main process takes without asking', () => {
    const typed = fc.string({ unit: fc.constantFrom(...Array.from('aBc123xZ9 ж-')), maxLength: 40 });
    fc.assert(
      fc.property(typed, fc.constantFrom('warn', 'forbid'), (pin, weakPins) => {
        const { verdict } = checkNewPin(pin, { minLength: 6, weakPins });
        expect(verdict === 'good').toBe(pinMeetsRules(pin));
      }),
    );
  });
});

describe('the form of a new PIN', () => {
  const complaints = (
    pins: Partial<
      Record<
        'user' | 'administrator',
        Partial<Record<'pin' | 'confirmation', string>> & { acceptWeak?: boolean }
      >
    >,
    policies: Parameters<typeof newPinRules>[0],
  ) => {
    const empty = { pin: '', confirmation: '', acceptWeak: false };
    const checked = newPinRules(policies).safeParse({
      user: { ...empty, ...pins.user },
      administrator: { ...empty, ...pins.administrator },
    });
    return Object.fromEntries(
      (checked.error?.issues ?? []).map(({ path, message }) => [
        path.join('.'),
        message.replace('controlPanel.newPin.', ''),
      ]),
    );
  };

  it('asks for the PIN, then for the same again', () => {
    expect(complaints({}, { user: warns })).toEqual({ 'user.pin': 'empty' });
    expect(complaints({ user: { pin: 'Almaty2027', confirmation: 'Almaty2028' } }, { user: warns })).toEqual({
      'user.confirmation': 'differs',
    });
    expect(complaints({ user: { pin: 'Almaty2027', confirmation: 'Almaty2027' } }, { user: warns })).toEqual(
      {},
    );
  });

  it('takes a weak PIN only with the tick, and none at all where that is forbidden', () => {
    const weak = { pin: '12345679', confirmation: '12345679' };
    expect(complaints({ user: weak }, { user: warns })).toEqual({ 'user.acceptWeak': 'acceptWeakNeeded' });
    expect(complaints({ user: { ...weak, acceptWeak: true } }, { user: warns })).toEqual({});
    expect(complaints({ user: { ...weak, acceptWeak: true } }, { user: forbids })).toEqual({
      'user.pin': 'rulesNotMet',
    });
  });

  it('wants the two PINs of a token to differ', () => {
    const same = { pin: 'Almaty2027', confirmation: 'Almaty2027' };
    expect(complaints({ user: same, administrator: same }, { user: warns, administrator: warns })).toEqual({
      'administrator.pin': 'sameAsUser',
    });
  });

  it('leaves alone a PIN that is not asked for', () => {
    expect(complaints({ administrator: { pin: 'x' } }, {})).toEqual({});
  });
});
