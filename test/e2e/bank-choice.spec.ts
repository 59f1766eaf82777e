import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import type { Language } from '#shared/views.ts';
import { Kilt } from '#main/kilt.ts';
import { createVirtualReaders } from '#main/token/virtual-reader.ts';
import type { RunningKilt } from '#test/support/electron-app.ts';
import { nationalCard } from '#test/support/national-customer.ts';
import { nationalOwnerIin } from '#test/virtual-token/national/national-profile.ts';
import { Desk, type Customer } from './desk.ts';
import { Journey } from './journey.ts';
import { look } from './look.ts';
import { SupportStaff } from './support-staff.ts';

/** The four systems of the manuals, from files that the bank has signed: which of them a token fits, and ID + ПИН alone. */

const factoryPin = '12345678';
const password = 'Tulpar7Asyq';

let desk: Desk;
let authority: string;
let userData: string;
test.beforeAll(async () => {
  authority = mkdtempSync(path.join(tmpdir(), 'kilt-authority-'));
  desk = await Desk.set({ systems: true, national: { authorityFolder: authority } });
});
test.beforeEach(async () => {
  userData = mkdtempSync(path.join(tmpdir(), 'kilt-user-'));
  await importBanks();
});
test.afterEach(async () => {
  await desk.tidyUp();
  rmSync(userData, { recursive: true, force: true });
});
test.afterAll(async () => {
  await desk.clear();
  rmSync(authority, { recursive: true, force: true });
});

/** As the settings do it, with the fingerprint from the acceptance act. */
async function importBanks(): Promise<void> {
  const kilt = new Kilt({ dataFolder: userData, access: createVirtualReaders({ port: 0 }) });
  for (const { file } of desk.bank.published?.systems ?? []) {
    const { importId } = kilt.bankImports.open(file);
    await kilt.bankImports.accept(importId, { fingerprint: desk.bank.published?.fingerprint });
  }
  await kilt.stop();
}

async function openKilt(language: Language): Promise<{ kilt: RunningKilt; journey: Journey }> {
  const kilt = await desk.openKilt({ locale: language, bankFile: undefined, userData });
  return { kilt, journey: new Journey(kilt.page, language) };
}

const system = (
  name: 'starbanking' | 'internet-banking-nuc' | 'internet-banking' | 'dbo-bs-client',
  language: Language,
) =>
  ({
    starbanking: { ru: 'StarBanking', kk: 'StarBanking', en: 'StarBanking' },
    'internet-banking-nuc': {
      ru: 'Интернет-Банкинг с подписью НУЦ',
      kk: 'ҰКО қолтаңбасымен Интернет-Банкинг',
      en: 'Internet-Banking with a NUC signature',
    },
    'internet-banking': { ru: 'Интернет-Банкинг', kk: 'Интернет-Банкинг', en: 'Internet-Banking' },
    'dbo-bs-client': { ru: 'ДБО BS-Client', kk: 'ДБО BS-Client', en: 'DBO BS-Client' },
  })[name][language];

async function newToken() {
  const token = desk.newToken();
  await desk.insert(token.faults);
  return token;
}

/** By DBO BS-Client, from the picker to the finished profile in it. */
async function registerWithPin(journey: Journey): Promise<Customer> {
  const customer = await desk.admit();
  await journey.openToken(factoryPin);
  await journey.agreeToCreateProfile();
  await journey.page
    .getByRole('radio')
    .and(journey.page.getByLabel(system('dbo-bs-client', 'ru')))
    .check();
  await journey.createProfile({
    userId: customer.userId,
    otpPin: customer.otpPin,
    withoutFile: true,
    newPassword: password,
  });
  return customer;
}

