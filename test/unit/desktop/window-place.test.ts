import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { placeOnDisplays, readWindowMemory, sizesOn, writeWindowMemory } from '#main/desktop/window-place.ts';

const laptop = { x: 0, y: 0, width: 1920, height: 1040 };
const monitorOnTheLeft = { x: -2560, y: -200, width: 2560, height: 1400 };

describe('the place of the window', () => {
  it('is where it was, on either display', () => {
    for (const place of [
      { x: 100, y: 50, width: 1000, height: 680 },
      { x: -2000, y: -100, width: 1200, height: 900 },
    ]) {
      expect(placeOnDisplays(place, [laptop, monitorOnTheLeft])).toEqual(place);
    }
  });

  it.each([
    ['its display was unplugged', { x: -2000, y: -100, width: 1200, height: 900 }],
    ['only a sliver would be seen', { x: 1880, y: 50, width: 1000, height: 680 }],
    ['the title bar would be above the display', { x: 100, y: -300, width: 1000, height: 680 }],
    ['the title bar would be below the display', { x: 100, y: 1030, width: 1000, height: 680 }],
  ])('is the middle when %s', (_why, place) => {
    expect(placeOnDisplays(place, [laptop])).toBeUndefined();
  });

  it('is the middle at the first start', () => {
    expect(placeOnDisplays(undefined, [laptop])).toBeUndefined();
  });

  it('never gets smaller than the smallest size, nor larger than the display where that is possible', () => {
    for (const width of [10, 200]) {
      expect(placeOnDisplays({ x: 0, y: 0, width, height: 10_000 }, [laptop])).toEqual({
        x: 0,
        y: 0,
        width: 840,
        height: 1040,
      });
    }
  });

  it('is never larger than a small display, such as 1366 × 768 at 150 %', () => {
    const small = { x: 0, y: 0, width: 911, height: 472 };
    expect(sizesOn([small])).toEqual({ width: 911, height: 472, minWidth: 840, minHeight: 472 });
    expect(placeOnDisplays({ x: 0, y: 0, width: 1000, height: 680 }, [small])).toEqual(small);
    expect(sizesOn([small, laptop])).toEqual({ width: 1000, height: 680, minWidth: 840, minHeight: 560 });
  });

  it('always leaves a piece of the title bar to catch with the mouse', () => {
    const number = fc.integer({ min: -5_000, max: 5_000 });
    fc.assert(
      fc.property(fc.record({ x: number, y: number, width: number, height: number }), (saved) => {
        const place = placeOnDisplays(saved, [laptop, monitorOnTheLeft]);
        if (!place) return;
        const caught = [laptop, monitorOnTheLeft].some(
          (area) =>
            Math.min(place.x + place.width, area.x + area.width) - Math.max(place.x, area.x) >= 120 &&
            place.y >= area.y - 8 &&
            place.y < area.y + area.height,
        );
        expect(caught).toBe(true);
      }),
      { examples: [[{ x: -4361, y: 0, width: 4481, height: 0 }]] },
    );
  });
});

describe('what the window remembers', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kilt-window-'));
    file = join(folder, 'window.json');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const fresh = { maximised: false, theme: 'system', language: 'ru' };

  it('comes back as it was written, and leaves no half file', () => {
    const memory = {
      bounds: { x: 1, y: 2, width: 900, height: 600 },
      maximised: true,
      theme: 'dark',
      language: 'kk',
    } as const;
    writeWindowMemory(file, memory);
    expect(readWindowMemory(file)).toEqual(memory);
    expect(readdirSync(folder)).toEqual(['window.json']);
  });

  it.each([
    '',
    '{',
    'null',
    '[]',
    '{"bounds":{"x":"a"}}',
    '{"bounds":{"x":1e300,"y":0,"width":1,"height":1}}',
    '\0',
  ])('is forgotten when the file is damaged: %j', (text) => {
    writeFileSync(file, text);
    expect(readWindowMemory(file)).toEqual(fresh);
  });

  it('is nothing at the first start', () => {
    expect(readWindowMemory(file)).toEqual(fresh);
  });
});
