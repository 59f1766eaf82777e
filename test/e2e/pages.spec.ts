import { createHash, X509Certificate } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { createReadStream, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium, expect, test, type Browser, type Page } from '@playwright/test';
import { saveScreenshot, type RunningKilt } from '#test/support/electron-app.ts';
import { writeAuthorities } from '#test/support/page-desk.ts';
import { registerCard } from '#test/virtual-token/registered/register-card.ts';
import { Desk } from './desk.ts';
import { Journey } from './journey.ts';
import { look } from './look.ts';

/**
 * A page written for NCALayer, with npm's ncalayer-js-client unchanged, in a browser that is not Kilt's; the server on this
 * computer; and the consent window, which a user answers.
 */
const password = 'Tulpar7Asyq';
const order = 'Платежное поручение № 17\nСумма: 100 000 тенге\n';
const token = 'AKKaztokenStore';

let desk: Desk;
let site: Server;
let browser: Browser;
test.beforeAll(async () => {
  desk = await Desk.set();
  site = await serveSite();
});
test.afterEach(async () => {
  await browser.close();
  await desk.tidyUp();
});
test.afterAll(async () => {
  site.close();
  await desk.clear();
});

/** The page of a site: the client's script and nothing else. */
async function serveSite(): Promise<Server> {
  const script = createRequire(import.meta.url).resolve('ncalayer-js-client');
  const server = createServer((request, response) => {
    if (request.url === '/ncalayer-client.js') {
      response.writeHead(200, { 'Content-Type': 'text/javascript' });
      createReadStream(script).pipe(response);
    } else {
      response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' });
      response.end(
        '<!doctype html><title>Банк</title><h1>Банк</h1><script src="/ncalayer-client.js"></script>',
      );
    }
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  return server;
}
const siteOrigin = (): string => `http://localhost:${(site.address() as AddressInfo).port}`;

/** As a browser that has been told to trust Kilt's certificate. */
async function openBrowser(userData: string): Promise<Page> {
  const certificate = new X509Certificate(readFileSync(path.join(userData, 'loopback', 'server.crt')));
  const key = certificate.publicKey.export({ type: 'spki', format: 'der' });
  const pin = createHash('sha256').update(key).digest('base64');
  browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    chromiumSandbox: true,
    args: [`--ignore-certificate-errors-spki-list=${pin}`],
  });
  const page = await browser.newPage();
  await page.goto(siteOrigin());
  return page;
}

/** Calls the client in the page; what it comes to, or what it failed with. */
const call = (page: Page, method: string, ...args: unknown[]): Promise<unknown> =>
  page.evaluate(
    async ([port, name, given]) => {
      const scope = globalThis as unknown as {
        NCALayerClient: new (url: string) => Record<string, (...all: unknown[]) => Promise<unknown>>;
        client?: Record<string, (...all: unknown[]) => Promise<unknown>>;
      };
      if (!scope.client) {
        scope.client = new scope.NCALayerClient(`wss://127.0.0.1:${String(port)}`);
        await scope.client['connect']?.();
      }
      try {
        return await scope.client[name as string]?.(...(given as unknown[]));
      } catch (error) {
        return String(error);
      }
    },
    [24_691, method, args] as const,
  );

/** The next consent window, and its buttons. */
async function consentOf(kilt: RunningKilt): Promise<Page> {
  const known = kilt.app.windows().find((one) => one.url().includes('consent.html'));
  const page = known ?? (await kilt.app.waitForEvent('window'));
  await page.getByRole('heading', { level: 1 }).waitFor();
  return page;
}

