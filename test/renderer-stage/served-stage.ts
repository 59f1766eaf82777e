import { chromium, type Browser } from '@playwright/test';
import { resolve } from 'node:path';
import { build, preview } from 'vite';

const configFile = resolve(import.meta.dirname, 'vite.config.ts');

/** Builds the stage, serves it on 127.0.0.1:5199 under the window's content policy, and opens a browser. */
export async function serveStage(options: {
  chromium: string;
  build: boolean;
}): Promise<{ browser: Browser; address: string; close: () => Promise<void> }> {
  if (options.build) await build({ configFile, logLevel: 'error' });
  const server = await preview({ configFile, logLevel: 'silent' });
  const browser = await chromium.launch({ executablePath: options.chromium, args: ['--no-sandbox'] });
  return {
    browser,
    address: 'http://127.0.0.1:5199/',
    close: async () => {
      await browser.close();
      await server.close();
    },
  };
}
