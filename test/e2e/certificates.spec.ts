import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import type { RunningKilt } from '#test/support/electron-app.ts';
import { Desk } from './desk.ts';
import { look } from './look.ts';
import { containerFromOpenssl } from './openssl-files.ts';
import { SupportStaff } from './support-staff.ts';

const factoryPin = '12345678';
const owner = 'Ержанов Нурлан';
const filePassword = 'Shanyraq4';

let desk: Desk;
test.beforeAll(async () => {
  desk = await Desk.set();
});
test.afterAll(() => desk.clear());

async function answerSaveDialog({ app }: RunningKilt, file: string): Promise<void> {
  await app.evaluate(({ dialog }, chosen) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath: chosen });
  }, file);
}

test('a key container is imported after consent, its certificate exported, and both deleted by name', async () => {
  const kilt = await desk.openKilt();
  const { page } = kilt;
  const staff = new SupportStaff(page, 'ru');
  const { t, journey } = staff;
  const { faults, watched } = desk.newToken({ profile: 'formatted', label: 'Kassa-7' });
  await desk.insert(faults);
  await staff.openControlPanel();
  await expect(page.getByRole('heading', { name: 'Kassa-7' })).toBeVisible();
  await staff.openTab('certificates');
  await expect(page.getByText(t('certificates.empty.title'))).toBeVisible();
  await expect(journey.button(t('certificates.import'))).toBeDisabled();
  await look(page, 'panel-certificates-none', 'ru');

  await staff.openTab('administration');
  await staff.logIn('user', factoryPin);
  await staff.openTab('certificates');
  await desk.answerFileDialog(kilt, containerFromOpenssl(desk.folder, owner, filePassword));
  await journey.button(t('certificates.import')).click();
  const password = staff.dialog().getByRole('textbox', { name: t('certificates.importing.password') });
  await password.fill('wrong');
  await staff.inDialog(t('common.next')).click();
  await journey.expectError('import-file-unreadable', { likelyCause: 'password' });
  await password.fill(filePassword);
  await staff.inDialog(t('common.next')).click();
  await expect(staff.dialog().getByText(owner).first()).toBeVisible();
  await look(page, 'panel-import', 'ru');
  await staff.inDialog(t('certificates.importing.go')).click();
  await expect(page.getByText(t('certificates.importing.consentNeeded'))).toBeVisible();
  expect(watched.keyFiles().privateKeys).toBe(0);
  await page.getByRole('checkbox', { name: t('certificates.importing.consent') }).check();
  await staff.inDialog(t('certificates.importing.go')).click();
  await expect(page.getByText(t('certificates.importing.done'))).toBeVisible();
  expect(watched.keyFiles()).toEqual({ privateKeys: 1, publicKeys: 1, empty: 0 });

  const row = page.getByRole('row').filter({ hasText: owner });
  await expect(row).toContainText(t('certificates.key.yes'));
  await row.click();
  await expect(page.getByText(t('certificates.chain.title'))).toBeVisible();
  await look(page, 'panel-certificate', 'ru');
  await journey.button(t('certificates.check.button')).click();
  await expect(page.getByText(t('certificates.check.title.untrusted'))).toBeVisible();

  const saved = path.join(desk.folder, 'exported.pem');
  await answerSaveDialog(kilt, saved);
  await journey.button(t('certificates.export')).click();
  await page.getByRole('menuitem', { name: t('certificates.exporting.pem') }).click();
  await expect(page.getByText(t('certificates.exporting.done'))).toBeVisible();
  expect(readFileSync(saved, 'utf8')).toBe(readFileSync(path.join(desk.folder, 'certificate.pem'), 'utf8'));

  await journey.button(t('certificates.delete')).click();
  await page.getByRole('radio', { name: t('certificates.deleting.withKey') }).check();
  await staff.inDialog(t('certificates.deleting.go')).click();
  await expect(staff.dialog().getByRole('textbox')).toBeFocused();
  expect(watched.keyFiles().privateKeys).toBe(1);
  await staff
    .dialog()
    .getByRole('textbox')
    .fill(await staff.dialog().locator('code').innerText());
  await staff.inDialog(t('certificates.deleting.go')).click();
  await expect(page.getByText(t('certificates.deleting.doneKey'))).toBeVisible();
  await expect(page.getByText(t('certificates.empty.title'))).toBeVisible();
  expect(watched.keyFiles()).toEqual({ privateKeys: 0, publicKeys: 0, empty: 0 });
});
