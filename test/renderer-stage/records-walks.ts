import { expect, type Page } from '@playwright/test';
import { texts } from '#shared/texts/index.ts';
import type { PanelStub } from './panel-stub.ts';
import type { Walk } from './panel-walks.ts';

/** Certificates, journal and settings without a mouse: where the focus goes, what a key does and does not do. */

const { certificates: t, controlPanel, frame, common, journal, settings, help } = texts.ru;

interface Stage {
  asked: { name: string; input: unknown }[];
  handed: Uint8Array[];
  panel: PanelStub;
}
const inputs = (page: Page, name: string): Promise<unknown[]> =>
  page.evaluate(
    (wanted) =>
      (window as unknown as { stage: Stage }).stage.asked
        .filter((one) => one.name === wanted)
        .map(({ input }) => input),
    name,
  );
const keptSecrets = (page: Page) =>
  page.evaluate(
    () =>
      (window as unknown as { stage: Stage }).stage.handed.filter((bytes) => bytes.some((byte) => byte !== 0))
        .length,
  );
const endRights = (page: Page) =>
  page.evaluate(() => {
    (window as unknown as { stage: Stage }).stage.panel.endRights();
  });

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const dialog = (page: Page) => page.getByRole('alertdialog');
const row = (page: Page, nth: number) => page.getByRole('table').getByRole('button').nth(nth);
const details = (page: Page) => page.getByRole('region', { name: /^Подробности: / });

const toCertificates = async (page: Page): Promise<void> => {
  await button(page, frame.token).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('tab', { name: controlPanel.tabs.administration }).focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('table')).toBeVisible();
};
const press = async (page: Page, name: string): Promise<void> => {
  await button(page, name).focus();
  await page.keyboard.press('Enter');
};