for (const language of ['ru', 'kk', 'en'] as const) {
  test(`an empty token, ID and ПИН: the system is chosen among four, and no key file is asked for (${language})`, async () => {
    const { kilt, journey } = await openKilt(language);
    const { page } = kilt;
    const { t } = journey;
    const seen = (screen: string) => look(page, `choice-${screen}`, language);
    if (language !== 'ru') await journey.chooseLanguage('ru', language);
    const { faults, watched } = desk.newToken();
    await desk.insert(faults);
    await expect(journey.tokenRow(t('picker.emptyToken'))).toBeVisible();
    await journey.openToken(factoryPin);
    await journey.agreeToCreateProfile();
    await expect(journey.heading(t('wizard.welcome.title'))).toBeVisible();
    const choices = page.getByRole('radio');
    await expect(choices).toHaveCount(4);
    for (const name of ['starbanking', 'internet-banking-nuc'] as const)
      await expect(
        choices.filter({ visible: true }).and(page.getByLabel(system(name, language))),
      ).toBeDisabled();
    await choices.and(page.getByLabel(system('dbo-bs-client', language))).check();
    await expect(page.getByText(t('wizard.welcome.stick'))).toBeHidden();
    await seen('welcome');

    const customer = await desk.admit({ name: 'Айгерим Сапарова' });
    await journey.next();
    await expect(journey.heading(t('wizard.data.title'))).toBeVisible();
    // Where the bank prints it, in the bank's own words, and whom to call.
    const act = {
      ru: 'ID пользователя напечатан в акте приема-передачи демо-банка',
      kk: 'Пайдаланушының ID демо-банктің қабылдау-өткізу актісінде басылған',
      en: 'The user ID is printed on the demo bank’s acceptance act',
    };
    await expect(page.getByText(act[language])).toBeVisible();
    await expect(page.getByText('+7 700 000 00 00')).toBeVisible();
    await journey.fillRegistrationData({
      userId: customer.userId,
      otpPin: customer.otpPin,
      withoutFile: true,
    });
    await seen('data');
    await journey.next();
    await expect(journey.heading(t('wizard.token.title'))).toBeVisible();
    await journey.chooseNewPassword(password);
    await journey.next();
    await journey.confirmData();
    await seen('confirmation');
    await journey.next();
    await journey.waitUntilDone();
    await journey.finish();
    await journey.openToken(password);
    await expect(journey.heading(t('home.title', { bank: system('dbo-bs-client', language) }))).toBeVisible();
    await seen('home');
    expect(desk.bank.registrations().filter(({ userId }) => userId === customer.userId)).toHaveLength(1);
    expect(watched.keyFiles()).toEqual({ privateKeys: 2, publicKeys: 2, empty: 0 });
    expect(watched.refusedVerifies).toBe(0);
  });
}

test('«Проверить» in the control panel says what the certification authority says, also after it has changed', async () => {
  const { kilt, journey } = await openKilt('ru');
  const { page } = kilt;
  const { t } = journey;
  await newToken();
  const customer = await registerWithPin(journey);
  const staff = new SupportStaff(page, 'ru');
  await staff.openControlPanel();
  await staff.openTab('certificates');
  await page.getByRole('table').getByRole('button').first().click();
  const check = journey.button(t('certificates.check.button'));
  await check.click();
  await expect(page.getByText(t('certificates.check.title.good'))).toBeVisible();
  await look(page, 'panel-check-good', 'ru');
  desk.bank.revoke(customer.userId, 'all', 'keyCompromise');
  await check.click();
  await expect(page.getByText(t('certificates.check.title.revoked'))).toBeVisible();
  await look(page, 'panel-check-revoked', 'ru');
});

test('a person’s NUC signature: StarBanking stands first, and the system of organisations says why not', async () => {
  const { kilt, journey } = await openKilt('ru');
  const { page } = kilt;
  const { faults } = await nationalCard(authority, { label: 'SAPAROVA AIGERIM', nationalOwner: 'person' });
  await desk.insert(faults);
  await expect(journey.tokenRow(`SAPAROVA AIGERIM${journey.t('picker.register')}`)).toBeVisible();
  await journey.openToken(factoryPin);
  await expect(journey.heading(journey.t('wizard.welcome.title'))).toBeVisible();
  const choices = page.getByRole('radio');
  await expect(choices.first()).toBeChecked();
  await expect(choices.first()).toHaveAccessibleName(/^StarBanking/);
  await expect(choices.and(page.getByLabel(system('internet-banking-nuc', 'ru')))).toBeDisabled();
  await look(page, 'choice-national', 'ru');
});

