import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { secretFromText } from '#shared/bytes.ts';
import type { FormatView } from '#shared/control-panel-views.ts';
import { KiltError } from '#shared/errors.ts';
import type { FormatOrder } from '#main/control-panel/format-order.ts';
import { encodeProfileRecord } from '#main/enrolment/profile-record.ts';
import { line, record, registration } from '../enrolment/workshop.ts';
import { noObjects, PanelBench, pinStatus, tokenInfo } from './bench.ts';

const blocked = { ...pinStatus, attemptsLeft: 0, blocked: true };
const settings = {
  label: 'Saule',
  userPinChangedBy: 'both',
  userMinLength: 8,
  administratorMinLength: 8,
  userAttempts: 10,
  administratorAttempts: 10,
} as const;
const override = { serial: '3a5b7c1d', reason: 'Клиент получил новую OTP-карту' };

let bench: PanelBench;
beforeEach(() => {
  bench = new PanelBench();
});
afterEach(() => bench.close());

const format = (changes: Partial<FormatOrder> = {}): Promise<FormatView> =>
  bench.controlPanel.format({
    tokenId: 't1',
    settings,
    newUserPin: secretFromText('Tulpar7Asyq'),
    newAdministratorPin: secretFromText('Samruk9Zhet'),
    acceptWeak: false,
    confirmation: 'Asel',
    ...changes,
  });
const hasWiped = () => bench.token.deeds().some((call) => call.startsWith('format'));
/** A refusal before anything was sent to the token, or written into the journal of formats. */
async function expectRefusal(refused: Promise<unknown>, error: object): Promise<void> {
  await expect(refused).rejects.toMatchObject(error);
  expect(hasWiped()).toBe(false);
  expect(bench.formats.openOn('3A5B7C1D')).toEqual([]);
}
const begunHere = () =>
  bench.registrations.open({
    ...registration(),
    facts: registration().facts,
    startedAt: '2026-11-20T10:00:00.000Z',
  });
const begunElsewhere = () => {
  bench.token.objects = { ...noObjects, dataObjects: [encodeProfileRecord(record, { dataObjects: [] })] };
};

describe('a format is refused', () => {
  beforeEach(() => bench.login('administrator'));

  it('while another token is connected, whatever is typed', async () => {
    bench.token.present('t1', 't2');
    expect((await bench.controlPanel.planFormat('t1')).blockers).toEqual([
      { kind: 'several-tokens', count: 2 },
    ]);
    await expectRefusal(format({ override }), { id: 'several-tokens', data: { count: 2 } });
  });

  it('while a registration stands open in this computer’s journal', async () => {
    begunHere();
    expect((await bench.controlPanel.planFormat('t1')).blockers).toEqual([
      {
        kind: 'unfinished-registration',
        startedAt: '2026-11-20T10:00:00.000Z',
        userId: 'qq111111_demo',
        bankName: 'Bank',
      },
    ]);
    await expectRefusal(format(), { id: 'registration-unfinished' });
  });

  it('while the token says that another computer has begun a registration', async () => {
    begunElsewhere();
    expect((await bench.controlPanel.planFormat('t1')).blockers).toMatchObject([{ computer: 'BUH-02' }]);
    await expectRefusal(format(), { id: 'registration-elsewhere', data: { computer: 'BUH-02' } });
  });

  it('when another program begins a registration between the dialog and the first command', async () => {
    bench.token.during = (call) => {
      if (call === 'login administrator') begunElsewhere();
    };
    await expectRefusal(format(), { id: 'registration-elsewhere' });
    expect(bench.auditLines().slice(-2)).toEqual(['format begun', 'format failed 0200071']);
  });

  it('while a registration is being carried out, also for an administrator with reasons', async () => {
    const { id } = begunHere();
    bench.registrations.take(id);
    await expectRefusal(format({ override }), { id: 'operation-busy' });
    await expectRefusal(bench.controlPanel.planFormat('t1'), { id: 'operation-busy' });
  });

  it.each([
    ['another name typed', { confirmation: 'Asem' }, { id: 'confirmation-differs' }],
    ['nothing typed', { confirmation: '' }, { id: 'confirmation-differs' }],
    ['a short user PIN', { newUserPin: 'Ab1cdef' }, { id: 'pin-refused', data: { role: 'user' } }],
    [
      'a weak administrator PIN',
      { newAdministratorPin: 'abcd1234' },
      { id: 'pin-weak', data: { role: 'administrator' } },
    ],
    [
      'one PIN for both',
      { newAdministratorPin: 'Tulpar7Asyq' },
      { id: 'pin-weak', data: { role: 'administrator' } },
    ],
    [
      'a name in Cyrillic',
      { settings: { ...settings, label: 'Сауле' } },
      { id: 'input-invalid', data: { field: 'label' } },
    ],
    [
      'settings that no token has',
      { settings: { ...settings, userAttempts: 11 } },
      { id: 'input-invalid', data: { field: 'userAttempts' } },
    ],
  ])(
    'with %s',
    async (_, { newUserPin, newAdministratorPin, ...changes }: Record<string, unknown>, error) => {
      await expectRefusal(
        format({
          ...changes,
          ...(typeof newUserPin === 'string' ? { newUserPin: secretFromText(newUserPin) } : {}),
          ...(typeof newAdministratorPin === 'string'
            ? { newAdministratorPin: secretFromText(newAdministratorPin) }
            : {}),
        }),
        error,
      );
    },
  );

  it('while its own first run goes on', async () => {
    let second: unknown;
    bench.token.during = async (call) => {
      if (call === 'folders') second = await format().catch((error: unknown) => error);
    };
    await format();
    expect(second).toMatchObject({ id: 'operation-busy' });
    expect(bench.token.deeds().filter((call) => call.startsWith('format'))).toHaveLength(1);
  });
});

