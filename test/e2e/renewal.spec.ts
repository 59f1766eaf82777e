import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { formatMoment } from '#shared/texts/formats.ts';
import type { Language } from '#shared/views.ts';
import type { KiltOptions } from '#test/support/electron-app.ts';
import { Desk } from './desk.ts';
import { KeyHolder, password } from './key-holder.ts';
import { look } from './look.ts';

/**
 * «Перегенерация комплекта ключей» as manual 003 goes through it. The pictures are numbered as its steps: 1 the list
 * (рис. 3, 4), 2 the description (рис. 5), 3 sending (рис. 6), 4 and 5 the bank's decision (рис. 7), 6 taking the new
 * certificate (рис. 9), 7 the new set in use (рис. 10).
 */
let desk: Desk;
test.beforeEach(async () => {
  // The profile's certificates end in twenty days; what is renewed lives a year.
  desk = await Desk.set({ certificateDays: 20 });
});
test.afterEach(() => desk.clear());

async function registered(language: Language, serial: string, options: Partial<KiltOptions> = {}) {
  const holder = await KeyHolder.registered(desk, language, serial, options);
  await desk.bank.stop();
  await desk.reopenBank({ certificateDays: 365 });
  return holder;
}

for (const [language, serial] of [
  ['ru', '3A5B7C1D'],
  ['kk', '3A5B7C2D'],
  ['en', '3A5B7C3D'],
] as const) {
  test(`new keys take the place of old ones once the bank has accepted them (${language})`, async () => {
    const holder = await registered(language, serial);
    const { customer, watched, journey, page } = holder;
    const { t } = journey;
    const seen = (screen: string) => look(page, screen, language);

    // From the warning on the start screen.
    await journey.button(t('keys.renew')).click();
    await expect(holder.badge(t('keys.status.planned-renewal'))).toBeVisible();
    await seen('renewal-1-list');

    const expectedAt = new Date(Date.now() + 2 * 3600_000);
    desk.bank.hold(customer.userId, expectedAt);
    await holder.send({ at: seen });
    await expect(holder.title(t('keys.status.accepted'))).toBeVisible({ timeout: 60_000 });
    const time = formatMoment(expectedAt, new Date());
    await expect(page.getByText(t('keys.waiting.expected', { time }))).toBeVisible();
    expect(watched.keyFiles().privateKeys).toBe(4);
    await seen('renewal-4-accepted');

    await journey.button(t('keys.toList')).click();
    await expect(holder.badge(t('keys.status.accepted'))).toBeVisible();
    desk.bank.approve(customer.userId);
    await expect(holder.badge(t('keys.status.new-certificate'))).toBeVisible({ timeout: 30_000 });
    await seen('renewal-5-new-certificate');

    await holder.take({ at: seen });
    await expect(holder.title(t('keys.done.title'))).toBeVisible({ timeout: 60_000 });
    await seen('renewal-7-done');
    await journey.button(t('common.done')).click();
    await expect(holder.badge(t('keys.status.in-use'))).toBeVisible();
    await seen('renewal-8-in-use');

    expect(desk.bank.keySets(customer.userId).map(({ state }) => state)).toEqual(['replaced', 'in-use']);
    expect(watched.keyFiles()).toMatchObject({ privateKeys: 2, publicKeys: 2 });
    expect(watched.refusedVerifies).toBe(0);
    await holder.signIn();
    const bank = desk.bank.system.name[language];
    await expect(journey.heading(t('home.title', { bank }))).toBeVisible();
  });
}

