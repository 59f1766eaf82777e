import type { BrowserWindow, Input } from 'electron';

/** Chromium's steps: each is a fifth more. -2 is 69 %, 5 is 249 %. */
const smallestZoom = -2;
const largestZoom = 5;

export type WindowKey = 'larger' | 'smaller' | 'original' | 'developer-tools' | 'reload';

/**
 * What a key means to the window itself. There is no menu whose shortcuts would do it.
 *
 * @param development developer tools and reloading exist only there
 */
export function windowKey(
  input: Pick<Input, 'type' | 'key' | 'code' | 'control' | 'meta' | 'alt' | 'shift'>,
  { development, platform }: { readonly development: boolean; readonly platform: NodeJS.Platform },
): WindowKey | undefined {
  if (input.type !== 'keyDown') return undefined;
  if (development && input.key === 'F12') return 'developer-tools';
  if (development && input.key === 'F5') return 'reload';
  const command = platform === 'darwin' ? input.meta : input.control;
  // AltGr is Control+Alt on Windows: it types characters.
  if (!command || input.alt) return undefined;
  // The place of the key, not its letter: on a Russian keyboard layout `=` and `-` stay where they are.
  switch (input.code) {
    case 'Equal':
    case 'NumpadAdd':
      return 'larger';
    case 'Minus':
    case 'NumpadSubtract':
      return input.shift ? undefined : 'smaller';
    case 'Digit0':
    case 'Numpad0':
      return input.shift ? undefined : 'original';
    default:
      return undefined;
  }
}

/** Zoom by keys and wheel, and in development the developer tools. */
export function addWindowKeys(window: BrowserWindow, development: boolean): void {
  const { webContents } = window;
  const zoomBy = (step: number): void => {
    webContents.zoomLevel = Math.min(largestZoom, Math.max(smallestZoom, webContents.zoomLevel + step));
  };
  webContents.on('zoom-changed', (_event, direction) => zoomBy(direction === 'in' ? 1 : -1));
  webContents.on('before-input-event', (event, input) => {
    const key = windowKey(input, { development, platform: process.platform });
    if (!key) return;
    event.preventDefault();
    switch (key) {
      case 'larger':
        return zoomBy(1);
      case 'smaller':
        return zoomBy(-1);
      case 'original':
        webContents.zoomLevel = 0;
        return;
      case 'developer-tools':
        return webContents.toggleDevTools();
      case 'reload':
        return webContents.reload();
    }
  });
}
