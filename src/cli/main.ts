import { Command, Option } from 'commander';
import { KiltError, isKiltError } from '#shared/errors.ts';
import type { Language } from '#shared/views.ts';
import { infoCommand, tokensCommand } from './token-commands.ts';
import { registerCommand } from './register-command.ts';
import { signInCommand } from './sign-in-command.ts';
import { createOutput, type Output } from './output.ts';
import { openKilt, type CliOptions } from './open-kilt.ts';
import type { Kilt } from '#main/kilt.ts';

/**
 * The command line: the same services as the window. Exit codes: 0 done, 1 refused or failed with a code of the
 * catalogue, 2 wrong usage (commander), 70 a defect.
 */
export type CommandRun<Options> = (
  kilt: Kilt,
  options: Options & CliOptions,
  output: Output,
) => Promise<void>;

const languages: readonly Language[] = ['ru', 'kk', 'en'];

const program = new Command('kilt')
  .description('KAZTOKEN: profiles, sign-in and keys from the command line')
  .showHelpAfterError();

function command<Options>(name: string, description: string, run: CommandRun<Options>): Command {
  return program
    .command(name)
    .description(description)
    .option('--json', 'one JSON value on standard output', false)
    .addOption(new Option('--language <language>', 'of messages').choices(languages).default('ru'))
    .addOption(
      new Option('--transport <transport>')
        .choices(['pcsc', 'virtual-reader'])
        .env('KILT_TRANSPORT')
        .default('pcsc'),
    )
    .addOption(
      new Option('--virtual-reader-port <port>')
        .env('KILT_VIRTUAL_READER_PORT')
        .default(35_963)
        .argParser(Number),
    )
    .addOption(new Option('--data-folder <folder>', 'journal and settings').env('KILT_USER_DATA'))
    .addOption(
      new Option('--bank-file <file>', 'bank system to use beside the installed ones').env('KILT_BANK_FILE'),
    )
    .addOption(new Option('--wait <seconds>', 'how long to wait for a token').default(10).argParser(Number))
    .action(async (options: Options & CliOptions) => {
      const output = createOutput(options);
      process.exitCode = await runWith(options, output, (kilt) => run(kilt, options, output));
    });
}

async function runWith(
  options: CliOptions,
  output: Output,
  work: (kilt: Kilt) => Promise<void>,
): Promise<number> {
  try {
    const kilt = openKilt(options);
    try {
      await kilt.start();
      await work(kilt);
    } finally {
      await kilt.stop();
    }
    return 0;
  } catch (error) {
    output.failure(error);
    if (!isKiltError(error) && process.env['KILT_DEBUG']) console.error(error);
    return error instanceof KiltError && error.id !== 'internal' ? 1 : 70;
  }
}

const descriptor = (flag: string, what: string) =>
  new Option(`${flag} <fd>`, `file descriptor to read ${what} from; else it is asked for`).argParser(Number);
const tokenOption = new Option('--token <serial>', 'which token, when several are connected');

command('tokens', 'list the tokens that are connected', tokensCommand);
command('info', 'all that a token tells of itself', infoCommand).addOption(tokenOption);
command('register', 'create a profile on a token, or continue an unfinished registration', registerCommand)
  .addOption(tokenOption)
  .option('--bank <id>', 'bank system; needed when several are installed')
  .option('--user-id <id>', 'user ID, as in the acceptance act')
  .option('--key-file <file>', 'initial key (Key.pfx)')
  .option('--label <name>', 'name of the token; default: the user ID')
  .addOption(descriptor('--pin-fd', 'the present PIN of the token'))
  .addOption(descriptor('--new-pin-fd', 'the new password of the token'))
  .addOption(descriptor('--registration-pin-fd', 'the PIN of the OTP card'))
  .addOption(
    descriptor(
      '--key-file-password-fd',
      'the password of the key file, if it is not the PIN of the OTP card',
    ),
  );
command('sign-in', 'sign in to the bank with the profile on a token', signInCommand)
  .addOption(tokenOption)
  .addOption(descriptor('--pin-fd', 'the password of the token'));

await program.parseAsync();
