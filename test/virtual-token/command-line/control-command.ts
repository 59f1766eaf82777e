import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';

import { Command, InvalidArgumentError, Option } from 'commander';
import { z } from 'zod';

import { commandNames } from '../apdu-names.ts';
import { tearableCommands } from '../fault-schemas.ts';
import { allProfileNames } from '../card-order.ts';
import { type CardFlags, port, seconds } from './card-flags.ts';
import { controlExamples } from './control-examples.ts';

const ANY = 'ANY';

/** Names are typed in small letters too; `any` is every command. */
const commandWord =
  (names: readonly string[]) =>
  (text: string): string => {
    const name = text.toUpperCase();
    if (name !== ANY && !names.includes(name))
      throw new InvalidArgumentError(`commands are ${names.join(', ').toLowerCase()}, any`);
    return name;
  };
const anyCommand = commandWord(commandNames);

const count = (text: string): number => {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError('not a number from 1 on');
  return Number(text);
};
const countOrAlways = (text: string): number | 'always' => (text === 'always' ? text : count(text));
const wholeNumber = (text: string): number => (text === '0' ? 0 : count(text));

interface TriggerFlags {
  readonly on?: string;
  readonly nth?: number;
  readonly times?: number | 'always';
}

const withTrigger = (command: Command, names: readonly string[] = commandNames): Command =>
  command
    .option('--on <command>', 'strike at this command; any one when absent', commandWord(names))
    .option('--nth <number>', 'strike at the nth such command from now', count)
    .option('--times <number|always>', 'how often to strike, one command after the other', countOrAlways);

const trigger = ({ on, nth, times }: TriggerFlags): Record<string, unknown> => ({
  ...(on === undefined || on === ANY ? {} : { command: on }),
  nth,
  times,
});

/** `control`: one request to a running token, in words or as JSON. */
export function controlCommand(): Command {
  const control = new Command('control')
    .description('breaks a running token, or asks how it is; every deed in words and as JSON')
    .requiredOption('--port <number>', 'the token’s control port', port)
    .option('--json', 'print the answer as the token gave it; a request in JSON is answered so anyway', false)
    .argument('[json]', 'the request as one JSON object, instead of words')
    .addHelpText('after', `\n${controlExamples()}`)
    .action(async (json: string | undefined, _flags: unknown, command: Command) => {
      if (json === undefined) return command.help({ error: true });
      await send(command, JSON.parse(json), console.log);
    });

  const deed = (words: string, description: string): Command =>
    control.command(words).description(description);

  deed('insert', 'puts the token into the reader').action(sending(() => ({ do: 'insert' })));

  deed('remove', 'pulls the token: at once, or before or after a command')
    .addOption(
      new Option('--before <command>', 'the command has no effect').argParser(anyCommand).conflicts('after'),
    )
    .option('--after <command>', 'the command has its effect, its answer is lost', anyCommand)
    .option('--nth <number>', 'at the nth such command from now', count)
    .option('--times <number|always>', 'how often, whenever it is back', countOrAlways)
    .option('--back-after <seconds>', 'put it back by itself', seconds)
    .action(
      sending((flags: TriggerFlags & { before?: string; after?: string; backAfter?: number }) => ({
        do: 'remove',
        when: flags.before !== undefined ? 'before' : flags.after !== undefined ? 'after' : 'now',
        ...trigger({ ...flags, ...onlyOn(flags.before ?? flags.after) }),
        backAfter: flags.backAfter,
      })),
    );

  withTrigger(deed('answer <status-word>', 'answers with this status word and no data'))
    .option('--after', 'the command takes effect first; else it does not')
    .action(
      sending((flags: TriggerFlags & { after?: boolean }, statusWord: string) => ({
        do: 'answer',
        statusWord,
        when: flags.after === true ? 'after' : 'instead',
        ...trigger(flags),
      })),
    );

  withTrigger(deed('delay <milliseconds>', 'answers late')).action(
    sending((flags: TriggerFlags, milliseconds: string) => ({
      do: 'delay',
      milliseconds: wholeNumber(milliseconds),
      ...trigger(flags),
    })),
  );

  withTrigger(deed('garble <garbage|short>', 'answers with random bytes, or with one byte only')).action(
    sending((flags: TriggerFlags, how: string) => ({ do: 'garble', how, ...trigger(flags) })),
  );

  withTrigger(
    deed('tear', 'power fails in the middle of a write, and the token leaves the reader'),
    tearableCommands,
  )
    .option('--bytes <number|half>', 'how much is written', (text) =>
      text === 'half' ? text : wholeNumber(text),
    )
    .option('--stays', 'the token stays in the reader, but nobody is logged in any more')
    .action(
      sending((flags: TriggerFlags & { bytes?: number | 'half'; stays?: boolean }) => ({
        do: 'tear',
        ...trigger(flags),
        bytes: flags.bytes,
        then: flags.stays === true ? 'stays' : 'leaves',
      })),
    );

  deed('swap <file>', 'pulls the token and puts in the one of another state file').action(
    sending((_flags: unknown, state: string) => ({ do: 'swap', state })),
  );

  deed('new <profile>', `makes another token and puts it in: ${allProfileNames.join(', ')}`)
    .addOption(new Option('--atr <name>', 'whose answer to reset').choices(['kaztoken', 'rutoken']))
    .option('--serial <hex>', 'serial number, eight hexadecimal digits')
    .option('--label <text>', 'token label')
    .option('--state <file>', 'where it keeps its memory; beside the present token when absent')
    .action(
      sending(
        (
          { state, ...card }: Omit<CardFlags, 'profile' | 'setting'> & { state?: string },
          profile: string,
        ) => ({
          do: 'new',
          card: { profile, ...card },
          state,
        }),
      ),
    );

  deed('keygen <seconds>', 'key pairs take at least so long from now on').action(
    sending((_flags: unknown, length: string) => ({ do: 'keygen', seconds: seconds(length) })),
  );

  deed('reader <gone|back>', 'the reader itself vanishes, and comes back').action(
    sending((_flags: unknown, is: string) => ({ do: 'reader', is })),
  );

  deed('disarm [number]', 'takes back one fault by its number, or all that wait').action(
    sending((_flags: unknown, id?: string) => ({
      do: 'disarm',
      id: id === undefined ? undefined : count(id),
    })),
  );

  deed('status', 'how the token is, and what is armed').action(sending(() => ({ do: 'status' })));
  return control;
}

