import { CommanderError } from 'commander';
import { isKiltError } from '#shared/errors.ts';
import { language, type Language } from '#shared/views.ts';
import type { Kilt } from '#main/kilt.ts';
import type { CliOptions } from './command.ts';
import { commandLineProblem } from './command-line-problem.ts';
import { openKilt } from './open-kilt.ts';
import { createOutput, type Output } from './output.ts';
import { createProgram } from './program.ts';

/**
 * The command line: the same services as the window. Exit codes (the last two as in BSD's sysexits): 0 done, 1 refused
 * or failed with a code of the catalogue, 64 wrong usage, 70 a defect.
 */
const exitCodes = { done: 0, failed: 1, wrongUsage: 64, defect: 70 } as const;

const words = process.argv.slice(2);
const asked = languageAskedFor(words);
const output = createOutput({ json: words.includes('--json'), language: asked });

// A defect in what is called back by a reader or a timer reaches nobody else.
for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
  process.once(event, (error: unknown) => {
    tellDefect(error);
    process.exit(exitCodes.defect);
  });
}

try {
  const program = createProgram(output.t, async (run, options) => {
    process.exitCode = await runWith(options, output, (kilt) => run(kilt, options, output));
  });
  if (words.length === 0) program.help();
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  // Help that was asked for ends here as well.
  process.exitCode = error.exitCode === 0 ? exitCodes.done : exitCodes.wrongUsage;
  if (error.exitCode !== 0) output.failure(commandLineProblem('usage', { reason: reasonOf(error) }));
}

async function runWith(
  options: CliOptions,
  told: Output,
  work: (kilt: Kilt) => Promise<void>,
): Promise<number> {
  try {
    const kilt = openKilt(options);
    try {
      if (asked === undefined) told.speak(kilt.settings.get().language);
      await kilt.start();
      await work(kilt);
    } finally {
      await kilt.stop();
    }
    return told.isAll ? exitCodes.done : exitCodes.failed;
  } catch (error) {
    if (!isKiltError(error) || error.id === 'internal') {
      tellDefect(error);
      return exitCodes.defect;
    }
    told.failure(error);
    return exitCodes.failed;
  }
}

/** The code and no more: what an unexpected error says may hold anything. */
function tellDefect(error: unknown): void {
  output.failure(error);
  if (process.env['KILT_DEBUG']) console.error(error);
}

/** Known before the command line is read as a whole, so that its help and its errors are in this language too. */
function languageAskedFor(given: readonly string[]): Language | undefined {
  const at = given.indexOf('--language');
  const value =
    at >= 0
      ? given[at + 1]
      : given.find((word) => word.startsWith('--language='))?.slice('--language='.length);
  return language.options.find((one) => one === value);
}

/** Commander's sentence without what it puts around it. */
function reasonOf({ message }: CommanderError): string {
  return message
    .replace(/^error: /, '')
    .replace(/\s+/g, ' ')
    .replace(/[.\s]+$/, '');
}
