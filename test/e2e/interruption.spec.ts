import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import type { RunningKilt } from '#test/support/electron-app.ts';
import type { WatchedCard } from '#test/support/watched-card.ts';
import type { FaultyCard } from '#test/virtual-token/faults.ts';
import { Desk, type Customer } from './desk.ts';
import { Journey } from './journey.ts';
import { lookAt } from './pictures.ts';

/**
 * A registration that is interrupted is continued in the window, to success: the same keys, one registration at the
 * bank, and no try of the PIN that the customer did not type.
 */

const factoryPin = '12345678';
const serial = '5E6F7A8B';
const password = 'Tulpar7Asyq';
/** Longer than any test looks at it; a pulled token ends it. */
const minutes = 60_000;

let desk: Desk;
let userData: string;
let kilt: RunningKilt;
let page: Page;
let journey: Journey;
let customer: Customer;
let token: { faults: FaultyCard; watched: WatchedCard };

test.beforeEach(async () => {
  desk = await Desk.set();
  userData = path.join(desk.folder, 'kilt');
  await openKilt();
  token = desk.newToken({ serial });
  await desk.insert(token.faults);
  customer = await desk.admit({ pfxPassword: 'separate' });
});
test.afterEach(() => desk.clear());

async function openKilt(): Promise<void> {
  kilt = await desk.openKilt({ userData });
  page = kilt.page;
  journey = new Journey(page, 'ru');
}

/** The wizard up to «Далее» of step 4. */
async function startRegistration(otpPin = customer.otpPin): Promise<void> {
  await desk.answerFileDialog(kilt, customer.keyFilePath);
  await journey.openToken(factoryPin);
  await journey.agreeToCreateProfile();
  await journey.completeWizard({
    userId: customer.userId,
    otpPin,
    keyFilePassword: customer.keyFilePasswordText,
    newPassword: password,
  });
}

/** ПИН and key file once more, as long as the CA has not confirmed. */
async function giveDataAgain(): Promise<void> {
  await desk.answerFileDialog(kilt, customer.keyFilePath);
  await journey.fillRegistrationData({
    otpPin: customer.otpPin,
    keyFilePassword: customer.keyFilePasswordText,
  });
}

async function expectSuccess(): Promise<void> {
  await journey.waitUntilDone();
  await journey.finish();
  await expect(journey.tokenRow(customer.userId)).toBeVisible();
  expectOneOfEverything();
}

function expectOneOfEverything(): void {
  expect(token.watched.keyFiles()).toEqual({ privateKeys: 2, publicKeys: 2, empty: 0 });
  expect(desk.bank.registrations()).toHaveLength(1);
  expect(token.watched.refusedVerifies).toBe(0);
  expect(token.watched.userAttemptsLeft()).toBe(10);
}

test('a wrong ПИН is refused by the CA; put right in the window, the registration goes on', async () => {
  await startRegistration('AAAAAAAAAAA');
  await lookAt(page, 'registration-data-refused', (seen) => seen.expectError('registration-data-refused'));
  await giveDataAgain();
  await journey.continue();
  await expectSuccess();
});

test('the bank is down, and later it is not', async () => {
  await desk.bank.stop();
  await startRegistration();
  await lookAt(page, 'registration-bank-down', (seen) => seen.expectError('network-unreachable'));
  await giveDataAgain();
  await journey.continue();
  await journey.expectError('network-unreachable');

  await desk.reopenBank();
  await giveDataAgain();
  await journey.continue();
  await expectSuccess();
});

test('a token pulled while it makes a key is put back, and the key is made', async () => {
  token.watched.card.minimumKeyGenerationMs = minutes;
  await startRegistration();
  await journey.waitForStep('signature-key-made');
  await lookAt(
    page,
    'registration-progress',
    async ({ t }) => {
      await expect(page.getByText(t('registration.progressText'))).toBeVisible();
      await expect(page.getByText(t('registration.closeNote'))).toBeVisible();
    },
    { languages: ['en', 'kk', 'ru'], themes: ['light', 'dark'] },
  );

  token.faults.remove();
  await lookAt(page, 'registration-token-pulled', async (seen) => {
    await seen.expectError('token-removed');
    await expect(page.getByText(seen.t('registration.insertToken', { serial }))).toBeVisible();
    await expect(seen.button(seen.t('common.continue'))).toBeDisabled();
  });

  token.watched.card.minimumKeyGenerationMs = 0;
  token.faults.insert();
  await giveDataAgain();
  await journey.continue();
  await journey.giveTokenPasswordAgain(password);
  await expectSuccess();
});

test('a window that is closed meanwhile comes back with the work, which has gone on', async () => {
  token.watched.card.minimumKeyGenerationMs = 3000;
  await startRegistration();
  await journey.waitForStep('signature-key-made');
  await closeWindow();

  const shown = kilt.app.waitForEvent('window');
  await startSecondInstance();
  page = await shown;
  journey = new Journey(page, 'ru');
  await journey.waitForStep('sign-in-key-made');

  const ended = kilt.app.waitForEvent('close', { timeout: 60_000 });
  await closeWindow();
  await ended;
  expectOneOfEverything();
  await openKilt();
  await expect(journey.tokenRow(customer.userId)).toBeVisible();
  await journey.openToken(password);
  await expect(journey.heading(journey.t('home.title', { bank: desk.bank.system.name.ru }))).toBeVisible();
});

/** Once more from the Start menu: it ends by itself and brings the window of the first one. */
async function startSecondInstance(): Promise<void> {
  const { program, folder } = await kilt.app.evaluate(({ app }) => ({
    program: process.execPath,
    folder: app.getAppPath(),
  }));
  const second = spawn(program, [folder], {
    env: { ...process.env, KILT_USER_DATA: userData },
    stdio: 'ignore',
  });
  await once(second, 'exit');
}

const closeWindow = (): Promise<void> =>
  kilt.app.evaluate(({ BrowserWindow }) => {
    for (const window of BrowserWindow.getAllWindows()) window.close();
  });

for (const [what, end] of [
  ['killed', () => kilt.kill()],
  ['told to quit', () => kilt.app.close()],
] as const) {
  test(`Kilt is ${what} while the token makes a key, and the next start goes on`, async () => {
    token.watched.card.minimumKeyGenerationMs = 3000;
    await startRegistration();
    await journey.waitForStep('sign-in-key-made');
    await end();
    token.watched.card.minimumKeyGenerationMs = 0;

    await openKilt();
    await lookAt(page, 'picker-unfinished', async ({ t }) => {
      await expect(page.getByText(t('picker.hintUnfinished.new'))).toBeVisible();
    });
    await journey.openToken(password);
    await giveDataAgain();
    await lookAt(page, 'registration-resume', async ({ t }) => {
      await expect(page.getByText(t('registration.doNotFormat'))).toBeVisible();
    });
    await journey.continue();
    await expectSuccess();
  });
}
