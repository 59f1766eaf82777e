import { expect, type Locator, type Page } from '@playwright/test';
import type { i18n } from 'i18next';
import { errorCatalogue, type ErrorData, type ErrorId } from '#shared/errors.ts';
import { errorSentences } from '#shared/texts/error-sentences.ts';
import { createTranslator } from '#shared/texts/i18n.ts';
import type { Language, RegistrationStep } from '#shared/views.ts';

/** What a customer does in the window, by the words that are on the screen in her language. */
export class Journey {
  readonly page: Page;
  readonly t: i18n['t'];

  constructor(page: Page, language: Language) {
    this.page = page;
    this.t = createTranslator(language).t;
  }

  /** Changes the language in the settings, as a user would who starts in Russian. */
  async chooseLanguage(from: Language, to: Language): Promise<void> {
    const before = createTranslator(from).t;
    await this.page
      .getByRole('link', { name: before('frame.settings') })
      .or(this.button(before('frame.settings')))
      .click();
    await this.page.getByRole('radio', { name: before(`settings.languages.${to}`) }).check();
    await expect(this.heading(this.t('settings.title'))).toBeVisible();
    await this.page
      .getByRole('link', { name: this.t('frame.profiles') })
      .or(this.button(this.t('frame.profiles')))
      .click();
  }

  heading(name: string): Locator {
    return this.page.getByRole('heading', { name });
  }

  tokenRow(name: string): Locator {
    return this.page.getByRole('radio', { name });
  }

  /** «Пароль» of the picker. */
  passwordField(): Locator {
    return this.field(this.t('picker.password'));
  }

  /** «Пароль» and «ОК» of the picker. */
  async openToken(password: string): Promise<void> {
    await this.passwordField().fill(password);
    await this.button(this.t('common.ok')).click();
  }

  async agreeToCreateProfile(): Promise<void> {
    await expect(this.page.getByText(this.t('picker.createProfile.text'))).toBeVisible();
    await this.page
      .getByRole('dialog')
      .or(this.page.getByRole('alertdialog'))
      .getByRole('button', { name: this.t('common.ok') })
      .click();
  }

  async next(): Promise<void> {
    await this.button(this.t('common.next')).click();
  }

  /** Step 2. The key file's password is the ПИН unless it is given; with a NUC signature there is no file. */
  async fillRegistrationData(data: {
    userId?: string;
    otpPin: string;
    keyFilePassword?: string;
    withoutFile?: boolean;
  }): Promise<void> {
    if (data.userId !== undefined) await this.field(this.t('fields.userId')).fill(data.userId);
    await this.field(this.t('fields.registrationPin')).fill(data.otpPin.toLowerCase());
    const browse = this.page.getByRole('button', { name: this.t('fields.browse') });
    if (data.withoutFile) {
      await expect(browse).toBeHidden();
      return;
    }
    await browse.click();
    const same = this.page.getByRole('checkbox', { name: this.t('fields.sameAsPin') });
    if (data.keyFilePassword === undefined) await same.check();
    else {
      await same.uncheck();
      await this.field(this.t('fields.keyFilePassword')).fill(data.keyFilePassword);
    }
  }

  /** Step 3. */
  async chooseNewPassword(password: string, label?: string): Promise<void> {
    if (label !== undefined) await this.field(this.t('fields.tokenName')).fill(label);
    await this.field(this.t('fields.newPassword')).fill(password);
    await this.field(this.t('fields.confirmation')).fill(password);
  }

  /** Step 4. */
  async confirmData(): Promise<void> {
    await this.page.getByRole('checkbox', { name: this.t('wizard.confirmation.confirm') }).check();
  }

  /** Steps 1 to 4, from the welcome to the first change on the token. Without a new password there is no step 3. */
  async completeWizard(
    data: {
      userId: string;
      otpPin: string;
      keyFilePassword?: string;
      withoutFile?: boolean;
      newPassword?: string;
      label?: string;
    },
    at: (screen: string) => Promise<void> = () => Promise.resolve(),
  ): Promise<void> {
    await expect(this.heading(this.t('wizard.welcome.title'))).toBeVisible();
    await at('wizard-welcome');
    await this.next();
    await expect(this.heading(this.t('wizard.data.title'))).toBeVisible();
    await this.fillRegistrationData(data);
    await at('wizard-data');
    await this.next();
    if (data.newPassword !== undefined) {
      await expect(this.heading(this.t('wizard.token.title'))).toBeVisible();
      await this.chooseNewPassword(data.newPassword, data.label);
      await at('wizard-token');
      await this.next();
    }
    await expect(this.heading(this.t('wizard.confirmation.title'))).toBeVisible();
    await this.confirmData();
    await at('wizard-confirmation');
    await this.next();
  }

  /** All of the wizard, and back to the picker with the new profile. */
  async createProfile(data: Parameters<Journey['completeWizard']>[0]): Promise<void> {
    await this.completeWizard(data);
    await this.waitUntilDone();
    await this.finish();
  }

  /** Steps 5 and 6. */
  async waitUntilDone(): Promise<void> {
    await expect(this.heading(this.t('registration.doneTitle'))).toBeVisible({ timeout: 90_000 });
  }

  async finish(): Promise<void> {
    await this.button(this.t('common.done')).click();
    await expect(this.heading(this.t('picker.title'))).toBeVisible();
  }

  /** A failure is on the screen with all that belongs to it: what happened, what it means, what to do, the code. */
  async expectError(id: ErrorId, data: ErrorData = {}): Promise<void> {
    const { code } = errorCatalogue[id];
    const { title, meaning, next, checks, code: said } = errorSentences({ id, code, data }, { t: this.t });
    const message = this.page.getByRole('alert').filter({ hasText: title });
    for (const sentence of [meaning, next, said]) await expect(message).toContainText(sentence);
    await expect(message.getByRole('listitem')).toHaveText([...checks]);
    await expect(message).toBeInViewport();
  }

  /** The progress of a registration shows this step as the one under way. */
  async waitForStep(step: RegistrationStep): Promise<void> {
    const current = this.page.locator('li[aria-current="step"]');
    await expect(current.filter({ hasText: this.t(`registration.steps.${step}`) })).toBeVisible({
      timeout: 30_000,
    });
  }

  /** «Продолжить» of a registration that stopped. */
  async continue(): Promise<void> {
    await this.button(this.t('common.continue')).click();
  }

  /** Password of the token after it was pulled and put back. */
  async giveTokenPasswordAgain(password: string): Promise<void> {
    const dialog = this.page.getByRole('alertdialog').or(this.page.getByRole('dialog'));
    await expect(dialog.getByText(this.t('wizard.tokenGone.passwordText'))).toBeVisible();
    await dialog.getByRole('textbox', { name: this.t('picker.password'), exact: true }).fill(password);
    await dialog.getByRole('button', { name: this.t('common.ok'), exact: true }).click();
  }

  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  field(name: string): Locator {
    return this.page.getByRole('textbox', { name, exact: true });
  }
}
