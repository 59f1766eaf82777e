import { connect } from 'node:net';
import { createInterface } from 'node:readline';

import { Command, InvalidArgumentError, Option } from 'commander';
import { z } from 'zod';

import { VirtualCard } from './card.ts';
import { type VirtualCardOptions, profileNames, virtualCardOptions } from './profiles.ts';
import { type ProgramOptions, VirtualTokenProgram } from './program.ts';
import { showState, summaryOf } from './show.ts';
import { loadState, saveState, stateExists } from './state-file.ts';
import { VPCD_PORT } from './vpcd-client.ts';

const program = new Command('virtual-token').description(
  'A KAZTOKEN made of software. It plugs into pcscd through vpcd, and into Kilt’s virtual reader.',
);

const port = (text: string): number => {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 0 || number > 65535) throw new InvalidArgumentError('not a port');
  return number;
};
const seconds = (text: string): number => {
  const number = Number(text);
  if (!(number >= 0)) throw new InvalidArgumentError('not a number of seconds');
  return number;
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

/** Options of commands that may make a new card. */
const withCardOptions = (command: Command): Command =>
  command
    .requiredOption('--state <file>', 'where the token keeps its memory')
    .addOption(
      new Option('--profile <name>', 'what a new token starts with')
        .choices(profileNames)
        .default('default-pins'),
    )
    .addOption(new Option('--atr <name>', 'whose answer to reset it gives').choices(['kaztoken', 'rutoken']))
    .option('--serial <hex>', 'serial number, eight hexadecimal digits (random when absent)')
    .option('--label <text>', 'token label, for profiles that have one')
    .option(
      '--setting <name=value>',
      'one unverified behaviour (unverified.ts); may be repeated',
      setting,
      {},
    );

interface CardFlags {
  readonly profile: string;
  readonly atr?: string;
  readonly serial?: string;
  readonly label?: string;
  readonly setting: Record<string, unknown>;
}

function cardOptions({ profile, atr, serial, label, setting: unverified }: CardFlags): VirtualCardOptions {
  const given = Object.fromEntries(
    Object.entries({ profile, atr, serial, label }).filter(([, value]) => value !== undefined),
  );
  return virtualCardOptions.parse({ ...given, unverified });
}

withCardOptions(program.command('new'))
  .description('makes a token and ends')
  .option('--force', 'replace a token that is there', false)
  .action((flags: CardFlags & { state: string; force: boolean }) => {
    if (stateExists(flags.state) && !flags.force)
      throw new Error(`${flags.state} holds a token; --force replaces it`);
    const state = VirtualCard.create(cardOptions(flags)).snapshot();
    saveState(flags.state, state);
    console.log(showState(state));
  });

withCardOptions(program.command('start'))
  .description('plugs the token in and stays; makes it first when there is none')
  .option('--host <address>', 'where the reader listens', '127.0.0.1')
  .option('--port <number>', 'vpcd’s port: 35963, and 35964 for its second slot', port, VPCD_PORT)
  .option('--keygen-seconds <number>', 'how long the token makes a key pair, at least', seconds, 0)
  .option('--control-port <number>', 'listen there on 127.0.0.1 for JSON lines; 0 takes any free port', port)
  .option('--trace <file>', 'append every exchange as a JSON line, without PINs and keys')
  .option('--json', 'print one JSON line when ready', false)
  .action(async (flags: CardFlags & StartFlags) => {
    const token = new VirtualTokenProgram(programOptions(flags));
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.once(signal, () => void token.stop().then(() => process.exit(0)));
    const ready = await token.start();
    if (flags.json) console.log(JSON.stringify(ready));
    else
      console.log(
        `token ${ready.serial} waits for a reader at ${ready.reader}; ${controlText(ready.controlPort)}`,
      );
  });

interface StartFlags {
  readonly state: string;
  readonly host: string;
  readonly port: number;
  readonly keygenSeconds: number;
  readonly controlPort?: number;
  readonly trace?: string;
  readonly json: boolean;
}

function programOptions(flags: CardFlags & StartFlags): ProgramOptions {
  const { state, host, port: readerPort, keygenSeconds, controlPort, trace, json } = flags;
  return {
    state,
    host,
    port: readerPort,
    keygenSeconds,
    card: cardOptions(flags),
    ...(flags.atr === undefined ? {} : { showAtr: virtualCardOptions.shape.atr.parse(flags.atr) }),
    ...(controlPort === undefined ? {} : { controlPort }),
    ...(trace === undefined ? {} : { traceFile: trace }),
    ...(json ? {} : { onReader: (there) => console.log(there ? 'in the reader' : 'no reader') }),
  };
}

const controlText = (controlPort: number | null): string =>
  controlPort === null ? 'no control line' : `control line on 127.0.0.1:${controlPort}`;

program
  .command('show')
  .description('shows a token’s files, rights and tries')
  .requiredOption('--state <file>', 'the token')
  .option('--json', 'identity, memory and tries as JSON', false)
  .action((flags: { state: string; json: boolean }) => {
    const state = VirtualCard.restore(loadState(flags.state)).snapshot();
    console.log(flags.json ? JSON.stringify(summaryOf(state)) : showState(state));
  });

program
  .command('control')
  .description('sends one JSON object to a running token, for example \'{"do":"remove"}\'')
  .requiredOption('--port <number>', 'its control port', port)
  .argument('<json>')
  .action(async (json: string, flags: { port: number }) => {
    const socket = connect({ host: '127.0.0.1', port: flags.port });
    socket.write(`${JSON.stringify(JSON.parse(json))}\n`);
    for await (const line of createInterface({ input: socket })) {
      console.log(line);
      const { ok } = z.looseObject({ ok: z.boolean() }).parse(JSON.parse(line));
      process.exitCode = ok ? 0 : 1;
      break;
    }
    socket.destroy();
  });

program.parseAsync().catch((error: unknown) => {
  const reason =
    error instanceof z.ZodError
      ? z.prettifyError(error)
      : error instanceof Error
        ? error.message
        : String(error);
  process.stderr.write(`${reason}\n`);
  process.exitCode = 1;
});
