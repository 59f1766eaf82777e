import type { EventEmitter } from 'node:events';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createMainWindow } from '#main/desktop/window.ts';
import { defaultSettings } from '#shared/views.ts';
import { recordingLog } from './recording-log.ts';
import { temporaryFolder } from './temporary-folder.ts';

const electron = vi.hoisted(() => ({ windows: [] as unknown[], theme: 'system' }));
vi.mock('electron', async () => {
  const { EventEmitter: Emitter } = await import('node:events');
  class BrowserWindow extends Emitter {
    webContents = new Emitter();
    visible = false;
    destroyed = false;
    constructor() {
      super();
      electron.windows.push(this);
    }
    loadURL = async () => undefined;
    isDestroyed = () => this.destroyed;
    isVisible = () => this.visible;
    isMinimized = () => false;
    isMaximized = () => false;
    getNormalBounds = () => ({ x: 0, y: 0, width: 1000, height: 680 });
    setBackgroundColor = () => undefined;
    focus = () => undefined;
    show = () => {
      this.visible = true;
    };
    hide = () => {
      this.visible = false;
    };
    /** As the cross, Alt+F4 or the end of the program closes it. */
    close() {
      const event = { prevented: false, preventDefault: () => (event.prevented = true) };
      this.emit('close', event);
      if (event.prevented) return;
      this.destroyed = true;
      this.emit('closed');
    }
  }
  return {
    BrowserWindow,
    Menu: {},
    nativeTheme: { themeSource: 'system', shouldUseDarkColors: false },
    screen: { getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1040 } }] },
  };
});

interface Played extends EventEmitter {
  visible: boolean;
  destroyed: boolean;
  close(): void;
}

const folder = temporaryFolder();
const newWindow = () =>
  createMainWindow({
    address: 'kilt://app/index.html',
    preload: '/preload.cjs',
    dataFolder: folder(),
    development: false,
    log: recordingLog().log,
  });
const last = () => electron.windows.at(-1) as Played;

beforeEach(() => {
  electron.windows.length = 0;
});

describe('the window’s cross', () => {
  it('closes the window', () => {
    const window = newWindow();
    window.open();
    window.applySettings(defaultSettings);
    last().close();
    expect(window.window()).toBeUndefined();
  });

  it('only hides it where the user keeps Kilt in the notification area; what was typed stays', () => {
    const window = newWindow();
    window.open();
    window.applySettings({ ...defaultSettings, closeToTray: true });
    last().emit('ready-to-show');
    last().close();
    expect([last().visible, last().destroyed]).toEqual([false, false]);
    window.focus();
    expect(last().visible).toBe(true);
    expect(electron.windows).toHaveLength(1);
  });

  it('closes it again when the setting is taken back, or the program ends', () => {
    for (const end of ['setting', 'program'] as const) {
      const window = newWindow();
      window.open();
      window.applySettings({ ...defaultSettings, closeToTray: true });
      if (end === 'setting') window.applySettings(defaultSettings);
      else window.letClose();
      last().close();
      expect(last().destroyed).toBe(true);
    }
  });
});

describe('a start without a window', () => {
  it('keeps nobody waiting, and opens one when it is asked for', async () => {
    const window = newWindow();
    window.stayAway();
    await window.shown;
    expect(electron.windows).toHaveLength(0);
    window.focus();
    expect(electron.windows).toHaveLength(1);
  });

  it('tells whenever there is a window and when there is none', () => {
    const window = newWindow();
    const told: boolean[] = [];
    window.onPresence((present) => told.push(present));
    window.open();
    last().close();
    window.focus();
    expect(told).toEqual([true, false, true]);
  });
});
