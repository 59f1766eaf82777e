import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { asTokenSerial } from '#shared/bytes.ts';
import { KiltError } from '#shared/errors.ts';
import { PanelBench, tokenInfo } from './bench.ts';

const minute = 60_000;
let bench: PanelBench;
beforeEach(() => {
  vi.useFakeTimers();
  bench = new PanelBench();
});
afterEach(() => {
  bench.close();
  vi.useRealTimers();
});

const roleNow = async () => (await bench.controlPanel.view('t1')).rights?.role;

describe('rights in the control panel', () => {
  it('begin with one VERIFY and serve actions with one VERIFY each', async () => {
    const view = await bench.login('user');
    expect(view.rights).toEqual({ role: 'user', since: '2026-11-22T10:00:00.000Z' });
    await bench.controlPanel.rename('t1', 'Saule');
    expect(bench.token.deeds()).toEqual(['login user', 'login user', 'setLabel Saule']);
  });

  it('are those of one role at a time', async () => {
    await bench.login('user');
    await bench.login('administrator');
    expect(await roleNow()).toBe('administrator');
    expect(bench.auditLines()).toContain('logout done logout');
  });

  it('end five minutes after the last action, and tell so', async () => {
    const told = vi.fn();
    await bench.login('user');
    bench.controlPanel.onChange(told);
    await vi.advanceTimersByTimeAsync(4 * minute);
    await bench.controlPanel.rename('t1', 'Saule');
    await vi.advanceTimersByTimeAsync(4 * minute);
    expect(await roleNow()).toBe('user');
    told.mockClear();
    await vi.advanceTimersByTimeAsync(1 * minute);
    expect(await roleNow()).toBeUndefined();
    expect(told).toHaveBeenCalledWith('t1');
    expect(bench.auditLines().at(-1)).toBe('logout done idle');
    await expect(bench.controlPanel.rename('t1', 'Aigul')).rejects.toMatchObject({
      id: 'pin-needed',
      data: { role: 'user' },
    });
  });

  it('do not end in the middle of an action that takes long', async () => {
    await bench.login('user');
    bench.token.during = async (call) => {
      if (call.startsWith('setLabel')) await vi.advanceTimersByTimeAsync(20 * minute);
    };
    await bench.controlPanel.rename('t1', 'Saule');
    expect(await roleNow()).toBe('user');
  });

  it('end when the token is pulled', async () => {
    await bench.login('user');
    bench.token.present();
    expect(bench.auditLines().at(-1)).toBe('logout done removed');
    bench.token.present('t2');
    await expect(bench.controlPanel.rename('t2', 'Saule')).rejects.toMatchObject({ id: 'pin-needed' });
  });

  it('end on «Выйти»', async () => {
    await bench.login('administrator');
    expect((await bench.controlPanel.logout('t1')).rights).toBeNull();
    expect(bench.auditLines().at(-1)).toBe('logout done logout');
  });

  it('end on all tokens when the computer is locked', async () => {
    bench.token.present('t1', 't2');
    await bench.login('user');
    bench.controlPanel.endAllRights();
    expect(await roleNow()).toBeUndefined();
    expect(bench.auditLines().at(-1)).toBe('logout done locked');
  });

  it('do not begin when the computer was locked while the token was answering', async () => {
    bench.token.during = (call) => {
      if (call === 'login user') bench.controlPanel.endAllRights();
    };
    await expect(bench.login('user')).rejects.toMatchObject({ id: 'operation-cancelled' });
    expect(await roleNow()).toBeUndefined();
  });

  it('end when the token refuses the PIN, which is not sent again', async () => {
    await bench.login('user');
    bench.token.pins.user = 'changed by another program';
    await expect(bench.controlPanel.rename('t1', 'Saule')).rejects.toMatchObject({ id: 'wrong-pin' });
    await expect(bench.controlPanel.rename('t1', 'Saule')).rejects.toMatchObject({ id: 'pin-needed' });
    expect(bench.token.deeds()).toEqual(['login user', 'login user']);
    expect(bench.auditLines()).toContain('logout done refused');
  });

  it('end when another program holds the token; who asks then is not made to wait for it', async () => {
    await bench.login('user');
    bench.token.during = (call) => {
      if (call.startsWith('setLabel')) throw new KiltError('token-in-use', { reader: 'Reader' });
    };
    await expect(bench.controlPanel.rename('t1', 'Saule')).rejects.toMatchObject({ id: 'token-in-use' });
    expect(bench.auditLines().at(-1)).toBe('logout done in-use');
    const asked = bench.token.calls.length;
    expect((await bench.controlPanel.view('t1')).rights).toBeNull();
    expect(bench.token.calls.length).toBe(asked);
    await bench.controlPanel.view('t1');
    expect(bench.token.calls.length).toBeGreaterThan(asked);
  });

  it('are not used on another token in the same place: no PIN is sent', async () => {
    await bench.login('user');
    bench.token.inReader = asTokenSerial('11112222');
    await expect(bench.controlPanel.rename('t1', 'Saule')).rejects.toMatchObject({ id: 'token-swapped' });
    expect(bench.token.deeds()).toEqual(['login user']);
    bench.token.inReader = tokenInfo.serial;
    expect(await roleNow()).toBeUndefined();
  });

  it('end when a registration sets the PIN they were given for', async () => {
    await bench.login('user');
    bench.controlPanel.pinChangesElsewhere('FFFF', 'user');
    bench.controlPanel.pinChangesElsewhere(tokenInfo.serial, 'administrator');
    expect(await roleNow()).toBe('user');
    bench.controlPanel.pinChangesElsewhere(tokenInfo.serial, 'user');
    expect(await roleNow()).toBeUndefined();
  });

  it('do not begin with a wrong PIN, and what they were before is gone', async () => {
    await bench.login('user');
    await expect(bench.login('user', 'wrong-pin1')).rejects.toMatchObject({
      id: 'wrong-pin',
      data: { attemptsLeft: 9 },
    });
    expect(await roleNow()).toBeUndefined();
    expect(bench.auditLines().at(-1)).toBe('login failed 0100020');
  });

  it('cost no try when the PIN can not be right', async () => {
    for (const pin of ['', '12345', 'x'.repeat(250)])
      await expect(bench.login('user', pin)).rejects.toMatchObject({
        id: 'input-invalid',
        data: { field: 'pin' },
      });
    expect(bench.token.deeds()).toEqual([]);
  });

  it('point out the PINs of the factory', async () => {
    expect((await bench.controlPanel.view('t1')).information).toMatchObject({
      userPin: { isDefault: null },
      administratorPin: { isDefault: null },
    });
    await bench.login('user');
    bench.token.pins.administrator = 'Samruk9Zhet';
    const { information } = await bench.login('administrator');
    expect(information).toMatchObject({
      userPin: { isDefault: true },
      administratorPin: { isDefault: false },
    });
    bench.token.present('t2');
    expect((await bench.controlPanel.view('t2')).information.userPin.isDefault).toBeNull();
  });
});

describe('listeners', () => {
  it('hear of a token that has changed, and of no other', async () => {
    bench.token.present('t1', 't2');
    const told = vi.fn();
    bench.controlPanel.onChange(told);
    bench.token.present('t1', 't2');
    expect(told.mock.calls).toEqual([['t2']]);
    bench.token.info = { ...tokenInfo, label: 'Saule' };
    bench.token.present('t1');
    expect(told).toHaveBeenCalledWith('t1');
  });
});

describe('a token that is pulled in the middle of an action', () => {
  it('ends with that said, in the audit too, and with the rights gone', async () => {
    await bench.login('administrator');
    bench.token.during = (call) => {
      if (call !== 'unblockUserPin') return;
      bench.token.present();
      throw new KiltError('token-removed');
    };
    bench.token.info = { ...tokenInfo, userPin: { ...tokenInfo.userPin, attemptsLeft: 0, blocked: true } };
    await expect(bench.controlPanel.unblock('t1')).rejects.toMatchObject({ id: 'token-removed' });
    expect(bench.auditLines().slice(-3)).toEqual([
      'unblock begun',
      'logout done removed',
      'unblock failed 0100010',
    ]);
  });
});
