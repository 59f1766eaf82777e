import { describe, expect, it } from 'vitest';
import { windowKey } from '#main/desktop/window-keys.ts';

const plain = {
  type: 'keyDown',
  key: '',
  code: '',
  control: false,
  meta: false,
  alt: false,
  shift: false,
} as const;
const windows = { development: false, platform: 'win32' } as const;

describe('keys of the window', () => {
  it.each([
    ['Equal', 'larger'],
    ['NumpadAdd', 'larger'],
    ['Minus', 'smaller'],
    ['NumpadSubtract', 'smaller'],
    ['Digit0', 'original'],
    ['Numpad0', 'original'],
    ['KeyR', undefined],
    ['KeyV', undefined],
  ])('Control and %s mean %s, on every keyboard layout', (code, meaning) => {
    for (const key of ['=', 'ъ', '0']) {
      expect(windowKey({ ...plain, control: true, code, key }, windows)).toBe(meaning);
    }
  });

  it('on macOS it is the Command key', () => {
    const mac = { ...windows, platform: 'darwin' } as const;
    expect(windowKey({ ...plain, meta: true, code: 'Equal' }, mac)).toBe('larger');
    expect(windowKey({ ...plain, control: true, code: 'Equal' }, mac)).toBeUndefined();
  });

  it('AltGr types a character and does not zoom', () => {
    expect(windowKey({ ...plain, control: true, alt: true, code: 'Digit0' }, windows)).toBeUndefined();
  });

  it('developer tools and reloading exist in development only', () => {
    for (const key of ['F12', 'F5']) {
      expect(windowKey({ ...plain, key, code: key }, windows)).toBeUndefined();
      expect(windowKey({ ...plain, key, code: key }, { ...windows, development: true })).toBeDefined();
    }
  });
});
