import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createDesktop } from '#main/desktop/desktop-services.ts';
import type { MainWindow } from '#main/desktop/window.ts';
import { calls } from '#shared/ipc-contract.ts';
import { recordingLog } from './recording-log.ts';

const electron = vi.hoisted(() => ({ opened: [] as string[], refuses: '' }));
vi.mock('electron', () => ({
  app: {},
  clipboard: {},
  dialog: {},
  shell: {
    openPath: async (path: string) => {
      electron.opened.push(path);
      return electron.refuses;
    },
  },
}));

const desktop = (log = recordingLog().log) =>
  createDesktop({
    mainWindow: {} as MainWindow,
    allowedOrigins: async () => [],
    dataFolder: '/home/aigerim/.config/Kilt',
    remind: () => undefined,
    tellDecision: () => undefined,
    pressed: { take: () => undefined, onPress: () => undefined },
    consentWindow: { open: () => undefined, close: () => undefined, onClosed: () => undefined },
    logFolder: '/home/aigerim/.config/Kilt/logs',
    log,
  });

beforeEach(() => {
  electron.opened.length = 0;
  electron.refuses = '';
});

describe('the page can make the system’s file manager open two folders and nothing else', () => {
  it('the folder of data, and that of the log', async () => {
    await desktop().openFolder('data');
    await desktop().openFolder('logs');
    expect(electron.opened).toEqual(['/home/aigerim/.config/Kilt', '/home/aigerim/.config/Kilt/logs']);
  });

  it.each(['/etc', '../..', 'file:///C:/Windows/System32/calc.exe', 'constructor', '__proto__', '', null])(
    '%j does not get as far as the desktop',
    (folder) => {
      expect(calls['folders.open'].input.safeParse({ folder }).success).toBe(false);
    },
  );

  it('is told when the system does not open it', async () => {
    electron.refuses = 'no file manager';
    const { log, entries } = recordingLog();
    await expect(desktop(log).openFolder('data')).rejects.toMatchObject({ id: 'folder-not-opened' });
    expect(entries.map(({ level }) => level)).toEqual(['warn']);
  });
});
