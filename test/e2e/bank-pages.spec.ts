import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test, type Page } from '@playwright/test';
import { nativeHostName } from '#shared/extension-constants.ts';
import { siteTexts } from '#test/bank/site/site-texts.ts';
import {
  believe,
  believedAuthorities,
  browserHome,
  forgetHome,
  openChromium,
  type ChromiumOptions,
  type RunningChromium,
} from '#test/support/chromium.ts';
import { openFirefox } from '#test/support/firefox.ts';
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
  readonly home = browserHome();
  readonly userData = mkdtempSync(path.join(tmpdir(), 'kilt-user-'));
  #browser: RunningChromium | undefined;

  /** With Chromium. */
  async sitDown(
    language: Language,
    browser: Partial<ChromiumOptions> = {},
  ): Promise<{ kilt: RunningKilt; page: Page; journey: Journey }> {
    const { kilt, journey } = await this.openKilt(language);
    return { kilt, page: await this.openBrowser(language, browser), journey };
  }

  async openKilt(language: Language): Promise<{ kilt: RunningKilt; journey: Journey }> {
    const { watched, faults } = desk.newToken({ serial: '3A5B7C1D' });
    const bank = { bank: desk.bank, now: () => new Date(), stop: () => Promise.resolve() };
    const { userData, home } = this;
    await registerCard(watched.card, bank, {
      old: '12345678',
      new: password,
      label: 'Asel',
      dataFolder: userData,
    });
    const kilt = await desk.openKilt({ locale: language, userData, env: { KILT_BROWSER_HOME: home } });
    const journey = new Journey(kilt.page, language);
    if (language !== 'ru') await journey.chooseLanguage('ru', language);
    await desk.insert(faults);
    await expect(journey.field(journey.t('picker.password'))).toBeVisible();
    return { kilt, journey };
  }

  async openBrowser(language: Language, browser: Partial<ChromiumOptions> = {}): Promise<Page> {
    this.#browser = await openChromium({ home: this.home, locale: language, ...browser });
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
  const window = open()!;
  // What comes up under somebody's hands takes no answer for a moment.
  await expect(window.getByRole('button').last()).toBeEnabled();
  return window;
}

/** Types the password into the consent window and agrees. */
async function answerConsent(kilt: RunningKilt, field: string, button: string): Promise<void> {
  const asked = await consentWindow(kilt);
  await asked.getByLabel(field, { exact: true }).fill(password);
  await asked.getByRole('button', { name: button }).click();
  await expect.poll(() => kilt.app.windows().length).toBe(1);
}

const manifestIn = (home: string): string =>
  path.join(home, `.config/chromium/NativeMessagingHosts/${nativeHostName}.json`);

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

test('through the extension in Firefox, a customer signs in at the bank’s page and pays as well', async () => {
  const { kilt, journey } = await customer.openKilt('ru');
  const { t } = journey;
  const firefox = await openFirefox(customer.home);
  try {
    const page = await firefox.newPage();
    await page.goto(desk.bank.urls.https);
    await page.locator('#sign-in').click();
    await answerConsent(kilt, t('picker.password'), t('consent.agree.sign-in'));
    await page.locator('#sign-order').click();
    await answerConsent(kilt, t('picker.password'), t('consent.agree.sign'));
    // «… signed, and accepted by the bank», in the browser's language.
    await page.waitForSelector('#message.good');
    await page.waitForSelector('#orders');
  } finally {
    await firefox.close();
  }
});

/** What the doctor's page says of one link: `ok`, `fails`, `unknown`. */
const link = (page: Page, name: string) => page.locator(`[data-link="link.${name}"]`);

test('through the server on this computer, which Chromium believes once Kilt has told it to, a customer pays as well', async () => {
  const { origin, host } = new URL(desk.bank.urls.https);
  believe(customer.home, 'bank', desk.bank.system.api.tlsAnchors.join('\n'));
  const browser = { strict: true, extension: false, onTheInternet: host };
  const { kilt, page, journey } = await customer.sitDown('ru', browser);
  const { t } = journey;
  const site = siteTexts.ru;
  const again = page.getByRole('button', { name: site.doctorAgain });

  await page.goto(`${origin}/doctor`);
  await expect(link(page, 'loopback')).toHaveAttribute('data-state', 'fails');

  await journey.button(t('frame.settings')).click();
  await kilt.page.getByRole('switch', { name: t('sites.loopback.label') }).click();
  await expect(kilt.page.getByText(t('sites.loopback.running', { port: '24691' }))).toBeVisible();

  // Chrome asks its user whether the site may call this computer; until he has said yes, nothing gets through.
  await page.context().clearPermissions();
  await again.click();
  await expect(link(page, 'permission')).not.toHaveAttribute('data-state', 'ok');
  await page.context().grantPermissions(['local-network-access'], { origin });
  await again.click();
  await expect(link(page, 'permission')).toHaveAttribute('data-state', 'ok');
  await expect(link(page, 'loopback')).toHaveAttribute('data-state', 'ok');
  await saveScreenshot(page, { screen: 'bank-page-doctor', language: 'ru', theme: 'light' });

  await page.goto(origin);
  await page.getByText(site.wayNcalayer).click();
  await page.getByRole('button', { name: site.signIn }).click();
  await answerConsent(kilt, t('picker.password'), t('consent.agree.sign'));
  await expect(page.getByRole('heading', { name: site.newOrder })).toBeVisible();
  await page.getByText(site.wayNcalayer).click();
  await page.getByRole('button', { name: site.signOrder }).click();
  await answerConsent(kilt, t('picker.password'), t('consent.agree.sign'));
  await expect(page.locator('#orders')).toContainText(site.accepted);

  // Switched off, it leaves nothing behind.
  await kilt.page.getByRole('switch', { name: t('sites.loopback.label') }).click();
  await expect(kilt.page.getByText(t('sites.loopback.running', { port: '24691' }))).toHaveCount(0);
  await expect.poll(() => believedAuthorities(customer.home)).toEqual(['bank']);
});

