import { z } from 'zod';
import { language, theme } from '#shared/views.ts';
import { readKept, writeKept } from './kept-file.ts';

/** Outer rectangle in device-independent pixels, as Electron's `Rectangle`. */
export interface Bounds {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export const defaultSize = { width: 1000, height: 680 } as const;
export const smallestSize = { width: 840, height: 560 } as const;

const pixels = z.number().int().min(-100_000).max(100_000);

/**
 * What the window must know before the services are there: its place, and theme and language for its first frame.
 * The settings themselves are kept by the services; this is a copy of their last value.
 */
const windowMemory = z.object({
  bounds: z.object({ x: pixels, y: pixels, width: pixels, height: pixels }).optional(),
  maximised: z.boolean().default(false),
  theme: theme.default('system'),
  language: language.default('ru'),
});
export type WindowMemory = z.output<typeof windowMemory>;

/** A missing or damaged file is as good as none: the window opens in the middle. */
export const readWindowMemory = (file: string): WindowMemory =>
  readKept(file, windowMemory, windowMemory.parse({}));

/** @throws what the file system throws; losing the place of a window is no reason to stop */
export const writeWindowMemory = (file: string, memory: WindowMemory): void => writeKept(file, memory);

/** So much of the title bar must be on a display that it can be seen and caught with the mouse. */
const catchableWidth = 120;
const titleBarHeight = 32;

/**
 * Where the window opens: where it was, if a person can still reach it there; otherwise `undefined`, which means in
 * the middle of the main display.
 *
 * @param workAreas the displays without their task bars
 */
export function placeOnDisplays(saved: Bounds | undefined, workAreas: readonly Bounds[]): Bounds | undefined {
  if (!saved) return undefined;
  for (const area of workAreas) {
    // Made to fit first: what could be caught before may lie beyond the edge once it is narrower.
    const fitted = {
      x: saved.x,
      y: saved.y,
      width: Math.min(area.width, Math.max(smallestSize.width, saved.width)),
      height: Math.min(area.height, Math.max(smallestSize.height, saved.height)),
    };
    if (isCatchable(fitted, area)) return fitted;
  }
  return undefined;
}

/**
 * The sizes of a window that has no place yet: the default one and the smallest, neither larger than the largest
 * display, so that the buttons at its lower edge are never under the task bar.
 */
export function sizesOn(workAreas: readonly Bounds[]): {
  readonly width: number;
  readonly height: number;
  readonly minWidth: number;
  readonly minHeight: number;
} {
  const width = Math.max(...workAreas.map((area) => area.width));
  const height = Math.max(...workAreas.map((area) => area.height));
  return {
    width: Math.min(defaultSize.width, width),
    height: Math.min(defaultSize.height, height),
    minWidth: Math.min(smallestSize.width, width),
    minHeight: Math.min(smallestSize.height, height),
  };
}

function isCatchable(window: Bounds, area: Bounds): boolean {
  const shownWidth = Math.min(window.x + window.width, area.x + area.width) - Math.max(window.x, area.x);
  // Eight pixels up: Windows and some Linux desktops put a maximised window's frame outside of the display.
  const titleBarShown = window.y >= area.y - 8 && window.y + titleBarHeight <= area.y + area.height;
  return shownWidth >= catchableWidth && titleBarShown;
}
