import type { Command } from 'commander';
import type { TFunction } from 'i18next';
import {
  checkBankCommand,
  importBankCommand,
  listBanksCommand,
  removeBankCommand,
  showBankCommand,
} from './bank-commands.ts';
import type { AddCommand } from './program-options.ts';

/** `kilt banks …`. */
export function addBankCommands(program: Command, add: AddCommand, t: TFunction): void {
  const parent = program.command('banks').description(t('commandLine.commands.banks')).helpCommand(false);
  add('banks-list', listBanksCommand, { parent, word: 'list' });
  add('banks-show', showBankCommand, { parent, word: 'show' }).option(
    '--bank <id>',
    t('commandLine.options.bankOrFile'),
  );
  add('banks-check', checkBankCommand, { parent, word: 'check' }).option(
    '--file <file>',
    t('commandLine.options.bankToRead'),
  );
  add('banks-import', importBankCommand, { parent, word: 'import' })
    .option('--file <file>', t('commandLine.options.bankToRead'))
    .option('--fingerprint <hex>', t('commandLine.options.bankFingerprint'))
    .option('--yes', t('commandLine.options.importBank'));
  add('banks-remove', removeBankCommand, { parent, word: 'remove' })
    .option('--bank <id>', t('commandLine.options.bankOrFile'))
    .option('--yes', t('commandLine.options.removeBank'));
}
