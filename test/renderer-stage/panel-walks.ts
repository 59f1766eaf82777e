import { expect, type Page } from '@playwright/test';
import { texts } from '#shared/texts/index.ts';
import type { PanelStub } from './panel-stub.ts';

/** The control panel without a mouse: where the focus goes, what a key does and does not do. */

export interface Walk {
  readonly scenario: string;
  /** The picker of this scenario asks for no password. */
  readonly noPassword?: boolean;
  readonly walk: (page: Page) => Promise<void>;
}

const t = texts.ru.controlPanel;
const { common } = texts.ru;

interface Stage {
  asked: { name: string; input: unknown }[];
  handed: Uint8Array[];
  panel: PanelStub;
  tell: (name: string, payload: unknown) => void;
}

const calls = (page: Page, name: string) =>
  page.evaluate(
    (wanted) =>
      (window as unknown as { stage: Stage }).stage.asked.filter((one) => one.name === wanted).length,
    name,
  );
const keptSecrets = (page: Page) =>
  page.evaluate(
    () =>
      (window as unknown as { stage: Stage }).stage.handed.filter((bytes) => bytes.some((byte) => byte !== 0))
        .length,
  );
const inDocument = (page: Page, secret: string) =>
  page.evaluate((text) => document.documentElement.outerHTML.includes(text), secret);

type Row = keyof typeof t.actions;
const rowButton = (page: Page, row: Row) =>
  page.getByRole('button', { name: `${t.actions[row].button} ${t.actions[row].name}`, exact: true });
const dialog = (page: Page) => page.getByRole('alertdialog');
const title = (page: Page, name: string) => page.getByRole('heading', { level: 1, name, exact: true });
const pinField = (page: Page) => page.getByLabel(t.login.pin, { exact: true });

const open = async (page: Page): Promise<void> => {
  await page.getByRole('button', { name: texts.ru.frame.token, exact: true }).focus();
  await page.keyboard.press('Enter');
  await expect(title(page, t.title)).toBeFocused();
};
const press = async (page: Page, row: Row): Promise<void> => {
  await rowButton(page, row).focus();
  await page.keyboard.press('Enter');
};
const toConfirmation = async (page: Page): Promise<void> => {
  await press(page, 'format');
  await expect(title(page, t.format.losses.title)).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByLabel(t.format.settings.label)).toBeFocused();
  await page.getByLabel(t.newPin.pin, { exact: true }).focus();
  await page.keyboard.type('Almaty2027');
  await page.getByLabel(t.newPin.confirmation, { exact: true }).focus();
  await page.keyboard.type('Almaty2027');
  await page.keyboard.press('Enter');
  await expect(title(page, t.format.confirmation.title)).toBeFocused();
};

