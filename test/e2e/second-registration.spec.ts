import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { nationalCard } from '#test/support/national-customer.ts';
import { Desk } from './desk.ts';
import { look } from './look.ts';
import { SupportStaff } from './support-staff.ts';

const factoryPin = '12345678';
const factoryAdministratorPin = '87654321';
const newAdministratorPin = 'Bekzat9Qala';
const password = 'Tulpar7Asyq';
const label = 'Kassa-7';

let desk: Desk;
let authority: string;
test.beforeAll(async () => {
  authority = mkdtempSync(path.join(tmpdir(), 'kilt-authority-'));
  desk = await Desk.set();
});
test.afterAll(async () => {
  await desk.clear();
  rmSync(authority, { recursive: true, force: true });
});

// Manual S3: the administrator formats the token, and the user registers again with the initial key file.
for (const language of ['ru', 'kk', 'en'] as const) {
  test(`S3: a token is formatted in the control panel and registered from empty (${language})`, async () => {
    const kilt = await desk.openKilt({ locale: language });
    const { page } = kilt;
    const staff = new SupportStaff(page, language);
    const { t, journey } = staff;
    const seen = (screen: string) => look(page, `s3-${screen}`, language);
    if (language !== 'ru') await journey.chooseLanguage('ru', language);
    const { watched, faults } = await nationalCard(authority, { label });
    await desk.insert(faults);

    await staff.openControlPanel();
    await expect(journey.heading(label)).toBeVisible();
    await staff.logIn('administrator', factoryAdministratorPin);
    await seen('panel');
    await staff.prepareFormat(
      { confirmation: label, label: 'Kassa-8', administratorPin: newAdministratorPin },
      async (screen) => {
        // What the user would have to obtain anew from the national authority is named before it is lost.
        if (screen === 'format-losses')
          await expect(page.getByText('САПАРОВА АЙГЕРИМ').filter({ visible: true })).not.toHaveCount(0);
        await seen(screen);
      },
    );
    await staff.startFormat();
    await staff.expectFormatted();
    expect(watched.keyFiles()).toEqual({ privateKeys: 0, publicKeys: 0, empty: 0 });
    await journey
      .button(t('frame.profiles'))
      .or(page.getByRole('link', { name: t('frame.profiles') }))
      .click();
    const row = journey.tokenRow(t('picker.namedEmptyToken', { label: 'Kassa-8' }));
    await expect(row).toBeVisible();
    await seen('picker');

    const customer = await desk.admit({ name: 'Айгерим Сапарова' });
    await desk.answerFileDialog(kilt, customer.keyFilePath);
    await journey.openToken(factoryPin);
    await journey.agreeToCreateProfile();
    await journey.completeWizard(
      { userId: customer.userId, otpPin: customer.otpPin, newPassword: password },
      seen,
    );
    await journey.waitUntilDone();
    await seen('done');
    await journey.finish();
    await journey.openToken(password);
    const bank = desk.bank.system.name[language];
    await expect(journey.heading(t('home.title', { bank }))).toBeVisible();
    expect(watched.keyFiles()).toEqual({ privateKeys: 2, publicKeys: 2, empty: 0 });
    expect(watched.refusedVerifies).toBe(0);
    await desk.pull();
    await kilt.close();
  });
}
