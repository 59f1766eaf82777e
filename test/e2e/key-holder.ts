import { expect, type Locator, type Page } from '@playwright/test';
import { formatDate } from '#shared/texts/formats.ts';
import type { Language } from '#shared/views.ts';
import type { KiltOptions, RunningKilt } from '#test/support/electron-app.ts';
import type { WatchedCard } from '#test/support/watched-card.ts';
import type { FaultyCard } from '#test/virtual-token/faults.ts';
import type { Customer, Desk } from './desk.ts';
import { Journey } from './journey.ts';

/** Of every holder's token, once it is registered. */
export const password = 'Tulpar7Asyq';

/** Days within which the demo bank says that it decides. */
const decisionDays = 3;

export interface Sending {
  /** Where the old key authenticates nobody any more. */
  readonly registrationPin?: string;
  /** Called at each screen, for its picture. */
  readonly at?: (screen: string) => Promise<void>;
}

/** A customer with a registered profile, and what she does with its keys in the window («Ключи», manual 003). */
export class KeyHolder {
  readonly kilt: RunningKilt;
  readonly customer: Customer;
  readonly faults: FaultyCard;
  readonly watched: WatchedCard;
  readonly journey: Journey;

  private constructor(holder: Pick<KeyHolder, 'kilt' | 'customer' | 'faults' | 'watched' | 'journey'>) {
    this.kilt = holder.kilt;
    this.customer = holder.customer;
    this.faults = holder.faults;
    this.watched = holder.watched;
    this.journey = holder.journey;
  }

  /** Registers her through the window, which then stands at the start screen with her token in the reader. */
  static async registered(
    desk: Desk,
    language: Language,
    serial: string,
    options: Partial<KiltOptions> = {},
  ): Promise<KeyHolder> {
    const kilt = await desk.openKilt({ locale: language, ...options });
    const journey = new Journey(kilt.page, language);
    if (language !== 'ru') await journey.chooseLanguage('ru', language);
    const { faults, watched } = desk.newToken({ serial });
    await desk.insert(faults);
    await expect(journey.tokenRow(journey.t('picker.emptyToken'))).toBeVisible();
    const customer = await desk.admit({ name: 'Айгерим Сапарова' });
    await desk.answerFileDialog(kilt, customer.keyFilePath);
    await journey.openToken('12345678');
    await journey.agreeToCreateProfile();
    await journey.createProfile({
      userId: customer.userId,
      otpPin: customer.otpPin,
      newPassword: password,
    });
    await expect(journey.tokenRow(customer.userId)).toBeVisible();
    return new KeyHolder({ kilt, customer, faults, watched, journey });
  }

  get page(): Page {
    return this.kilt.page;
  }

  /** The same customer at Kilt started anew. */
  async at(kilt: RunningKilt, language: Language): Promise<KeyHolder> {
    const journey = new Journey(kilt.page, language);
    await expect(journey.tokenRow(this.customer.userId)).toBeVisible();
    const { customer, faults, watched } = this;
    return new KeyHolder({ kilt, customer, faults, watched, journey });
  }

  title(name: string): Locator {
    return this.page.getByRole('heading', { level: 1, name });
  }

  /** Status of her key set in the list. */
  badge(status: string): Locator {
    return this.page.getByRole('table').getByText(status);
  }

  async toKeys(): Promise<void> {
    const { journey } = this;
    await journey.button(journey.t('frame.keys')).click();
    await expect(journey.heading(journey.t('keys.title'))).toBeVisible();
  }

  /** «Новый»: the description of what will happen. */
  async describe(): Promise<void> {
    const { t } = this.journey;
    await this.journey.button(t('keys.toolbar.new')).click();
    await expect(this.title(t('keys.description.title'))).toBeVisible();
  }

  /** «Новый», the description, consent and password. */
  async send({ registrationPin, at = () => Promise.resolve() }: Sending = {}): Promise<void> {
    const { journey, page } = this;
    const { t } = journey;
    await this.describe();
    await expect(journey.button(t('common.next'))).toBeEnabled();
    const expected = new Date(Date.now() + decisionDays * 24 * 3600_000);
    if (registrationPin === undefined)
      await expect(
        page.getByText(t('keys.description.expectedBy', { date: formatDate(expected) })),
      ).toBeVisible();
    await at('renewal-2-description');
    await journey.next();
    await expect(this.title(t('keys.consent.title'))).toBeVisible();
    await page.getByRole('checkbox', { name: t('keys.consent.agree') }).check();
    await expect(page.getByText(t('picker.attempts', { count: 10 })).filter({ visible: true })).toBeVisible();
    if (registrationPin !== undefined) await journey.field(t('fields.registrationPin')).fill(registrationPin);
    await at('renewal-3-consent');
    await journey.passwordField().fill(password);
    await journey.button(t('keys.consent.send')).click();
  }

  /** «Получить сертификат», the description, password and «Продолжить». */
  async take({ registrationPin, at = () => Promise.resolve() }: Sending = {}): Promise<void> {
    const { journey } = this;
    const { t } = journey;
    await journey.button(t('keys.toolbar.take')).click();
    await expect(this.title(t('keys.take.title'))).toBeVisible();
    await at('renewal-6-take');
    if (registrationPin !== undefined) await journey.field(t('fields.registrationPin')).fill(registrationPin);
    await journey.passwordField().fill(password);
    await journey.continue();
  }

  /** From «Профили» to the home of the profile, with the token's password. */
  async signIn(): Promise<void> {
    const { t } = this.journey;
    await this.journey.button(t('frame.profiles')).click();
    await this.journey.openToken(password);
  }
}
