import { expect, test } from '@playwright/test';
import { Desk } from './desk.ts';
import { look } from './look.ts';
import { SupportStaff } from './support-staff.ts';

const factoryPin = { user: '12345678', administrator: '87654321' };
const newPin = { user: 'Tulpar7Asyq', administrator: 'Qamshy5Otau' };
const wrongPin = '24682468';

let desk: Desk;
test.beforeAll(async () => {
  desk = await Desk.set();
});
test.afterEach(() => desk.tidyUp());
test.afterAll(() => desk.clear());

for (const language of ['ru', 'kk', 'en'] as const) {
  test(`support staff look after a token from its first PIN to its format (${language})`, async () => {
    const kilt = await desk.openKilt({ locale: language });
    const { page } = kilt;
    const staff = new SupportStaff(page, language);
    const { journey, t } = staff;
    const seen = (screen: string) => look(page, `panel-${screen}`, language);
    if (language !== 'ru') await journey.chooseLanguage('ru', language);

    await staff.openControlPanel();
    await seen('no-token');
    const { faults } = desk.newToken({ profile: 'formatted', serial: '3A5B7C1D', userPinAttempts: 3 });
    await desk.insert(faults);
    await expect(page.getByText(t('controlPanel.serial', { serial: '3A5B7C1D' })).last()).toBeVisible();
    await staff.expectRights(null);
    await seen('guest');

    await journey.button(t('controlPanel.information.button')).click();
    await expect(staff.dialog().getByText('3B88014B415A544F4B454E82')).toBeVisible();
    await expect(staff.dialog().getByText(t('controlPanel.information.notTold')).first()).toBeVisible();
    await seen('information');
    await page.keyboard.press('Escape');

    await staff.openLogin('user');
    await seen('login');
    await staff.pinField().fill(factoryPin.user);
    await staff.inDialog(t('common.ok')).click();
    await staff.expectRights('user');
    await expect(page.getByText(t('controlPanel.defaultPin'))).toBeVisible();
    await seen('user');
    await staff.changePin('user', newPin.user);
    await staff.rename('Kassa-7');
    await expect(page.getByRole('heading', { name: 'Kassa-7' })).toBeVisible();
    await staff.logOut();

    // Blocked by wrong PINs, of which the last is asked about first.
    for (const attemptsLeft of [2, 1]) {
      await staff.typePin('user', wrongPin);
      await journey.expectError('wrong-pin', { attemptsLeft });
      await page.keyboard.press('Escape');
    }
    await staff.typePin('user', wrongPin);
    await expect(page.getByText(t('controlPanel.login.lastAttempt.title'))).toBeVisible();
    await seen('last-attempt');
    await staff.inDialog(t('controlPanel.login.lastAttempt.go')).last().click();
    await expect(staff.dialog().getByText(t('controlPanel.blockedPin.user'))).toBeVisible();
    await seen('blocked');
    await page.keyboard.press('Escape');

    await staff.logIn('administrator', factoryPin.administrator);
    await staff.unblock();
    await staff.changePin('administrator', newPin.administrator);
    await staff.changePin('user', newPin.user);
    await seen('administrator');

    await staff.prepareFormat(
      { confirmation: 'Kassa-7', label: 'Kassa-8', administratorPin: 'Burkit9Dala' },
      seen,
    );
    await staff.startFormat();
    await staff.expectFormatted();
    await seen('format-done');
    await journey.button(t('controlPanel.format.result.toPanel')).click();
    await expect(page.getByRole('heading', { name: 'Kassa-8' })).toBeVisible();
    await staff.logIn('user', factoryPin.user);
    await staff.logOut();
    await staff.logIn('administrator', 'Burkit9Dala');

    await journey.button(t('frame.journal')).click();
    await expect(journey.heading(t('journal.title'))).toBeVisible();
    await seen('journal');
  });
}
