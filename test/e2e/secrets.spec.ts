import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { Desk } from './desk.ts';
import { Journey } from './journey.ts';
import { SecretSearch } from './secret-traces.ts';
import { SupportStaff } from './support-staff.ts';

/**
 * Canaries: secrets that occur nowhere else are typed into the real window, and afterwards looked for everywhere that
 * the program writes, tells or keeps.
 */

const typed = {
  tokenPin: 'Kanarya9Qxz',
  wrongPin: 'Kukushka8Wvy',
  newPassword: 'Tukan7Pjm4Lq',
  wrongKeyFilePassword: 'Fazan6Gdh2Rt',
};

const panelPins = {
  user: 'Sunqar3Wtb',
  wrong: 'Bodene5Rkz',
  newUser: 'Aqqu8Vxm4Ns',
  administrator: 'Tyrna6Lph2',
  newAdministrator: 'Qarshyga7Dfj',
};

let desk: Desk;
test.beforeAll(async () => {
  desk = await Desk.set();
});
test.afterEach(() => desk.tidyUp());
test.afterAll(() => desk.clear());

test('no PIN, ПИН or password is in a file, a log, an argument, the environment or the page afterwards', async () => {
  const userData = path.join(desk.folder, 'kilt');
  const kilt = await desk.openKilt({ userData });
  const { page } = kilt;
  const journey = new Journey(page, 'ru');
  const { t } = journey;
  const customer = await desk.admit({ pfxPassword: 'separate' });
  const search = new SecretSearch({
    ...typed,
    registrationPin: customer.otpPin,
    keyFilePassword: customer.keyFilePasswordText,
  });
  const processes: string[] = [];
  const lookAtProcesses = () => {
    if (process.platform === 'linux') processes.push(...search.inProcesses(kilt.app.process().pid ?? 0));
  };

  await desk.answerFileDialog(kilt, customer.keyFilePath);
  const { faults, watched } = desk.newToken({ userPin: typed.tokenPin });
  watched.card.minimumKeyGenerationMs = 1000;
  await desk.insert(faults);
  await expect(journey.passwordField()).toBeFocused();
  await typeAndEnter(page, typed.wrongPin);
  await journey.expectError('wrong-pin', { attemptsLeft: 9 });
  await expect(journey.passwordField()).toBeFocused();
  await typeAndEnter(page, typed.tokenPin);
  await journey.agreeToCreateProfile();
  expect(await secretsInHeap(page, search), 'after the picker').toEqual([]);

  await journey.next();
  await journey.fillRegistrationData({
    userId: customer.userId,
    otpPin: customer.otpPin,
    keyFilePassword: typed.wrongKeyFilePassword,
  });
  await journey.next();
  await journey.expectError('key-container-wrong', { likelyCause: 'password' });
  await journey.field(t('fields.keyFilePassword')).fill('');
  await journey.field(t('fields.keyFilePassword')).pressSequentially(customer.keyFilePasswordText);
  await journey.next();
  await journey.chooseNewPassword(typed.newPassword);
  await journey.next();
  await journey.confirmData();
  lookAtProcesses();
  await journey.next();
  await journey.waitForStep('sign-in-key-made');
  lookAtProcesses();
  await journey.waitUntilDone();
  await journey.finish();
  await expect(journey.passwordField()).toBeFocused();
  await typeAndEnter(page, typed.newPassword);
  await expect(journey.heading(t('home.title', { bank: desk.bank.system.name.ru }))).toBeVisible();

  expect(await secretsInHeap(page, search), 'after signing in').toEqual([]);
  expect(search.in(await page.content())).toEqual([]);
  lookAtProcesses();
  expect(processes).toEqual([]);
  expect(search.inFolder(userData), 'while Kilt runs').toEqual([]);
  await kilt.close();
  expect(search.inFolder(userData), 'when Kilt has ended').toEqual([]);
  expect(search.in(kilt.output())).toEqual([]);

  // The search looks in the right places: what is no secret is found there.
  const open = new SecretSearch({ userId: customer.userId });
  expect(open.in(readFileSync(path.join(userData, 'kilt.db')))).toEqual(['userId']);
  expect(kilt.output()).toContain('0200040');
});

test('no PIN typed in the control panel is in a file, a log, the journal of actions or the page afterwards', async () => {
  const userData = path.join(desk.folder, 'kilt-panel');
  const kilt = await desk.openKilt({ userData });
  const { page } = kilt;
  const staff = new SupportStaff(page, 'ru');
  const search = new SecretSearch({ ...panelPins });
  const { faults } = desk.newToken({
    profile: 'formatted',
    label: 'Kassa-7',
    userPin: panelPins.user,
    administratorPin: panelPins.administrator,
  });
  await desk.insert(faults);
  await staff.openControlPanel();
  await staff.typePin('user', panelPins.wrong);
  await staff.journey.expectError('wrong-pin', { attemptsLeft: 4 });
  await page.keyboard.press('Escape');
  await staff.logIn('user', panelPins.user);
  await staff.changePin('user', panelPins.newUser);
  await staff.logOut();
  await staff.logIn('administrator', panelPins.administrator);
  await staff.prepareFormat({ confirmation: 'Kassa-7', administratorPin: panelPins.newAdministrator });
  await staff.startFormat();
  await staff.expectFormatted();
  await staff.journey.button(staff.t('controlPanel.format.result.toPanel')).click();
  await expect(page.getByRole('heading', { name: staff.t('controlPanel.title') })).toBeVisible();

  expect(await secretsInHeap(page, search), 'in the page').toEqual([]);
  expect(search.inFolder(userData), 'while Kilt runs').toEqual([]);
  await kilt.close();
  expect(search.inFolder(userData), 'when Kilt has ended').toEqual([]);
  expect(search.in(kilt.output())).toEqual([]);
});

async function typeAndEnter(page: Page, text: string): Promise<void> {
  await page.keyboard.type(text);
  await page.keyboard.press('Enter');
}

/** Secrets that JavaScript of the page still holds on to: what a script that got in later could find. */
async function secretsInHeap(page: Page, search: SecretSearch): Promise<string[]> {
  const devTools = await page.context().newCDPSession(page);
  const chunks: string[] = [];
  devTools.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => chunks.push(chunk));
  await devTools.send('HeapProfiler.enable');
  await devTools.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false });
  await devTools.detach();
  const { strings } = JSON.parse(chunks.join('')) as { strings: string[] };
  expect(strings.length, 'the snapshot is a whole one').toBeGreaterThan(1000);
  return search.in(strings.join('\n'));
}
