import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import { saveScreenshot, showTheme, type Language, type Theme } from '#test/support/electron-app.ts';

const themes = ['light', 'dark', 'high-contrast'] as const satisfies Theme[];

/** Saves the screen, in Kazakh in each theme, and asks axe about it. */
export async function look(page: Page, screen: string, language: Language): Promise<void> {
  for (const theme of themes) {
    if (language !== 'kk' && theme !== 'light') continue;
    await showTheme(page, theme);
    await saveScreenshot(page, { screen, language, theme });
  }
  await showTheme(page, 'light');
  expect(await seriousFindings(page)).toEqual([]);
}

/** What axe finds serious or critical on the screen as it is. */
export async function seriousFindings(page: Page): Promise<string[]> {
  // Fluent UI's focus guards (tabster) are hidden from screen readers on purpose and pass focus on at once. The legacy
  // mode keeps axe from opening a window of its own, which Kilt denies.
  const { violations } = await new AxeBuilder({ page })
    .exclude('[data-tabster-dummy]')
    .setLegacyMode()
    .analyze();
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  return serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}