export const panelWalks: Readonly<Record<string, Walk>> = {
  'panel: logging in by keyboard; the focus comes back to the button that opened it': {
    scenario: 'panel-guest',
    walk: async (page) => {
      await open(page);
      await page.keyboard.press('Tab');
      const button = page.getByRole('button', { name: t.logIn, exact: true }).first();
      await expect(button).toBeFocused();
      await page.keyboard.press('Enter');
      await expect(pinField(page)).toBeFocused();
      await expect(dialog(page)).toContainText('Осталось 10 попыток ввода');
      await page.keyboard.press('Escape');
      await expect(dialog(page)).toHaveCount(0);
      await expect(button).toBeFocused();
      await page.keyboard.press('Enter');
      await page.keyboard.press('Shift+Tab');
      await page.keyboard.press('ArrowRight');
      await expect(page.getByRole('radio', { name: t.roles.administrator })).toBeChecked();
      await pinField(page).focus();
      await page.keyboard.type('87654321');
      await page.keyboard.press('Enter');
      await expect(page.getByText('Вошли как Администратор')).toBeVisible();
      await expect(page.getByRole('button', { name: t.logOut })).toBeFocused();
      expect(await keptSecrets(page)).toBe(0);
      await page.keyboard.press('Enter');
      await expect(page.getByText(t.rights.none)).toBeVisible();
      await expect(page.getByText(t.rights.endedTitle)).toHaveCount(0);
    },
  },
  'panel: a button that does nothing can be reached, says why, and does nothing': {
    scenario: 'panel-guest',
    walk: async (page) => {
      await open(page);
      const button = rowButton(page, 'unblock');
      await button.focus();
      await expect(button).toBeFocused();
      await expect(button).toHaveAccessibleDescription(t.obstacles['needs-administrator']);
      await page.keyboard.press('Enter');
      await expect(dialog(page)).toHaveCount(0);
    },
  },
  'panel: the reason leads to the login as the right role, and back to the button, which now works': {
    scenario: 'panel-user-blocked',
    walk: async (page) => {
      await open(page);
      const row = page.getByRole('listitem').filter({ has: rowButton(page, 'unblock') });
      await row.getByRole('button', { name: t.logIn }).focus();
      await page.keyboard.press('Enter');
      await expect(page.getByRole('radio', { name: t.roles.administrator })).toBeChecked();
      await expect(pinField(page)).toBeFocused();
      await page.keyboard.type('87654321');
      await page.keyboard.press('Enter');
      await expect(rowButton(page, 'unblock')).toBeFocused();
      await page.keyboard.press('Enter');
      await expect(dialog(page)).toContainText(t.unblock.title);
      await page.keyboard.press('Enter');
      await expect(dialog(page)).toContainText(t.unblock.doneTitle);
      await page.keyboard.press('Escape');
      await expect(rowButton(page, 'unblock')).toBeFocused();
      await expect(page.getByText('PIN-код успешно разблокирован в')).toBeVisible();
      expect(await calls(page, 'panel.unblock')).toBe(1);
    },
  },
  'panel: a PIN that can not be right costs no try; the last one is asked for, and Esc keeps it': {
    scenario: 'panel-last-attempt',
    walk: async (page) => {
      await open(page);
      await page.getByRole('button', { name: t.logIn, exact: true }).first().click();
      await page.getByRole('radio', { name: t.roles.administrator }).check();
      await pinField(page).focus();
      await page.keyboard.type('123');
      await page.keyboard.press('Enter');
      await expect(page.getByText('Попытка не потрачена')).toBeVisible();
      await page.keyboard.type('45678');
      await page.keyboard.press('Enter');
      await expect(page.getByRole('button', { name: t.login.lastAttempt.back })).toBeFocused();
      await page.keyboard.press('Escape');
      await expect(pinField(page)).toBeFocused();
      expect(await calls(page, 'panel.login')).toBe(0);
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: t.login.lastAttempt.go }).focus();
      await page.keyboard.press('Enter');
      await expect(page.getByText(t.login.blockedText.administrator)).toBeVisible();
      expect(await calls(page, 'panel.login')).toBe(1);
    },
  },
  'panel: a new PIN is nowhere in the page afterwards; what was done is told in its row': {
    scenario: 'panel-user',
    walk: async (page) => {
      await open(page);
      await press(page, 'change-user-pin');
      await expect(page.getByLabel(t.newPin.pin, { exact: true })).toBeFocused();
      await page.keyboard.type('12345679');
      await page.getByLabel(t.newPin.confirmation, { exact: true }).focus();
      await page.keyboard.type('12345679');
      await page.keyboard.press('Enter');
      await expect(page.getByText(t.newPin.acceptWeakNeeded)).toBeVisible();
      expect(await calls(page, 'panel.changePin')).toBe(0);
      await page.getByRole('checkbox').focus();
      await page.keyboard.press('Space');
      // Another PIN is another question.
      await page.getByLabel(t.newPin.pin, { exact: true }).fill('1234567');
      await page.getByLabel(t.newPin.confirmation, { exact: true }).fill('1234567');
      await expect(page.getByRole('checkbox')).not.toBeChecked();
      await page.getByRole('checkbox').check();
      expect(await inDocument(page, '1234567')).toBe(false);
      await page.getByLabel(t.newPin.confirmation, { exact: true }).focus();
      await page.keyboard.press('Enter');
      await expect(dialog(page)).toHaveCount(0);
      await expect(rowButton(page, 'change-user-pin')).toBeFocused();
      await expect(page.getByText('PIN-код пользователя изменен в')).toBeVisible();
      await expect(page.getByText(t.defaultPin)).toHaveCount(0);
      expect(await inDocument(page, '1234567')).toBe(false);
      expect(await keptSecrets(page)).toBe(0);
    },
  },
  'panel: rights that end by themselves close what needs them, and say so': {
    scenario: 'panel-user',
    walk: async (page) => {
      await open(page);
      await press(page, 'change-user-pin');
      await page.keyboard.type('Almaty2027');
      await page.evaluate(() => {
        (window as unknown as { stage: Stage }).stage.panel.endRights();
      });
      await expect(dialog(page)).toHaveCount(0);
      await expect(page.getByText(t.rights.endedTitle)).toBeVisible();
    },
  },
  'panel: the tabs change by arrow keys and keep the section': {
    scenario: 'panel-guest',
    walk: async (page) => {
      await open(page);
      await page.getByRole('tab', { name: t.tabs.administration }).focus();
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('Enter');
      await expect(page.getByRole('tab', { name: t.tabs.settings })).toHaveAttribute('aria-selected', 'true');
      await expect(page.getByRole('tabpanel')).toContainText(texts.ru.settings.appliesAtOnce);
    },
  },
  'panel: Enter presses no «Начать»; the name must be typed to the letter': {
    scenario: 'panel-format-finished',
    walk: async (page) => {
      await open(page);
      await toConfirmation(page);
      const field = page.getByRole('main').getByRole('textbox');
      await field.focus();
      await page.keyboard.type('qq111111_qwerty');
      const start = page.getByRole('button', { name: t.format.confirmation.go, exact: true });
      await start.focus();
      await page.keyboard.press('Space');
      await expect(page.getByText('Набрано не то')).toBeVisible();
      await expect(field).toBeFocused();
      await page.keyboard.type('ui');
      await page.keyboard.press('Enter');
      await expect(title(page, t.format.confirmation.title)).toBeVisible();
      expect(await calls(page, 'panel.format')).toBe(0);
      await start.focus();
      await page.keyboard.press('Space');
      await expect(title(page, t.format.result.title)).toBeFocused();
      expect(await calls(page, 'panel.format')).toBe(1);
      expect(await inDocument(page, 'Almaty2027')).toBe(false);
      expect(await keptSecrets(page)).toBe(0);
      await page.keyboard.press('Enter');
      await expect(rowButton(page, 'format')).toBeFocused();
    },
  },
  'panel: leaving the dialog of formatting changes nothing and brings back its button': {
    scenario: 'panel-format-finished',
    walk: async (page) => {
      await open(page);
      await toConfirmation(page);
      await page.keyboard.press('Escape');
      await expect(rowButton(page, 'format')).toBeFocused();
      expect(await calls(page, 'panel.format')).toBe(0);
    },
  },
  'panel: a refused «Начать» keeps what was typed, and the look into another section too': {
    scenario: 'panel-format-refused',
    walk: async (page) => {
      await open(page);
      await toConfirmation(page);
      await page.getByRole('main').getByRole('textbox').fill('qq111111_qwertyui');
      await page.getByRole('button', { name: t.format.confirmation.go, exact: true }).click();
      await expect(page.getByRole('alert')).toContainText(texts.ru.errors.catalogue['disk-full'].title);
      await page.getByRole('button', { name: texts.ru.frame.settings }).click();
      await page.getByRole('button', { name: texts.ru.frame.token, exact: true }).click();
      await page.getByRole('button', { name: common.back }).click();
      await expect(page.getByLabel(t.newPin.pin, { exact: true })).toHaveValue('Almaty2027');
    },
  },
  'panel: an unfinished registration stops the format; only number and reason lift it': {
    scenario: 'panel-format-unfinished',
    walk: async (page) => {
      await open(page);
      await press(page, 'format');
      await expect(page.getByText(t.format.blockers.unfinishedTitle)).toBeVisible();
      await expect(page.getByRole('button', { name: common.next })).toHaveCount(0);
      await page.keyboard.press('Enter');
      await expect(title(page, t.format.losses.title)).toBeVisible();
      await page.getByRole('button', { name: t.format.blockers.override }).focus();
      await page.keyboard.press('Enter');
      await expect(page.getByLabel(t.format.override.serial)).toBeFocused();
      await page.keyboard.type('47738461');
      await page.keyboard.press('Enter');
      await expect(page.getByText(t.format.override.serialDiffers)).toBeVisible();
      await page.getByLabel(t.format.override.serial).fill('3a5b7c1d');
      await page.getByLabel(t.format.override.reason).fill('Заявка 118, разрешил Ахметов');
      await page.getByRole('button', { name: common.next }).click();
      await expect(title(page, t.format.settings.title)).toBeVisible();
    },
  },
  'panel: a second token stops the format wherever it stands': {
    scenario: 'panel-format-several',
    walk: async (page) => {
      await open(page);
      await press(page, 'format');
      await expect(page.getByText(t.format.blockers.severalTitle)).toBeVisible();
      await expect(page.getByRole('button', { name: common.next })).toHaveCount(0);
    },
  },
  'panel: a token pulled before «Начать» ends the dialog, and says that nothing was changed': {
    scenario: 'panel-format',
    walk: async (page) => {
      await open(page);
      await toConfirmation(page);
      await page.evaluate(() => {
        (window as unknown as { stage: Stage }).stage.tell('tokens.changed', {
          presence: 'no-token',
          transport: 'pcsc',
          tokens: [],
        });
      });
      await expect(page.getByText(t.format.tokenGone.text)).toBeVisible();
    },
  },
  'panel: a half-formatted token leads to the end of it': {
    scenario: 'panel-half-formatted',
    noPassword: true,
    walk: async (page) => {
      await open(page);
      await page.getByRole('button', { name: t.halfFormatted.finish }).focus();
      await page.keyboard.press('Enter');
      await expect(page.getByLabel(t.format.settings.label)).toBeFocused();
    },
  },
};
