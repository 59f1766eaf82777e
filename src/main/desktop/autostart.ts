import { app } from 'electron';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { KiltError } from '#shared/errors.ts';
import { writeWhole } from '#main/store/whole-file.ts';
import { backgroundSwitch } from './launch-options.ts';

/**
 * Whether Kilt starts with the user's session: a login item on Windows and macOS, an XDG autostart entry elsewhere
 * (Desktop Application Autostart Specification 0.5). It then starts without a window.
 *
 * Done only when the setting changes. A user who takes the entry away with the system's own means is not overruled.
 *
 * @throws KiltError `autostart-refused` where the system does not let Kilt
 */
export async function setAutostart(on: boolean): Promise<void> {
  if (process.platform === 'linux') return setXdgAutostart(on, autostartFile(), thisProgram());
  const [program, ...args] = thisProgram();
  // Windows keeps one command line: what has spaces needs its quotes.
  const item = { path: program, args: args.map((arg) => (/\s/.test(arg) ? `"${arg}"` : arg)) };
  app.setLoginItemSettings({ ...item, openAtLogin: on });
  if (app.getLoginItemSettings(item).openAtLogin !== on) throw new KiltError('autostart-refused');
}

/** The command that starts this program as the session does. */
function thisProgram(): [program: string, ...args: string[]] {
  const unpackaged = app.isPackaged ? [] : [app.getAppPath()];
  return [process.execPath, ...unpackaged, `--${backgroundSwitch}`];
}

/** `$XDG_CONFIG_HOME/autostart`, which Electron knows as the folder of all programs' data. */
const autostartFile = (): string => path.join(app.getPath('appData'), 'autostart', 'kilt.desktop');

export async function setXdgAutostart(on: boolean, file: string, command: readonly string[]): Promise<void> {
  try {
    if (!on) {
      await rm(file, { force: true });
      return;
    }
    await mkdir(path.dirname(file), { recursive: true });
    await writeWhole(file, autostartEntry(command));
  } catch (error) {
    throw new KiltError('autostart-refused', {}, { cause: error });
  }
}

/** An entry as the Desktop Entry Specification 1.5 has it. */
export function autostartEntry(command: readonly string[]): string {
  const lines = [
    '[Desktop Entry]',
    'Type=Application',
    'Version=1.5',
    'Name=Kilt',
    `Exec=${command.map(execArgument).join(' ')}`,
    'Terminal=false',
    'X-GNOME-Autostart-enabled=true',
  ];
  return `${lines.join('\n')}\n`;
}

/**
 * One argument of `Exec`, quoted (§ «The Exec key»), and then written as every text of such a file is: a backslash
 * doubled. A line end can not be written at all.
 *
 * @throws KiltError `autostart-refused`
 */
function execArgument(argument: string): string {
  if (/[\p{Cc}]/u.test(argument)) throw new KiltError('autostart-refused');
  const quoted = `"${argument.replace(/["`$\\]/g, '\\$&').replaceAll('%', '%%')}"`;
  return quoted.replaceAll('\\', '\\\\');
}
