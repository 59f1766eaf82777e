import { describe, expect, it } from 'vitest';
import { languageFor, sessionPage } from '#test/bank/api/pages.ts';
import type { Customer } from '#test/bank/records/entries.ts';

describe('the bank’s pages', () => {
  it.each([
    [undefined, 'ru'],
    ['', 'ru'],
    ['de-DE,de;q=0.9', 'ru'],
    ['kk-KZ,kk;q=0.9,ru;q=0.8', 'kk'],
    ['de,en-US;q=0.7,ru;q=0.3', 'en'],
    ['en;q=0.2,ru;q=0.8', 'ru'],
    ['en;q=0,kk;q=0.1', 'kk'],
  ])('Accept-Language %s is served in %s', (header, language) => {
    expect(languageFor(header)).toBe(language);
  });

  it('a name with markup stays a name', () => {
    const customer = { name: '<script>"x"&', userId: 'u1' } as Customer;
    const session = { sessionId: 's', userId: 'u1', signedInAt: '2026-11-22T10:00:00.000Z' };
    const html = sessionPage('ru', customer, session);
    expect(html).toContain('Вы вошли в Интернет-Банкинг');
    expect(html).not.toContain('<script>');
  });
});
