import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { groupedFingerprint, readFingerprint } from '#shared/fingerprint.ts';
import { language as languages, type Language } from '#shared/views.ts';
import { openPublisher, signedBankFile } from '#test/bank/systems/publisher.ts';
import { Desk } from './desk.ts';
import { look } from './look.ts';
import { SupportStaff } from './support-staff.ts';

let desk: Desk;
test.beforeAll(async () => {
  desk = await Desk.set({ systems: true });
});
test.afterEach(() => desk.tidyUp());
test.afterAll(() => desk.clear());

/** StarBanking's file, or a later version of it with changes. */
async function fileOf(changes?: object, publisher = path.join(desk.folder, 'bank')): Promise<string> {
  const [starBanking] = desk.bank.published?.systems ?? [];
  if (!starBanking) throw new Error('the bank has published nothing');
  if (!changes) return starBanking.file;
  const json = { ...(JSON.parse(readFileSync(starBanking.unsignedFile, 'utf8')) as object), ...changes };
  const file = path.join(desk.folder, 'update.kiltbank');
  writeFileSync(file, signedBankFile(JSON.stringify(json), await openPublisher(publisher, new Date())));
  return file;
}

/** Settings in the language, with the banks on the screen. */
async function openBanks({ journey, t }: SupportStaff, language: Language): Promise<void> {
  if (language !== 'ru') await journey.chooseLanguage('ru', language);
  await journey.button(t('frame.settings')).click();
  await journey.heading(t('banks.title')).scrollIntoViewIfNeeded();
}

for (const language of languages.options) {
  test(`a bank is imported, updated by nobody else, and removed, in ${language}`, async () => {
    const kilt = await desk.openKilt({ bankFile: undefined });
    const { page } = kilt;
    const staff = new SupportStaff(page, language);
    const { t, journey } = staff;
    await openBanks(staff, language);
    await page.getByText(t('banks.none'), { exact: true }).scrollIntoViewIfNeeded();
    await look(page, 'banks-none', language);

    await desk.answerFileDialog(kilt, await fileOf());
    await journey.button(t('banks.import')).click();
    const fingerprint = desk.bank.published?.fingerprint ?? '';
    expect(groupedFingerprint(readFingerprint(fingerprint) ?? '')).toBe(fingerprint);
    await expect(staff.dialog().getByText(fingerprint)).toBeVisible();
    await look(page, 'banks-import', language);
    await staff.inDialog(t('banks.importing.go')).click();
    await expect(page.getByText(t('banks.importing.comparedNeeded'))).toBeVisible();
    await staff.dialog().getByRole('checkbox').check();
    await staff.inDialog(t('banks.importing.go')).click();
    await expect(page.getByText(t('banks.importing.done', { name: 'StarBanking' }))).toBeVisible();
    await page.getByRole('button', { name: /^StarBanking/ }).click();
    await expect(page.getByText(desk.bank.urls.https, { exact: true }).first()).toBeVisible();
    await look(page, 'banks', language);

    await desk.answerFileDialog(kilt, await fileOf({ version: 2 }, desk.folder));
    await journey.button(t('banks.import')).click();
    await journey.expectError('bank-signer-changed');
    await look(page, 'banks-false', language);

    await desk.answerFileDialog(
      kilt,
      await fileOf({ version: 2, customers: 'person', keys: { bits: 4096 } }),
    );
    await journey.button(t('banks.import')).click();
    await expect(page.getByText(t('banks.importing.updateText', { from: 1, to: 2 }))).toBeVisible();
    await staff.inDialog(t('banks.importing.go')).click();
    await expect(page.getByText(t('banks.importing.done', { name: 'StarBanking' }))).toBeVisible();

    await journey.button(t('banks.remove')).click();
    await staff.inDialog(t('banks.removing.go')).click();
    await expect(page.getByText(t('banks.none'), { exact: true })).toBeVisible();
  });
}

test('a file that somebody puts into the folder, or takes away, shows without a restart', async () => {
  const kilt = await desk.openKilt({ bankFile: undefined });
  const { page } = kilt;
  const staff = new SupportStaff(page, 'ru');
  const { t } = staff;
  await openBanks(staff, 'ru');
  await expect(page.getByText(t('banks.none'), { exact: true })).toBeVisible();
  const file = path.join(kilt.userData, 'banks', 'from-somebody.kiltbank');
  writeFileSync(file, readFileSync(await fileOf()));
  await expect(page.getByText(t('banks.states.unusable'))).toBeVisible();
  rmSync(file);
  await expect(page.getByText(t('banks.none'), { exact: true })).toBeVisible();
});