test('a NUC registration whose token is pulled while a key is made goes on to one profile', async () => {
  const { kilt, journey } = await openKilt('ru');
  const { page } = kilt;
  const { faults, watched } = await nationalCard(authority, {
    label: 'SAPAROVA AIGERIM',
    nationalOwner: 'person',
  });
  faults.onPresenceChange((present) => void (present ? desk.insert(faults) : desk.pull()));
  await desk.insert(faults);
  const customer = desk.bank.admitNational({ iin: nationalOwnerIin, name: 'Айгерим Сапарова' });
  const otpPin = Buffer.from(customer.pin).toString();
  await journey.openToken(factoryPin);
  watched.card.minimumKeyGenerationMs = 60_000;
  await journey.completeWizard({ userId: customer.userId, otpPin, withoutFile: true, newPassword: password });
  await journey.waitForStep('signature-key-made');
  faults.remove();
  await journey.expectError('token-removed');
  await look(page, 'national-interrupted', 'ru');
  watched.card.minimumKeyGenerationMs = 0;
  faults.insert();
  await journey.fillRegistrationData({ otpPin, withoutFile: true });
  await journey.continue();
  await journey.giveTokenPasswordAgain(password);
  await journey.waitUntilDone();
  await journey.finish();
  await expect(journey.tokenRow(customer.userId)).toBeVisible();
  expect(watched.keyFiles()).toEqual({ privateKeys: 5, publicKeys: 5, empty: 0 });
  expect(desk.bank.registrations().filter(({ userId }) => userId === customer.userId)).toHaveLength(1);
  expect(watched.refusedVerifies).toBe(0);
});

test('«Принят банком»: Kilt is closed while it waits, the bank agrees, and the next start finishes', async () => {
  const first = await openKilt('ru');
  const { t } = first.journey;
  const { faults, watched } = desk.newToken();
  await desk.insert(faults);
  const customer = await desk.admit({ hold: true });
  await first.journey.openToken(factoryPin);
  await first.journey.agreeToCreateProfile();
  const { page } = first.kilt;
  await page
    .getByRole('radio')
    .and(page.getByLabel(system('dbo-bs-client', 'ru')))
    .check();
  await first.journey.completeWizard({
    userId: customer.userId,
    otpPin: customer.otpPin,
    withoutFile: true,
    newPassword: password,
  });
  await expect(page.getByRole('main').getByText(t('registration.waitingTitle'), { exact: true })).toBeVisible(
    {
      timeout: 60_000,
    },
  );
  await expect(page.getByText(t('registration.waitingKept'))).toBeVisible();
  await look(page, 'waiting', 'ru');
  await first.kilt.app.close();
  expect(desk.bank.registrations().some(({ userId }) => userId === customer.userId)).toBe(false);

  const second = await openKilt('ru');
  await second.journey.openToken(password);
  await expect(second.kilt.page.getByText(t('registration.waitingKept'))).toBeVisible();
  desk.bank.approve(customer.userId);
  await second.journey.waitUntilDone();
  await second.journey.finish();
  await second.journey.openToken(password);
  await expect(
    second.journey.heading(t('home.title', { bank: system('dbo-bs-client', 'ru') })),
  ).toBeVisible();
  expect(desk.bank.registrations().filter(({ userId }) => userId === customer.userId)).toHaveLength(1);
  expect(watched.keyFiles()).toEqual({ privateKeys: 2, publicKeys: 2, empty: 0 });
  expect(watched.refusedVerifies).toBe(0);
});
