import path from 'node:path';
import puppeteer, { type Browser } from 'puppeteer-core';

const root = path.resolve(import.meta.dirname, '../..');

/**
 * Debian's Firefox with Kilt's extension in it, driven by WebDriver BiDi: Playwright knows a Firefox of its own only.
 * Any certificate is taken.
 *
 * @param home of the user; made by `browserHome`
 */
export async function openFirefox(home: string): Promise<Browser> {
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath: '/usr/bin/firefox-esr',
    headless: false,
    acceptInsecureCerts: true,
    env: { ...process.env, HOME: home },
  });
  await browser.installExtension(path.join(root, 'out/extension/firefox'));
  return browser;
}
