import { symlinkSync } from 'node:fs';
import path from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import type { RunningKilt } from '#test/support/electron-app.ts';
import { fromHex } from '#shared/bytes.ts';
import type { EmulatedCard } from '#test/virtual-token/emulated-card.ts';
import { Desk, type Customer } from './desk.ts';
import { Journey } from './journey.ts';
import { lookAt, speak } from './pictures.ts';

/** What the customer reads when she, or her papers, are wrong; and that it costs no more than she typed. */

const factoryPin = '12345678';
const wrongPin = '24682468';

let desk: Desk;
let kilt: RunningKilt;
let page: Page;
let journey: Journey;
test.beforeAll(async () => {
  desk = await Desk.set();
  kilt = await desk.openKilt();
  page = kilt.page;
  journey = new Journey(page, 'ru');
});
test.afterEach(async () => {
  await desk.pull();
  await desk.pull(1);
  await page.reload();
  await speak(page, 'ru');
  await expect(page.getByText(journey.t('conditions.no-token.next'))).toBeVisible();
});
test.afterAll(() => desk.clear());

/** Puts a new token in and waits until the picker shows it. */
async function insertToken(options: Parameters<Desk['newToken']>[0] = {}) {
  const { faults, watched } = desk.newToken(options);
  await desk.insert(faults);
  await expect(journey.tokenRow(journey.t('picker.emptyToken'))).toBeVisible();
  return watched;
}

test.describe('the password of the token', () => {
  test('a wrong one costs one attempt, says how many are left, and can be typed again at once', async () => {
    const token = await insertToken();
    await journey.openToken(wrongPin);

    await lookAt(page, 'picker-wrong-pin', async (seen) => {
      await seen.expectError('wrong-pin', { attemptsLeft: 9 });
      await expect(page.getByText(seen.t('picker.attempts', { count: 9 }))).toBeVisible();
    });
    await expect(journey.passwordField()).toBeFocused();
    await expect(journey.passwordField()).toHaveValue('');
    expect(token.verifies).toBe(1);

    await page.keyboard.type(factoryPin);
    await page.keyboard.press('Enter');
    await journey.agreeToCreateProfile();
    await expect(journey.heading(journey.t('wizard.welcome.title'))).toBeVisible();
    expect(token.verifies).toBe(2);
    expect(token.userAttemptsLeft()).toBe(10);
  });

  test('one that is too short, or none, costs no attempt', async () => {
    const token = await insertToken();
    await journey.openToken('');
    await expect(page.getByText(journey.t('picker.passwordEmpty'))).toBeVisible();
    await journey.openToken('12345');
    await expect(page.getByText(journey.t('picker.tooShort', { count: 6 }))).toBeVisible();
    await expect(journey.passwordField()).toBeFocused();
    expect(token.verifies).toBe(0);
  });

  test('before the last attempt Kilt asks, and after it the token is said to be blocked', async () => {
    const token = await insertToken({ attempts: 2 });
    await journey.openToken(wrongPin);
    await journey.expectError('wrong-pin', { attemptsLeft: 1 });
    await expect(page.getByText(journey.t('picker.attempts', { count: 1 }))).toBeVisible();

    await journey.openToken(wrongPin);
    await lookAt(page, 'picker-last-attempt', async ({ t }) => {
      await expect(page.getByText(t('picker.lastAttempt.text'))).toBeVisible();
    });
    await expect(journey.button(journey.t('picker.lastAttempt.back'))).toBeFocused();
    await page.keyboard.press('Escape');
    await expect(journey.passwordField()).toBeFocused();
    expect(token.verifies).toBe(1);

    await journey.openToken(wrongPin);
    await journey.button(journey.t('picker.lastAttempt.go')).click();
    await lookAt(page, 'picker-pin-just-blocked', async (seen) => {
      await seen.expectError('pin-blocked');
      await expect(seen.passwordField()).toBeHidden();
    });
    expect(token.verifies).toBe(2);
    expect(token.userAttemptsLeft()).toBe(0);
  });

  test('of a blocked token is not asked for', async () => {
    const token = await insertToken({ profile: 'user-pin-blocked' });
    await lookAt(page, 'picker-pin-blocked', async ({ t }) => {
      await expect(page.getByText(t('conditions.blocked.meaning'))).toBeVisible();
      await expect(page.getByText(t('conditions.blocked.next'))).toBeVisible();
    });
    await expect(journey.passwordField()).toBeHidden();
    await expect(journey.button(journey.t('common.ok'))).toBeDisabled();
    expect(token.verifies).toBe(0);
  });
});

