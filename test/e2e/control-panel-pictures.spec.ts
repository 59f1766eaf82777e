import { expect, test } from '@playwright/test';
import { saveScreenshot, showTheme } from '#test/support/electron-app.ts';
import { Desk } from './desk.ts';
import { misfits, resize } from './fits.ts';
import { seriousFindings } from './look.ts';
import { certificateFromOpenssl } from './openssl-files.ts';
import { speak } from './pictures.ts';
import { SupportStaff } from './support-staff.ts';

/** Tabs beside «Администрирование»: pictures in every language, theme and scale; nothing cut off, nothing for axe. */

const size = { width: 1000, height: 680 };
const themes = ['light', 'dark', 'high-contrast'] as const;
const owner = 'Ержанов Нурлан';

let desk: Desk;
test.beforeAll(async () => {
  desk = await Desk.set();
});
test.afterEach(() => desk.tidyUp());
test.afterAll(() => desk.clear());

for (const scale of [1, 2]) {
  for (const language of ['ru', 'kk', 'en'] as const) {
    test(`certificates, settings and about can be read in every theme at ${100 * scale} % (${language})`, async () => {
      const kilt = await desk.openKilt({ scale });
      const { page } = kilt;
      await resize(kilt, size);
      await desk.insert(desk.newToken({ profile: 'formatted', label: 'Kassa-7' }).faults);
      await speak(page, language);
      const staff = new SupportStaff(page, language);
      const { t, journey } = staff;
      const faults: string[] = [];
      const look = async (screen: string) => {
        for (const theme of themes) {
          await showTheme(page, theme);
          await saveScreenshot(page, { screen: `panel-tab-${screen}`, language, theme, scale });
          // What axe looks at is the same at every scale.
          const found = [...(await misfits(page)), ...(scale === 1 ? await seriousFindings(page) : [])];
          faults.push(...found.map((fault) => `${screen} ${theme}: ${fault}`));
        }
        await showTheme(page, 'light');
      };

      await staff.openControlPanel();
      await staff.logIn('user', '12345678');
      await staff.openTab('certificates');
      await desk.answerFileDialog(kilt, certificateFromOpenssl(desk.folder, owner));
      await journey.button(t('certificates.import')).click();
      await staff.inDialog(t('certificates.importing.go')).click();
      const row = page.getByRole('row').filter({ hasText: owner });
      await expect(row).toBeVisible();
      await look('certificates');
      await row.click();
      await expect(page.getByText(t('certificates.chain.title'))).toBeVisible();
      await look('certificate');
      await staff.openTab('settings');
      await expect(page.getByText(t('settings.theme')).first()).toBeVisible();
      await look('settings');
      await staff.openTab('about');
      await expect(page.getByText(t('settings.aboutText'))).toBeVisible();
      await look('about');
      await journey.button(t('settings.showHelp')).click();
      await expect(staff.dialog().getByText(t('help.title'))).toBeVisible();
      await look('help');
      expect(faults).toEqual([]);
    });
  }
}
