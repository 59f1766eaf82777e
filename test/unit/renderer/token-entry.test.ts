import { describe, expect, it } from 'vitest';
import { createTranslator } from '#shared/texts/i18n.ts';
import type { CertificateView, RegistrationView, TokenView } from '#shared/views.ts';
import { canBeOpened, tokenCondition } from '../../../src/renderer/frame/token-condition.ts';
import { firstToEnd, tokenEntries } from '#shared/token-entries.ts';
import { tokenName, validityOf } from '../../../src/renderer/picker/token-entry.ts';

const { t } = createTranslator('ru');
const token = (changes: Partial<TokenView>): TokenView => ({
  id: '1',
  reader: 'Reader 0',
  state: 'ready',
  label: null,
  kind: 'empty',
  certificates: [],
  userPin: { attemptsLeft: 10, maxAttempts: 10, minLength: 4, blocked: false },
  ...changes,
});

describe('an entry of the picker', () => {
  it('is written as in the manuals', () => {
    expect(tokenName(token({}), t)).toEqual({ text: 'KAZTOKEN <no label> - ?' });
    expect(tokenName(token({ kind: 'registered', label: 'qq111111_qwertyui' }), t).text).toBe(
      'qq111111_qwertyui',
    );
    expect(tokenName(token({ kind: 'national', label: 'AIGERIM' }), t)).toEqual({
      text: 'AIGERIM',
      register: 'Зарегистрировать',
    });
  });

  it('has a name even where the token has none', () => {
    expect(
      tokenName(token({ kind: 'registered', profiles: [{ bankId: 'demo', userId: 'qq1' }] }), t).text,
    ).toBe('qq1');
    expect(tokenName(token({ kind: 'foreign', model: 'Rutoken ECP' }), t).text).toBe('Rutoken ECP');
    expect(tokenName(token({ kind: 'unknown', state: 'in-use' }), t).text).toBe('Reader 0');
  });

  it('keeps the name of an empty token that has one, and the question mark', () => {
    expect(tokenName(token({ label: 'Office' }), t).text).toBe('Office - ?');
  });
});

describe('validity', () => {
  const now = new Date(2026, 10, 22, 12);
  const until = (year: number, month: number, day: number) =>
    validityOf(
      {
        notBefore: new Date(2025, 0, 1).toISOString(),
        notAfter: new Date(year, month - 1, day, 18).toISOString(),
      },
      now,
      t,
    );

  it('is told with the days left, in the right plural form', () => {
    expect(until(2027, 11, 30)).toEqual({ text: 'до 30.11.2027, осталось 373 дня', mood: 'good' });
    expect(until(2026, 11, 23)).toEqual({ text: 'до 23.11.2026, остался 1 день', mood: 'soon' });
    expect(until(2026, 12, 22).mood).toBe('soon');
    expect(until(2026, 12, 23).mood).toBe('good');
  });

  it('has a last day, and an end', () => {
    expect(until(2026, 11, 22)).toEqual({ text: 'до 22.11.2026, последний день', mood: 'soon' });
    expect(until(2026, 11, 21)).toEqual({ text: 'срок действия истек 21.11.2026', mood: 'ended' });
  });

  it('of a profile is that of the certificate which ends first, whatever else is on the token', () => {
    const certificate = (purpose: CertificateView['purpose'], notAfter: string) =>
      ({ purpose, notAfter }) as CertificateView;
    const signIn = certificate('sign-in', '2027-02-01T00:00:00Z');
    expect(
      firstToEnd([
        certificate('other', '2026-12-01T00:00:00Z'),
        certificate('signature', '2027-03-01T00:00:00Z'),
        signIn,
      ]),
    ).toBe(signIn);
    expect(firstToEnd([])).toBeUndefined();
  });
});

describe('the condition of a token', () => {
  it('is blocked before it is anything else that could be opened', () => {
    const blocked = token({
      kind: 'registered',
      userPin: { attemptsLeft: 0, maxAttempts: 10, minLength: 4, blocked: true },
    });
    expect(tokenCondition(blocked)).toBe('blocked');
    expect(canBeOpened('blocked')).toBe(false);
  });

  it('is that of the registration under way on it', () => {
    const serial = 'AB';
    const running = [{ state: 'running', tokenSerial: serial } as RegistrationView];
    expect(tokenCondition(token({ serial, kind: 'unfinished' }), running)).toBe('running');
    expect(tokenCondition(token({ serial: 'CD', kind: 'unfinished' }), running)).toBe('unfinished');
  });

  it('is ended when no profile on it can sign in any more, and for each profile by itself', () => {
    const profile = (userId: string) => ({ bankId: 'demo', bankName: 'Demo', userId });
    const certificate = (userId: string, notAfter: string) =>
      ({ purpose: 'sign-in', notAfter, profile: profile(userId) }) as unknown as CertificateView;
    const both = token({
      kind: 'registered',
      profiles: [profile('first'), profile('second')],
      certificates: [
        certificate('first', '2026-11-01T00:00:00Z'),
        certificate('second', '2026-12-01T00:00:00Z'),
      ],
    });
    const conditionsAt = (now: Date) =>
      [both, ...tokenEntries(both)].map((one) => tokenCondition(one, [], { now }));
    expect(conditionsAt(new Date('2026-10-01'))).toEqual(['registered', 'registered', 'registered']);
    expect(conditionsAt(new Date('2026-11-15'))).toEqual(['registered', 'ended', 'registered']);
    expect(conditionsAt(new Date('2026-12-15'))).toEqual(['ended', 'ended', 'ended']);
    expect(canBeOpened('ended')).toBe(true);
  });

  it('lets a password be typed for exactly the kinds that a password opens', () => {
    const kinds = ['empty', 'unfinished', 'registered', 'national', 'foreign', 'unknown'] as const;
    expect(kinds.filter((kind) => canBeOpened(tokenCondition(token({ kind }))))).toEqual([
      'empty',
      'unfinished',
      'registered',
      'national',
    ]);
  });
});
