import { expect, test, type Page } from '@playwright/test';
import { ChangeableCard } from '#test/support/changeable-card.ts';
import type { RunningKilt } from '#test/support/electron-app.ts';
import { holdToken } from '#test/support/other-program.ts';
import { askWorldForReaders, worldSocket } from '#test/virtual-token/reader-world.ts';
import { Desk } from './desk.ts';
import { certificateFromOpenssl } from './openssl-files.ts';
import { lookAt, speak } from './pictures.ts';
import { SupportStaff } from './support-staff.ts';

/**
 * Who else has a hand in it while support staff work: another program that holds the token, somebody who swaps it, a
 * reader that goes, a page that is loaded anew. Each time: what they read, that nobody is logged in, that nothing is lost.
 */

const factoryPin = { user: '12345678', administrator: '87654321' };
const newPin = 'Qamshy5Otau';
/** Kilt waits ten seconds for the other program, and as long for its turn. */
const patience = { timeout: 40_000 };

let desk: Desk;
let kilt: RunningKilt;
let page: Page;
let staff: SupportStaff;
test.beforeAll(async () => {
  desk = await Desk.set();
  kilt = await desk.openKilt();
  page = kilt.page;
  staff = new SupportStaff(page, 'ru');
});
test.afterEach(async () => {
  await desk.pull();
  await page.reload();
  await speak(page, 'ru');
  await expect(page.getByText(staff.t('conditions.no-token.next'))).toBeVisible();
});
test.afterAll(() => desk.clear());

async function openPanelOf(options: Parameters<Desk['newToken']>[0] = {}) {
  const token = desk.newToken({ profile: 'formatted', label: 'Kassa-7', ...options });
  await desk.insert(token.faults);
  await staff.openControlPanel();
  await expect(page.getByRole('heading', { name: 'Kassa-7' })).toBeVisible();
  return token;
}

const expectInUse = async () => {
  await expect(page.getByText(staff.t('errors.catalogue.token-in-use.title')).first()).toBeVisible(patience);
  await staff.journey.expectError('token-in-use');
};

/** The rights have ended, and the panel says so. */
async function expectRightsEnded() {
  await staff.expectRights(null);
  await expect(page.getByText(staff.t('controlPanel.rights.endedTitle'))).toBeVisible();
}

// Kilt's own virtual reader has no other programs, and never goes: where there is no PC/SC, scripts/test.mjs says so.
const withPcsc = process.env['KILT_PCSC'] === 'private' ? test : () => undefined;

test.describe('another program that holds the token', () => {
  withPcsc('stops a login before a try is spent', async () => {
    const { watched } = await openPanelOf();
    const other = await holdToken();
    await staff.typePin('user', factoryPin.user);
    await lookAt(page, 'panel-login-in-use', async (seen) => {
      await expect(page.getByText(seen.t('errors.catalogue.token-in-use.title'))).toBeVisible(patience);
      await seen.expectError('token-in-use');
    });
    expect(watched.verifies).toBe(0);
    await other.end();
    await staff.pinField().fill(factoryPin.user);
    await staff.inDialog(staff.t('common.ok')).click();
    await staff.expectRights('user');
    expect(watched.refusedVerifies).toBe(0);
  });

  const actions: Record<string, { as: 'user' | 'administrator'; begin: () => Promise<void> }> = {
    'a new PIN': {
      as: 'user',
      begin: async () => {
        await staff.choose('change-user-pin');
        await staff.typeNewPin(newPin);
        await staff.inDialog(staff.t('controlPanel.changePin.go')).click();
      },
    },
    'a new name': {
      as: 'user',
      begin: async () => {
        await staff.choose('rename');
        await staff.dialog().getByRole('textbox').fill('Kassa-8');
        await staff.inDialog(staff.t('controlPanel.rename.go')).click();
      },
    },
    'an import': {
      as: 'user',
      begin: async () => {
        await staff.openTab('certificates');
        await desk.answerFileDialog(kilt, certificateFromOpenssl(desk.folder, 'Saule'));
        await staff.journey.button(staff.t('certificates.import')).click();
        await staff.inDialog(staff.t('certificates.importing.go')).click();
      },
    },
  };
  for (const [what, { as, begin }] of Object.entries(actions)) {
    withPcsc(`stops ${what}; it finds nobody logged in, and nothing has changed`, async () => {
      const { watched } = await openPanelOf();
      await staff.logIn(as, factoryPin[as]);
      const before = watched.snapshot();
      const verifies = watched.verifies;
      const other = await holdToken();
      expect(other.pinStates).toEqual({
        user: expect.stringMatching(/^63C/),
        administrator: expect.stringMatching(/^63C/),
      });
      await begin();
      await expectInUse();
      await expectRightsEnded();
      await expect(staff.dialog(), 'it could only be refused').toHaveCount(0);
      await staff.journey.expectError('token-in-use');
      expect(watched.verifies).toBe(verifies);
      expect(watched.snapshot()).toEqual(before);
      await other.end();
      await staff.openTab('administration');
      await staff.logIn(as, factoryPin[as]);
    });
  }

  withPcsc('stops a format before anything is wiped; it is begun again after the PIN', async () => {
    const { watched } = await openPanelOf();
    await staff.logIn('administrator', factoryPin.administrator);
    await staff.prepareFormat({ confirmation: 'Kassa-7', administratorPin: newPin });
    const before = watched.snapshot();
    const other = await holdToken();
    await staff.startFormat();
    await expectInUse();
    await expect(page.getByText(staff.t('controlPanel.rights.endedTitle'))).toBeVisible();
    expect(watched.snapshot()).toEqual(before);
    await other.end();
    await staff.typePin('administrator', factoryPin.administrator);
    await expect(staff.dialog()).toHaveCount(0);
    await page.getByRole('main').getByRole('textbox').fill('Kassa-7');
    await staff.startFormat();
    await staff.expectFormatted();
    expect(watched.refusedVerifies).toBe(0);
  });
});

