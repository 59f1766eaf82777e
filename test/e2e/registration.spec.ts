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
  test(`an empty token becomes a registered profile that signs in (${language})`, async () => {
    const kilt = await desk.openKilt({ locale: language });
    const { page } = kilt;
    const journey = new Journey(page, language);
    const seen = (screen: string) => look(page, screen, language);
    if (language !== 'ru') await journey.chooseLanguage('ru', language);

    await expect(journey.heading(journey.t('picker.title'))).toBeVisible();
    await seen('picker-no-token');

    const { faults, watched } = desk.newToken({ serial: '3A5B7C1D' });
    await desk.insert(faults);
    await expect(journey.tokenRow(journey.t('picker.emptyToken'))).toBeVisible();
    await expect(page.getByText(journey.t('picker.attempts', { count: 10 }))).toBeVisible();
    await seen('picker-empty-token');

    const customer = await desk.admit({ name: 'Айгерим Сапарова' });
    await desk.answerFileDialog(kilt, customer.keyFilePath);
    await journey.openToken(factoryPin);
    await journey.agreeToCreateProfile();
    await journey.completeWizard(
      { userId: customer.userId, otpPin: customer.otpPin, newPassword: password },
      seen,
    );
    await journey.waitUntilDone();
    await seen('wizard-done');
    await journey.finish();

    await expect(journey.tokenRow(customer.userId)).toBeVisible();
    await seen('picker-registered');
    expect(desk.bank.registrations().filter(({ userId }) => userId === customer.userId)).toHaveLength(1);

    await journey.openToken(password);
    const bank = desk.bank.system.name[language];
    await expect(journey.heading(journey.t('home.title', { bank }))).toBeVisible();
    await expect(page.getByText('Айгерим Сапарова').first()).toBeVisible();
    await seen('home');
    expect(watched.keyFiles()).toEqual({ privateKeys: 2, publicKeys: 2, empty: 0 });
    expect(watched.refusedVerifies).toBe(0);
  });
}
