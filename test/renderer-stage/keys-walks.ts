import { expect, type Page } from '@playwright/test';
import { texts } from '#shared/texts/index.ts';
import { accepted, issued } from './keys-scenarios.ts';
import type { Walk } from './panel-walks.ts';

/** «Ключи» without a mouse: where the focus goes, what a key does and does not do, and that no password stays. */

const { keys: t, frame, common, picker } = texts.ru;

interface Stage {
  asked: { name: string; input: unknown }[];
  handed: Uint8Array[];
  tell: (name: string, payload: unknown) => void;
}
const asked = (page: Page, name: string): Promise<number> =>
  page.evaluate(
    (wanted) =>
      (window as unknown as { stage: Stage }).stage.asked.filter((one) => one.name === wanted).length,
    name,
  );
const keptSecrets = (page: Page): Promise<number> =>
  page.evaluate(
    () =>
      (window as unknown as { stage: Stage }).stage.handed.filter((bytes) => bytes.some((byte) => byte !== 0))
        .length,
  );
const become = (page: Page, sets: unknown): Promise<void> =>
  page.evaluate((changed) => {
    (window as unknown as { stage: Stage }).stage.tell('renewals.changed', changed);
  }, sets);

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name });
/** The picker's own field is still in the page, hidden. */
const password = (page: Page) => page.getByLabel(picker.password, { exact: true }).filter({ visible: true });
const press = async (page: Page, name: string): Promise<void> => {
  await button(page, name).focus();
  await page.keyboard.press('Enter');
};
const toKeys = async (page: Page): Promise<void> => {
  await press(page, frame.keys);
  await expect(heading(page, t.title)).toBeFocused();
};

export const keysWalks: Readonly<Record<string, Walk>> = {
  'keys: a row shows its set, and only what its status allows can be pressed': {
    scenario: 'keys-many',
    walk: async (page) => {
      await toKeys(page);
      const rows = page.getByRole('table').getByRole('button');
      await expect(rows.nth(1)).toHaveAttribute('aria-current', 'true');
      // Its token is not there.
      await expect(button(page, t.toolbar.new)).toBeDisabled();
      await rows.nth(3).focus();
      await page.keyboard.press('Enter');
      await expect(rows.nth(3)).toHaveAttribute('aria-current', 'true');
      await expect(rows.nth(3)).toBeFocused();
      await expect(button(page, t.toolbar.take)).toBeEnabled();
      await expect(button(page, t.toolbar.new)).toBeDisabled();
      await expect(button(page, t.toolbar.send)).toBeDisabled();
      await rows.nth(0).focus();
      await page.keyboard.press('Space');
      await expect(button(page, t.toolbar.new)).toBeEnabled();
    },
  },
  'keys: from «Новый» to the bank by keys alone, with consent, one try, and nothing typed kept': {
    scenario: 'keys-planned',
    walk: async (page) => {
      await toKeys(page);
      await press(page, t.toolbar.new);
      await expect(heading(page, t.description.title)).toBeFocused();
      await expect(button(page, common.next)).toBeEnabled();
      await page.keyboard.press('Enter');
      await expect(heading(page, t.consent.title)).toBeFocused();
      await password(page).focus();
      await page.keyboard.type('Almaty2027');
      await page.keyboard.press('Enter');
      await expect(page.getByText(t.consent.needed)).toBeVisible();
      expect(await asked(page, 'renewals.send')).toBe(0);
      await page.getByRole('checkbox').focus();
      await page.keyboard.press('Space');
      await password(page).focus();
      await page.keyboard.press('Enter');
      await expect(heading(page, t.progress.title)).toBeFocused();
      expect(await asked(page, 'renewals.send')).toBe(1);
      expect(await keptSecrets(page)).toBe(0);
      await become(page, [accepted]);
      await expect(heading(page, t.status.accepted)).toBeFocused();
      await become(page, [issued]);
      await expect(heading(page, t.status['new-certificate'])).toBeFocused();
      await page.keyboard.press('Enter');
      await expect(heading(page, t.take.title)).toBeVisible();
      await page.keyboard.press('Escape');
      await expect(heading(page, t.title)).toBeFocused();
    },
  },
  'keys: a wrong password is asked for again, and Esc leaves without a second try': {
    scenario: 'keys-wrong-pin',
    walk: async (page) => {
      await toKeys(page);
      await press(page, t.toolbar.new);
      await expect(button(page, common.next)).toBeEnabled();
      await page.keyboard.press('Enter');
      await page.getByRole('checkbox').focus();
      await page.keyboard.press('Space');
      await password(page).focus();
      await page.keyboard.type('Almaty2027');
      await page.keyboard.press('Enter');
      await expect(page.getByRole('alert').first()).toBeVisible();
      await expect(password(page)).toBeFocused();
      await expect(password(page)).toHaveValue('');
      await page.keyboard.press('Escape');
      await expect(heading(page, t.title)).toBeFocused();
      expect(await asked(page, 'renewals.send')).toBe(1);
      expect(await keptSecrets(page)).toBe(0);
    },
  },
  'keys: a refusal is read and closed': {
    scenario: 'keys-refused',
    walk: async (page) => {
      await toKeys(page);
      await press(page, t.showRefusal);
      await expect(heading(page, t.status.refused)).toBeFocused();
      await page.keyboard.press('Enter');
      await expect(heading(page, t.title)).toBeFocused();
      expect(await asked(page, 'renewals.close')).toBe(1);
      await expect(button(page, t.toolbar.new)).toBeEnabled();
    },
  },
};
