import path from 'node:path';

import { type Command, InvalidArgumentError, Option } from 'commander';

import { allProfileNames, type CardOrder, cardOrder } from '../card-order.ts';
import { virtualCardOptions } from '../profiles.ts';
import type { ProgramOptions } from '../program.ts';
import { VPCD_PORT } from '../vpcd-client.ts';

/** What commands that may make a new card are told about it. */
export interface CardFlags {
  readonly profile: string;
  readonly atr?: string;
  readonly serial?: string;
  readonly label?: string;
  readonly memoryKilobytes?: number;
  readonly userPinAttempts?: number;
  readonly administratorPinAttempts?: number;
  readonly minPinLength?: number;
  readonly userPinChangedBy?: string;
  readonly bankData?: string;
  readonly authorityData?: string;
  readonly nationalOwner?: string;
  readonly expiresInDays?: number;
  readonly setting: Record<string, unknown>;
}

/** What commands that run a token are told beside {@link CardFlags}. */
export interface RunFlags {
  readonly state: string;
  readonly host: string;
  readonly port?: number;
  readonly slot: number;
  readonly keygenSeconds: number;
  readonly controlPort?: number;
  readonly trace?: string;
  readonly json: boolean;
}

const LAST_PORT = 65_535;

export const port = (text: string): number => {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 0 || number > LAST_PORT)
    throw new InvalidArgumentError('not a port');
  return number;
};

export const seconds = (text: string): number => {
  const number = Number(text);
  if (text.trim() === '' || !(number >= 0)) throw new InvalidArgumentError('not a number of seconds');
  return number;
};

const whole = (text: string): number => {
  const number = Number(text);
  if (text.trim() === '' || !Number.isInteger(number)) throw new InvalidArgumentError('not a whole number');
  return number;
};

/** npm runs scripts in the package's folder; INIT_CWD is where the user stands. */
const here = (text: string): string => path.resolve(process.env['INIT_CWD'] ?? '.', text);

const slot = (text: string): number => {
  if (!/^[1-9]$/.test(text)) throw new InvalidArgumentError('slots are 1 and 2, as many as the reader has');
  return Number(text);
};

/** `name=value`; the value is JSON where it can be, a word otherwise. */
const setting = (text: string, before: Record<string, unknown>): Record<string, unknown> => {
  const [name = '', value = ''] = text.split(/=(.*)/s);
  let read: unknown = value;
  try {
    read = JSON.parse(value);
  } catch {
    // A bare word such as new-file.
  }
  return { ...before, [name]: read };
};

export const withCardFlags = (command: Command): Command =>
  command
    .requiredOption('--state <file>', 'where the token keeps its memory')
    .addOption(
      new Option('--profile <name>', 'what a new token starts with')
        .choices(allProfileNames)
        .default('default-pins'),
    )
    .addOption(new Option('--atr <name>', 'whose answer to reset it gives').choices(['kaztoken', 'rutoken']))
    .option('--serial <hex>', 'serial number, eight hexadecimal digits (random when absent)')
    .option('--label <text>', 'token label, for profiles that have one')
    .option('--memory-kilobytes <number>', 'memory of a new token (64)', whole)
    .option('--user-pin-attempts <number>', 'tries of the user PIN', whole)
    .option('--administrator-pin-attempts <number>', 'tries of the administrator PIN', whole)
    .option('--min-pin-length <number>', 'shortest PIN, for profiles as the vendor delivers them', whole)
    .addOption(
      new Option('--user-pin-changed-by <who>', 'who may change the user PIN').choices([
        'administrator',
        'user',
        'both',
      ]),
    )
    .option('--bank-data <folder>', 'registered, expiring: data of the demo bank that shall know it', here)
    .option('--authority-data <folder>', 'national: where the demo authority keeps its keys', here)
    .addOption(
      new Option('--national-owner <who>', 'national: whose keys they are').choices([
        'person',
        'organisation',
      ]),
    )
    .option('--expires-in-days <number>', 'when the certificates end; 0 or less: they have ended', whole)
    .option(
      '--setting <name=value>',
      'one unverified behaviour (unverified.ts); may be repeated',
      setting,
      {},
    );

export const withRunFlags = (command: Command): Command =>
  withCardFlags(command)
    .option('--host <address>', 'where the reader listens', '127.0.0.1')
    .option('--slot <number>', 'slot of the reader: 1, or 2 for a second token', slot, 1)
    .option(
      '--port <number>',
      'the reader’s port, where it is not vpcd’s (35963, and 35964 for slot 2)',
      port,
    )
    .option('--keygen-seconds <number>', 'how long the token makes a key pair, at least', seconds, 0)
    .option(
      '--control-port <number>',
      'listen there on 127.0.0.1 for control lines; 0 takes any free port',
      port,
    )
    .option('--trace <file>', 'append every exchange as a JSON line, without PINs and keys')
    .option('--json', 'print one JSON line when ready', false);

/** @throws ZodError when a value makes no sense */
export function cardOptions(flags: CardFlags): CardOrder {
  const names = Object.keys(cardOrder.shape).filter((name) => name in flags);
  const given = Object.fromEntries(names.map((name) => [name, flags[name as keyof CardFlags]]));
  const order = { ...given, unverified: flags.setting };
  cardOrder.parse(order);
  // As it was given: what is left open depends on the profile.
  return order as CardOrder;
}

/** @throws ZodError when a value makes no sense */
export function programOptions(flags: CardFlags & RunFlags): ProgramOptions {
  const { state, host, port: readerPort, keygenSeconds, controlPort, trace, json } = flags;
  return {
    state,
    host,
    port: readerPort ?? VPCD_PORT + flags.slot - 1,
    keygenSeconds,
    card: cardOptions(flags),
    ...(flags.atr === undefined ? {} : { showAtr: virtualCardOptions.shape.atr.parse(flags.atr) }),
    ...(controlPort === undefined ? {} : { controlPort }),
    ...(trace === undefined ? {} : { traceFile: trace }),
    ...(json ? {} : { onReader: (there) => console.log(there ? 'in the reader' : 'no reader') }),
  };
}
