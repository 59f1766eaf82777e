import { homedir } from 'node:os';
import path from 'node:path';

/** Folder of the user's data, the same one Electron gives the window (`app.getPath('userData')`). */
export function defaultDataFolder(
  platform: NodeJS.Platform = process.platform,
  environment: NodeJS.ProcessEnv = process.env,
): string {
  if (platform === 'win32') {
    return path.join(environment['APPDATA'] ?? path.join(homedir(), 'AppData', 'Roaming'), 'Kilt');
  }
  if (platform === 'darwin') return path.join(homedir(), 'Library', 'Application Support', 'Kilt');
  return path.join(environment['XDG_CONFIG_HOME'] ?? path.join(homedir(), '.config'), 'Kilt');
}
