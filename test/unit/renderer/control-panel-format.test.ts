import { describe, expect, it } from 'vitest';
import { formatSettings, type FormatPlan } from '#shared/control-panel-views.ts';
import { calls } from '#shared/ipc-contract.ts';
import {
  attemptsOf,
  formatDataRules,
  formatOrder,
  formatSettingsOf,
  initialFormatData,
  minLengths,
  standardFits,
  type FormatData,
} from '../../../src/renderer/control-panel/format/format-data.ts';
import { overrideRules } from '../../../src/renderer/control-panel/format/override.ts';

const plan = (settings: Partial<FormatPlan['settings']> = {}): FormatPlan => ({
  tokenId: 't',
  serial: '3A5B7C1D',
  label: 'Office',
  confirmWith: 'Office',
  blockers: [],
  withoutAdministrator: null,
  certificates: [],
  keys: [],
  otherObjects: 0,
  settings: {
    label: 'Office',
    userPinChangedBy: 'user',
    userMinLength: 6,
    administratorMinLength: 7,
    userAttempts: 5,
    administratorAttempts: 10,
    ...settings,
  },
});
const chosen = { pin: 'Almaty2027', confirmation: 'Almaty2027', acceptWeak: false };
const data = (changes: Partial<FormatData> = {}): FormatData => ({
  ...initialFormatData(plan(), 'warn'),
  administrator: chosen,
  ...changes,
});
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

describe('the settings of a format', () => {
  it('are proposed as the token has them', () => {
    expect(formatSettingsOf(initialFormatData(plan(), 'warn'))).toEqual(plan().settings);
  });

  it('can all be chosen that the token takes, and no others', () => {
    for (const userMinLength of minLengths)
      for (const userAttempts of attemptsOf.user)
        for (const administratorAttempts of attemptsOf.administrator)
          expect(
            formatSettings.safeParse({
              ...plan().settings,
              userMinLength,
              userAttempts,
              administratorAttempts,
            }).success,
          ).toBe(true);
    expect([minLengths[0], minLengths.at(-1)]).toEqual([6, 31]);
    expect([attemptsOf.user[0], attemptsOf.user.at(-1)]).toEqual([1, 10]);
    expect([attemptsOf.administrator[0], attemptsOf.administrator.at(-1)]).toEqual([3, 10]);
  });

  it('keep the user’s standard PIN for the wizard to replace; the administrator’s is to be chosen', () => {
    expect(initialFormatData(plan(), 'warn').standard).toEqual({ user: true, administrator: false });
  });

  it('offer no standard PIN where weak PINs are forbidden, nor one shorter than the token shall take', () => {
    expect(initialFormatData(plan(), 'forbid').standard.user).toBe(false);
    expect(initialFormatData(plan({ userMinLength: 9 }), 'warn').standard.user).toBe(false);
    expect([standardFits('user', '8'), standardFits('user', '9')]).toEqual([true, false]);
  });

  it('are checked by the lengths just chosen, not by those of the token', () => {
    const complaints = (changes: Partial<FormatData>) => {
      const typed = data(changes);
      return formatDataRules(typed, 'warn')
        .safeParse(typed)
        .error?.issues.map(({ path }) => path.join('.'));
    };
    expect(complaints({})).toBeUndefined();
    expect(complaints({ minLength: { user: '6', administrator: '11' } })).toEqual(['administrator.pin']);
    expect(complaints({ label: 'Касса' })).toEqual(['label']);
    expect(complaints({ standard: { user: false, administrator: false } })).toEqual(['user.pin']);
    expect(
      complaints({ standard: { user: true, administrator: true }, administrator: { ...chosen, pin: '' } }),
    ).toBeUndefined();
  });
});

describe('«Начать»', () => {
  it('sends the PINs as bytes, the standard one where it was kept', () => {
    const order = formatOrder('t', data(), 'Office', undefined);
    expect(text(order.newUserPin)).toBe('12345678');
    expect(text(order.newAdministratorPin)).toBe('Almaty2027');
    expect(order.acceptWeak).toBe(true);
    expect(order).not.toHaveProperty('override');
    expect(calls['panel.format'].input.safeParse(order).success).toBe(true);
  });

  it('accepts no weak PIN that nobody has accepted', () => {
    const strong = {
      ...data(),
      standard: { user: false, administrator: false },
      user: { ...chosen, pin: 'Taraz2031x' },
    };
    expect(formatOrder('t', strong, 'Office', undefined).acceptWeak).toBe(false);
    const accepted = { ...strong, user: { ...strong.user, acceptWeak: true } };
    expect(formatOrder('t', accepted, 'Office', undefined).acceptWeak).toBe(true);
  });

  it('brings the override along as it was typed, without spaces around it', () => {
    const override = { serial: ' 3a5b7c1d ', reason: ' заявка 118 от клиента ' };
    expect(formatOrder('t', data(), 'Office', override).override).toEqual({
      serial: '3a5b7c1d',
      reason: 'заявка 118 от клиента',
    });
  });
});

describe('the override of the interlock', () => {
  const complaints = (serial: string, reason: string) =>
    overrideRules('3A5B7C1D')
      .safeParse({ serial, reason })
      .error?.issues.map(({ message }) => message.split('.').at(-1));

  it('takes this token’s number in any case of letters, and a reason that is one', () => {
    expect(complaints('3a5b7c1d', 'заявка 118 от клиента')).toBeUndefined();
    expect(complaints('3A5B7C1E', 'заявка 118 от клиента')).toEqual(['serialDiffers']);
    expect(complaints('3A5B7C1D', 'надо')).toEqual(['reasonShort']);
    expect(complaints('3A5B7C1D', 'а'.repeat(501))).toEqual(['reasonLong']);
  });
});
