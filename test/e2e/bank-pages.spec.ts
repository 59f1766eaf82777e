import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { siteTexts } from '#test/bank/site/site-texts.ts';
import { chromiumHome, forgetHome, openChromium, type RunningChromium } from '#test/support/chromium.ts';
import { saveScreenshot, type Language, type RunningKilt } from '#test/support/electron-app.ts';
import { registerCard } from '#test/virtual-token/registered/register-card.ts';
import { Desk } from './desk.ts';
import { Journey } from './journey.ts';

const password = 'Tulpar7Asyq';

let desk: Desk;
test.beforeAll(async () => {
  desk = await Desk.set();
});
test.afterAll(() => desk.clear());

/** One customer at his computer: a token with a profile in the reader, Kilt, and Chromium. */
class Customer {
  readonly home = chromiumHome();
  readonly userData = mkdtempSync(path.join(tmpdir(), 'kilt-user-'));
  #browser: RunningChromium | undefined;
  #kilt: RunningKilt | undefined;

  async sitDown(language: Language): Promise<{ kilt: RunningKilt; page: Page; journey: Journey }> {
    const { watched, faults } = desk.newToken({ serial: '3A5B7C1D' });
    const bank = { bank: desk.bank, now: () => new Date(), stop: () => Promise.resolve() };
    const { userData, home } = this;
    await registerCard(watched.card, bank, {
      old: '12345678',
      new: password,
      label: 'Asel',
      dataFolder: userData,
    });
    this.#kilt = await desk.openKilt({ locale: language, userData, env: { KILT_BROWSER_HOME: home } });
    const journey = new Journey(this.#kilt.page, language);
    if (language !== 'ru') await journey.chooseLanguage('ru', language);
    await desk.insert(faults);
    await expect(journey.field(journey.t('picker.password'))).toBeVisible();
    const page = await this.openBrowser(language);
    return { kilt: this.#kilt, page, journey };
  }

  async openBrowser(language: Language): Promise<Page> {
    this.#browser = await openChromium({ home: this.home, locale: language });
    return this.#browser.context.newPage();
  }

  async leave(): Promise<void> {
    await this.#browser?.close();
    await desk.tidyUp();
    forgetHome(this.home);
    rmSync(this.userData, { recursive: true, force: true });
  }
}

let customer: Customer;
test.beforeEach(() => {
  customer = new Customer();
});
test.afterEach(() => customer.leave());

/** Kilt's consent window, when it has come up. */
async function consentWindow({ app }: RunningKilt): Promise<Page> {
  const open = (): Page | undefined => app.windows().find((window) => window.url().includes('consent'));
  await expect.poll(() => open() !== undefined, { timeout: 30_000 }).toBe(true);
  return open()!;
}

for (const language of ['ru', 'kk', 'en'] as const) {
  test(`through the extension, a customer signs in at the bank’s page and pays (${language})`, async () => {
    const { kilt, page, journey } = await customer.sitDown(language);
    const { t } = journey;
    const site = siteTexts[language];
    const seen = (screen: string, where: Page) =>
      saveScreenshot(where, { screen: `bank-page-${screen}`, language, theme: 'light' });

    await page.goto(desk.bank.urls.https);
    await page.getByRole('button', { name: site.signIn }).click();
    const first = await consentWindow(kilt);
    await expect(first.getByText(desk.bank.urls.https)).toBeVisible();
    await seen('sign-in-consent', first);
    await first.getByLabel(t('picker.password'), { exact: true }).fill(password);
    await first.getByRole('button', { name: t('consent.agree.sign-in') }).click();
    await expect(page.getByRole('heading', { name: site.newOrder })).toBeVisible();

    await page.getByRole('button', { name: site.signOrder }).click();
    const second = await consentWindow(kilt);
    await expect(second.getByText('ТОО «Алма»')).toBeVisible();
    await seen('payment-consent', second);
    await second.getByLabel(t('picker.password'), { exact: true }).fill(password);
    await second.getByRole('button', { name: t('consent.agree.sign') }).click();
    await expect(page.locator('#message.good')).toBeVisible();
    await expect(page.locator('#orders')).toContainText(site.accepted);
    await seen('paid', page);
  });
}
