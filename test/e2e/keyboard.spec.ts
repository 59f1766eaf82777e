import { expect, test } from '@playwright/test';
import { Desk } from './desk.ts';
import { tabTo } from './fits.ts';
import { Journey } from './journey.ts';

let desk: Desk;
test.beforeAll(async () => {
  desk = await Desk.set();
});
test.afterAll(() => desk.clear());

test('the whole registration, signing in and leaving need no mouse', async () => {
  const kilt = await desk.openKilt();
  const { page } = kilt;
  const { keyboard } = page;
  const journey = new Journey(page, 'ru');
  const { t } = journey;
  const customer = await desk.admit();
  await desk.answerFileDialog(kilt, customer.keyFilePath);
  await desk.insert(desk.newToken().faults);

  // The moment of insertion: one types.
  await expect(journey.passwordField()).toBeFocused();
  await keyboard.type('12345678');
  await keyboard.press('Enter');
  await expect(page.getByText(t('picker.createProfile.text'))).toBeVisible();
  await keyboard.press('Enter');

  await expect(journey.heading(t('wizard.welcome.title'))).toBeFocused();
  await keyboard.press('Enter');

  await expect(journey.field(t('fields.userId'))).toBeFocused();
  await keyboard.type(customer.userId);
  await tabTo(page, journey.field(t('fields.registrationPin')));
  await keyboard.type(customer.otpPin);
  await tabTo(page, page.getByRole('button', { name: t('fields.browse') }));
  await keyboard.press('Space');
  await expect(page.getByText(`${customer.userId}.pfx`)).toBeVisible();
  await expect(page.getByRole('checkbox', { name: t('fields.sameAsPin') })).toBeChecked();
  await tabTo(page, journey.button(t('common.next')));
  await keyboard.press('Space');

  await expect(journey.field(t('fields.tokenName'))).toBeFocused();
  await keyboard.type('Kassa-1');
  await tabTo(page, journey.field(t('fields.newPassword')));
  await keyboard.type('Tulpar7Asyq');
  await tabTo(page, journey.field(t('fields.confirmation')));
  await keyboard.type('Tulpar7Asyq');
  await keyboard.press('Enter');

  await expect(journey.heading(t('wizard.confirmation.title'))).toBeFocused();
  await tabTo(page, page.getByRole('checkbox', { name: t('wizard.confirmation.confirm') }));
  await keyboard.press('Space');
  await keyboard.press('Enter');

  await journey.waitUntilDone();
  await expect(journey.heading(t('registration.doneTitle'))).toBeFocused();
  await keyboard.press('Enter');

  await expect(journey.tokenRow('Kassa-1')).toBeVisible();
  await expect(journey.passwordField()).toBeFocused();
  await keyboard.type('Tulpar7Asyq');
  await keyboard.press('Enter');
  await expect(journey.heading(t('home.title', { bank: desk.bank.system.name.ru }))).toBeVisible();
  await tabTo(page, journey.button(t('home.leave')));
  await keyboard.press('Enter');
  await expect(journey.heading(t('picker.title'))).toBeVisible();
});
