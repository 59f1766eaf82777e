import { Command } from 'commander';
import { z } from 'zod';

import { VirtualCard } from './card.ts';
import {
  type CardFlags,
  cardOptions,
  programOptions,
  type RunFlags,
  withCardFlags,
  withRunFlags,
} from './command-line/card-flags.ts';
import { controlCommand } from './command-line/control-command.ts';
import { uiCommand } from './command-line/ui-command.ts';
import { newCard } from './new-card.ts';
import { VirtualTokenProgram } from './program.ts';
import { showState, summaryOf } from './show.ts';
import { loadState, saveState, stateExists } from './state-file.ts';

const program = new Command('virtual-token').description(
  'A KAZTOKEN made of software. It plugs into pcscd through vpcd, and into Kilt’s virtual reader.',
);

withCardFlags(program.command('new'))
  .description('makes a token and ends')
  .option('--force', 'replace a token that is there', false)
  .action(async (flags: CardFlags & { state: string; force: boolean }) => {
    if (stateExists(flags.state) && !flags.force)
      throw new Error(`${flags.state} holds a token; --force replaces it`);
    const { card, notes } = await newCard(cardOptions(flags));
    const state = card.snapshot();
    saveState(flags.state, state);
    console.log([showState(state), ...notes].join('\n'));
  });

withRunFlags(program.command('start'))
  .description('plugs the token in and stays; makes it first when there is none')
  .action(async (flags: CardFlags & RunFlags) => {
    const token = await VirtualTokenProgram.open(programOptions(flags));
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.once(signal, () => void token.stop().then(() => process.exit(0)));
    const ready = await token.start();
    if (flags.json) console.log(JSON.stringify(ready));
    else
      console.log(
        [
          `token ${ready.serial} waits for a reader at ${ready.reader}; ${controlText(ready.controlPort)}`,
          ...ready.notes,
        ].join('\n'),
      );
  });

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

program.addCommand(controlCommand());
program.addCommand(uiCommand());

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