test.describe('the registration data', () => {
  async function goToStep2() {
    const token = await insertToken();
    await journey.openToken(factoryPin);
    await journey.agreeToCreateProfile();
    await journey.next();
    await expect(journey.heading(journey.t('wizard.data.title'))).toBeVisible();
    return token;
  }
  const fillIn = async (customer: Customer, keyFile: Customer, keyFilePassword: string) => {
    await desk.answerFileDialog(kilt, keyFile.keyFilePath);
    await journey.fillRegistrationData({ userId: customer.userId, otpPin: customer.otpPin, keyFilePassword });
    await journey.next();
  };

  test('a wrong password or key file is 0200040 with the check list of the manual, and nothing is lost', async () => {
    const token = await goToStep2();
    const before = token.commands;
    const customer = await desk.admit({ pfxPassword: 'separate' });
    const stranger = await desk.admit({ pfxPassword: 'separate' });

    await fillIn(customer, customer, customer.otpPin);
    await lookAt(page, 'wizard-data-wrong-password', async (seen) => {
      await seen.expectError('key-container-wrong', { likelyCause: 'password' });
      await expect(page.getByText('0200040')).toBeVisible();
      await expect(
        page.getByRole('list', { name: seen.t('errors.checkTitle') }).getByRole('listitem'),
      ).toHaveCount(4);
    });

    await fillIn(customer, stranger, stranger.keyFilePasswordText);
    await lookAt(page, 'wizard-data-other-customer', (seen) =>
      seen.expectError('key-container-wrong', { likelyCause: 'other-customer' }),
    );
    await expect(journey.field(journey.t('fields.userId'))).toHaveValue(customer.userId);

    expect(token.commands, 'nothing is sent to the token before step 4').toBe(before);
    await fillIn(customer, customer, customer.keyFilePasswordText);
    await expect(journey.heading(journey.t('wizard.token.title'))).toBeVisible();
  });

  test('a key file whose time is over is said to be expired', async () => {
    const token = await goToStep2();
    const customer = await desk.admit({ expired: true });
    await fillIn(customer, customer, customer.otpPin);
    await lookAt(page, 'wizard-data-expired', (seen) => seen.expectError('key-container-expired'));
    expect(token.keyFiles()).toEqual({ privateKeys: 0, publicKeys: 0, empty: 0 });
  });
});

test('a card of another kind is named, left alone, and asked for no password', async () => {
  let commands = 0;
  const bankCard: EmulatedCard = {
    // A contact bank card: T=0, historical bytes of a common EMV chip.
    atr: fromHex('3b6800000073c84013009000'),
    powerOn: () => undefined,
    powerOff: () => undefined,
    reset: () => undefined,
    transmit: () => {
      commands += 1;
      return Promise.resolve(fromHex('6d00'));
    },
  };
  await desk.insert(bankCard);
  await lookAt(page, 'picker-unsupported', async (seen) => {
    await seen.expectError('token-unsupported');
  });
  await expect(journey.passwordField()).toBeHidden();
  expect(commands).toBe(0);
});

// Kilt's virtual reader has one slot, and is never off: where there is no PC/SC, scripts/test.mjs says so.
const withPcsc = process.env['KILT_PCSC'] === 'private' ? test : () => undefined;

withPcsc('a second token shows up and takes neither the choice nor what is being typed', async () => {
  await insertToken({ serial: '11112222' });
  await journey.passwordField().pressSequentially(factoryPin);

  const second = desk.newToken({ serial: '33334444' });
  await desk.insert(second.faults, 1);
  await lookAt(page, 'picker-two-tokens', async ({ t }) => {
    for (const serial of ['11112222', '33334444'])
      await expect(page.getByRole('radiogroup').getByText(t('frame.chip.serial', { serial }))).toBeVisible();
  });
  const chosen = page.getByRole('radio', { checked: true });
  await expect(chosen).toHaveAccessibleDescription(/11112222/);
  await expect(journey.passwordField()).toBeFocused();
  await expect(journey.passwordField()).toHaveValue(factoryPin);

  await page.getByRole('radio').last().check();
  await expect(chosen).toHaveAccessibleDescription(/33334444/);
  await expect(journey.passwordField(), 'a password is for one token').toHaveValue('');
  await desk.pull(1);
  await expect(chosen).toHaveAccessibleDescription(/11112222/);
  expect(second.watched.verifies).toBe(0);
});

withPcsc(
  'a smart-card service that is off is named; when it starts, Kilt sees the token by itself',
  async () => {
    const socket = path.join(desk.folder, 'pcscd.comm');
    const late = await desk.openKilt({ env: { PCSCLITE_CSOCK_NAME: socket } });
    await lookAt(late.page, 'picker-service-off', async ({ t }) => {
      const heading = late.page.getByRole('heading', { name: t('conditions.service-off.state') });
      await expect(heading).toBeVisible();
      await expect(late.page.getByText(t('conditions.service-off.next'))).toBeVisible();
    });
    symlinkSync('/run/pcscd/pcscd.comm', socket);
    await desk.insert(desk.newToken().faults);
    await expect(new Journey(late.page, 'ru').passwordField()).toBeFocused();
    await late.close();
  },
);
