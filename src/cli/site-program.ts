import { Option, type Command } from 'commander';
import type { TFunction } from 'i18next';
import { doctorCommand } from './doctor-command.ts';
import type { AddCommand } from './program-options.ts';
import {
  listSitesCommand,
  loopbackOffCommand,
  loopbackOnCommand,
  loopbackStatusCommand,
  revokeSiteCommand,
} from './site-commands.ts';

/** `kilt sites …` and `kilt loopback …`. */
export function addSiteCommands(program: Command, add: AddCommand, t: TFunction): void {
  const sites = program.command('sites').description(t('commandLine.commands.sites')).helpCommand(false);
  add('sites-list', listSitesCommand, { parent: sites, word: 'list' });
  add('sites-revoke', revokeSiteCommand, { parent: sites, word: 'revoke' })
    .option('--site <origin>', t('commandLine.options.site'))
    .option('--all', t('commandLine.options.allSites'));
  add('doctor', doctorCommand);
  const loopback = program
    .command('loopback')
    .description(t('commandLine.commands.loopback'))
    .helpCommand(false);
  add('loopback-status', loopbackStatusCommand, { parent: loopback, word: 'status' });
  add('loopback-on', loopbackOnCommand, { parent: loopback, word: 'on' }).addOption(
    new Option('--port <own|ncalayer>', t('commandLine.options.loopbackPort'))
      .choices(['own', 'ncalayer'])
      .default('own'),
  );
  add('loopback-off', loopbackOffCommand, { parent: loopback, word: 'off' });
}
