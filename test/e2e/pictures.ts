import { expect, type Page } from '@playwright/test';
import type { KiltBridge } from '#shared/ipc-contract.ts';
import type { Language } from '#shared/views.ts';
import { saveScreenshot, showTheme, type Theme } from '#test/support/electron-app.ts';
import { Journey } from './journey.ts';

/** Changes the language as the settings do, without leaving the screen. */
export async function speak(page: Page, language: Language): Promise<void> {
  await page.evaluate(
    (chosen) =>
      (globalThis as unknown as { kilt: KiltBridge }).kilt.call('settings.change', { language: chosen }),
    language,
  );
  await expect(page.locator('html')).toHaveAttribute('lang', language);
}

/**
 * Looks at the screen in several languages: checks its words in each and saves a picture. The last language stays.
 */
export async function lookAt(
  page: Page,
  screen: string,
  words: (journey: Journey) => Promise<void>,
  {
    languages = ['kk', 'ru'],
    themes = ['light'],
  }: { languages?: readonly Language[]; themes?: readonly Theme[] } = {},
): Promise<void> {
  for (const language of languages) {
    await speak(page, language);
    await words(new Journey(page, language));
    for (const theme of themes) {
      await showTheme(page, theme);
      await saveScreenshot(page, { screen, language, theme });
    }
  }
  await showTheme(page, 'light');
}
