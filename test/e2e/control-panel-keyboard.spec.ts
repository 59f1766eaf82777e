import { existsSync } from 'node:fs';
import path from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import type { RunningKilt } from '#test/support/electron-app.ts';
import { Desk } from './desk.ts';
import { tabTo } from './fits.ts';
import { containerFromOpenssl } from './openssl-files.ts';
import { SupportStaff } from './support-staff.ts';

/** The control panel without a mouse: everything is got to, seen to have the focus, and left with the focus in place. */

const factoryPin = { user: '12345678', administrator: '87654321' };
const wrongPin = '24682468';
const newPin = 'Qamshy5Otau';

let desk: Desk;
let kilt: RunningKilt;
let page: Page;
let staff: SupportStaff;
test.beforeAll(async () => {
  desk = await Desk.set();
});
test.beforeEach(async () => {
  kilt = await desk.openKilt();
  page = kilt.page;
  staff = new SupportStaff(page, 'ru');
});
test.afterEach(() => desk.tidyUp());
test.afterAll(() => desk.clear());

const press = (key: string) => page.keyboard.press(key);
const type = (text: string) => page.keyboard.type(text);
const header = (words: 'controlPanel.logIn' | 'controlPanel.logOut') =>
  page.getByRole('button', { name: staff.t(words), exact: true }).first();

async function openPanelOf(options: Parameters<Desk['newToken']>[0] = {}) {
  const token = desk.newToken({ profile: 'formatted', label: 'Kassa-7', ...options });
  await desk.insert(token.faults);
  await expect(staff.journey.passwordField()).toBeFocused();
  await tabTo(page, staff.journey.button(staff.t('frame.token')));
  await press('Enter');
  await expect(staff.journey.heading(staff.t('controlPanel.title'))).toBeFocused();
  await expect(page.getByRole('heading', { name: 'Kassa-7' })).toBeVisible();
  return token;
}

async function logIn(role: 'user' | 'administrator', pin: string) {
  await tabTo(page, header('controlPanel.logIn'));
  await press('Enter');
  await expect(staff.pinField()).toBeFocused();
  const chosen = page.getByRole('radio', { name: staff.t(`controlPanel.roles.${role}`) });
  if (!(await chosen.isChecked())) {
    await press('Shift+Tab');
    await press('ArrowRight');
    await expect(chosen).toBeChecked();
    await tabTo(page, staff.pinField());
  }
  await type(pin);
  await press('Enter');
  await staff.expectRights(role);
  await expect(header('controlPanel.logOut')).toBeFocused();
}

async function logOut() {
  await tabTo(page, header('controlPanel.logOut'));
  await press('Enter');
  await staff.expectRights(null);
}

/** Opens a row's dialog, and later expects to be back at its button. */
async function open(row: Parameters<SupportStaff['row']>[0]) {
  await tabTo(page, staff.row(row));
  await press('Enter');
}

test('PINs are changed, blocked and unblocked, and the name is changed, without a mouse', async () => {
  const { watched } = await openPanelOf({ userPinAttempts: 2 });
  await logIn('user', factoryPin.user);
  await open('change-user-pin');
  await expect(staff.journey.field(staff.t('controlPanel.newPin.pin'))).toBeFocused();
  await type(newPin);
  await tabTo(page, staff.journey.field(staff.t('controlPanel.newPin.confirmation')));
  await type(newPin);
  await press('Enter');
  await staff.expectDone('change-user-pin');
  await expect(staff.row('change-user-pin')).toBeFocused();

  await open('rename');
  await expect(staff.dialog().getByRole('textbox')).toBeFocused();
  await type('Kassa-8');
  await press('Enter');
  await staff.expectDone('rename');
  await expect(staff.row('rename')).toBeFocused();
  await expect(page.getByRole('heading', { name: 'Kassa-8' })).toBeVisible();
  await logOut();

  await tabTo(page, header('controlPanel.logIn'));
  await press('Enter');
  await type(wrongPin);
  await press('Enter');
  await staff.journey.expectError('wrong-pin', { attemptsLeft: 1 });
  await expect(staff.pinField()).toBeFocused();
  await type(wrongPin);
  // Enter takes the safe answer to the question about the last try.
  await press('Enter');
  await expect(page.getByText(staff.t('controlPanel.login.lastAttempt.title'))).toBeVisible();
  await press('Enter');
  await expect(page.getByText(staff.t('controlPanel.login.lastAttempt.title'))).toHaveCount(0);
  await expect(staff.pinField()).toBeFocused();
  await press('Enter');
  await tabTo(page, staff.inDialog(staff.t('controlPanel.login.lastAttempt.go')).last());
  await press('Enter');
  await expect(staff.dialog().getByText(staff.t('controlPanel.blockedPin.user'))).toBeVisible();
  await expect(staff.inDialog(staff.t('common.close'))).toBeFocused();
  await press('Enter');
  await expect(staff.dialog()).toHaveCount(0);

  // The dialog proposes the administrator, who is the one to unblock it.
  await logIn('administrator', factoryPin.administrator);
  await open('unblock');
  await expect(staff.inDialog(staff.t('controlPanel.unblock.go'))).toBeFocused();
  await press('Enter');
  await expect(page.getByText(staff.t('controlPanel.unblock.doneTitle')).first()).toBeVisible();
  await expect(staff.inDialog(staff.t('common.close'))).toBeFocused();
  await press('Enter');
  await expect(staff.row('unblock')).toBeFocused();
  await logOut();
  await logIn('user', newPin);
  // The wrong ones above, and none more.
  expect(watched.refusedVerifies).toBe(2);
});

