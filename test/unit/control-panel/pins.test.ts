import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KiltError } from '#shared/errors.ts';
import type { PinChangedBy } from '#shared/control-panel-views.ts';
import { registration } from '../enrolment/workshop.ts';
import { PanelBench, pinStatus, tokenInfo } from './bench.ts';

const good = 'Tulpar7Asyq';

let bench: PanelBench;
beforeEach(() => {
  bench = new PanelBench();
});
afterEach(() => bench.close());

const policy = (changedBy: PinChangedBy | null): void => {
  bench.token.info = { ...tokenInfo, userPin: { ...pinStatus, changedBy } };
};

describe('who may change the user PIN is respected before the token is asked', () => {
  it.each([
    ['user', 'user', 'done'],
    ['user', 'administrator', 'pin-not-allowed'],
    ['administrator', 'user', 'pin-not-allowed'],
    ['administrator', 'administrator', 'done'],
    ['both', 'user', 'done'],
    ['both', 'administrator', 'done'],
    [null, 'user', 'done'],
    [null, 'administrator', 'done'],
  ] as const)('policy %s, logged in as %s: %s', async (changedBy, role, outcome) => {
    policy(changedBy);
    await bench.login(role);
    const change = bench.changePin('user', good);
    if (outcome === 'done') {
      await change;
      expect(bench.token.deeds()).toEqual([`login ${role}`, `login ${role}`, 'setPin user']);
      expect(bench.auditLines().slice(-2)).toEqual(['change-user-pin begun', 'change-user-pin done']);
    } else {
      await expect(change).rejects.toMatchObject({ id: outcome, data: { role: 'user', changedBy } });
      expect(bench.token.deeds()).toEqual([`login ${role}`]);
    }
  });

  it.each([
    ['user', 'user'],
    ['administrator', 'administrator'],
  ] as const)('policy %s, nobody logged in: the %s is asked for', async (changedBy, role) => {
    policy(changedBy);
    await expect(bench.changePin('user', good)).rejects.toMatchObject({ id: 'pin-needed', data: { role } });
    expect(bench.token.deeds()).toEqual([]);
  });

  it('and what the policy had not told is said when the token refuses', async () => {
    policy(null);
    await bench.login('administrator');
    bench.token.during = (call) => {
      if (call === 'setPin user') throw new KiltError('pin-needed');
    };
    await expect(bench.changePin('user', good)).rejects.toMatchObject({ id: 'pin-not-allowed' });
    expect((await bench.controlPanel.view('t1')).rights?.role).toBe('administrator');
  });
});

describe('the administrator PIN', () => {
  it('is changed by the administrator only', async () => {
    await bench.login('user');
    await expect(bench.changePin('administrator', good)).rejects.toMatchObject({
      id: 'pin-needed',
      data: { role: 'administrator' },
    });
    await bench.login('administrator');
    await bench.changePin('administrator', good);
    // And the rights go on with the new one.
    await bench.changePin('administrator', `${good}8`);
    expect(bench.token.pins.administrator).toBe(`${good}8`);
  });

  it('cannot be asked for where it is blocked', async () => {
    bench.token.info = { ...tokenInfo, administratorPin: { ...pinStatus, blocked: true, attemptsLeft: 0 } };
    await expect(bench.changePin('administrator', good)).rejects.toMatchObject({
      id: 'pin-blocked',
      data: { role: 'administrator' },
    });
  });
});

describe('a new PIN', () => {
  beforeEach(() => bench.login('user'));

  it.each([
    ['shorter than the token takes', 'Ab1cd', 'pin-refused', { rule: 'too-short', minLength: 6 }],
    ['empty', '', 'pin-refused', { rule: 'too-short' }],
    ['longer than 32', 'Tulpar7Asyq'.repeat(3), 'pin-refused', { rule: 'too-long', maxLength: 32 }],
    ['with Cyrillic letters', 'Пароль7Asyq', 'pin-refused', { rule: 'characters' }],
    ['with a space', 'Tulpar 7Asyq', 'pin-refused', { rule: 'characters' }],
    ['equal to the present one', '12345678', 'pin-unchanged', {}],
    ['that is weak', 'abc12345', 'pin-weak', { forbidden: false }],
  ])('%s is refused on this computer', async (_, pin, id, data) => {
    await expect(bench.changePin('user', pin)).rejects.toMatchObject({ id, data: { role: 'user', ...data } });
    expect(bench.token.deeds()).toEqual(['login user']);
    expect(bench.auditLines()).toEqual(['login begun', 'login done']);
  });

  it('that is weak is taken when the user has been warned', async () => {
    const { information } = await bench.changePin('user', 'qwerty', true);
    expect(bench.token.pins.user).toBe('qwerty');
    expect(information.userPin.isDefault).toBe(false);
  });

  it('that is weak is never taken where the settings forbid it', async () => {
    bench.settings = { ...bench.settings, weakPins: 'forbid' };
    await expect(bench.changePin('user', 'qwerty', true)).rejects.toMatchObject({
      id: 'pin-weak',
      data: { forbidden: true },
    });
  });

  it('serves the next action, and whoever keeps the old one is told', async () => {
    await bench.changePin('user', good);
    await bench.controlPanel.rename('t1', 'Saule');
    expect(bench.token.deeds().slice(-2)).toEqual(['login user', 'setLabel Saule']);
    expect(bench.onUserPinChanged).toHaveBeenCalledExactlyOnceWith('t1');
  });

  it('that the token refuses leaves the old one and the rights as they were', async () => {
    bench.token.during = (call) => {
      if (call === 'setPin user') throw new KiltError('pin-refused', { role: 'user' });
    };
    await expect(bench.changePin('user', good)).rejects.toMatchObject({ id: 'pin-refused' });
    bench.token.during = () => undefined;
    await bench.controlPanel.rename('t1', 'Saule');
    expect(bench.onUserPinChanged).not.toHaveBeenCalled();
  });

  it('that may or may not have reached the token is not sent, nor the old one: the rights end', async () => {
    bench.token.during = (call) => {
      if (call === 'setPin user') throw new KiltError('token-mute');
    };
    await expect(bench.changePin('user', good)).rejects.toMatchObject({ id: 'token-mute' });
    await expect(bench.controlPanel.rename('t1', 'Saule')).rejects.toMatchObject({ id: 'pin-needed' });
    expect(bench.onUserPinChanged).toHaveBeenCalledWith('t1');
  });
});

