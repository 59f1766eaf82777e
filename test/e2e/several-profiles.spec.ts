import { expect, test } from '@playwright/test';
import { Desk } from './desk.ts';
import { Journey } from './journey.ts';
import { look } from './look.ts';

const factoryPin = '12345678';
const password = 'Tulpar7Asyq';

let desk: Desk;
test.beforeAll(async () => {
  desk = await Desk.set();
});
test.afterEach(() => desk.tidyUp());
test.afterAll(() => desk.clear());

for (const language of ['ru', 'kk', 'en'] as const) {
  test(`a token with a profile gets one more, and each signs in (${language})`, async () => {
    const kilt = await desk.openKilt({ locale: language });
    const { page } = kilt;
    const journey = new Journey(page, language);
    const { t } = journey;
    const seen = (screen: string) => look(page, `several-${screen}`, language);
    if (language !== 'ru') await journey.chooseLanguage('ru', language);
    const { faults, watched } = desk.newToken({ serial: '3A5B7C1D' });
    await desk.insert(faults);
    const director = await desk.admit({ name: 'Айгерим Сапарова' });
    await desk.answerFileDialog(kilt, director.keyFilePath);
    await journey.openToken(factoryPin);
    await journey.agreeToCreateProfile();
    await journey.createProfile({
      userId: director.userId,
      otpPin: director.otpPin,
      newPassword: password,
      label: 'Kassa-7',
    });

    const accountant = await desk.admit({ name: 'Бекзат Омаров' });
    await desk.answerFileDialog(kilt, accountant.keyFilePath);
    await page.getByRole('checkbox', { name: t('picker.oneMore.label') }).check();
    await seen('picker-one-more');
    await journey.openToken(password);
    await expect(page.getByText(t('wizard.welcome.otherProfiles', { name: 'Kassa-7' }))).toBeVisible();
    await journey.completeWizard({ userId: accountant.userId, otpPin: accountant.otpPin }, seen);
    await journey.waitUntilDone();
    await seen('done');
    await journey.finish();

    await seen('picker-two');
    for (const { userId, name } of [
      { ...director, name: 'Айгерим Сапарова' },
      { ...accountant, name: 'Бекзат Омаров' },
    ]) {
      await journey.tokenRow(userId).check();
      await journey.openToken(password);
      await expect(page.getByText(t('home.customer', { name, userId }))).toBeVisible();
      await seen(`home-${name === 'Бекзат Омаров' ? 'second' : 'first'}`);
      await journey.button(t('home.leave')).click();
      await expect(journey.heading(t('picker.title'))).toBeVisible();
    }
    await journey.button(t('frame.keys')).click();
    await expect(page.getByRole('table').getByText(director.userId)).toBeVisible();
    await expect(page.getByRole('table').getByText(accountant.userId)).toBeVisible();
    await seen('keys');
    expect(watched.keyFiles()).toEqual({ privateKeys: 4, publicKeys: 4, empty: 0 });
    expect(watched.refusedVerifies).toBe(0);
  });
}