for (const language of ['ru', 'kk', 'en'] as const) {
  test(`a page for NCALayer gets a signature that the user has agreed to (${language})`, async () => {
    const userData = mkdtempSync(path.join(tmpdir(), 'kilt-user-'));
    const card = desk.newToken({ serial: '3A5B7C1D' });
    const bank = { bank: desk.bank, now: () => new Date(), stop: () => Promise.resolve() };
    const order_ = { old: '12345678', new: password, label: 'Asel', dataFolder: userData };
    await registerCard(card.watched.card, bank, order_);
    const kilt = await desk.openKilt({ locale: language, userData });
    const journey = new Journey(kilt.page, language);
    const { t } = journey;
    if (language !== 'ru') await journey.chooseLanguage('ru', language);
    await desk.insert(card.faults);

    // Off until the user wants it.
    await journey.button(t('frame.settings')).click();
    await kilt.page.getByRole('switch', { name: t('sites.loopback.label') }).click();
    await expect(kilt.page.getByText(t('sites.loopback.running', { port: '24691' }))).toBeVisible();

    const page = await openBrowser(userData);
    const consentWindow = kilt.app.waitForEvent('window');
    const signing = call(page, 'createCAdESFromBase64', token, Buffer.from(order).toString('base64'));
    await consentWindow;
    const consent = await consentOf(kilt);
    const button = (name: string) => consent.getByRole('button', { name, exact: true });
    await expect(consent.getByRole('heading', { level: 1 })).toHaveText(siteOrigin());
    await expect(consent.getByText(t('consent.first.title'))).toBeVisible();
    await expect(consent.getByText('Сумма: 100 000 тенге')).toBeVisible();
    await expect(button(t('consent.agree.sign'))).not.toHaveAttribute('aria-disabled', 'true');
    await look(consent, 'consent-sign', language);

    // Its page has the calls of consent and no others.
    const others = await consent.evaluate(async () => {
      const { kilt: bridge } = window as unknown as { kilt: { call: (name: string) => Promise<unknown> } };
      return bridge.call('settings.change').then(String, (error: unknown) => String(error));
    });
    expect(others).toContain('no such call');

    const verifiesBefore = card.watched.verifies;
    await consent.getByLabel(t('picker.password'), { exact: true }).fill('Wrong7Pin');
    await button(t('consent.agree.sign')).click();
    await expect(consent.getByText(t('errors.catalogue.wrong-pin.title')).first()).toBeVisible();
    await consent.getByLabel(t('picker.password'), { exact: true }).fill(password);
    await button(t('consent.agree.sign')).click();
    const signature = String(await signing);
    expect(card.watched.verifies - verifiesBefore).toBe(2);

    const file = (name: string) => path.join(desk.folder, name);
    writeFileSync(file('order.p7s'), Buffer.from(signature, 'base64'));
    writeFileSync(file('order.txt'), order);
    execFileSync(
      'openssl',
      [
        ...['cms', '-verify', '-cades', '-binary', '-inform', 'DER', '-in', file('order.p7s')],
        ...['-content', file('order.txt'), '-CAfile', writeAuthorities(desk.bank, desk.folder)],
        ...['-purpose', 'any', '-out', file('verified')],
      ],
      { stdio: 'pipe' },
    );

    // The site is known now, and may ask whether there is a token without a window.
    expect(await call(page, 'getActiveTokens')).toEqual([token]);
    await saveScreenshot(page, { screen: 'site-signed', language, theme: 'light' });

    // Esc refuses.
    const second = call(page, 'getKeyInfo', token);
    const asking = await consentOf(kilt);
    await expect(asking.getByRole('button', { name: t('consent.refuse') })).not.toHaveAttribute(
      'aria-disabled',
      'true',
    );
    await look(asking, 'consent-certificate', language);
    await asking.keyboard.press('Escape');
    expect(await second).toContain('action.canceled');

    // A page that is closed takes its question with it.
    const third = call(page, 'getKeyInfo', token).catch(() => undefined);
    const left = await consentOf(kilt);
    const gone = left.waitForEvent('close');
    await page.close();
    await gone;
    await third;

    await expect(kilt.page.getByText(siteOrigin())).toBeVisible();
    await look(kilt.page, 'sites', language);
    await kilt.page.getByRole('button', { name: t('sites.revokeNamed', { site: siteOrigin() }) }).click();
    await expect(kilt.page.getByText(t('sites.none'))).toBeVisible();
  });
}
