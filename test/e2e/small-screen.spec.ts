import { expect, test } from '@playwright/test';
import { saveScreenshot, type RunningKilt } from '#test/support/electron-app.ts';
import { Desk } from './desk.ts';
import { misfits, resize, tabTo } from './fits.ts';
import { Journey } from './journey.ts';
import { SupportStaff } from './support-staff.ts';

const sizes = [
  { width: 1000, height: 680 },
  { width: 840, height: 560 },
];
const scale = 2;
const factoryPin = '12345678';
const password = 'Tulpar7Asyq';

let desk: Desk;
test.beforeAll(async () => {
  desk = await Desk.set();
});
test.afterEach(() => desk.tidyUp());
test.afterAll(() => desk.clear());

test('at 200 % and in Kazakh, the longest language, nothing is cut off on the whole journey', async () => {
  const kilt = await desk.openKilt({ scale, locale: 'kk' });
  const { page } = kilt;
  const journey = new Journey(page, 'kk');
  expect(await page.evaluate(() => devicePixelRatio)).toBe(scale);
  const { faults, look } = onSmallScreens(kilt);
  const { t } = journey;
  await journey.chooseLanguage('ru', 'kk');

  await expect(journey.heading(t('picker.title'))).toBeVisible();
  await look('picker-no-token', t('common.checkAgain'));
  const { faults: card, watched } = desk.newToken();
  await desk.insert(card);
  await expect(journey.passwordField()).toBeFocused();
  await look('picker-empty-token', t('common.ok'));
  await journey.openToken('24682468');
  await journey.expectError('wrong-pin', { attemptsLeft: 9 });
  await look('picker-wrong-pin', t('common.ok'));

  const customer = await desk.admit({ name: 'Айгерим Сапарова' });
  await desk.answerFileDialog(kilt, customer.keyFilePath);
  await journey.openToken(factoryPin);
  await journey.agreeToCreateProfile();
  watched.card.minimumKeyGenerationMs = 4000;
  await journey.completeWizard(
    { userId: customer.userId, otpPin: customer.otpPin, newPassword: password },
    (screen) => look(screen, t('common.next')),
  );
  await journey.waitForStep('signature-key-made');
  await look('wizard-progress');
  await journey.waitUntilDone();
  await look('wizard-done', t('common.done'));
  await journey.finish();
  await look('picker-registered', t('common.ok'));

  await journey.openToken(password);
  await expect(journey.heading(t('home.title', { bank: desk.bank.system.name.kk }))).toBeVisible();
  await look('home', t('home.openBank'));
  await journey.button(t('frame.settings')).click();
  await expect(journey.heading(t('settings.title'))).toBeVisible();
  await expect(page.getByText(t('settings.driver.looking'))).toBeHidden();
  await look('settings');

  expect(faults).toEqual([]);
});

test('at 200 % and in Kazakh nothing is cut off in the control panel, its formatting and the journal', async () => {
  const kilt = await desk.openKilt({ scale, locale: 'kk' });
  const { page } = kilt;
  const staff = new SupportStaff(page, 'kk');
  const { t, journey } = staff;
  const { faults, look } = onSmallScreens(kilt);
  await journey.chooseLanguage('ru', 'kk');
  await desk.insert(desk.newToken({ profile: 'formatted', label: 'Kassa-7' }).faults);
  await staff.openControlPanel();
  await expect(page.getByRole('heading', { name: 'Kassa-7' })).toBeVisible();
  await look('panel-guest');
  await staff.logIn('administrator', '87654321');
  await look('panel-administrator');
  for (const tab of ['certificates', 'settings', 'about'] as const) {
    await staff.openTab(tab);
    await look(`panel-${tab}`);
  }
  await staff.openTab('administration');
  await staff.prepareFormat({ confirmation: 'Kassa-7', administratorPin: password }, (screen) =>
    look(`panel-${screen}`),
  );
  await staff.startFormat();
  await staff.expectFormatted();
  await look('panel-format-done');
  await journey.button(t('frame.journal')).click();
  await expect(journey.heading(t('journal.title'))).toBeVisible();
  await look('journal');
  expect(faults).toEqual([]);
});

/** Looks at screens in each size, saves pictures, and keeps what does not fit. */
function onSmallScreens(kilt: RunningKilt) {
  const { page } = kilt;
  const faults: string[] = [];
  /** @param primary the button that goes on; the keyboard must get there */
  const look = async (screen: string, primary?: string) => {
    for (const size of sizes) {
      await resize(kilt, size);
      for (const fault of await misfits(page)) faults.push(`${screen} at ${size.width}: ${fault}`);
      await saveScreenshot(page, {
        screen: `${screen}-${size.width}`,
        language: 'kk',
        theme: 'light',
        scale,
      });
      if (primary !== undefined) await tabTo(page, page.getByRole('button', { name: primary, exact: true }));
    }
  };
  return { faults, look };
}
