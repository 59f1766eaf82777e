import { describe, expect, it } from 'vitest';
import { actionOf, mostUrgent, timeOfUse } from '#shared/key-set-state.ts';
import { adviceFor } from '../../../src/renderer/keys/key-set-words.ts';
import type { KeySetView, RenewalView } from '#shared/renewal-views.ts';
import { createTranslator } from '#shared/texts/i18n.ts';
import type { CertificateView } from '#shared/views.ts';

const certificate = (purpose: CertificateView['purpose'], notAfter: string): CertificateView => ({
  purpose,
  subjectName: 'Сериккызы Айгерим',
  subject: 'CN=Сериккызы Айгерим',
  issuerName: 'CA',
  issuer: 'CN=CA',
  serialNumber: '01',
  notBefore: '2026-11-30T12:00:00.000Z',
  notAfter,
  keyOnToken: true,
});
const keySet = (changes: Partial<KeySetView> = {}): KeySetView => ({
  id: 'set',
  tokenSerial: '47738461',
  tokenName: 'qq111111',
  tokenId: 't',
  bankId: 'demo',
  profileName: 'qq111111',
  userId: 'qq111111',
  cryptography: 'RSA 2048, SHA-256',
  status: 'in-use',
  daysLeft: 100,
  certificates: [
    certificate('signature', '2027-11-30T12:00:00.000Z'),
    certificate('sign-in', '2027-11-28T12:00:00.000Z'),
  ],
  ...changes,
});
const renewal = (changes: Partial<RenewalView>): RenewalView => ({
  journalId: 'j',
  startedAt: '2027-11-01T12:00:00.000Z',
  state: 'running',
  done: ['renewal-recorded'],
  current: 'new-signature-key-made',
  readyToTake: false,
  needs: { tokenPin: true, registrationPin: false },
  ...changes,
});
const later = '2027-11-02T12:00:00.000Z';

describe('what a key set lets one do', () => {
  it.each([
    ['in use', {}, 'request'],
    ['near its end', { status: 'planned-renewal' }, 'request'],
    ['demanded by the bank', { status: 'unplanned-renewal' }, 'request'],
    ['while new keys are made', { renewal: renewal({}) }, 'watch'],
    ['stopped before the bank', { renewal: renewal({ state: 'interrupted' }) }, 'send'],
    ['with the bank', { status: 'accepted', renewal: renewal({ waitingUntil: later }) }, 'watch'],
    [
      'with the bank, found so at a start',
      { status: 'accepted', renewal: renewal({ state: 'interrupted' }) },
      'watch',
    ],
    [
      'issued while the bank was still asked',
      { status: 'new-certificate', renewal: renewal({ waitingUntil: later, readyToTake: true }) },
      'take',
    ],
    [
      'issued, found so at a start',
      { status: 'new-certificate', renewal: renewal({ state: 'interrupted', readyToTake: true }) },
      'take',
    ],
    [
      'stopped after the certificate came',
      { renewal: renewal({ state: 'interrupted', done: ['new-signature-certificate-received'] }) },
      'take',
    ],
    ['refused', { status: 'refused', renewal: renewal({ state: 'interrupted' }) }, 'read-refusal'],
    [
      'with a renewal of which nothing is left on the token',
      {
        renewal: renewal({ state: 'interrupted', needs: { tokenPin: false, registrationPin: false } }),
      },
      'request',
    ],
    ['with a renewal that was given up', { renewal: renewal({ state: 'abandoned' }) }, 'request'],
  ] as const)('%s', (_what, changes, action) => {
    expect(actionOf(keySet(changes as Partial<KeySetView>))).toBe(action);
  });

  it('the first that needs somebody is shown first, then the one that waits for the bank', () => {
    const [calm, waiting, due] = [
      keySet(),
      keySet({ status: 'accepted' }),
      keySet({ status: 'planned-renewal' }),
    ];
    expect(mostUrgent([calm, waiting, due])).toBe(due);
    expect(mostUrgent([calm, waiting])).toBe(waiting);
    expect(mostUrgent([calm])).toBe(calm);
    expect(mostUrgent([])).toBeUndefined();
  });

  it('a set ends with the first of its certificates', () => {
    expect(timeOfUse(keySet())?.until).toEqual(new Date('2027-11-28T12:00:00.000Z'));
    expect(timeOfUse(keySet({ certificates: [] }))).toBeUndefined();
  });
});

describe('the advice for a key set', () => {
  const { t } = createTranslator('ru');
  const advice = (changes: Partial<KeySetView>, now = '2027-11-01T12:00:00.000Z') =>
    adviceFor(keySet(changes), new Date(now), t).join(' ');

  it.each([
    ['2027-11-07T12:00:00.000Z', 'через 21 день'],
    ['2027-11-25T12:00:00.000Z', 'через 3 дня'],
    ['2027-11-28T10:00:00.000Z', 'заканчивается сегодня, 28.11.2027'],
    ['2027-11-28T12:00:00.000Z', 'Срок действия истек 28.11.2027'],
    ['2027-11-30T12:00:00.000Z', 'Срок действия истек 28.11.2027'],
  ])('of which a certificate ends on 28.11. at noon, at %s', (now, words) => {
    expect(advice({ status: 'planned-renewal' }, now)).toContain(words);
  });

  it.each([
    [{}, 'делать ничего не нужно'],
    [
      { status: 'unplanned-renewal', reason: { kind: 'bank-demand', text: 'сменился директор' } },
      'Банк просит сменить ключи: сменился директор',
    ],
    [{ status: 'unplanned-renewal', reason: { kind: 'revoked' } }, 'Сертификат отозван'],
    [{ status: 'unplanned-renewal', reason: { kind: 'suspended' } }, 'приостановлено'],
    [
      {
        status: 'refused',
        reason: { kind: 'refused', text: 'договор закрыт' },
        renewal: renewal({ state: 'interrupted' }),
      },
      'Банк отказал: договор закрыт',
    ],
    [
      { status: 'accepted', renewal: renewal({ waitingUntil: later, expectedAt: later }) },
      'Расчетное время получения нового сертификата: 02.11.2027',
    ],
  ] as const)('%o', (changes, words) => {
    expect(advice(changes as Partial<KeySetView>)).toContain(words);
  });

  it('says which token to insert where it is not there, and only where it is needed', () => {
    const { tokenId: _, ...absent } = keySet({ status: 'planned-renewal' });
    const said = (set: KeySetView) => adviceFor(set, new Date(), t).join(' ');
    expect(said(absent)).toContain('вставьте токен № 47738461');
    expect(said({ ...absent, status: 'accepted', renewal: renewal({ waitingUntil: later }) })).not.toContain(
      'вставьте',
    );
  });
});