export const recordsWalks: Readonly<Record<string, Walk>> = {
  'certificates: a row opens and closes its details, and keeps the focus': {
    scenario: 'certificates',
    walk: async (page) => {
      await toCertificates(page);
      await row(page, 2).focus();
      await page.keyboard.press('Enter');
      await expect(details(page)).toContainText(t.chain.incomplete);
      await expect(row(page, 2)).toBeFocused();
      await expect(row(page, 2)).toHaveAttribute('aria-expanded', 'true');
      await page.keyboard.press('Enter');
      await expect(details(page)).toHaveCount(0);
      await page.keyboard.press('Enter');
      await button(page, common.close).focus();
      await page.keyboard.press('Escape');
      await expect(details(page)).toHaveCount(0);
      await expect(row(page, 2)).toBeFocused();
    },
  },
  'certificates: in a small window the details take the place of the list, and the focus comes back': {
    scenario: 'certificates',
    walk: async (page) => {
      await page.setViewportSize({ width: 840, height: 560 });
      await toCertificates(page);
      await row(page, 3).focus();
      await page.keyboard.press('Enter');
      await expect(page.getByRole('heading', { name: 'ТОО «Тараз Сауда»' })).toBeFocused();
      await expect(page.getByRole('table')).toBeHidden();
      await press(page, t.back);
      await expect(row(page, 3)).toBeFocused();
    },
  },
  'certificates: without rights the buttons are found, do nothing, and lead to the login': {
    scenario: 'certificates',
    walk: async (page) => {
      await toCertificates(page);
      await press(page, t.import);
      await expect(button(page, t.import)).toHaveAccessibleDescription(controlPanel.obstacles['needs-user']);
      expect(await inputs(page, 'certificates.chooseImport')).toEqual([]);
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await expect(page.getByLabel(controlPanel.login.pin, { exact: true })).toBeFocused();
      await page.keyboard.type('Almaty2027');
      await page.keyboard.press('Enter');
      await expect(dialog(page)).toHaveCount(0);
      await expect(page.getByText(t.text)).toBeFocused();
      await press(page, t.import);
      expect(await inputs(page, 'certificates.chooseImport')).toHaveLength(1);
    },
  },
  'certificates: one that a bank knows can not be deleted, but can be saved': {
    scenario: 'certificates-user',
    walk: async (page) => {
      await toCertificates(page);
      await row(page, 0).focus();
      await page.keyboard.press('Enter');
      await press(page, t.delete);
      await expect(button(page, t.delete)).toHaveAccessibleDescription(t.deleting.inUse);
      await expect(dialog(page)).toHaveCount(0);
      await press(page, t.export);
      await expect(page.getByRole('menuitem').first()).toBeFocused();
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      await expect(page.getByText('Айгерим.cer')).toBeVisible();
    },
  },
  'certificates: import asks for the password, then for consent; nothing of the password stays': {
    scenario: 'certificates-user',
    walk: async (page) => {
      await toCertificates(page);
      await press(page, t.import);
      await expect(page.getByLabel(t.importing.password, { exact: true })).toBeFocused();
      await page.keyboard.type('Kanarya2027');
      expect(await page.evaluate(() => document.documentElement.outerHTML.includes('Kanarya2027'))).toBe(
        false,
      );
      await page.keyboard.press('Enter');
      await expect(dialog(page)).toContainText(t.importing.consent);
      await button(page, t.importing.go).focus();
      await page.keyboard.press('Enter');
      await expect(page.getByText(t.importing.consentNeeded)).toBeVisible();
      expect(await inputs(page, 'certificates.import')).toEqual([]);
      await page.getByRole('checkbox').focus();
      await page.keyboard.press('Space');
      await page.keyboard.press('Enter');
      await expect(page.getByText(t.importing.done)).toBeVisible();
      await expect(dialog(page)).toHaveCount(0);
      expect(await keptSecrets(page)).toBe(0);
      expect(await inputs(page, 'certificates.forgetImport')).toEqual([]);
    },
  },
  'certificates: an import that is left, or outlives its rights, is forgotten': {
    scenario: 'certificates-user',
    walk: async (page) => {
      const toPreview = async () => {
        await press(page, t.import);
        await page.keyboard.type('123456');
        await page.keyboard.press('Enter');
        await expect(page.getByRole('checkbox')).toBeVisible();
      };
      await toCertificates(page);
      await toPreview();
      await page.keyboard.press('Escape');
      await expect(dialog(page)).toHaveCount(0);
      await expect(button(page, t.import)).toBeFocused();
      expect(await inputs(page, 'certificates.forgetImport')).toEqual([{ importId: 'import-1' }]);
      await toPreview();
      await endRights(page);
      await expect(dialog(page)).toHaveCount(0);
      expect(await inputs(page, 'certificates.forgetImport')).toHaveLength(2);
    },
  },
  'certificates: Enter deletes nothing, a wrong name deletes nothing': {
    scenario: 'certificates-user',
    walk: async (page) => {
      await toCertificates(page);
      await row(page, 3).focus();
      await page.keyboard.press('Enter');
      await press(page, t.delete);
      const field = dialog(page).getByRole('textbox');
      await expect(field).toBeFocused();
      await page.keyboard.type('ТОО «Тараз Сауда»');
      await page.keyboard.press('Enter');
      expect(await inputs(page, 'certificates.delete')).toEqual([]);
      await page.keyboard.type('!');
      await press(page, t.deleting.go);
      await expect(dialog(page)).toContainText('Набрано не то');
      await expect(field).toBeFocused();
      expect(await inputs(page, 'certificates.delete')).toEqual([]);
      await page.keyboard.press('End');
      await page.keyboard.press('Backspace');
      await press(page, t.deleting.go);
      await expect(page.getByText(t.deleting.doneCertificate)).toBeVisible();
      await expect(page.getByText(t.text)).toBeFocused();
      expect(await inputs(page, 'certificates.delete')).toHaveLength(1);
    },
  },
  'certificates: rights that end take the question about deleting along': {
    scenario: 'certificates-user',
    walk: async (page) => {
      await toCertificates(page);
      await row(page, 3).focus();
      await page.keyboard.press('Enter');
      await press(page, t.delete);
      await expect(dialog(page)).toBeVisible();
      await endRights(page);
      await expect(dialog(page)).toHaveCount(0);
    },
  },
  'journal: filter and details; a rare entry is found far back': {
    scenario: 'journal-long',
    walk: async (page) => {
      await press(page, frame.journal);
      await expect(page.getByRole('heading', { level: 1, name: journal.title })).toBeFocused();
      await expect(page.getByText('Показано записей: 50.')).toBeVisible();
      expect(await inputs(page, 'audit.list')).toHaveLength(1);
      await page.getByRole('searchbox').focus();
      await page.keyboard.type('5e0c');
      await expect(page.getByText('rare, № 5E0C11A2')).toBeVisible();
      const entry = page.getByRole('button', { name: 'rare, № 5E0C11A2' });
      await entry.focus();
      await page.keyboard.press('Enter');
      await expect(page.getByText(journal.details.hash)).toBeVisible();
      await press(page, journal.filter.clear);
      await expect(page.getByText('Показано записей: 50.')).toBeVisible();
      await press(page, journal.more);
      await expect(page.getByText('Показано записей: 100.')).toBeVisible();
    },
  },
  'settings: a switch by Space; help and licences give the focus back': {
    scenario: 'settings',
    walk: async (page) => {
      await press(page, frame.settings);
      const autostart = page.getByRole('switch', { name: settings.autostart });
      await autostart.focus();
      await page.keyboard.press('Space');
      await expect(autostart).toBeChecked();
      expect(await inputs(page, 'settings.change')).toEqual([{ autostart: true }]);
      await press(page, settings.showHelp);
      await button(page, help.twoPins.question).focus();
      await page.keyboard.press('Enter');
      await expect(page.getByText(help.twoPins.answer)).toBeVisible();
      await page.keyboard.press('Escape');
      await expect(button(page, settings.showHelp)).toBeFocused();
      await press(page, settings.showLicences);
      await page.getByRole('searchbox').focus();
      await page.keyboard.type('zo');
      await expect(page.getByRole('dialog').getByRole('button', { name: /^zod/ })).toBeVisible();
      await expect(page.getByRole('dialog').getByRole('button', { name: /^react/ })).toHaveCount(0);
      await page.keyboard.press('Escape');
      await page.keyboard.press('Escape');
      await expect(button(page, settings.showLicences)).toBeFocused();
    },
  },
  'settings: a folder is opened by its button alone': {
    scenario: 'settings',
    walk: async (page) => {
      await press(page, frame.settings);
      await press(page, settings.openLogFolder);
      await press(page, settings.openDataFolder);
      expect(await inputs(page, 'folders.open')).toEqual([{ folder: 'logs' }, { folder: 'data' }]);
    },
  },
};