test('a customer who refuses, and one who closes the page, are not asked twice, and nothing is signed', async () => {
  const { kilt, page, journey } = await customer.sitDown('ru');
  const { t } = journey;
  const site = siteTexts.ru;
  await page.goto(desk.bank.urls.https);
  await page.getByRole('button', { name: site.signIn }).click();
  const asked = await consentWindow(kilt);
  await asked.getByRole('button', { name: t('consent.refuse') }).click();
  await expect(page.locator('#message')).toContainText(site['reason.user-refused']);

  await page.getByRole('button', { name: site.signIn }).click();
  await consentWindow(kilt);
  await page.close();
  await expect.poll(() => kilt.app.windows().length).toBe(1);
});

test('a site that looks like the bank’s is called by its own name, and a frame inside it may not ask at all', async () => {
  const { kilt, page, journey } = await customer.sitDown('ru');
  const lookalike = 'https://127.0.0.1.bank.example';
  await page.route(`${lookalike}/**`, (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: route.request().url().endsWith('/frame')
        ? '<p>frame</p>'
        : '<iframe src="/frame"></iframe><iframe src="https://other.example/frame"></iframe>',
    }),
  );
  await page.route('https://other.example/**', (route) =>
    route.fulfill({ contentType: 'text/html', body: '<p>frame</p>' }),
  );
  await page.goto(`${lookalike}/`);
  for (const frame of page.frames().slice(1))
    expect(await frame.evaluate(asksKilt, 1_500)).toBe('nobody answers');
  void page.evaluate(asksKilt, 60_000).catch(() => undefined);
  const asked = await consentWindow(kilt);
  await expect(asked.getByText(lookalike, { exact: true })).toBeVisible();
  await expect(asked.getByText(journey.t('consent.bankSite', { name: '' }).trim())).toHaveCount(0);
  // The window may be gone before the key is up again.
  await asked.keyboard.press('Escape').catch(() => undefined);
  await expect.poll(() => kilt.app.windows().length).toBe(1);
});

/** What a page does that has not read the documentation of the page library. Runs in the page. */
function asksKilt(patience: number): Promise<string> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }: MessageEvent<{ kind: string; reason?: string }>) => {
      if (data.kind === 'hello')
        port1.postMessage({ kind: 'request', id: '1', method: 'connect', params: {} });
      else resolve(data.reason ?? data.kind);
    };
    window.postMessage({ kiltClient: 'hello', version: 1 }, location.origin, [port2]);
    setTimeout(() => resolve('nobody answers'), patience);
  });
}

test('the bank’s page says which link fails: no extension, not told where Kilt is, Kilt off; and Kilt’s own doctor repairs', async () => {
  const { kilt, page, journey } = await customer.sitDown('ru');
  const { t } = journey;
  const site = siteTexts.ru;
  const doctor = `${desk.bank.urls.https}/doctor`;
  const again = page.getByRole('button', { name: site.doctorAgain });
  await page.goto(doctor);
  await expect(link(page, 'kilt')).toHaveAttribute('data-state', 'ok');
  await expect(link(page, 'approved')).toHaveAttribute('data-state', 'unknown');

  // Another program has written itself into the place of Kilt's manifest.
  writeFileSync(manifestIn(customer.home), '{}');
  await journey.button(t('frame.settings')).click();
  await journey.button(t('doctor.open')).click();
  const rows = kilt.page.getByRole('dialog').getByRole('listitem');
  const broken = rows.filter({ hasText: t('doctor.reasons.host-wrong') });
  await expect(broken).toBeVisible();
  await saveScreenshot(kilt.page, { screen: 'doctor-host-wrong', language: 'ru', theme: 'light' });
  await broken.getByRole('button').click();
  await expect(rows.filter({ hasText: t('doctor.links.browser', { browser: 'Chromium' }) })).toContainText(
    t('doctor.states.ok'),
  );
  await journey.button(t('common.close')).click();

  await kilt.page.getByRole('switch', { name: t('sites.extension.label') }).click();
  await expect.poll(() => existsSync(manifestIn(customer.home))).toBe(false);
  await again.click();
  await expect(link(page, 'host')).toHaveAttribute('data-state', 'fails');

  await kilt.page.getByRole('switch', { name: t('sites.extension.label') }).click();
  await again.click();
  await expect(link(page, 'kilt')).toHaveAttribute('data-state', 'ok');
  await kilt.close();
  await again.click();
  await expect(link(page, 'kilt')).toHaveAttribute('data-state', 'fails');
  await expect(link(page, 'host')).toHaveAttribute('data-state', 'ok');
});

test('what the command line switches reaches the window that is open', async () => {
  const { kilt, journey } = await customer.openKilt('ru');
  const { t } = journey;
  await journey.button(t('frame.settings')).click();
  const onOff = kilt.page.getByRole('switch', { name: t('sites.loopback.label') });
  await expect(onOff).not.toBeChecked();
  const commandLine = (...args: string[]) =>
    // Not waiting idly: the token in the reader is this very process.
    promisify(execFile)(
      process.execPath,
      ['--import', 'tsx', 'src/cli/main.ts', 'loopback', ...args, '--data-folder', customer.userData],
      { env: { ...process.env, HOME: customer.home } },
    );
  await commandLine('on');
  await expect(onOff).toBeChecked();
  await expect(kilt.page.getByText(t('sites.loopback.running', { port: '24691' }))).toBeVisible();
  await commandLine('off');
  await expect(onOff).not.toBeChecked();
});
