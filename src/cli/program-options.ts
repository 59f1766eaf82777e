import { InvalidArgumentError, Option, type Command } from 'commander';
import type { TFunction } from 'i18next';
import type { ru } from '#shared/texts/ru/index.ts';
import { language } from '#shared/views.ts';
import type { CommandRun } from './command.ts';

/** Name of a command; `<group>-<word>` within a group. */
export type CommandName = keyof typeof ru.commandLine.commands;

/** Adds a command with the options that all of them take. */
export type AddCommand = <Options>(
  name: CommandName,
  work: CommandRun<Options>,
  place?: { readonly parent?: Command; readonly word?: string },
) => Command;

/** Port of vpcd, which virtual tokens connect to unless told otherwise. */
const vpcdPort = 35_963;

export const withCommonOptions = (command: Command, t: TFunction): Command =>
  command
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
        .default(vpcdPort)
        .argParser(wholeNumber),
    )
    .addOption(
      new Option('--data-folder <folder>', t('commandLine.options.dataFolder')).env('KILT_USER_DATA'),
    )
    .addOption(new Option('--bank-file <file>', t('commandLine.options.bankFile')).env('KILT_BANK_FILE'))
    .addOption(new Option('--driver <library>', t('commandLine.options.driver')).env('KILT_DRIVER'))
    .addOption(new Option('--wait <seconds>', t('commandLine.options.wait')).argParser(wholeNumber));

export const tokenOption = (t: TFunction): Option =>
  new Option('--token <serial>', t('commandLine.options.token'));

export const descriptorOption = (flag: string, description: string): Option =>
  numberOption(`${flag} <fd>`, description);

export const numberOption = (flags: string, description: string): Option =>
  new Option(flags, description).argParser(wholeNumber);

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('');
  return Number(text);
}
