import { Command } from 'commander';
import type { TFunction } from 'i18next';
import { addBankCommands } from './bank-program.ts';
import type { CliOptions, CommandRun } from './command.ts';
import { addControlPanelCommands } from './control-panel-program.ts';
import { descriptorOption, tokenOption, withCommonOptions, type AddCommand } from './program-options.ts';
import { renewalsCommand } from './renewals-command.ts';
import {
  renewCloseCommand,
  renewContinueCommand,
  renewStartCommand,
  renewStatusCommand,
} from './renew-commands.ts';
import { registerCommand } from './register-command.ts';
import { addSiteCommands } from './site-program.ts';
import { signInCommand } from './sign-in-command.ts';
import { addSigningCommands } from './signing-program.ts';
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

  const add: AddCommand = (name, work, { parent = program, word = name } = {}) =>
    withCommonOptions(parent.command(word).description(t(`commandLine.commands.${name}`)), t).action(
      (...given: unknown[]) => {
        // Commander hands the command itself over last; what comes before depends on the arguments it takes.
        const command = given.at(-1) as Command;
        const options = command.opts<Omit<Parameters<typeof work>[1], 'operands'>>();
        return run(work, { ...options, operands: command.args } as Parameters<typeof work>[1]);
      },
    );
  const pinFd = () => descriptorOption('--pin-fd', t('commandLine.options.pinFd'));
  const secretsHelp = (): string =>
    `\n${program.createHelp().boxWrap(t('commandLine.secretsHelp'), widestHelp)}`;

  add('tokens', tokensCommand);
  add('info', infoCommand).addOption(tokenOption(t));
  add('register', registerCommand)
    .addOption(tokenOption(t))
    .option('--bank <id>', t('commandLine.options.bank'))
    .option('--user-id <id>', t('commandLine.options.userId'))
    .option('--key-file <file>', t('commandLine.options.keyFile'))
    .option('--certificate <serial>', t('commandLine.options.certificate'))
    .option('--label <name>', t('commandLine.options.label'))
    .option('--one-more', t('commandLine.options.oneMore'))
    .addOption(pinFd())
    .addOption(descriptorOption('--registration-pin-fd', t('commandLine.options.registrationPinFd')))
    .addOption(descriptorOption('--key-file-password-fd', t('commandLine.options.keyFilePasswordFd')))
    .addOption(descriptorOption('--new-pin-fd', t('commandLine.options.newPinFd')))
    .addHelpText('after', secretsHelp);
  const ofProfile = (command: Command): Command =>
    command
      .addOption(tokenOption(t))
      .option('--bank <id>', t('commandLine.options.profileBank'))
      .option('--user-id <id>', t('commandLine.options.profileUserId'));
  ofProfile(add('sign-in', signInCommand)).addOption(pinFd()).addHelpText('after', secretsHelp);
  addSigningCommands(program, add, t, widestHelp);
  add('renewals', renewalsCommand);
  const renew = program.command('renew').description(t('commandLine.commands.renew')).helpCommand(false);
  for (const [word, work] of [
    ['start', renewStartCommand],
    ['continue', renewContinueCommand],
  ] as const)
    ofProfile(add(`renew-${word}`, work, { parent: renew, word }))
      .addOption(pinFd())
      .addOption(descriptorOption('--registration-pin-fd', t('commandLine.options.registrationPinFd')))
      .addHelpText('after', secretsHelp);
  ofProfile(add('renew-status', renewStatusCommand, { parent: renew, word: 'status' }));
  ofProfile(add('renew-close', renewCloseCommand, { parent: renew, word: 'close' }));
  addControlPanelCommands(program, add, t, widestHelp);
  addBankCommands(program, add, t);
  addSiteCommands(program, add, t);
  return program;
}