describe('without the administrator', () => {
  it('nothing is formatted', async () => {
    await expectRefusal(format(), { id: 'pin-needed', data: { role: 'administrator' } });
    await bench.login('user');
    await expectRefusal(format(), { id: 'pin-needed', data: { role: 'administrator' } });
  });

  it('a token is formatted whose administrator PIN is blocked', async () => {
    bench.token.info = { ...tokenInfo, administratorPin: blocked };
    expect(await bench.controlPanel.planFormat('t1')).toMatchObject({
      withoutAdministrator: 'administrator-pin-blocked',
    });
    await format();
    expect(bench.token.deeds()).toEqual(['format Saule']);
  });

  it('but not its unfinished registration, which can still be finished', async () => {
    bench.token.info = { ...tokenInfo, administratorPin: blocked };
    begunElsewhere();
    await expectRefusal(format({ override }), { id: 'pin-blocked', data: { role: 'administrator' } });
    // Nor when the user PIN is blocked and nobody gives a reason.
    bench.token.info = { ...bench.token.info, userPin: blocked };
    await expectRefusal(format(), { id: 'registration-elsewhere' });
    await format({ override });
    expect(hasWiped()).toBe(true);
  });

  it('a token is formatted whose format was interrupted, which has nothing to lose and its serial number for a name', async () => {
    bench.token.info = { ...tokenInfo, label: null, layout: 'half-formatted' };
    begunHere();
    expect(await bench.controlPanel.planFormat('t1')).toMatchObject({
      confirmWith: '3A5B7C1D',
      withoutAdministrator: 'half-formatted',
      blockers: [],
    });
    await format({ confirmation: '3A5B7C1D' });
    expect(bench.token.deeds()).toEqual(['format Saule']);
  });

  it('a token is not formatted that has got an administrator again meanwhile', async () => {
    bench.token.info = { ...tokenInfo, administratorPin: blocked };
    await bench.controlPanel.view('t1');
    bench.token.during = (call) => {
      if (call === 'info') bench.token.info = tokenInfo;
    };
    await expect(format()).rejects.toMatchObject({ id: 'pin-needed' });
    expect(hasWiped()).toBe(false);
  });
});

describe('the override of an administrator', () => {
  beforeEach(() => bench.login('administrator'));

  it('lifts the interlock of an unfinished registration and is in the audit with its reason', async () => {
    begunElsewhere();
    expect(await format({ override })).toMatchObject({ state: 'finished' });
    const entries = bench.audit.view({ offset: 0, count: 10 }).entries.toReversed().slice(2);
    expect(entries.map(({ action, result, reason }) => [action, result, reason])).toEqual([
      ['override-interlock', 'begun', override.reason],
      ['format', 'begun', override.reason],
      ['format', 'done', override.reason],
      ['logout', 'done', null],
      ['override-interlock', 'done', override.reason],
    ]);
    expect(entries[0]).toMatchObject({ tokenSerial: '3A5B7C1D', tokenLabel: 'Asel', role: 'administrator' });
  });

  it.each([
    ['another token’s number', { ...override, serial: '3A5B7C1E' }, { id: 'confirmation-differs' }],
    ['no reason to speak of', { ...override, reason: '   надо     ' }, { id: 'input-invalid' }],
  ])('is refused with %s', async (_, typed, error) => {
    begunHere();
    await expectRefusal(format({ override: typed }), error);
  });

  it('that nothing asks for is not in the audit', async () => {
    await format({ override });
    expect(bench.auditLines()).not.toContain('override-interlock begun');
  });
});