describe('unblocking', () => {
  const blocked = { ...tokenInfo, userPin: { ...pinStatus, attemptsLeft: 0, blocked: true } };

  it('gives the tries back and sets no PIN', async () => {
    bench.token.info = blocked;
    await bench.login('administrator');
    await bench.controlPanel.unblock('t1');
    expect(bench.token.deeds()).toEqual(['login administrator', 'login administrator', 'unblockUserPin']);
    expect(bench.token.pins.user).toBe('12345678');
  });

  it('of a PIN that is not blocked is refused', async () => {
    await bench.login('administrator');
    await expect(bench.controlPanel.unblock('t1')).rejects.toMatchObject({ id: 'pin-not-blocked' });
  });

  it('is not left to what was known at insertion: the token is asked again', async () => {
    await bench.login('administrator');
    // Another program has spent the tries in the meantime.
    bench.token.info = blocked;
    const view = await bench.controlPanel.view('t1');
    expect(view.actions.unblock).toBeNull();
    await bench.controlPanel.unblock('t1');
  });

  it('takes the administrator', async () => {
    bench.token.info = blocked;
    await bench.login('user');
    await expect(bench.controlPanel.unblock('t1')).rejects.toMatchObject({
      id: 'pin-needed',
      data: { role: 'administrator' },
    });
  });
});

describe('the name of a token', () => {
  it.each(['', '   ', 'Сауле', 'x'.repeat(33), 'line\nbreak'])('%j is refused', async (label) => {
    await bench.login('user');
    await expect(bench.controlPanel.rename('t1', label)).rejects.toMatchObject({
      id: 'input-invalid',
      data: { field: 'label' },
    });
    expect(bench.token.deeds()).toEqual(['login user']);
  });

  it('takes the user, and a token that can hold one', async () => {
    await bench.login('administrator');
    await expect(bench.controlPanel.rename('t1', 'Saule')).rejects.toMatchObject({
      id: 'pin-needed',
      data: { role: 'user' },
    });
    bench.token.info = { ...tokenInfo, layout: 'none' };
    await bench.login('user');
    await expect(bench.controlPanel.rename('t1', 'Saule')).rejects.toMatchObject({
      id: 'token-layout-damaged',
    });
  });
});

describe('while a registration is carried out on the token', () => {
  it('nothing is done to it', async () => {
    await bench.login('user');
    const { id } = bench.registrations.open(registration({ facts: registration().facts }));
    bench.registrations.take(id);
    await expect(bench.changePin('user', good)).rejects.toMatchObject({ id: 'operation-busy' });
    await expect(bench.controlPanel.rename('t1', 'Saule')).rejects.toMatchObject({ id: 'operation-busy' });
    await expect(bench.login('administrator')).rejects.toMatchObject({ id: 'operation-busy' });
    expect(bench.token.deeds()).toEqual(['login user']);
    bench.registrations.setState(id, 'interrupted');
    await bench.controlPanel.rename('t1', 'Saule');
  });
});

describe('when the disk is full', () => {
  it('no action reaches the token', async () => {
    await bench.login('user');
    const pages = Number(bench.database.pragma('page_count', { simple: true }));
    bench.database.pragma(`max_page_count = ${pages}`);
    // More than is left in the pages there are.
    bench.token.info = { ...tokenInfo, label: 'x'.repeat(20_000) };
    await bench.controlPanel.view('t1');
    await expect(bench.changePin('user', good)).rejects.toMatchObject({ id: 'disk-full' });
    await expect(bench.login('administrator')).rejects.toMatchObject({ id: 'disk-full' });
    expect(bench.token.deeds()).toEqual(['login user']);
  });
});
