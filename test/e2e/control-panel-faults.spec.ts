import { expect, test, type Page } from '@playwright/test';
import type { RunningKilt } from '#test/support/electron-app.ts';
import { Desk } from './desk.ts';
import { lookAt, speak } from './pictures.ts';
import { SupportStaff } from './support-staff.ts';

/** What can get between support staff and a token; what they read then, and what the token is afterwards. */

const factoryPin = { user: '12345678', administrator: '87654321' };
const newPin = 'Qamshy5Otau';

let desk: Desk;
let kilt: RunningKilt;
let page: Page;
let staff: SupportStaff;
test.beforeAll(async () => {
  desk = await Desk.set();
  kilt = await desk.openKilt();
  page = kilt.page;
  staff = new SupportStaff(page, 'ru');
});
test.afterEach(async () => {
  await desk.pull();
  await desk.pull(1);
  await page.reload();
  await speak(page, 'ru');
  await expect(page.getByText(staff.t('conditions.no-token.next'))).toBeVisible();
});
test.afterAll(() => desk.clear());

/** Puts a formatted token in and opens its panel. */
async function openPanelOf(options: Parameters<Desk['newToken']>[0] = {}) {
  const token = desk.newToken({ profile: 'formatted', label: 'Kassa-7', ...options });
  await desk.insert(token.faults);
  await staff.openControlPanel();
  await expect(page.getByRole('heading', { name: 'Kassa-7' })).toBeVisible();
  return token;
}

/** In the section that is open: the picker behind it says the same. */
const expectNoToken = () =>
  expect(page.getByText(staff.t('conditions.no-token.next')).filter({ visible: true })).toBeVisible();

test.describe('a new PIN', () => {
  test('that is too short, not Latin or repeated differently is refused before the token is asked', async () => {
    const { watched } = await openPanelOf();
    await staff.logIn('user', factoryPin.user);
    await staff.choose('change-user-pin');
    const before = watched.commands;
    for (const [typed, again] of [
      ['12', '12'],
      ['құпиясөз1', 'құпиясөз1'],
      [newPin, `${newPin}x`],
    ] as const) {
      await staff.journey.field(staff.t('controlPanel.newPin.pin')).fill(typed);
      await staff.journey.field(staff.t('controlPanel.newPin.confirmation')).fill(again);
      await staff.inDialog(staff.t('controlPanel.changePin.go')).click();
      await expect(staff.dialog()).toBeVisible();
    }
    await expect(page.getByText(staff.t('controlPanel.newPin.differs'))).toBeVisible();
    expect(watched.commands).toBe(before);
  });

  test('that is weak is pointed out, and taken only after it was accepted', async () => {
    const { watched } = await openPanelOf();
    await staff.logIn('user', factoryPin.user);
    await staff.choose('change-user-pin');
    await staff.typeNewPin('99999999');
    await staff.inDialog(staff.t('controlPanel.changePin.go')).click();
    await expect(page.getByText(staff.t('controlPanel.newPin.acceptWeakNeeded'))).toBeVisible();
    await page.getByRole('checkbox', { name: staff.t('controlPanel.newPin.acceptWeak') }).check();
    await staff.inDialog(staff.t('controlPanel.changePin.go')).click();
    await staff.expectDone('change-user-pin');
    expect(watched.refusedVerifies).toBe(0);
  });

  test('that is the old one is refused, and the old one stays', async () => {
    await openPanelOf({ userPin: newPin });
    await staff.logIn('user', newPin);
    await staff.choose('change-user-pin');
    await staff.typeNewPin(newPin);
    await staff.inDialog(staff.t('controlPanel.changePin.go')).click();
    await staff.journey.expectError('pin-unchanged', { role: 'user' });
  });
});

test.describe('rights', () => {
  test('end when the token is pulled, and another token has none', async () => {
    const { watched } = await openPanelOf({ serial: '11111111' });
    await staff.logIn('administrator', factoryPin.administrator);
    await desk.pull();
    await expectNoToken();
    const other = desk.newToken({ profile: 'formatted', label: 'Kassa-9', serial: '22222222' });
    await desk.insert(other.faults);
    await expect(page.getByRole('heading', { name: 'Kassa-9' })).toBeVisible();
    await staff.expectRights(null);
    await expect(staff.row('format')).toBeDisabled();
    expect(watched.verifies).toBe(1);
    expect(other.watched.verifies).toBe(0);
  });

  test('end when the computer is locked', async () => {
    await openPanelOf();
    await staff.logIn('user', factoryPin.user);
    await kilt.app.evaluate(({ powerMonitor }) => powerMonitor.emit('lock-screen'));
    await staff.expectRights(null);
    await expect(page.getByText(staff.t('controlPanel.rights.endedTitle'))).toBeVisible();
  });
});

