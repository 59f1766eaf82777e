import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { Desk } from './desk.ts';
import { KeyHolder } from './key-holder.ts';
import { look } from './look.ts';
import { ownTheClock, sleepUntil } from './running-clock.ts';
import { SystemNotifications } from './system-notifications.ts';

/** What may come in the way of «Перегенерация комплекта ключей», in the window. */
const hour = 3600_000;
const day = 24 * hour;

let desk: Desk;
/** By how much the bank's clock stands before the system's. */
let ahead: number;
test.beforeEach(async () => {
  ahead = 0;
  desk = await Desk.set({ certificateDays: 20, now: () => new Date(Date.now() + ahead) });
});
test.afterEach(() => desk.clear());

test('each reminder comes once while the days go by; after the end, pressing one leads to new keys by ID and a new ПИН', async () => {
  const holder = await KeyHolder.registered(desk, 'ru', '3A5B8C1D');
  const { kilt, customer, watched, journey, page } = holder;
  const { t } = journey;
  await ownTheClock(kilt);
  await expect(journey.tokenRow(customer.userId)).toBeVisible();
  const notifications = await SystemNotifications.of(kilt);
  const told: string[] = [];
  for (const [days, title] of [
    [6, t('ends.title', { count: 14 })],
    [13, t('ends.title', { count: 7 })],
    [17, t('ends.title', { count: 3 })],
    [19, t('ends.title', { count: 1 })],
    [21, t('ends.ended')],
  ] as const) {
    ahead = days * day;
    await sleepUntil(kilt, ahead);
    told.push(title);
    await expect.poll(() => notifications.titles()).toEqual(told);
    // Woken up once more on the same day.
    await sleepUntil(kilt, ahead + hour);
    expect(await notifications.titles()).toEqual(told);
    const notice = days > 20 ? t('ends.noticeEnded', { count: 1 }) : t('ends.notice', { count: 1 });
    await expect(page.getByText(notice)).toBeVisible();
    const condition = t(days > 20 ? 'conditions.ended.state' : 'conditions.registered.state');
    await expect(page.getByText(condition)).toHaveCount(2);
  }
  await look(page, 'picker-certificate-ended', 'ru');
  // The bank lives in the same hour.
  ahead += hour;

  await notifications.press();
  await expect(journey.heading(t('keys.title'))).toBeVisible();
  await expect(holder.badge(t('keys.status.planned-renewal'))).toBeVisible();
  await look(page, 'renewal-ended-list', 'ru');

  const registrationPin = newPin(customer.userId);
  await holder.send({ registrationPin, at: (screen) => look(page, `${screen}-ended`, 'ru') });
  await expect(holder.title(t('keys.status.new-certificate'))).toBeVisible({ timeout: 60_000 });
  await journey.button(t('keys.toList')).click();
  await holder.take({ registrationPin, at: (screen) => look(page, `${screen}-ended`, 'ru') });
  await expect(holder.title(t('keys.done.title'))).toBeVisible({ timeout: 60_000 });
  expect(watched.keyFiles()).toMatchObject({ privateKeys: 2, publicKeys: 2 });
  expect(watched.refusedVerifies).toBe(0);

  await holder.signIn();
  await expect(journey.heading(t('home.title', { bank: desk.bank.system.name.ru }))).toBeVisible();
});

test('a token without room for new keys keeps the old ones, and nothing is left of the attempt', async () => {
  const holder = await KeyHolder.registered(desk, 'ru', '3A5B8C2D');
  const { watched, faults, journey, page } = holder;
  const { t } = journey;
  await holder.toKeys();
  faults.arm({ do: 'answer', statusWord: '6A84', command: 'CREATE' });
  await holder.send();
  await journey.expectError('renewal-no-room');
  await look(page, 'renewal-no-room', 'ru');
  expect(watched.keyFiles().privateKeys).toBe(2);

  await holder.signIn();
  await expect(journey.heading(t('home.title', { bank: desk.bank.system.name.ru }))).toBeVisible();
});

test('a token that is taken out is asked for by its number before anything else, and nothing has to be begun anew', async () => {
  const holder = await KeyHolder.registered(desk, 'ru', '3A5B8C3D');
  const { faults, journey, page } = holder;
  const { t } = journey;
  await holder.toKeys();
  await holder.describe();
  await desk.pull();
  await expect(page.getByText(t('keys.absent.text', { serial: '3A5B8C3D' }))).toBeVisible();
  await expect(journey.button(t('common.next'))).toBeDisabled();
  await look(page, 'renewal-absent', 'ru');
  await desk.insert(faults);
  await expect(page.getByText(t('keys.absent.text', { serial: '3A5B8C3D' }))).toBeHidden();
  await expect(journey.button(t('common.next'))).toBeEnabled();
});

test('a request that the bank has forgotten is sent again with the same keys; its decision is told outside the window', async () => {
  const holder = await KeyHolder.registered(desk, 'ru', '3A5B8C4D');
  const { kilt, customer, watched, journey } = holder;
  const { t } = journey;
  const notifications = await SystemNotifications.of(kilt);
  await holder.toKeys();
  desk.bank.hold(customer.userId);
  await holder.send();
  await expect(holder.title(t('keys.status.accepted'))).toBeVisible({ timeout: 60_000 });
  const keys = watched.keyFiles();

  await journey.button(t('frame.profiles')).click();
  await kilt.app.evaluate(({ BrowserWindow }) => {
    for (const window of BrowserWindow.getAllWindows()) window.hide();
  });
  desk.bank.forget(customer.userId);
  desk.bank.approve(customer.userId);
  await expect
    .poll(() => notifications.titles(), { timeout: 30_000 })
    .toEqual([t('keys.status.new-certificate')]);
  expect(watched.keyFiles()).toEqual(keys);
  await notifications.press();
  await expect(holder.badge(t('keys.status.new-certificate'))).toBeVisible();
  await holder.take();
  await expect(holder.title(t('keys.done.title'))).toBeVisible({ timeout: 60_000 });
  expect(watched.keyFiles()).toMatchObject({ privateKeys: 2, publicKeys: 2 });
});

/** What the branch hands out. */
function newPin(userId: string): string {
  const file = path.join(desk.folder, 'pin.txt');
  desk.bank.renewPin(userId, file);
  return readFileSync(file, 'utf8').trim();
}
