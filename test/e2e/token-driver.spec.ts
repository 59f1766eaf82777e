import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { hideCertificates } from '#test/integration/pkcs11/hidden-certificates.ts';
import { OPENSC, OpenscLibrary } from '#test/integration/pkcs11/opensc.ts';
import { factoryPin } from '#test/support/world.ts';
import { nationalOwnerIin } from '#test/virtual-token/national/national-profile.ts';
import { Desk } from './desk.ts';
import { Journey } from './journey.ts';
import { look } from './look.ts';

const password = 'Tulpar7Asyq';

// A PKCS#11 library finds the token through PC/SC and not otherwise.
if (process.env['KILT_PCSC'] === 'private')
  test('a NUC signature that only the driver can read makes a profile once the driver is chosen in the settings', async () => {
    const authority = mkdtempSync(path.join(tmpdir(), 'kilt-authority-'));
    const desk = await Desk.set({
      authentication: 'national-signature',
      national: { authorityFolder: authority, owner: 'organisation' },
    });
    const owner = ['--national-owner', 'organisation', '--authority-data', authority];
    const library = await OpenscLibrary.withProgram('--profile', 'national', ...owner);
    try {
      await hideCertificates(library);
      const kilt = await desk.openKilt({ locale: 'ru' });
      const { page } = kilt;
      const journey = new Journey(page, 'ru');
      const { t } = journey;
      await expect(page.getByText(t('conditions.foreign.state')).first()).toBeVisible();

      await journey.button(t('frame.settings')).click();
      await expect(page.getByRole('radio', { name: t('settings.driver.none') })).toBeChecked();
      await page.getByRole('radio', { name: OPENSC }).check();
      await expect(page.getByRole('radio', { name: OPENSC })).toBeChecked();
      await look(page, 'settings-driver', 'ru');
      await journey.button(t('frame.profiles')).click();
      await expect(journey.tokenRow(t('picker.register'))).toBeVisible({ timeout: 20_000 });
      await look(page, 'picker-driver', 'ru');

      const customer = desk.bank.admitNational({ iin: nationalOwnerIin });
      await journey.openToken(factoryPin);
      await journey.createProfile({
        userId: customer.userId,
        otpPin: Buffer.from(customer.pin).toString(),
        withoutFile: true,
        newPassword: password,
      });
      await journey.openToken(password);
      const bank = desk.bank.system.name.ru;
      await expect(journey.heading(t('home.title', { bank }))).toBeVisible();
      expect(library.bench.statusWordsOf('VERIFY').filter((word) => word !== '9000')).toEqual([]);
    } finally {
      await desk.clear();
      await library.remove();
      rmSync(authority, { recursive: true, force: true });
    }
  });
