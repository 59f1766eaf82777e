import { expect, type ElementHandle, type Locator, type Page } from '@playwright/test';
import type { RunningKilt } from '#test/support/electron-app.ts';

export interface WindowSize {
  readonly width: number;
  readonly height: number;
}

/** Makes the page so large, in device-independent pixels. */
export async function resize({ app, page }: RunningKilt, { width, height }: WindowSize): Promise<void> {
  await app.evaluate(
    ({ BrowserWindow }, size) => {
      for (const window of BrowserWindow.getAllWindows()) window.setContentSize(size.width, size.height);
    },
    { width, height },
  );
  await expect.poll(() => page.evaluate(() => [innerWidth, innerHeight])).toEqual([width, height]);
}

/**
 * What can not be read or reached on this screen: a page that scrolls sideways, several areas that scroll, text that
 * is cut off, buttons out of sight. Empty where all is well.
 */
export async function misfits(page: Page): Promise<string[]> {
  const faults = await page.evaluate(() => {
    const found: string[] = [];
    const text = (element: Element) => element.textContent.trim().slice(0, 60);
    const name = (element: Element) => `<${element.tagName.toLowerCase()}> ${text(element)}`;
    // Text for screen readers alone stands in boxes of one pixel; what has no text may be cut as it likes.
    const isSeen = (element: Element) =>
      element.clientWidth > 1 && element.clientHeight > 1 && text(element) !== '';
    const scrolls = (overflow: string) => overflow === 'auto' || overflow === 'scroll';
    const root = document.scrollingElement;
    if (root && (root.scrollWidth > root.clientWidth || root.scrollHeight > root.clientHeight))
      found.push('the page itself scrolls');
    const areas: string[] = [];
    for (const element of document.querySelectorAll('#root *')) {
      // A spinner turns, and its corners reach over its box without being seen.
      if (!isSeen(element) || element.role === 'progressbar') continue;
      const { overflowX, overflowY, textOverflow } = getComputedStyle(element);
      const tooWide = element.scrollWidth > element.clientWidth + 1 && overflowX !== 'visible';
      const tooHigh = element.scrollHeight > element.clientHeight + 1 && overflowY !== 'visible';
      if (tooWide && textOverflow !== 'ellipsis' && !(element instanceof HTMLInputElement))
        found.push(`cut off or scrolled sideways: ${name(element)}`);
      if (tooHigh && scrolls(overflowY)) areas.push(name(element));
      else if (tooHigh) found.push(`cut off below: ${name(element)}`);
    }
    if (areas.length > 1) found.push(`several areas scroll: ${areas.join('; ')}`);
    return found;
  });
  // Handles: a dialog that has just opened hides what is behind it a moment later, and a locator would look for that anew.
  for (const button of (await page.getByRole('button').elementHandles()) as Button[]) {
    if (!(await button.isVisible())) continue;
    // Only what lies in the area that scrolls may have to be scrolled to.
    if (!(await isWhollySeen(button))) await scrollTo(button);
    if (!(await isWhollySeen(button))) faults.push(`out of sight: ${await button.innerText()}`);
  }
  return faults;
}

type Button = ElementHandle<HTMLElement | SVGElement>;

/**
 * Scrolls as a user would: nothing but areas with a scroll bar. Chromium's own `scrollIntoViewIfNeeded` also moves what
 * has none, and stops a pixel short of an edge.
 */
const scrollTo = (element: Button): Promise<void> =>
  element.evaluate((node) => {
    for (let area = node.parentElement; area; area = area.parentElement) {
      const { overflowY } = getComputedStyle(area);
      if (overflowY !== 'auto' && overflowY !== 'scroll') continue;
      const [box, frame] = [node.getBoundingClientRect(), area.getBoundingClientRect()];
      area.scrollTop += (box.top + box.bottom - frame.top - frame.bottom) / 2;
    }
  });

const isWhollySeen = (element: Button): Promise<boolean> =>
  element.evaluate((node) => {
    const box = node.getBoundingClientRect();
    if (box.top < 0 || box.left < 0 || box.bottom > innerHeight || box.right > innerWidth) return false;
    for (let area = node.parentElement; area; area = area.parentElement) {
      if (getComputedStyle(area).overflowY === 'visible') continue;
      const frame = area.getBoundingClientRect();
      if (box.top < frame.top - 1 || box.bottom > frame.bottom + 1) return false;
    }
    return true;
  });

/**
 * Goes on with Tab until the element has the focus.
 *
 * @throws Error when the keyboard does not get there, or the focus can not be seen
 */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let presses = 0; presses < 40; presses += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) {
      expect(await target.evaluate((element) => element.matches(':focus-visible'))).toBe(true);
      return;
    }
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not get to ${target.toString()}`);
}
