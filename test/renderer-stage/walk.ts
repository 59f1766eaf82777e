import { expect, type Page } from '@playwright/test';
import { parseArgs } from 'node:util';
import { texts } from '#shared/texts/index.ts';
import { panelWalks, type Walk } from './panel-walks.ts';
import { keysWalks } from './keys-walks.ts';
import { recordsWalks } from './records-walks.ts';
import { serveStage } from './served-stage.ts';

/**
 * Walks through the page as a person without a mouse would, and looks for passwords where none may be.
 *
 *     npx tsx test/renderer-stage/walk.ts --only panel
 */
const { values } = parseArgs({
  options: {
    chromium: { type: 'string', default: '/usr/bin/chromium' },
    'no-build': { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
  },
});
const t = texts.ru;
const { browser, address, close } = await serveStage({
  chromium: values.chromium,
  build: !values['no-build'],
});

interface Stage {
  asked: { name: string }[];
  handed: Uint8Array[];
  tell: (name: string, payload: unknown) => void;
}
const asked = (page: Page) =>
  page.evaluate(() => (window as unknown as { stage: Stage }).stage.asked.map(({ name }) => name));
const tokens = (page: Page, payload: unknown) =>
  page.evaluate((changed) => {
    (window as unknown as { stage: Stage }).stage.tell('tokens.changed', changed);
  }, payload);
const token = {
  id: 'new',
  reader: 'R',
  state: 'ready',
  serial: '01',
  label: null,
  kind: 'empty',
  certificates: [],
  userPin: { attemptsLeft: 10, maxAttempts: 10, minLength: 6, blocked: false },
};
const password = (page: Page) => page.getByLabel(t.picker.password, { exact: true });

const walks: Record<string, Walk> = {
  'insertion puts the focus into the password, and says so': {
    scenario: 'no-token',
    walk: async (page) => {
      await page.getByRole('heading', { name: t.conditions['no-token'].state }).waitFor();
      await tokens(page, { presence: 'ready', transport: 'pcsc', tokens: [token] });
      await expect(password(page)).toBeFocused();
      await expect(page.getByText('Подключен токен: KAZTOKEN <no label> - ?')).toBeAttached();
      await tokens(page, { presence: 'no-token', transport: 'pcsc', tokens: [] });
      await expect(page.getByText(t.picker.disappeared)).toBeAttached();
    },
  },
  'a second token does not take the choice from somebody who types': {
    scenario: 'empty-token',
    walk: async (page) => {
      await page.keyboard.type('1234');
      const first = page.getByRole('radio').first();
      await tokens(page, {
        presence: 'ready',
        transport: 'pcsc',
        tokens: [{ ...token, id: 't-empty', serial: '3A5B7C1D' }, token],
      });
      await expect(page.getByRole('radio')).toHaveCount(2);
      await expect(first).toBeChecked();
      await expect(password(page)).toHaveValue('1234');
    },
  },
  'a password too short to be right costs no try': {
    scenario: 'home',
    walk: async (page) => {
      await page.keyboard.press('Enter');
      await expect(page.getByText(t.picker.passwordEmpty)).toBeVisible();
      await page.keyboard.type('123');
      await page.keyboard.press('Enter');
      await expect(page.getByText('Попытка не потрачена')).toBeVisible();
      expect(await asked(page)).not.toContain('picker.open');
    },
  },
  'the last try is asked for, and Esc does not spend it': {
    scenario: 'last-attempt',
    walk: async (page) => {
      await page.keyboard.type('Almaty2027');
      await page.keyboard.press('Enter');
      await expect(page.getByRole('button', { name: t.picker.lastAttempt.back })).toBeFocused();
      await page.keyboard.press('Escape');
      await expect(page.getByRole('alertdialog')).toHaveCount(0);
      expect(await asked(page)).not.toContain('picker.open');
      await expect(password(page)).toBeFocused();
    },
  },
  'a wrong password: the focus is back in the empty field': {
    scenario: 'wrong-pin',
    walk: async (page) => {
      await page.keyboard.type('Almaty2027');
      await page.keyboard.press('Enter');
      await expect(page.getByRole('alert')).toContainText('Осталось 9 попыток.');
      await expect(password(page)).toBeFocused();
      await expect(password(page)).toHaveValue('');
    },
  },
  'the token chip opens, takes the focus, and gives it back': {
    scenario: 'empty-token',
    walk: async (page) => {
      const chip = page.getByRole('banner').getByRole('button');
      await chip.focus();
      await page.keyboard.press('Enter');
      await expect(page.getByRole('button', { name: t.frame.chip.showProfiles })).toBeFocused();
      await page.keyboard.press('Escape');
      await expect(chip).toBeFocused();
    },
  },
  'the whole wizard without a mouse; no password in the document, none left in memory handed over': {
    scenario: 'empty-token',
    walk: async (page) => {
      const inDocument = (secret: string) =>
        page.evaluate((text) => document.documentElement.outerHTML.includes(text), secret);
      const { keyboard } = page;
      await keyboard.type('12345678');
      await keyboard.press('Enter');
      await expect(page.getByRole('alertdialog')).toContainText(t.picker.createProfile.text);
      await keyboard.press('Enter');
      await expect(page.getByRole('heading', { name: t.wizard.welcome.title })).toBeFocused();
      await keyboard.press('Enter');
      await expect(page.getByLabel(t.fields.userId)).toBeFocused();
      await keyboard.type('qq111111_qwertyui');
      await keyboard.press('Tab');
      await keyboard.type('a1b2c3d4e5o');
      await expect(page.getByLabel(t.fields.registrationPin).first()).toHaveValue('A1B2C3D4E5O');
      await keyboard.press('Tab');
      await expect(page.getByRole('button', { name: t.fields.browse })).toBeFocused();
      await keyboard.press('Space');
      await expect(page.getByText('Key.pfx', { exact: true }).last()).toBeVisible();
      await page.getByLabel(t.fields.userId).focus();
      expect(await inDocument('A1B2C3D4E5O')).toBe(false);
      await keyboard.press('Enter');
      await expect(page.getByLabel(t.fields.tokenName)).toBeFocused();
      await keyboard.press('Tab');
      await keyboard.type('Almaty2027');
      await keyboard.press('Tab');
      await keyboard.press('Tab');
      await keyboard.type('Almaty2028');
      await keyboard.press('Enter');
      await expect(page.getByText(t.fields.confirmationDiffers)).toBeVisible();
      await keyboard.press('Backspace');
      await keyboard.type('7');
      expect(await inDocument('Almaty2027')).toBe(false);
      await keyboard.press('Escape');
      await expect(page.getByRole('alertdialog')).toContainText(t.wizard.leave.title);
      await keyboard.press('Escape');
      await page.getByLabel(t.fields.confirmation).last().focus();
      await keyboard.press('Enter');
      await expect(page.getByRole('heading', { name: t.wizard.confirmation.title, level: 1 })).toBeFocused();
      await keyboard.press('Enter');
      await expect(page.getByText(t.wizard.confirmation.confirmNeeded)).toBeVisible();
      await page.getByRole('checkbox').focus();
      await keyboard.press('Space');
      await keyboard.press('Enter');
      await expect(page.getByRole('heading', { name: t.registration.progressTitle })).toBeFocused();
      const kept = await page.evaluate(() =>
        (window as unknown as { stage: Stage }).stage.handed.map((bytes) => bytes.some((byte) => byte !== 0)),
      );
      expect(kept.length).toBeGreaterThanOrEqual(4);
      expect(kept).not.toContain(true);
    },
  },
  'a look into the settings keeps what was typed; the language changes at once': {
    scenario: 'empty-token',
    walk: async (page) => {
      await page.keyboard.type('12345678');
      await page.keyboard.press('Enter');
      await page.getByRole('alertdialog').waitFor();
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: t.common.next }).click();
      await page.getByLabel(t.fields.userId).fill('qq1');
      await page.getByRole('button', { name: t.frame.settings }).click();
      await page.getByRole('radio', { name: 'Қазақша' }).check();
      await expect(page.getByRole('heading', { name: texts.kk.settings.title })).toBeVisible();
      await page.getByRole('button', { name: texts.kk.frame.profiles }).click();
      await expect(page.getByLabel(texts.kk.fields.userId)).toHaveValue('qq1');
      expect(await page.evaluate(() => document.documentElement.lang)).toBe('kk');
    },
  },
  'a token pulled in the wizard comes back: its password is asked for, the data are kept': {
    scenario: 'empty-token',
    walk: async (page) => {
      await page.keyboard.type('12345678');
      await page.keyboard.press('Enter');
      await page.getByRole('alertdialog').waitFor();
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: t.common.next }).click();
      await page.getByLabel(t.fields.userId).fill('qq1');
      await tokens(page, { presence: 'no-token', transport: 'pcsc', tokens: [] });
      await expect(page.getByText(t.wizard.tokenGone.title)).toBeVisible();
      await tokens(page, {
        presence: 'ready',
        transport: 'pcsc',
        tokens: [{ ...token, serial: '3A5B7C1D' }],
      });
      await expect(page.getByRole('alertdialog')).toContainText(t.wizard.tokenGone.passwordTitle);
      await expect(password(page)).toBeFocused();
      await page.keyboard.type('12345678');
      await page.keyboard.press('Enter');
      await expect(page.getByRole('alertdialog')).toHaveCount(0);
      await expect(page.getByText(t.wizard.tokenGone.title)).toHaveCount(0);
      await expect(page.getByLabel(t.fields.userId)).toHaveValue('qq1');
    },
  },
  'a token pulled at home ends the session': {
    scenario: 'home',
    walk: async (page) => {
      await page.keyboard.type('Almaty2027');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Вы вошли в Интернет-Банкинг Демо Банка' }).waitFor();
      await tokens(page, { presence: 'no-token', transport: 'pcsc', tokens: [] });
      await expect(page.getByText(t.picker.sessionEnded.title)).toBeVisible();
    },
  },
  'an unfinished registration goes on at once where nothing more must be typed': {
    scenario: 'unfinished',
    walk: async (page) => {
      await page.keyboard.type('Almaty2027');
      await page.keyboard.press('Enter');
      await expect(page.getByRole('heading', { name: t.registration.progressTitle })).toBeFocused();
      expect(await asked(page)).toContain('registration.resume');
    },
  },
  'and asks for exactly what is missing where something must': {
    scenario: 'unfinished-data',
    walk: async (page) => {
      await page.keyboard.type('Almaty2027');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: t.registration.resumeTitle }).waitFor();
      await expect(page.getByLabel(t.fields.userId)).toHaveValue('qq111111_qwertyui');
      await page.getByLabel(t.fields.registrationPin).first().fill('A1B2C3D4E5O');
      await page.getByRole('button', { name: t.fields.browse }).click();
      await page.getByLabel(t.fields.newPassword, { exact: true }).fill('Almaty2027');
      await page.getByLabel(t.fields.confirmation, { exact: true }).fill('Almaty2027');
      await page.getByRole('button', { name: t.common.continue }).click();
      await expect(page.getByRole('heading', { name: t.registration.progressTitle })).toBeVisible();
    },
  },
};

const chosen = Object.entries({ ...walks, ...panelWalks, ...recordsWalks, ...keysWalks }).filter(([name]) =>
  name.includes(values.only),
);
let failed = 0;
for (const [name, { scenario, noPassword, walk }] of chosen) {
  const context = await browser.newContext({
    viewport: { width: 1000, height: 680 },
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  page.setDefaultTimeout(5_000);
  try {
    await page.goto(`${address}?scenario=${scenario}&lang=ru`);
    await page.getByRole('main').waitFor();
    if (scenario !== 'no-token' && noPassword !== true) await expect(password(page)).toBeFocused();
    await walk(page);
    console.log(`passed: ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`FAILED: ${name}\n  ${String(error)}`);
  }
  await context.close();
}
await close();
console.log(`${chosen.length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
