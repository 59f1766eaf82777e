import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { secretFromText } from '#shared/bytes.ts';
import { formatStages, type FormatView } from '#shared/control-panel-views.ts';
import type { ProfileRecord } from '#main/enrolment/profile-record.ts';
import { eventually } from '#test/support/eventually.ts';
import { Desk, newAdministratorPin, newUserPin, settings } from './desk.ts';

/** What Kilt on another computer has left on the token. */
const record: ProfileRecord = {
  format: 1,
  state: 'begun',
  bankId: 'demo',
  userId: 'qq111111_demo',
  registrationId: 'r1',
  startedAt: '2026-11-20T10:00:00.000Z',
  computer: 'BUH-02',
  pin: 'new',
  signatureKeyId: '01',
  signInKeyId: '02',
};

let desk: Desk;
beforeEach(async () => {
  desk = await Desk.open();
});
afterEach(() => desk.close());

describe('a format', () => {
  it('makes a fresh token with the name, PINs and rules that were chosen', async () => {
    const { watched } = await desk.insert();
    await desk.login('administrator');
    const told: FormatView[] = [];
    desk.kilt.controlPanel.onFormatChange((view) => told.push(view));

    const view = await desk.format();

    expect(view).toMatchObject({ state: 'finished', done: [...formatStages] });
    expect(told.map(({ state, done }) => [state, done.length])).toEqual([
      ...[0, 1, 2, 3, 4, 5, 6, 7].map((count) => ['running', count]),
      ['finished', 7],
    ]);
    const panel = await desk.kilt.controlPanel.view(desk.tokenId());
    expect(panel.rights).toBeNull();
    expect(panel.information).toMatchObject({
      label: settings.label,
      layout: 'complete',
      userPin: { changedBy: 'user', minLength: 8, maxAttempts: 5, attemptsLeft: 5, isDefault: false },
      administratorPin: { minLength: 9, maxAttempts: 3, attemptsLeft: 3, isDefault: false },
    });
    expect(desk.kilt.tokensView().tokens[0]).toMatchObject({ kind: 'empty', label: settings.label });
    await desk.login('user', newUserPin);
    await desk.login('administrator', newAdministratorPin);
    expect(watched.refusedVerifies).toBe(0);
    expect(desk.auditLines()).toEqual([
      'login begun',
      'login done',
      'format begun',
      'format done',
      'logout done',
      'login begun',
      'login done',
      'logout done',
      'login begun',
      'login done',
    ]);
    expect(desk.kilt.audit.verify()).toEqual({ state: 'intact' });
  });
});

describe('a format that is interrupted', () => {
  it.each([
    ['when the token is wiped and its answer lost', { command: 'ERASE', nth: 1 }],
    ['in the middle of the folders', { command: 'CREATE', nth: 6 }],
    ['when the user PIN is set', { command: 'CHANGE-PIN', nth: 2 }],
    ['before it is closed', { command: 'END-INIT', nth: 1 }],
  ] as const)('by pulling the token %s is recognised and finished', async (_, fault) => {
    const token = await desk.insert();
    await desk.login('administrator');
    token.faults.arm({ do: 'remove', when: 'after', ...fault });

    const outcome: unknown = await desk.format().catch((error: unknown) => error);
    // Whether the one command that wipes was carried out only the token knows.
    expect(outcome).toMatchObject(
      fault.command === 'ERASE'
        ? { id: 'token-removed' }
        : { state: 'interrupted', error: { id: 'format-interrupted' } },
    );
    await gone();
    await token.putBack();

    expect(desk.kilt.tokensView().tokens[0]?.kind).toBe('half-formatted');
    await expect(desk.kilt.profiles.open(desk.tokenId(), secretFromText(newUserPin))).rejects.toMatchObject({
      id: 'format-interrupted',
    });
    await expect(desk.login('user', newUserPin)).rejects.toMatchObject({ id: 'format-interrupted' });
    const plan = await desk.kilt.controlPanel.planFormat(desk.tokenId());
    expect(plan).toMatchObject({
      withoutAdministrator: 'half-formatted',
      confirmWith: plan.label ?? plan.serial,
      blockers: [],
      certificates: [],
      settings,
    });

    expect(await desk.format({ settings: plan.settings })).toMatchObject({ state: 'finished' });
    await desk.login('user', newUserPin);
    await desk.login('administrator', newAdministratorPin);
    expect(token.watched.refusedVerifies).toBe(0);
    expect(desk.kilt.tokensView().tokens[0]).toMatchObject({ kind: 'empty', label: settings.label });
    expect(desk.kilt.audit.verify()).toEqual({ state: 'intact' });
  });

  it('before the token is wiped has changed nothing', async () => {
    const token = await desk.insert();
    await desk.login('administrator');
    token.faults.arm({ do: 'remove', when: 'before', command: 'ERASE', nth: 1 });
    await expect(desk.format()).rejects.toMatchObject({ id: 'token-removed' });
    await gone();
    await token.putBack();
    expect(desk.kilt.tokensView().tokens[0]?.kind).toBe('empty');
    // The PINs are the old ones.
    await desk.login('user');
    await desk.login('administrator');
    expect(desk.auditLines()).toContain('format failed 0100010');
  });
});

