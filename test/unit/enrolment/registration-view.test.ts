import { describe, expect, it } from 'vitest';
import { registrationSteps, type RegistrationStep } from '#shared/views.ts';
import { registrationView } from '#main/enrolment/registration-view.ts';
import { line, record, registration } from './workshop.ts';

const doneUntil = (last: RegistrationStep) =>
  registrationSteps.slice(0, registrationSteps.indexOf(last) + 1).map((step) => line(step, 'done'));

describe('a registration as the page shows it', () => {
  it('names the first step that is not done as the one to come', () => {
    const view = registrationView(registration({ lines: doneUntil('pin-set') }));
    expect(view.done).toEqual(['token-prepared', 'pin-set']);
    expect(view.current).toBe('signature-key-made');
    expect(view).not.toHaveProperty('currentSince');
  });

  it('says since when the step under way has been going on, also after it was begun a second time', () => {
    const lines = [
      line('token-prepared', 'begun', { at: '2026-11-20T10:00:00.000Z' }),
      line('token-prepared', 'failed'),
      line('token-prepared', 'begun', { at: '2026-11-21T09:00:00.000Z' }),
    ];
    expect(registrationView(registration({ lines, state: 'running' })).currentSince).toBe(
      '2026-11-21T09:00:00.000Z',
    );
  });

  it('takes a step as open again once it was begun again', () => {
    const lines = [...doneUntil('signature-key-made'), line('token-prepared', 'begun')];
    expect(registrationView(registration({ lines })).current).toBe('token-prepared');
  });

  it('has no step to come when it is finished', () => {
    const view = registrationView(registration({ state: 'finished', lines: doneUntil('profile-written') }));
    expect(view.done).toEqual(registrationSteps);
    expect(view).not.toHaveProperty('current');
    expect(view).not.toHaveProperty('currentSince');
  });

  it('tells why it was interrupted, and no longer once it runs', () => {
    const error = { id: 'token-removed', code: '0100010', data: {} } as const;
    const lines = [line('token-prepared', 'begun'), line('token-prepared', 'failed', { error })];
    expect(registrationView(registration({ lines })).error).toEqual(error);
    expect(registrationView(registration({ lines, state: 'running' }))).not.toHaveProperty('error');
  });

  it('waits for the bank while it runs and after Kilt was ended, but no longer when it is finished', () => {
    const facts = { waitingUntil: '2026-11-20T10:05:00.000Z' } as never;
    for (const state of ['running', 'interrupted'] as const)
      expect(registrationView(registration({ facts, state })).waitingUntil).toBe('2026-11-20T10:05:00.000Z');
    expect(registrationView(registration({ facts, state: 'finished' }))).not.toHaveProperty('waitingUntil');
  });

  it('does not call it a failure that Kilt was ended while the bank decides', () => {
    const facts = { waitingUntil: '2026-11-20T10:05:00.000Z' } as never;
    const failed = (id: 'operation-cancelled' | 'token-removed') => {
      const lines = [line('token-prepared', 'failed', { error: { id, code: '0', data: {} } })];
      return registrationView(registration({ facts, lines }));
    };
    expect(failed('operation-cancelled')).not.toHaveProperty('error');
    expect(failed('token-removed').error?.id).toBe('token-removed');
  });

  it.each([
    ['the token keeps the data', 'kept', true, false],
    ['the token is not here, and the journal says that it keeps them', 'kept', undefined, false],
    ['the token does not keep them, whatever the journal says', 'kept', false, true],
    ['the CA has refused those that the token still keeps', 'removing', true, true],
    ['the token had no room for them', 'not-kept', undefined, true],
  ] as const)('where %s: %s, %s, asks for them: %s', (_, credentialsOnToken, keepsCredentials, asks) => {
    const facts = { credentialsOnToken } as never;
    const token = keepsCredentials === undefined ? undefined : { record: undefined, keepsCredentials };
    expect(registrationView(registration({ facts }), token).needs.registrationData).toBe(asks);
  });

  it.each([
    ['token-prepared', true, 'old'],
    ['pin-set', true, 'new'],
    ['signature-certificate-received', true, 'new'],
    ['signature-certificate-confirmed', false, 'new'],
    ['registered-in-bank', false, 'new'],
  ] as const)('done until «%s» needs ПИН and key file: %s; the password is the %s one', (last, data, pin) => {
    expect(registrationView(registration({ lines: doneUntil(last) })).needs).toEqual({
      tokenPin: true,
      registrationData: data,
      pinOnToken: pin,
    });
  });

  it('believes the token rather than the journal on which password it has', () => {
    const says = (pin: 'old' | 'changing') => ({ record: { ...record, pin }, keepsCredentials: false });
    expect(registrationView(registration(), says('changing')).needs.pinOnToken).toBe('changing');
    const done = registration({ lines: doneUntil('pin-set') });
    expect(registrationView(done, says('old')).needs.pinOnToken).toBe('old');
  });
});
