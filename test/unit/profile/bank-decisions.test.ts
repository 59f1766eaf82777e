import { describe, expect, it } from 'vitest';
import { BankDecisions } from '#main/profile/bank-decisions.ts';
import type { KeySetView } from '#shared/renewal-views.ts';
import type { RegistrationView } from '#shared/views.ts';

const renewal: KeySetView['renewal'] = {
  journalId: 'renewal-1',
  startedAt: '2026-11-20T09:00:00.000Z',
  state: 'running',
  done: [],
  readyToTake: false,
  needs: { tokenPin: true, registrationPin: false },
};
const keySet = (status: KeySetView['status'], id = 'set-1'): KeySetView => ({
  id,
  tokenSerial: '47738461',
  tokenName: 'qq111111',
  bankId: 'demo',
  profileName: 'Сериккызы Айгерим',
  userId: 'qq111111_qwertyui',
  cryptography: 'RSA 2048, SHA-256',
  status,
  daysLeft: 12,
  certificates: [],
  ...(status === 'accepted' ? { renewal } : {}),
});

describe('the bank’s decision about new keys', () => {
  it.each([
    ['new-certificate', 'issued'],
    ['refused', 'refused'],
  ] as const)('%s is noticed once, when a request was accepted before', (status, outcome) => {
    const decisions = new BankDecisions();
    expect(decisions.amongKeySets([keySet('accepted')])).toEqual([]);
    expect(decisions.amongKeySets([keySet(status), keySet('in-use', 'set-2')])).toEqual([
      { about: 'keys', tokenSerial: '47738461', tokenName: 'qq111111', name: 'Сериккызы Айгерим', outcome },
    ]);
    expect(decisions.amongKeySets([keySet(status)])).toEqual([]);
  });

  it('is noticed though the request was lost meanwhile and sent again', () => {
    const decisions = new BankDecisions();
    decisions.amongKeySets([keySet('accepted')]);
    expect(decisions.amongKeySets([{ ...keySet('planned-renewal'), renewal }])).toEqual([]);
    expect(decisions.amongKeySets([keySet('new-certificate')])).toMatchObject([{ outcome: 'issued' }]);
  });

  it('is none where it was known before the program started, or the request was given up', () => {
    const decisions = new BankDecisions();
    expect(decisions.amongKeySets([keySet('new-certificate')])).toEqual([]);
    decisions.amongKeySets([keySet('accepted')]);
    expect(decisions.amongKeySets([keySet('planned-renewal')])).toEqual([]);
    expect(decisions.amongKeySets([keySet('new-certificate')])).toEqual([]);
  });
});

const registration = (changes: Partial<RegistrationView>): RegistrationView => ({
  journalId: 'registration-1',
  bankId: 'demo',
  userId: 'qq111111_qwertyui',
  label: 'qq111111',
  tokenSerial: '47738461',
  startedAt: '2026-11-20T09:00:00.000Z',
  state: 'running',
  done: [],
  needs: { tokenPin: true, registrationData: false, pinOnToken: 'new' },
  ...changes,
});
const waiting = registration({ waitingUntil: '2026-11-20T10:00:00.000Z' });
const about = { about: 'registration', tokenSerial: '47738461', userId: 'qq111111_qwertyui' };

describe('the bank’s decision about a registration', () => {
  it('is noticed when it has come to its end, not while its steps go on', () => {
    const decisions = new BankDecisions();
    expect(decisions.ofRegistration(waiting)).toBeUndefined();
    expect(decisions.ofRegistration(registration({}))).toBeUndefined();
    expect(decisions.ofRegistration(registration({ state: 'finished' }))).toEqual({
      ...about,
      outcome: 'registered',
    });
    expect(decisions.ofRegistration(registration({ state: 'finished' }))).toBeUndefined();
  });

  it('is noticed with what has stopped it', () => {
    const decisions = new BankDecisions();
    const error = { id: 'ca-refused', code: '0200060', data: {} } as const;
    decisions.ofRegistration(waiting);
    expect(decisions.ofRegistration(registration({ state: 'interrupted', error }))).toEqual({
      ...about,
      outcome: 'stopped',
      error,
    });
  });

  it('is none of one that never waited, or that was only paused', () => {
    const decisions = new BankDecisions();
    expect(decisions.ofRegistration(registration({ state: 'finished' }))).toBeUndefined();
    decisions.ofRegistration(waiting);
    expect(decisions.ofRegistration({ ...waiting, state: 'interrupted' })).toBeUndefined();
    expect(decisions.ofRegistration(waiting)).toBeUndefined();
  });
});
