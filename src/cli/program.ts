import { Command, InvalidArgumentError, Option } from 'commander';
import type { TFunction } from 'i18next';
import { language } from '#shared/views.ts';
import type { CliOptions, CommandRun } from './command.ts';
import { registerCommand } from './register-command.ts';
import { signInCommand } from './sign-in-command.ts';
import { infoCommand, tokensCommand } from './token-commands.ts';

type Run = <Options>(run: CommandRun<Options>, options: Options & CliOptions) => Promise<void>;

const widestHelp = 100;

/**
 * The commands and their options, described in the translator's language.
 *
 * Parsing throws commander's `CommanderError`, also after help was shown; nothing is written to standard error.
 */
export function createProgram(t: TFunction, run: Run): Command {
  const program = new Command('kilt').description(t('commandLine.about'));
  const titles = new Map([
    ['Usage:', t('commandLine.headings.usage')],
    ['Options:', t('commandLine.headings.options')],
    ['Commands:', t('commandLine.headings.commands')],
  ]);
  program
    .exitOverride()
    .configureOutput({
      writeErr: () => undefined,
      getOutHelpWidth: () => Math.min(process.stdout.columns || widestHelp, widestHelp),
    })
    .configureHelp({
      styleTitle: (title) => titles.get(title) ?? title,
      // Without commander's own English remarks on choices and variables.
      optionDescription: ({ description, defaultValue }) =>
        typeof defaultValue === 'string' || typeof defaultValue === 'number'
          ? `${description} (${defaultValue})`
          : description,
    })
    .helpOption('-h, --help', t('commandLine.options.help'))
    .helpCommand(false);

  const command = <Options>(
    name: 'tokens' | 'info' | 'register' | 'sign-in',
    work: CommandRun<Options>,
  ): Command =>
    program
      .command(name)
      .description(t(`commandLine.commands.${name}`))
      .option('--json', t('commandLine.options.json'), false)
      .addOption(
        new Option('--language <language>', t('commandLine.options.language')).choices(language.options),
      )
      .addOption(
        new Option('--transport <transport>', t('commandLine.options.transport'))
          .choices(['pcsc', 'virtual-reader'])
          .env('KILT_TRANSPORT')
          .default('pcsc'),
      )
      .addOption(
        new Option('--virtual-reader-port <port>', t('commandLine.options.virtualReaderPort'))
          .env('KILT_VIRTUAL_READER_PORT')
          .default(35_963)
          .argParser(wholeNumber),
      )
      .addOption(
        new Option('--data-folder <folder>', t('commandLine.options.dataFolder')).env('KILT_USER_DATA'),
      )
      .addOption(new Option('--bank-file <file>', t('commandLine.options.bankFile')).env('KILT_BANK_FILE'))
      .addOption(new Option('--wait <seconds>', t('commandLine.options.wait')).argParser(wholeNumber))
      .action((options: Options & CliOptions) => run(work, options));

  const descriptor = (flag: string, description: string) =>
    new Option(`${flag} <fd>`, description).argParser(wholeNumber);
  const token = () => new Option('--token <serial>', t('commandLine.options.token'));
  const pinFd = () => descriptor('--pin-fd', t('commandLine.options.pinFd'));
  const secretsHelp = (): string =>
    `\n${program.createHelp().boxWrap(t('commandLine.secretsHelp'), widestHelp)}`;

  command('tokens', tokensCommand);
  command('info', infoCommand).addOption(token());
  command('register', registerCommand)
    .addOption(token())
    .option('--bank <id>', t('commandLine.options.bank'))
    .option('--user-id <id>', t('commandLine.options.userId'))
    .option('--key-file <file>', t('commandLine.options.keyFile'))
    .option('--label <name>', t('commandLine.options.label'))
    .addOption(pinFd())
    .addOption(descriptor('--registration-pin-fd', t('commandLine.options.registrationPinFd')))
    .addOption(descriptor('--key-file-password-fd', t('commandLine.options.keyFilePasswordFd')))
    .addOption(descriptor('--new-pin-fd', t('commandLine.options.newPinFd')))
    .addHelpText('after', secretsHelp);
  command('sign-in', signInCommand).addOption(token()).addOption(pinFd()).addHelpText('after', secretsHelp);
  return program;
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('');
  return Number(text);
}
