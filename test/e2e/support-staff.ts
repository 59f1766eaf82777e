import { expect, type Locator, type Page } from '@playwright/test';
import type { i18n } from 'i18next';
import { createTranslator } from '#shared/texts/i18n.ts';
import type { Language } from '#shared/views.ts';
import { Journey } from './journey.ts';

type Role = 'user' | 'administrator';
type Row = 'change-user-pin' | 'change-administrator-pin' | 'unblock' | 'rename' | 'format';
type Tab = 'administration' | 'certificates' | 'settings' | 'about';

/** What support staff do in the control panel, by the words that are on the screen in their language. */
export class SupportStaff {
  readonly page: Page;
  readonly t: i18n['t'];
  readonly journey: Journey;

  constructor(page: Page, language: Language) {
    this.page = page;
    this.t = createTranslator(language).t;
    this.journey = new Journey(page, language);
  }

  async openControlPanel(): Promise<void> {
    await this.journey.button(this.t('frame.token')).click();
    await expect(this.journey.heading(this.t('controlPanel.title'))).toBeVisible();
  }

  async openTab(tab: Tab): Promise<void> {
    await this.page.getByRole('tab', { name: this.t(`controlPanel.tabs.${tab}`) }).click();
  }

  /** «Ввести PIN-код…», as whom, PIN, «ОК». */
  async typePin(role: Role, pin: string): Promise<void> {
    await this.openLogin(role);
    await this.pinField().fill(pin);
    await this.inDialog(this.t('common.ok')).click();
  }

  async openLogin(role: Role): Promise<void> {
    await this.page
      .getByRole('button', { name: this.t('controlPanel.logIn'), exact: true })
      .first()
      .click();
    await this.dialog()
      .getByRole('radio', { name: this.t(`controlPanel.roles.${role}`) })
      .check();
  }

  async logIn(role: Role, pin: string): Promise<void> {
    await this.typePin(role, pin);
    await this.expectRights(role);
  }

  async logOut(): Promise<void> {
    await this.journey.button(this.t('controlPanel.logOut')).click();
    await this.expectRights(null);
  }

  async expectRights(role: Role | null): Promise<void> {
    const words = this.t(`controlPanel.rights.${role ?? 'none'}`, { time: '' }).trim();
    await expect(this.page.getByRole('status').filter({ hasText: words })).toBeVisible();
  }

  /** The button of a row; its name is its own words and those of the row. */
  row(row: Row): Locator {
    const { button, name } = this.#words(row);
    return this.page.getByRole('button', { name: `${button} ${name}`, exact: true });
  }

  async choose(row: Row): Promise<void> {
    await this.row(row).click();
  }

  async changePin(role: Role, pin: string): Promise<void> {
    await this.choose(`change-${role}-pin`);
    await this.typeNewPin(pin);
    await this.inDialog(this.t('controlPanel.changePin.go')).click();
    await this.expectDone(`change-${role}-pin`);
  }

  /** @param nth 0 for the user's fields, 1 for the administrator's, where both are on the screen */
  async typeNewPin(pin: string, nth = 0): Promise<void> {
    for (const field of ['pin', 'confirmation'] as const) {
      const label = this.t(`controlPanel.newPin.${field}`);
      await this.page.getByRole('textbox', { name: label, exact: true }).nth(nth).fill(pin);
    }
  }

  async rename(label: string): Promise<void> {
    await this.choose('rename');
    await this.dialog().getByRole('textbox').fill(label);
    await this.inDialog(this.t('controlPanel.rename.go')).click();
    await this.expectDone('rename');
  }

  async unblock(): Promise<void> {
    await this.choose('unblock');
    await this.inDialog(this.t('controlPanel.unblock.go')).click();
    await expect(this.page.getByText(this.t('controlPanel.unblock.doneTitle')).first()).toBeVisible();
    await this.inDialog(this.t('common.close')).click();
  }

  /** Steps of formatting up to «Начать». The user gets the factory's PIN, as the form proposes. */
  async prepareFormat(
    {
      confirmation,
      label,
      administratorPin,
    }: { confirmation: string; label?: string; administratorPin: string },
    at: (screen: string) => Promise<void> = () => Promise.resolve(),
  ): Promise<void> {
    await this.choose('format');
    await expect(this.journey.heading(this.t('controlPanel.format.losses.title'))).toBeVisible();
    await at('format-losses');
    await this.journey.next();
    await expect(this.journey.heading(this.t('controlPanel.format.settings.title'))).toBeVisible();
    if (label !== undefined)
      await this.journey.field(this.t('controlPanel.format.settings.label')).fill(label);
    await this.typeNewPin(administratorPin);
    await at('format-settings');
    await this.journey.next();
    await expect(this.journey.heading(this.t('controlPanel.format.confirmation.title'))).toBeVisible();
    await this.page.getByRole('main').getByRole('textbox').fill(confirmation);
    await at('format-confirmation');
  }

  async startFormat(): Promise<void> {
    await this.journey.button(this.t('controlPanel.format.confirmation.go')).click();
  }

  async expectFormatted(): Promise<void> {
    await expect(this.journey.heading(this.t('controlPanel.format.result.title'))).toBeVisible({
      timeout: 30_000,
    });
  }

  async expectDone(
    action: 'change-user-pin' | 'change-administrator-pin' | 'unblock' | 'rename',
  ): Promise<void> {
    const words = this.t(`controlPanel.done.${action}`, { time: '' }).trim();
    await expect(this.page.getByRole('status').filter({ hasText: words })).toBeVisible();
  }

  dialog(): Locator {
    return this.page.getByRole('alertdialog').or(this.page.getByRole('dialog'));
  }

  inDialog(name: string): Locator {
    return this.dialog().getByRole('button', { name, exact: true });
  }

  pinField(): Locator {
    return this.dialog().getByRole('textbox', { name: this.t('controlPanel.login.pin'), exact: true });
  }

  #words(row: Row): { name: string; button: string } {
    return {
      name: this.t(`controlPanel.actions.${row}.name`),
      button: this.t(`controlPanel.actions.${row}.button`),
    };
  }
}