test.describe('a token pulled in the middle', () => {
  test('of changing a PIN: the error says so, rights are gone, and one of the two PINs is right', async () => {
    const { faults, watched } = await openPanelOf();
    await staff.logIn('user', factoryPin.user);
    await staff.choose('change-user-pin');
    await staff.typeNewPin(newPin);
    faults.arm({ do: 'remove', when: 'after', command: 'CHANGE-PIN' });
    await staff.inDialog(staff.t('controlPanel.changePin.go')).click();
    await expectNoToken();
    faults.insert();
    await expect(page.getByRole('heading', { name: 'Kassa-7' })).toBeVisible();
    await staff.expectRights(null);
    await staff.logIn('user', newPin);
    expect(watched.refusedVerifies).toBe(0);
  });

  test('of formatting: it is known as half-formatted and finished without the administrator', async () => {
    const { faults, watched } = await openPanelOf();
    await staff.logIn('administrator', factoryPin.administrator);
    await staff.prepareFormat({ confirmation: 'Kassa-7', label: 'Kassa-8', administratorPin: newPin });
    faults.arm({ do: 'remove', when: 'after', command: 'CHANGE-PIN' });
    await staff.startFormat();
    await lookAt(page, 'panel-format-interrupted', async (seen) => {
      await expect(seen.heading(seen.t('controlPanel.format.interrupted.title'))).toBeVisible();
    });
    faults.insert();
    await page.getByRole('button', { name: staff.t('controlPanel.format.interrupted.finish') }).click();
    // There is nothing left to lose: straight to what was chosen before, and the PINs once more.
    await expect(staff.journey.field(staff.t('controlPanel.format.settings.label'))).toHaveValue('Kassa-8');
    await staff.typeNewPin(newPin);
    await staff.journey.next();
    await page.getByRole('main').getByRole('textbox').fill(watched.snapshot().serial);
    await staff.startFormat();
    await staff.expectFormatted();
    await staff.journey.button(staff.t('controlPanel.format.result.toPanel')).click();
    await expect(page.getByRole('heading', { name: 'Kassa-8' })).toBeVisible();
    await staff.logIn('administrator', newPin);
    expect(watched.refusedVerifies).toBe(0);
  });
});

test.describe('formatting', () => {
  test('is possible when the administrator PIN is blocked, and says what that means', async () => {
    const { faults, watched } = desk.newToken({ profile: 'administrator-pin-blocked' });
    await desk.insert(faults);
    await staff.openControlPanel();
    await staff.choose('format');
    await expect(
      page.getByText(staff.t('controlPanel.format.withoutAdministrator.administrator-pin-blocked.title')),
    ).toBeVisible();
    expect(watched.verifies).toBe(0);
  });

  test('is refused while another token is connected', async () => {
    await openPanelOf();
    await staff.logIn('administrator', factoryPin.administrator);
    await desk.insert(desk.newToken({ profile: 'formatted', label: 'Kassa-9' }).faults, 1);
    await staff.choose('format');
    await expect(page.getByText(staff.t('controlPanel.format.blockers.severalTitle'))).toBeVisible();
    await expect(staff.journey.button(staff.t('common.next'))).toHaveCount(0);
  });

  test('is refused while a registration is unfinished; an administrator overrides it with a reason that is recorded', async () => {
    const { faults, watched } = desk.newToken({ serial: '3A5B7C1D' });
    await desk.insert(faults);
    await expect(staff.journey.tokenRow(staff.t('picker.emptyToken'))).toBeVisible();
    const customer = await desk.admit();
    await desk.answerFileDialog(kilt, customer.keyFilePath);
    await staff.journey.openToken(factoryPin.user);
    await staff.journey.agreeToCreateProfile();
    faults.arm({ do: 'remove', when: 'before', command: 'GENERATE' });
    await staff.journey.completeWizard({
      userId: customer.userId,
      otpPin: customer.otpPin,
      newPassword: 'Tulpar7Asyq',
    });
    await expect(page.getByText(staff.t('errors.catalogue.token-removed.title')).first()).toBeVisible();
    faults.insert();

    await staff.openControlPanel();
    await staff.logIn('administrator', factoryPin.administrator);
    await staff.choose('format');
    await lookAt(page, 'panel-format-refused', async (seen) => {
      await expect(page.getByText(seen.t('controlPanel.format.blockers.unfinishedTitle'))).toBeVisible();
    });
    await expect(staff.journey.button(staff.t('common.next'))).toHaveCount(0);
    await staff.journey.button(staff.t('controlPanel.format.blockers.override')).click();
    await staff.journey.field(staff.t('controlPanel.format.override.serial')).fill('3A5B7C1D');
    await staff.journey
      .field(staff.t('controlPanel.format.override.reason'))
      .fill('Обращение клиента 4711, разрешила Асель');
    await staff.journey.next();
    await staff.typeNewPin(newPin);
    await staff.journey.next();
    await page.getByRole('main').getByRole('textbox').fill(customer.userId);
    await staff.startFormat();
    await staff.expectFormatted();
    expect(watched.keyFiles()).toEqual({ privateKeys: 0, publicKeys: 0, empty: 0 });

    await staff.journey.button(staff.t('frame.journal')).click();
    await page.getByRole('button', { name: staff.t('journal.done.override-interlock') }).click();
    await expect(page.getByText('Обращение клиента 4711, разрешила Асель').first()).toBeVisible();
  });
});
