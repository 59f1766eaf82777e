import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { formatMoment } from '#shared/texts/formats.ts';
import type { Language } from '#shared/views.ts';
import type { KiltOptions, RunningKilt } from '#test/support/electron-app.ts';
import type { FaultyCard } from '#test/virtual-token/faults.ts';
import type { WatchedCard } from '#test/support/watched-card.ts';
import { Desk, type Customer } from './desk.ts';
import { Journey } from './journey.ts';
import { look } from './look.ts';

/**
 * «Перегенерация комплекта ключей» as manual 003 goes through it. The pictures are numbered as its steps: 1 the list
 * (рис. 3, 4), 2 the description (рис. 5), 3 sending (рис. 6), 4 and 5 the bank's decision (рис. 7), 6 taking the new
 * certificate (рис. 9), 7 the new set in use (рис. 10).
 */
const password = 'Tulpar7Asyq';

let desk: Desk;
test.beforeEach(async () => {
  // The profile's certificates end in twenty days; what is renewed lives a year.
  desk = await Desk.set({ certificateDays: 20 });
});
test.afterEach(() => desk.clear());

interface Holder {
  readonly kilt: RunningKilt;
  readonly customer: Customer;
  readonly faults: FaultyCard;
  readonly watched: WatchedCard;
  readonly journey: Journey;
  readonly page: Page;
}

/** A registered profile on a token in the reader, in a window that stands at the start screen. */
async function registered(
  language: Language,
  serial: string,
  options: Partial<KiltOptions> = {},
): Promise<Holder> {
  const kilt = await desk.openKilt({ locale: language, ...options });
  const { page } = kilt;
  const journey = new Journey(page, language);
  if (language !== 'ru') await journey.chooseLanguage('ru', language);
  const { faults, watched } = desk.newToken({ serial });
  await desk.insert(faults);
  await expect(journey.tokenRow(journey.t('picker.emptyToken'))).toBeVisible();
  const customer = await desk.admit({ name: 'Айгерим Сапарова' });
  await desk.answerFileDialog(kilt, customer.keyFilePath);
  await journey.openToken('12345678');
  await journey.agreeToCreateProfile();
  await journey.completeWizard({
    userId: customer.userId,
    otpPin: customer.otpPin,
    newPassword: password,
  });
  await journey.waitUntilDone();
  await journey.finish();
  await expect(journey.tokenRow(customer.userId)).toBeVisible();
  await desk.bank.stop();
  await desk.reopenBank({ certificateDays: 365 });
  return { kilt, customer, faults, watched, journey, page };
}

const title = ({ page }: Holder, name: string) => page.getByRole('heading', { level: 1, name });
const badge = ({ page }: Holder, status: string) => page.getByRole('table').getByText(status);

async function toKeys({ journey }: Holder): Promise<void> {
  await journey.button(journey.t('frame.keys')).click();
  await expect(journey.heading(journey.t('keys.title'))).toBeVisible();
}

/** «Новый», the description, consent and password. */
async function send(holder: Holder, at: (screen: string) => Promise<void> = () => Promise.resolve()) {
  const { journey, page } = holder;
  const { t } = journey;
  await journey.button(t('keys.toolbar.new')).click();
  await expect(title(holder, t('keys.description.title'))).toBeVisible();
  await expect(journey.button(t('common.next'))).toBeEnabled();
  await at('renewal-2-description');
  await journey.next();
  await expect(title(holder, t('keys.consent.title'))).toBeVisible();
  await page.getByRole('checkbox', { name: t('keys.consent.agree') }).check();
  await expect(page.getByText(t('picker.attempts', { count: 10 })).filter({ visible: true })).toBeVisible();
  await at('renewal-3-consent');
  await journey.passwordField().fill(password);
  await journey.button(t('keys.consent.send')).click();
}

/** «Получить сертификат», the description, password and «Продолжить». */
async function take(holder: Holder, at: (screen: string) => Promise<void> = () => Promise.resolve()) {
  const { journey } = holder;
  const { t } = journey;
  await journey.button(t('keys.toolbar.take')).click();
  await expect(title(holder, t('keys.take.title'))).toBeVisible();
  await at('renewal-6-take');
  await journey.passwordField().fill(password);
  await journey.continue();
}