describe('after a format', () => {
  beforeEach(() => bench.login('administrator'));

  it('the rights have ended, registrations begun before are given up, and nobody has anything open on it', async () => {
    await format();
    expect((await bench.controlPanel.view('t1')).rights).toBeNull();
    expect(bench.abandon).toHaveBeenCalledExactlyOnceWith('3A5B7C1D', new Date('2026-11-22T10:00:00.000Z'));
    expect(bench.onEmptied).toHaveBeenCalledExactlyOnceWith('t1');
    expect(bench.formats.openOn('3A5B7C1D')).toEqual([]);
  });

  it('that failed half-way the token is wiped, says so, and the next one begins with its settings', async () => {
    bench.token.during = (call) => {
      if (call !== 'user-pin') return;
      bench.token.info = { ...tokenInfo, label: null, layout: 'half-formatted' };
      throw new KiltError('format-interrupted', { stage: 'user-pin' });
    };
    const view = await format();
    expect(view).toMatchObject({
      state: 'interrupted',
      done: ['checked', 'wiped', 'folders', 'administrator-pin'],
      error: { id: 'format-interrupted' },
    });
    expect(bench.auditLines().slice(-2)).toEqual(['format failed 0100035', 'logout done formatted']);
    expect((await bench.controlPanel.planFormat('t1')).settings).toEqual(settings);
  });

  it('that was refused by the token nothing has changed, and the rights go on', async () => {
    bench.token.during = (call) => {
      if (call.startsWith('format')) throw new KiltError('token-answer-unexpected');
    };
    await expect(format()).rejects.toMatchObject({ id: 'token-answer-unexpected' });
    expect((await bench.controlPanel.view('t1')).rights?.role).toBe('administrator');
    // The next time the token is met it is whole: the journal forgets about it.
    bench.token.present('t1');
    expect(bench.formats.openOn('3A5B7C1D')).toEqual([]);
    expect(bench.abandon).not.toHaveBeenCalled();
  });

  it('on a disk that has filled up meanwhile the token is whole and the format counts as done', async () => {
    bench.token.during = (call) => {
      if (call === 'folders') bench.database.pragma('query_only = ON');
    };
    expect(await format()).toMatchObject({ state: 'finished' });
    bench.database.pragma('query_only = OFF');
    bench.audit.flush();
    expect(bench.auditLines()).toContain('format done');
  });
});

describe('a format that a program left as running', () => {
  const left = (...stages: readonly ('checked' | 'wiped' | 'folders')[]) => {
    const { id } = bench.formats.open('3A5B7C1D', settings);
    for (const stage of stages) bench.formats.reached(id, stage);
    // Carried out by a process that is gone.
    bench.database.prepare('UPDATE formats SET owner = ? WHERE id = ?').run('999999999', id);
    return id;
  };

  it('is found interrupted when the token is met again, once', () => {
    const told = vi.fn();
    bench.controlPanel.onFormatChange(told);
    left('checked', 'wiped', 'folders');
    bench.token.info = { ...tokenInfo, layout: 'half-formatted' };
    bench.token.present('t2');
    bench.token.present('t3');
    expect(told).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ state: 'interrupted', done: ['checked', 'wiped', 'folders'] }),
    );
    expect(bench.auditLines()).toEqual(['format failed 0100035']);
    expect(bench.formats.openOn('3A5B7C1D')).toMatchObject([{ state: 'interrupted', settings }]);
  });

  it('is found finished when only its last lines are missing', () => {
    const id = left('checked', 'wiped');
    bench.token.present('t2');
    expect(bench.formats.get(id).state).toBe('finished');
    expect(bench.auditLines()).toEqual(['format done']);
    expect(bench.abandon).toHaveBeenCalled();
  });

  it('is found to have done nothing when the token was never wiped', () => {
    const id = left('checked');
    bench.token.present('t2');
    expect(bench.formats.get(id).state).toBe('abandoned');
    expect(bench.auditLines()).toEqual(['format failed 0500010']);
    expect(bench.abandon).not.toHaveBeenCalled();
  });
});

describe('a journal of registrations', () => {
  it('whose token was formatted since counts for nothing', async () => {
    const { id } = begunHere();
    bench.registrations.done(id, line('token-prepared', 'done').step);
    expect((await bench.controlPanel.planFormat('t1')).blockers).toEqual([]);
  });
});