test('a token is formatted without a mouse, and Enter alone never begins it', async () => {
  const { watched } = await openPanelOf();
  await logIn('administrator', factoryPin.administrator);
  await open('format');
  await expect(staff.journey.heading(staff.t('controlPanel.format.losses.title'))).toBeFocused();
  await press('Enter');
  const label = staff.journey.field(staff.t('controlPanel.format.settings.label'));
  await expect(label).toBeFocused();
  await press('Control+A');
  await type('Kassa-9');
  await tabTo(page, staff.journey.field(staff.t('controlPanel.newPin.pin')));
  await type(newPin);
  await tabTo(page, staff.journey.field(staff.t('controlPanel.newPin.confirmation')));
  await type(newPin);
  await press('Enter');
  await expect(staff.journey.heading(staff.t('controlPanel.format.confirmation.title'))).toBeFocused();
  const before = watched.snapshot();
  await press('Enter');
  await tabTo(page, page.getByRole('main').getByRole('textbox'));
  await type('Kassa-7');
  await press('Enter');
  await expect(staff.journey.heading(staff.t('controlPanel.format.confirmation.title'))).toBeVisible();
  expect(watched.snapshot()).toEqual(before);
  await tabTo(page, staff.journey.button(staff.t('controlPanel.format.confirmation.go')));
  await press('Space');
  await staff.expectFormatted();
  await expect(staff.journey.heading(staff.t('controlPanel.format.result.title'))).toBeFocused();
  await press('Enter');
  await expect(page.getByRole('heading', { name: 'Kassa-9' })).toBeVisible();
  await expect(staff.row('format')).toBeFocused();
  await logIn('administrator', newPin);
});

test('a key is imported, its certificate saved, and both deleted without a mouse', async () => {
  const { watched } = await openPanelOf();
  const { t, journey } = staff;
  await logIn('user', factoryPin.user);
  await desk.answerFileDialog(kilt, containerFromOpenssl(desk.folder, 'Saule', 'Shanyraq4'));
  await tabTo(page, page.getByRole('tab', { name: t('controlPanel.tabs.administration') }));
  await press('ArrowRight');
  await press('Enter');
  await expect(page.getByText(t('certificates.empty.title'))).toBeVisible();
  await tabTo(page, journey.button(t('certificates.import')));
  await press('Enter');
  await expect(
    staff.dialog().getByRole('textbox', { name: t('certificates.importing.password') }),
  ).toBeFocused();
  await type('Shanyraq4');
  await press('Enter');
  await tabTo(page, page.getByRole('checkbox', { name: t('certificates.importing.consent') }));
  await press('Space');
  await press('Enter');
  await expect(page.getByText(t('certificates.importing.done'))).toBeVisible();
  expect(watched.keyFiles()).toEqual({ privateKeys: 1, publicKeys: 1, empty: 0 });

  const row = page.getByRole('row').filter({ hasText: 'Saule' }).getByRole('button');
  await tabTo(page, row);
  await press('Enter');
  await expect(page.getByText(t('certificates.chain.title'))).toBeVisible();
  const saved = path.join(desk.folder, 'saved.pem');
  await kilt.app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
  }, saved);
  await tabTo(page, journey.button(t('certificates.export')));
  await press('Enter');
  await expect(page.getByRole('menuitem', { name: t('certificates.exporting.pem') })).toBeFocused();
  await press('Enter');
  await expect(page.getByText(t('certificates.exporting.done'))).toBeVisible();
  expect(existsSync(saved)).toBe(true);

  await tabTo(page, journey.button(t('certificates.delete')));
  await press('Enter');
  const phrase = staff.dialog().getByRole('textbox');
  await expect(phrase).toBeFocused();
  await press('Shift+Tab');
  await press('ArrowDown');
  await expect(page.getByRole('radio', { name: t('certificates.deleting.withKey') })).toBeChecked();
  await tabTo(page, phrase);
  await type(await staff.dialog().locator('code').innerText());
  await press('Enter');
  expect(watched.keyFiles().privateKeys, 'Enter deletes nothing').toBe(1);
  await tabTo(page, staff.inDialog(t('certificates.deleting.go')));
  await press('Space');
  await expect(page.getByText(t('certificates.deleting.doneKey'))).toBeVisible();
  expect(watched.keyFiles()).toEqual({ privateKeys: 0, publicKeys: 0, empty: 0 });
});
