import { expect, test } from '@playwright/test';
import { Desk } from './desk.ts';
import { lookAt } from './pictures.ts';
import { SupportStaff } from './support-staff.ts';

const factoryPin = { user: '12345678', administrator: '87654321' };
const password = 'Tulpar7Asyq';
const newPin = 'Burkit9Dala';

let desk: Desk;
test.beforeAll(async () => {
  desk = await Desk.set();
});
test.afterAll(() => desk.clear());

test('who signs in with a default PIN, which support has set, is led to changing it, and then told no more', async () => {
  const kilt = await desk.openKilt();
  const { page } = kilt;
  const staff = new SupportStaff(page, 'ru');
  const { t, journey } = staff;
  const customer = await desk.admit();
  await desk.answerFileDialog(kilt, customer.keyFilePath);
  const { faults, watched } = desk.newToken();
  await desk.insert(faults);
  await journey.openToken(factoryPin.user);
  await journey.agreeToCreateProfile();
  await journey.createProfile({
    userId: customer.userId,
    otpPin: customer.otpPin,
    newPassword: password,
  });

  await staff.openControlPanel();
  await staff.logIn('administrator', factoryPin.administrator);
  await staff.choose('change-user-pin');
  await staff.typeNewPin(factoryPin.user);
  await page.getByRole('checkbox', { name: t('controlPanel.newPin.acceptWeak') }).check();
  await staff.inDialog(t('controlPanel.changePin.go')).click();
  await staff.expectDone('change-user-pin');
  await staff.logOut();

  await journey.button(t('frame.profiles')).click();
  await journey.openToken(factoryPin.user);
  await lookAt(page, 'home-default-pin', async (seen) => {
    await expect(page.getByText(seen.t('home.defaultPin'))).toBeVisible();
  });
  await journey.button(t('home.changePin')).click();
  await expect(staff.pinField()).toBeFocused();
  await page.keyboard.type(factoryPin.user);
  await page.keyboard.press('Enter');
  await expect(journey.field(t('controlPanel.newPin.pin'))).toBeFocused();
  await staff.typeNewPin(newPin);
  await staff.inDialog(t('controlPanel.changePin.go')).click();
  await staff.expectDone('change-user-pin');

  await journey.button(t('frame.profiles')).click();
  await expect(journey.heading(t('home.title', { bank: desk.bank.system.name.ru }))).toBeVisible();
  await expect(page.getByText(t('home.defaultPin'))).toHaveCount(0);
  expect(watched.refusedVerifies).toBe(0);
});