/** From «Профили» to the home of the profile, with the token's password. */
async function signIn({ journey }: Holder): Promise<void> {
  const { t } = journey;
  await journey.button(t('frame.profiles')).click();
  await journey.openToken(password);
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
    await expect(badge(holder, t('keys.status.planned-renewal'))).toBeVisible();
    await seen('renewal-1-list');

    const expectedAt = new Date(Date.now() + 2 * 3600_000);
    desk.bank.hold(customer.userId, expectedAt);
    await send(holder, seen);
    await expect(title(holder, t('keys.status.accepted'))).toBeVisible({ timeout: 60_000 });
    const time = formatMoment(expectedAt, new Date());
    await expect(page.getByText(t('keys.waiting.expected', { time }))).toBeVisible();
    expect(watched.keyFiles().privateKeys).toBe(4);
    await seen('renewal-4-accepted');

    await journey.button(t('keys.toList')).click();
    await expect(badge(holder, t('keys.status.accepted'))).toBeVisible();
    desk.bank.approve(customer.userId);
    await expect(badge(holder, t('keys.status.new-certificate'))).toBeVisible({ timeout: 30_000 });
    await seen('renewal-5-new-certificate');

    await take(holder, seen);
    await expect(title(holder, t('keys.done.title'))).toBeVisible({ timeout: 60_000 });
    await seen('renewal-7-done');
    await journey.button(t('common.done')).click();
    await expect(badge(holder, t('keys.status.in-use'))).toBeVisible();
    await seen('renewal-8-in-use');

    expect(desk.bank.keySets(customer.userId).map(({ state }) => state)).toEqual(['replaced', 'in-use']);
    expect(watched.keyFiles()).toMatchObject({ privateKeys: 2, publicKeys: 2 });
    expect(watched.refusedVerifies).toBe(0);
    await signIn(holder);
    const bank = desk.bank.system.name[language];
    await expect(journey.heading(t('home.title', { bank }))).toBeVisible();
  });
}

test('a refusal is told with the bank’s reason, and the old keys sign in as before', async () => {
  const holder = await registered('ru', '3A5B7C4D');
  const { customer, watched, journey, page } = holder;
  const { t } = journey;
  await toKeys(holder);
  desk.bank.hold(customer.userId);
  await send(holder);
  await expect(title(holder, t('keys.status.accepted'))).toBeVisible({ timeout: 60_000 });

  desk.bank.refuse(customer.userId, 'договор расторгнут');
  await expect(title(holder, t('keys.status.refused'))).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText(t('keys.refused.reason', { reason: 'договор расторгнут' }))).toBeVisible();
  await look(page, 'renewal-refused', 'ru');
  await expect(journey.button(t('keys.refused.close'))).toBeEnabled();
  await journey.button(t('keys.refused.close')).click();
  await expect(badge(holder, t('keys.status.planned-renewal'))).toBeVisible();
  expect(watched.keyFiles().privateKeys).toBe(2);
  expect(desk.bank.keySets(customer.userId).map(({ state }) => state)).toEqual(['in-use']);

  await signIn(holder);
  const bank = desk.bank.system.name.ru;
  await expect(journey.heading(t('home.title', { bank }))).toBeVisible();
});

test('the bank’s demand is told after signing in, with its reason and the way to the keys', async () => {
  const holder = await registered('ru', '3A5B7C5D');
  const { customer, journey, page } = holder;
  const { t } = journey;
  desk.bank.demandRenewal(customer.userId, 'сменился руководитель организации');
  await signIn(holder);
  const bank = desk.bank.system.name.ru;
  await expect(journey.heading(t('home.title', { bank }))).toBeVisible();
  await expect(page.getByText(t('keys.status.unplanned-renewal'))).toBeVisible();
  const reason = t('keys.advice.demandedBecause', { reason: 'сменился руководитель организации' });
  await expect(page.getByText(reason)).toBeVisible();
  await look(page, 'renewal-demanded-home', 'ru');
  await journey.button(t('keys.open')).click();
  await expect(badge(holder, t('keys.status.unplanned-renewal'))).toBeVisible();
  await look(page, 'renewal-demanded', 'ru');
});

test('killed while the new keys are being taken into use, Kilt goes on where it was, and no key is lost', async () => {
  const userData = mkdtempSync(path.join(tmpdir(), 'kilt-user-'));
  try {
    const before = await registered('ru', '3A5B7C6D', { userData });
    const { t } = before.journey;
    desk.bank.hold(before.customer.userId);
    await toKeys(before);
    await send(before);
    await expect(title(before, t('keys.status.accepted'))).toBeVisible({ timeout: 60_000 });
    await before.kilt.close();
    desk.bank.approve(before.customer.userId);

    const open = async (env: Readonly<Record<string, string>>): Promise<Holder> => {
      const kilt = await desk.openKilt({ locale: 'ru', userData, env });
      const journey = new Journey(kilt.page, 'ru');
      await expect(journey.tokenRow(before.customer.userId)).toBeVisible();
      return { ...before, kilt, journey, page: kilt.page };
    };
    const killed = await open({ KILT_KILL_AT: 'new-sign-in-certificate-stored:begun' });
    const gone = new Promise((resolve) => killed.kilt.app.process().once('exit', resolve));
    await toKeys(killed);
    await expect(badge(killed, t('keys.status.new-certificate'))).toBeVisible({ timeout: 30_000 });
    await take(killed);
    await gone;
    expect(before.watched.keyFiles().privateKeys).toBe(4);

    const after = await open({});
    await toKeys(after);
    await expect(after.page.getByText(t('keys.advice.takeOn'))).toBeVisible();
    await look(after.page, 'renewal-interrupted', 'ru');
    await after.journey.button(t('keys.toolbar.take')).click();
    await expect(title(after, t('keys.interrupted.title'))).toBeVisible();
    await after.journey.passwordField().fill(password);
    await after.journey.continue();
    await expect(title(after, t('keys.done.title'))).toBeVisible({ timeout: 60_000 });
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