test('a token swapped between PIN and action gets neither; the panel says that it is another one', async () => {
  const first = desk.newToken({ profile: 'formatted', label: 'Kassa-7', serial: '11111111' });
  const other = desk.newToken({ profile: 'formatted', label: 'Kassa-9', serial: '22222222' });
  const place = new ChangeableCard(first.faults);
  await desk.insert(place);
  await staff.openControlPanel();
  await expect(page.getByRole('heading', { name: 'Kassa-7' })).toBeVisible();
  await staff.logIn('user', factoryPin.user);
  await staff.choose('rename');
  const before = other.watched.snapshot();
  place.change(other.faults);
  await staff.dialog().getByRole('textbox').fill('Kassa-8');
  await staff.inDialog(staff.t('controlPanel.rename.go')).click();
  await lookAt(page, 'panel-swapped', async (seen) => {
    await seen.expectError('token-swapped');
  });
  await staff.expectRights(null);
  expect(first.watched.verifies).toBe(1);
  expect(other.watched.verifies).toBe(0);
  expect(other.watched.snapshot()).toEqual(before);
});

withPcsc(
  'a reader that goes while a PIN is changed takes the rights; one of the two PINs is right',
  async () => {
    const world = worldSocket();
    if (world === undefined) throw new Error('the PC/SC world has no socket');
    const { faults, watched } = await openPanelOf();
    await staff.logIn('user', factoryPin.user);
    await staff.choose('change-user-pin');
    await staff.typeNewPin(newPin);
    faults.arm({ do: 'delay', milliseconds: 3000, command: 'CHANGE-PIN' });
    const struck = new Promise<void>((resolve) => {
      faults.onStrike(() => {
        resolve();
      });
    });
    await staff.inDialog(staff.t('controlPanel.changePin.go')).click();
    await struck;
    await askWorldForReaders(world, false);
    await lookAt(page, 'panel-no-reader', async (seen) => {
      const title = seen.t('conditions.no-reader.state');
      await expect(page.getByRole('main').getByText(title).filter({ visible: true }).first()).toBeVisible();
    });
    await askWorldForReaders(world, true);
    await expect(page.getByRole('heading', { name: 'Kassa-7' })).toBeVisible(patience);
    await staff.expectRights(null);
    await staff.logIn('user', newPin);
    expect(watched.refusedVerifies).toBe(0);
  },
);

test('a page that is loaded again during a format shows it at once', async () => {
  const { faults, watched } = await openPanelOf();
  await staff.logIn('administrator', factoryPin.administrator);
  await staff.prepareFormat({ confirmation: 'Kassa-7', label: 'Kassa-8', administratorPin: newPin });
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  const transmit = watched.transmit.bind(watched);
  watched.transmit = async (command) => {
    // CHANGE REFERENCE DATA: the administrator's new PIN, in the middle of it all.
    if (command[1] === 0x24) await held;
    return transmit(command);
  };
  await staff.startFormat();
  const underWay = page.getByRole('listitem').filter({
    hasText: staff.t('controlPanel.format.progress.stages.administrator-pin'),
  });
  await expect(underWay).toHaveAttribute('aria-current', 'step');
  await page.reload();
  await expect(staff.journey.heading(staff.t('controlPanel.format.progress.title'))).toBeVisible();
  await expect(underWay).toHaveAttribute('aria-current', 'step');
  release();
  await staff.expectFormatted();
  expect(faults.present).toBe(true);
});
