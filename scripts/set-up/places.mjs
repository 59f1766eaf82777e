import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The clone this script belongs to. */
export const clone = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');

/** What this clone's set-up remembers between runs. */
export const records = path.join(clone, '.cache', 'set-up');

/**
 * What is costly to get and the same for every clone of this user: Electron, and native modules built from source.
 * Everything in it is keyed by version and moved into place whole, so it may be shared and may be deleted.
 */
export const cache =
  process.env['KILT_CACHE'] ??
  (process.platform === 'win32'
    ? path.join(process.env['LOCALAPPDATA'] ?? os.homedir(), 'kilt-development')
    : path.join(process.env['XDG_CACHE_HOME'] ?? path.join(os.homedir(), '.cache'), 'kilt'));

/** A path inside node_modules. */
export const inModules = (...parts) => path.join(clone, 'node_modules', ...parts);