const onlyOn = (on: string | undefined): { on?: string } => (on === undefined ? {} : { on });

/** Commander hands over the arguments, then the flags, then the command. */
function sending<Flags>(request: (flags: Flags, ...args: string[]) => Record<string, unknown>) {
  return async (...given: unknown[]): Promise<void> => {
    const command = given.at(-1) as Command;
    const flags = given.at(-2) as Flags;
    const { json } = command.optsWithGlobals<{ json: boolean }>();
    const print = json ? console.log : (line: string) => console.log(inWords(line));
    await send(command, request(flags, ...(given.slice(0, -2) as string[])), print);
  };
}

async function send(command: Command, request: unknown, print: (line: string) => void): Promise<void> {
  const { port: controlPort } = command.optsWithGlobals<{ port: number }>();
  const socket = connect({ host: '127.0.0.1', port: controlPort });
  try {
    await once(socket, 'connect').catch(() => {
      throw new Error(
        `no token listens on 127.0.0.1:${controlPort}; start one with --control-port ${controlPort}`,
      );
    });
    socket.write(`${JSON.stringify(request)}\n`);
    for await (const line of createInterface({ input: socket })) {
      print(line);
      process.exitCode = answerLine.parse(JSON.parse(line)).ok ? 0 : 1;
      return;
    }
    throw new Error('the token ended without an answer');
  } finally {
    socket.destroy();
  }
}

const answerLine = z.discriminatedUnion('ok', [
  z.object({
    ok: z.literal(true),
    present: z.boolean(),
    serial: z.string(),
    reader: z.object({ address: z.string(), connected: z.boolean(), gone: z.boolean() }),
    armed: z.array(z.object({ id: z.int(), text: z.string() })),
  }),
  z.object({ ok: z.literal(false), error: z.string() }),
]);

function inWords(line: string): string {
  const answer = answerLine.parse(JSON.parse(line));
  if (!answer.ok) return answer.error;
  const { present, serial, reader, armed } = answer;
  const place = reader.gone
    ? 'has no reader: it was taken away'
    : !present
      ? 'is out of the reader'
      : reader.connected
        ? `is in the reader at ${reader.address}`
        : `waits for a reader at ${reader.address}`;
  return [`token ${serial} ${place}`, ...armed.map(({ id, text }) => `  ${id}  ${text}`)].join('\n');
}
