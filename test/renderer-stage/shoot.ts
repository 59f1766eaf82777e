import { AxeBuilder } from '@axe-core/playwright';
import type { Browser } from '@playwright/test';
import { mkdir } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { language, type Language } from '#shared/views.ts';
import { serveStage } from './served-stage.ts';
import { shots, StageHand, type Shot } from './shots.ts';

/**
 * Takes a picture of every screen on the stage, and says what is wrong with it: refused by the content policy, console
 * errors, axe findings, something cut off.
 *
 *     npx tsx test/renderer-stage/shoot.ts --lang ru --theme dark --size 840x560 --scale 2 --only wizard
 */
const { values } = parseArgs({
  options: {
    lang: { type: 'string', default: 'ru,kk,en' },
    theme: { type: 'string', default: 'light' },
    size: { type: 'string', default: '1000x680' },
    scale: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
    out: { type: 'string', default: '.cache/screens' },
    chromium: { type: 'string', default: '/usr/bin/chromium' },
    contrast: { type: 'boolean', default: false },
    'no-axe': { type: 'boolean', default: false },
    'no-build': { type: 'boolean', default: false },
  },
});
const [width, height] = values.size.split('x').map(Number) as [number, number];
const { browser, address, close } = await serveStage({
  chromium: values.chromium,
  build: !values['no-build'],
});
await mkdir(values.out, { recursive: true });

let troubles = 0;
for (const name of values.lang.split(',')) {
  for (const shot of shots.filter((one) => one.name.includes(values.only))) {
    for (const trouble of await take(browser, shot, language.parse(name))) {
      troubles += 1;
      console.log(`${shot.name} ${name} ${values.theme}: ${trouble}`);
    }
  }
}
await close();
console.log(`${troubles} troubles`);
process.exitCode = troubles === 0 ? 0 : 1;

async function take(on: Browser, shot: Shot, lang: Language): Promise<string[]> {
  const found: string[] = [];
  const context = await on.newContext({
    viewport: { width, height },
    deviceScaleFactor: Number(values.scale),
    reducedMotion: 'reduce',
    forcedColors: values.contrast ? 'active' : 'none',
  });
  const page = await context.newPage();
  page.setDefaultTimeout(5_000);
  page.on('console', (message) => {
    if (message.location().url.endsWith('/favicon.ico')) return;
    if (message.type() === 'error' || message.type() === 'warning') found.push(message.text());
  });
  page.on('pageerror', (error) => found.push(String(error)));
  try {
    await page.goto(`${address}?scenario=${shot.scenario}&lang=${lang}&theme=${values.theme}`);
    await page.getByRole('main').waitFor();
    await shot.act?.(new StageHand(page, lang));
    await page.waitForFunction(() => document.fonts.status === 'loaded');
    await page.waitForFunction(() =>
      document
        .getAnimations()
        .every((one) => one.playState !== 'running' || one.effect?.getTiming().iterations === Infinity),
    );
  } catch (error) {
    found.push(String(error).split('\n')[0] ?? '');
  }
  const contrast = values.contrast ? '-contrast' : '';
  await page.screenshot({
    path: `${values.out}/${shot.name}-${lang}-${values.theme}-${values.size}@${values.scale}${contrast}.png`,
  });
  found.push(...(await page.evaluate(cutOff)));
  if (values['no-axe']) {
    await context.close();
    return found;
  }
  // Tabster's focus guards are hidden and focusable on purpose: they pass the focus on.
  const { violations } = await new AxeBuilder({ page }).exclude('[data-tabster-dummy]').analyze();
  for (const { id, impact, nodes } of violations) {
    found.push(`axe ${impact ?? ''} ${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
  }
  await context.close();
  return found;
}

/** Elements that stick out of the window sideways, text that is clipped without an ellipsis, double scroll bars. */
function cutOff(): string[] {
  const troubles: string[] = [];
  if (document.documentElement.scrollWidth > innerWidth) troubles.push('the page scrolls sideways');
  // What stands behind a dialog can not be scrolled.
  const inFront = document.querySelector('[role="alertdialog"], [role="dialog"]') ?? document;
  const scrolling = [...inFront.querySelectorAll<HTMLElement>('*')].filter(
    (one) =>
      one.scrollHeight > one.clientHeight + 1 && ['auto', 'scroll'].includes(getComputedStyle(one).overflowY),
  );
  if (scrolling.length > 1) troubles.push(`${scrolling.length} scroll bars`);
  for (const one of document.querySelectorAll<HTMLElement>('button, h1, h2, p, label, dd, dt, li, span')) {
    const style = getComputedStyle(one);
    if (style.clipPath !== 'none' || style.display === 'none') continue;
    const box = one.getBoundingClientRect();
    if (box.width > 0 && box.right > innerWidth + 1)
      troubles.push(`sticks out: ${one.textContent.slice(0, 60)}`);
    if (
      one.textContent.trim() !== '' &&
      one.scrollWidth > one.clientWidth + 1 &&
      style.overflowX === 'hidden' &&
      style.textOverflow !== 'ellipsis'
    )
      troubles.push(`clipped: ${one.textContent.slice(0, 60)}`);
  }
  return troubles;
}