/** Resolves when Kilt has seen that no token is there. */
const gone = () => eventually(() => desk.kilt.tokensView().tokens.length === 0);

describe('the interlock on a real token', () => {
  it('keeps a registration that another computer has begun, until an administrator lifts it', async () => {
    await desk.insert();
    await desk.writeRecord(record);
    await desk.login('administrator');
    const { blockers, otherObjects } = await desk.kilt.controlPanel.planFormat(desk.tokenId());
    expect(blockers).toMatchObject([
      { kind: 'unfinished-registration', computer: 'BUH-02', bankName: 'demo' },
    ]);
    expect(otherObjects).toBe(1);
    await expect(desk.format()).rejects.toMatchObject({ id: 'registration-elsewhere' });
    expect(desk.kilt.tokensView().tokens[0]?.kind).toBe('unfinished');

    const { serial } = await desk.kilt.controlPanel.planFormat(desk.tokenId());
    await desk.format({ override: { serial, reason: 'Токен возвращен клиентом' } });
    expect(desk.kilt.tokensView().tokens[0]?.kind).toBe('empty');
    expect(desk.auditEntries().find(({ action }) => action === 'override-interlock')).toMatchObject({
      role: 'administrator',
      reason: 'Токен возвращен клиентом',
    });
  });

  it('keeps a registration of this computer, which is given up when the administrator lifts it', async () => {
    await desk.insert();
    const { info } = desk.kilt.tokens.tokens()[0] ?? {};
    const order = {
      bankId: 'demo',
      userId: 'qq111111_demo',
      label: 'Dauren',
      usedKeyIds: [],
      keepsPin: false,
    };
    desk.kilt.runner.open({ ...order, tokenSerial: info?.serial ?? '' });
    await desk.login('administrator');
    await expect(desk.format()).rejects.toMatchObject({ id: 'registration-unfinished' });
    const told: string[] = [];
    desk.kilt.runner.onChange(({ state }) => told.push(state));

    await desk.format({ override: { serial: info?.serial ?? '', reason: 'Токен возвращен клиентом' } });
    expect(desk.kilt.runner.list()).toEqual([]);
    expect(told).toEqual(['abandoned']);
  });

  it('keeps two tokens apart', async () => {
    await desk.insert();
    await desk.insert({}, 1);
    await desk.login('administrator');
    await expect(desk.format()).rejects.toMatchObject({ id: 'several-tokens', data: { count: 2 } });
  });

  it('lets a token be formatted whose administrator PIN is blocked', async () => {
    await desk.insert({ profile: 'administrator-pin-blocked' });
    expect((await desk.kilt.controlPanel.view(desk.tokenId())).actions.format).toBeNull();
    expect(await desk.format()).toMatchObject({ state: 'finished' });
    await desk.login('administrator', newAdministratorPin);
  });
});

describe('a PIN that the control panel has changed', () => {
  it('is not tried any more where the picker had it in custody', async () => {
    const { watched } = await desk.insert();
    await desk.kilt.profiles.open(desk.tokenId(), secretFromText('12345678'));
    await desk.login('user');
    await desk.kilt.controlPanel.changePin(desk.tokenId(), {
      role: 'user',
      newPin: secretFromText(newUserPin),
      acceptWeak: false,
    });
    const order = {
      draftId: 'none',
      tokenId: desk.tokenId(),
      label: '',
      newPin: secretFromText('Qyran8Shynar'),
    };
    expect(() => desk.kilt.register(order)).toThrow(expect.objectContaining({ id: 'pin-needed' }));
    expect(watched.refusedVerifies).toBe(0);
  });
});
