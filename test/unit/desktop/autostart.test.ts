import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { autostartEntry, setAutostart, setXdgAutostart } from '#main/desktop/autostart.ts';
import { temporaryFolder } from './temporary-folder.ts';

const electron = vi.hoisted(() => ({
  isPackaged: true,
  items: [] as { path: string; args: string[]; openAtLogin: boolean }[],
  obeys: true,
  appData: '',
}));
vi.mock('electron', () => ({
  app: {
    get isPackaged() {
      return electron.isPackaged;
    },
    getAppPath: () => 'C:\\Kilt source',
    getPath: () => electron.appData,
    setLoginItemSettings: (item: (typeof electron.items)[number]) => electron.items.push(item),
    getLoginItemSettings: ({ path, args }: { path: string; args: string[] }) => {
      const same = electron.items.findLast((item) => item.path === path && item.args.join() === args.join());
      return { openAtLogin: electron.obeys && same?.openAtLogin === true };
    },
  },
}));

const folder = temporaryFolder();
const on = (platform: NodeJS.Platform) => vi.spyOn(process, 'platform', 'get').mockReturnValue(platform);

describe('starting with the session', () => {
  it('is a login item on Windows, without a window, and is taken away again', async () => {
    const platform = on('win32');
    electron.items.length = 0;
    await setAutostart(true);
    await setAutostart(false);
    expect(electron.items).toEqual([
      { path: process.execPath, args: ['--background'], openAtLogin: true },
      { path: process.execPath, args: ['--background'], openAtLogin: false },
    ]);
    platform.mockRestore();
  });

  it('names the program’s folder too where it is not packaged, in quotes for its spaces', async () => {
    const platform = on('win32');
    electron.isPackaged = false;
    await setAutostart(true);
    expect(electron.items.at(-1)?.args).toEqual(['"C:\\Kilt source"', '--background']);
    electron.isPackaged = true;
    platform.mockRestore();
  });

  it('is said to have failed where the system does not let Kilt', async () => {
    const platform = on('win32');
    electron.obeys = false;
    await expect(setAutostart(true)).rejects.toMatchObject({ id: 'autostart-refused' });
    electron.obeys = true;
    platform.mockRestore();
  });

  it('is an entry in the autostart folder on Linux, and is taken away again', async () => {
    const platform = on('linux');
    electron.appData = folder();
    await setAutostart(true);
    const file = join(folder(), 'autostart', 'kilt.desktop');
    expect(readFileSync(file, 'utf8').split('\n')).toEqual([
      '[Desktop Entry]',
      'Type=Application',
      'Version=1.5',
      'Name=Kilt',
      `Exec="${process.execPath}" "--background"`,
      'Terminal=false',
      'X-GNOME-Autostart-enabled=true',
      '',
    ]);
    await setAutostart(false);
    await setAutostart(false);
    expect(existsSync(file)).toBe(false);
    platform.mockRestore();
  });

  it('is said to have failed where the entry can not be written', async () => {
    writeFileSync(join(folder(), 'autostart'), '');
    await expect(
      setXdgAutostart(true, join(folder(), 'autostart', 'kilt.desktop'), ['kilt']),
    ).rejects.toMatchObject({ id: 'autostart-refused' });
  });
});

describe('the command of an autostart entry', () => {
  const exec = (...command: string[]) => /^Exec=(.*)$/m.exec(autostartEntry(command))?.[1];

  it('keeps spaces, quotes, dollars, percents and backslashes what they are (Desktop Entry Specification)', () => {
    expect(exec('/opt/My Kilt/kilt')).toBe('"/opt/My Kilt/kilt"');
    expect(exec('/a"b')).toBe('"/a\\\\"b"');
    expect(exec('/a$b`c')).toBe('"/a\\\\$b\\\\`c"');
    expect(exec('/100%')).toBe('"/100%%"');
    expect(exec('/a\\b')).toBe('"/a\\\\\\\\b"');
  });

  it('can hold no line end: it would begin another entry', () => {
    expect(() => autostartEntry(['/a\nHidden=true'])).toThrow('autostart-refused');
  });
});