test('a refusal is told with the bank’s reason, and the old keys sign in as before', async () => {
  const holder = await registered('ru', '3A5B7C4D');
  const { customer, watched, journey, page } = holder;
  const { t } = journey;
  await holder.toKeys();
  desk.bank.hold(customer.userId);
  await holder.send();
  await expect(holder.title(t('keys.status.accepted'))).toBeVisible({ timeout: 60_000 });

  desk.bank.refuse(customer.userId, 'договор расторгнут');
  await expect(holder.title(t('keys.status.refused'))).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText(t('keys.refused.reason', { reason: 'договор расторгнут' }))).toBeVisible();
  await look(page, 'renewal-refused', 'ru');
  await expect(journey.button(t('keys.refused.close'))).toBeEnabled();
  await journey.button(t('keys.refused.close')).click();
  await expect(holder.badge(t('keys.status.planned-renewal'))).toBeVisible();
  expect(watched.keyFiles().privateKeys).toBe(2);
  expect(desk.bank.keySets(customer.userId).map(({ state }) => state)).toEqual(['in-use']);

  await holder.signIn();
  const bank = desk.bank.system.name.ru;
  await expect(journey.heading(t('home.title', { bank }))).toBeVisible();
});

test('the bank’s demand is told after signing in, with its reason and the way to the keys', async () => {
  const holder = await registered('ru', '3A5B7C5D');
  const { customer, journey, page } = holder;
  const { t } = journey;
  desk.bank.demandRenewal(customer.userId, 'сменился руководитель организации');
  await holder.signIn();
  const bank = desk.bank.system.name.ru;
  await expect(journey.heading(t('home.title', { bank }))).toBeVisible();
  await expect(page.getByText(t('keys.status.unplanned-renewal'))).toBeVisible();
  const reason = t('keys.advice.demandedBecause', { reason: 'сменился руководитель организации' });
  await expect(page.getByText(reason)).toBeVisible();
  await look(page, 'renewal-demanded-home', 'ru');
  await journey.button(t('keys.open')).click();
  await expect(holder.badge(t('keys.status.unplanned-renewal'))).toBeVisible();
  await look(page, 'renewal-demanded', 'ru');
});

test('killed while the new keys are being taken into use, Kilt goes on where it was, and no key is lost', async () => {
  const userData = mkdtempSync(path.join(tmpdir(), 'kilt-user-'));
  try {
    const before = await registered('ru', '3A5B7C6D', { userData });
    const { t } = before.journey;
    desk.bank.hold(before.customer.userId);
    await before.toKeys();
    await before.send();
    await expect(before.title(t('keys.status.accepted'))).toBeVisible({ timeout: 60_000 });
    await before.kilt.close();
    desk.bank.approve(before.customer.userId);

    const open = async (env: Readonly<Record<string, string>>): Promise<KeyHolder> =>
      before.at(await desk.openKilt({ locale: 'ru', userData, env }), 'ru');
    const killed = await open({ KILT_KILL_AT: 'new-sign-in-certificate-stored:begun' });
    const gone = new Promise((resolve) => killed.kilt.app.process().once('exit', resolve));
    await killed.toKeys();
    await expect(killed.badge(t('keys.status.new-certificate'))).toBeVisible({ timeout: 30_000 });
    await killed.take();
    await gone;
    expect(before.watched.keyFiles().privateKeys).toBe(4);

    const after = await open({});
    await after.toKeys();
    await expect(after.page.getByText(t('keys.advice.takeOn'))).toBeVisible();
    await look(after.page, 'renewal-interrupted', 'ru');
    await after.journey.button(t('keys.toolbar.take')).click();
    await expect(after.title(t('keys.interrupted.title'))).toBeVisible();
    await after.journey.passwordField().fill(password);
    await after.journey.continue();
    await expect(after.title(t('keys.done.title'))).toBeVisible({ timeout: 60_000 });
    expect(desk.bank.keySets(before.customer.userId).map(({ state }) => state)).toEqual([
      'replaced',
      'in-use',
    ]);
    expect(before.watched.keyFiles()).toMatchObject({ privateKeys: 2, publicKeys: 2 });
    expect(before.watched.refusedVerifies).toBe(0);
  } finally {
    await desk.tidyUp();
    rmSync(userData, { recursive: true, force: true });
  }
});
