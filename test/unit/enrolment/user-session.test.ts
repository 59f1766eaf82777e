import { describe, expect, it } from 'vitest';
import { asTokenSerial, secretFromText, toHex } from '#shared/bytes.ts';
import { KiltError } from '#shared/errors.ts';
import { openUserSession } from '#main/enrolment/user-session.ts';
import { PinCustody } from '#main/token/pin-custody.ts';
import { ScriptedToken } from './workshop.ts';

const pin = () => secretFromText('12345678');

describe('work on a token with the user logged in', () => {
  it('is done after one login with the PIN in custody', async () => {
    const pins = new PinCustody();
    pins.keep('t1', 'user', pin());
    const seen: string[] = [];
    const token = new ScriptedToken({
      login: async (role, typed) => void seen.push(`${role} ${toHex(typed)}`),
    });
    const services = { tokens: token.watch(), pins };
    expect(await openUserSession(services, 't1', '3A5B7C1D', async () => 'done')).toBe('done');
    expect(seen).toEqual([`user ${toHex(pin())}`]);
  });

  it('never begins on another token than the one meant: it is sent no PIN', async () => {
    const pins = new PinCustody();
    pins.keep('t1', 'user', pin());
    const token = new ScriptedToken({ serial: asTokenSerial('FFFF'), login: async () => undefined });
    const work = openUserSession({ tokens: token.watch(), pins }, 't1', '3A5B7C1D', async () => 'done');
    await expect(work).rejects.toThrow(expect.objectContaining({ id: 'token-swapped' }));
    expect(token.calls).toEqual([]);
  });

  it('asks for the PIN when none is kept', async () => {
    const token = new ScriptedToken({ login: async () => undefined });
    const services = { tokens: token.watch(), pins: new PinCustody() };
    await expect(openUserSession(services, 't1', '3A5B7C1D', async () => 'done')).rejects.toThrow(
      expect.objectContaining({ id: 'pin-needed' }),
    );
    expect(token.calls).toEqual([]);
  });

  it('sends a PIN that was refused no second time', async () => {
    const pins = new PinCustody();
    pins.keep('t1', 'user', pin());
    const token = new ScriptedToken({
      login: () => Promise.reject(new KiltError('wrong-pin', { attemptsLeft: 9 })),
    });
    const attempt = () =>
      openUserSession({ tokens: token.watch(), pins }, 't1', '3A5B7C1D', async () => 'done');
    await expect(attempt()).rejects.toThrow(expect.objectContaining({ id: 'wrong-pin' }));
    await expect(attempt()).rejects.toThrow(expect.objectContaining({ id: 'pin-needed' }));
    expect(token.calls).toEqual(['login']);
  });
});
