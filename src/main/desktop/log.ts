import { chmodSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
// The variant without Electron: the other one opens an IPC channel of its own to every page.
import electronLog from 'electron-log/node';
import type { SettingsView } from '#shared/views.ts';
import { redactValue } from './redaction.ts';

/** Where the parts of the program write what happened. Every entry is redacted before any sink sees it. */
export interface Log {
  error(what: string, details?: unknown): void;
  warn(what: string, details?: unknown): void;
  info(what: string, details?: unknown): void;
  debug(what: string, details?: unknown): void;
}

/** The program's own log, whose level the user sets. */
export interface ProgramLog extends Log {
  /** From now on. `info` is what support needs as a rule; `debug` adds what is looked at when something is odd. */
  setLevel(level: SettingsView['logLevel']): void;
}

export interface LogOptions {
  /** Folder of this user, for example `<userData>/logs`; made when it is missing, closed to others. */
  readonly folder: string;
  /** Also write to the terminal (development). */
  readonly terminal: boolean;
  /** Size in bytes at which the file is put aside. */
  readonly maxSize?: number;
}

const fileName = 'kilt.log';
/** `kilt.1.log` (newest) to `kilt.3.log`: with the current file at most 4 MB by default. */
const keptFiles = 3;
const ownerOnlyFile = 0o600;
const ownerOnlyFolder = 0o700;

let instances = 0;

/** Opens the log of this program. A full or read-only disk loses entries, never the program. */
export function createLog({ folder, terminal, maxSize = 1024 * 1024 }: LogOptions): ProgramLog {
  instances += 1;
  const logger = electronLog.create({ logId: `kilt-${instances}` });

  logger.hooks.push((message) => ({
    ...message,
    data: message.data.map((item, position) =>
      // The first item is the program's own sentence; what comes after is put as one line of JSON.
      position === 0 ? oneLine(String(redactValue(item))) : JSON.stringify(redactValue(item)),
    ),
  }));

  const { file, console: screen, ipc, remote } = logger.transports;
  // A page's console and a server are no places for our log.
  // Typed as always there; outside of Electron some are null.
  const elsewhere: readonly ({ level: unknown } | null)[] = [ipc, remote];
  for (const sink of elsewhere) if (sink) sink.level = false;
  screen.level = terminal ? 'debug' : false;

  file.level = terminal ? 'debug' : 'info';
  file.maxSize = maxSize;
  file.writeOptions = { flag: 'a', encoding: 'utf8', mode: ownerOnlyFile };
  file.format = '{y}-{m}-{d} {h}:{i}:{s}.{ms}{z} {level} {text}';
  file.resolvePathFn = () => join(folder, fileName);
  file.archiveLogFn = () => rotate(folder);

  makePrivateFolder(folder);

  const entry = (level: 'error' | 'warn' | 'info' | 'debug') => (what: string, details?: unknown) => {
    if (details === undefined) logger[level](what);
    else logger[level](what, details);
  };
  return {
    error: entry('error'),
    warn: entry('warn'),
    info: entry('info'),
    debug: entry('debug'),
    setLevel(level) {
      // A developer's terminal shows everything, and the file with it.
      if (!terminal) file.level = level;
    },
  };
}

/** An entry is one line: what somebody else wrote can not look like an entry of ours. */
const oneLine = (text: string): string =>
  text.replace(/[\p{Cc}\u2028\u2029]/gu, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);

function makePrivateFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: ownerOnlyFolder });
    // On Windows the user's profile folder already keeps others out.
    if (process.platform !== 'win32') chmodSync(folder, ownerOnlyFolder);
  } catch {
    // Entries go to the terminal or nowhere; the file transport says so itself.
  }
}

function rotate(folder: string): void {
  const kept = (age: number): string => join(folder, `kilt.${age}.log`);
  rmSync(kept(keptFiles), { force: true });
  for (let age = keptFiles - 1; age >= 1; age -= 1) {
    if (existsSync(kept(age))) renameSync(kept(age), kept(age + 1));
  }
  renameSync(join(folder, fileName), kept(1));
}
