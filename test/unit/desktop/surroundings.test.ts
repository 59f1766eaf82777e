import type { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { desktopTexts } from '#main/desktop/desktop-texts.ts';
import type { ProgramLog } from '#main/desktop/log.ts';
import { createSurroundings } from '#main/desktop/surroundings.ts';
import type { MainWindow } from '#main/desktop/window.ts';
import { defaultSettings } from '#shared/views.ts';
import { eventually } from '#test/support/eventually.ts';
import { certificateEnd } from './certificate-end.ts';
import { recordingLog } from './recording-log.ts';

const electron = vi.hoisted(() => ({
  trays: 0,
  notifications: [] as { press: () => void }[],
  menu: [] as { label?: string; click?: () => void }[],
  program: undefined as EventEmitter | undefined,
}));
vi.mock('electron', async () => {
  const { EventEmitter: Emitter } = await import('node:events');
  electron.program = new Emitter();
  return {
    app: electron.program,
    Menu: {
      buildFromTemplate: (menu: typeof electron.menu) => {
        electron.menu = menu;
        return {};
      },
    },
    nativeImage: { createEmpty: () => ({ addRepresentation: () => undefined }) },
    Notification: class {
      static isSupported = () => true;
      press = (): void => undefined;
      constructor() {
        electron.notifications.push(this);
      }
      on(event: string, listener: () => void) {
        if (event === 'click') this.press = listener;
      }
      show = () => undefined;
    },
    Tray: class {
      constructor() {
        electron.trays += 1;
      }
      on = () => undefined;
      setToolTip = () => undefined;
      setContextMenu = () => undefined;
      destroy = () => {
        electron.trays -= 1;
      };
    },
  };
});

const end = certificateEnd();

/** A window that is there or not, and what is around it. */
function surrounded(startsWithWindow = true) {
  let hasWindow = startsWithWindow;
  let tell = (_present: boolean): void => undefined;
  const letClose = vi.fn();
  const focus = vi.fn();
  let focused = false;
  const setLevel = vi.fn();
  const mainWindow = {
    texts: () => desktopTexts.ru,
    window: () => (hasWindow ? { isFocused: () => focused } : undefined),
    onPresence: (listener: (present: boolean) => void) => {
      tell = listener;
    },
    focus,
    letClose,
  } as unknown as MainWindow;
  const log: ProgramLog = { ...recordingLog().log, setLevel };
  const surroundings = createSurroundings({ mainWindow, log });
  void surroundings.module.start();
  return {
    ...surroundings,
    letClose,
    focus,
    setLevel,
    isLookedAt(looked: boolean) {
      focused = looked;
    },
    windowIs(present: boolean) {
      hasWindow = present;
      tell(present);
    },
  };
}

beforeEach(() => {
  electron.trays = 0;
  electron.notifications = [];
  electron.program?.removeAllListeners();
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('what is around the window', () => {
  it('is an icon at once when the program starts with the session', () => {
    surrounded(false);
    expect(electron.trays).toBe(1);
  });

  it('is an icon when the program goes on without its window, and none once that is back', () => {
    const around = surrounded();
    around.windowIs(false);
    vi.runAllTimers();
    expect(electron.trays).toBe(1);
    around.windowIs(true);
    expect(electron.trays).toBe(0);
  });

  it('is no icon that only flashes while the program ends with its window', () => {
    const around = surrounded();
    around.windowIs(false);
    expect(electron.trays).toBe(0);
    electron.program?.emit('before-quit');
    vi.runAllTimers();
    expect(electron.trays).toBe(0);
  });

  it('follows the settings at once', () => {
    const around = surrounded();
    around.settingsChanged({ ...defaultSettings, closeToTray: true, logLevel: 'debug' });
    expect(electron.trays).toBe(1);
    expect(around.setLevel).toHaveBeenLastCalledWith('debug');
    around.settingsChanged(defaultSettings);
    expect(electron.trays).toBe(0);
    expect(around.setLevel).toHaveBeenLastCalledWith('info');
  });

  it('opens the window at the certificate that was pressed, and tells which, once', () => {
    const around = surrounded(false);
    around.endsChanged([end]);
    const told = vi.fn();
    around.pressed.onPress(told);
    expect(around.pressed.take()).toBeUndefined();
    electron.menu.find(({ label }) => label?.startsWith(end.tokenName))?.click?.();
    expect(around.focus).toHaveBeenCalledOnce();
    expect(told).toHaveBeenCalledOnce();
    expect(around.pressed.take()).toEqual({ about: 'keys', tokenSerial: end.tokenSerial });
    expect(around.pressed.take()).toBeUndefined();
  });

  it('tells what the bank has decided, unless the user is looking, and leads there', async () => {
    vi.useRealTimers();
    const around = surrounded();
    const decision = {
      about: 'registration',
      tokenSerial: '47738461',
      userId: 'qq1',
      outcome: 'registered',
    } as const;
    around.isLookedAt(true);
    around.tellDecision(decision);
    around.isLookedAt(false);
    around.tellDecision(decision);
    await eventually(() => electron.notifications.length > 0, { what: 'a notification' });
    expect(electron.notifications).toHaveLength(1);
    electron.notifications[0]?.press();
    expect(around.focus).toHaveBeenCalledOnce();
    expect(around.pressed.take()).toEqual({ about: 'registration', tokenSerial: '47738461' });
  });

  it('lets the window close for good when the program ends, whatever comes after', () => {
    const around = surrounded();
    around.settingsChanged({ ...defaultSettings, closeToTray: true });
    electron.program?.emit('before-quit');
    expect(around.letClose).toHaveBeenCalled();
    expect(electron.trays).toBe(0);
    around.tokensChanged([]);
    around.settingsChanged({ ...defaultSettings, closeToTray: true });
    expect(electron.trays).toBe(0);
  });
});
