import { Option, type Command } from 'commander';
import type { TFunction } from 'i18next';
import { pinChangedBy, pinRole } from '#shared/control-panel-views.ts';
import { exportAuditCommand, listAuditCommand, verifyAuditCommand } from './audit-commands.ts';
import {
  checkCertificatesCommand,
  deleteCertificateCommand,
  exportCertificateCommand,
  importCertificatesCommand,
  listCertificatesCommand,
} from './certificate-commands.ts';
import { listDriversCommand, noDriverCommand, useDriverCommand } from './driver-commands.ts';
import { formatCommand } from './format-command.ts';
import { changePinCommand, renameCommand, unblockCommand, verifyCommand } from './pin-commands.ts';
import { descriptorOption, numberOption, tokenOption, type AddCommand } from './program-options.ts';

/** The commands of «Панель управления KAZTOKEN», of the audit and of the token's driver. */
export function addControlPanelCommands(
  program: Command,
  add: AddCommand,
  t: TFunction,
  widestHelp: number,
): void {
  const text = (name: Parameters<typeof optionText>[1]): string => optionText(t, name);
  const help = (): string =>
    `\n${program.createHelp().boxWrap(t('commandLine.panelSecretsHelp'), widestHelp)}`;
  const role = () => new Option('--role <role>', text('role')).choices(pinRole.options);
  const loginPinFd = () => descriptorOption('--pin-fd', text('loginPinFd'));

  add('verify', verifyCommand)
    .addOption(tokenOption(t))
    .addOption(role().default('user'))
    .addOption(loginPinFd())
    .addHelpText('after', help);
  add('change-pin', changePinCommand)
    .addOption(tokenOption(t))
    .addOption(role())
    .addOption(new Option('--as <role>', text('as')).choices(pinRole.options))
    .option('--accept-weak', text('acceptWeak'))
    .addOption(loginPinFd())
    .addOption(descriptorOption('--new-pin-fd', text('newPanelPinFd')))
    .addHelpText('after', help);
  add('unblock', unblockCommand).addOption(tokenOption(t)).addOption(loginPinFd()).addHelpText('after', help);
  add('rename', renameCommand)
    .addOption(tokenOption(t))
    .option('--label <name>', text('newLabel'))
    .addOption(loginPinFd())
    .addHelpText('after', help);
  add('format', formatCommand)
    .addOption(tokenOption(t))
    .option('--plan', text('plan'))
    .option('--confirm <name>', text('confirm'))
    .option('--label <name>', text('formatLabel'))
    .addOption(
      new Option('--user-pin-changed-by <who>', text('userPinChangedBy')).choices(pinChangedBy.options),
    )
    .addOption(numberOption('--user-min-length <count>', text('userMinLength')))
    .addOption(numberOption('--administrator-min-length <count>', text('administratorMinLength')))
    .addOption(numberOption('--user-attempts <count>', text('userAttempts')))
    .addOption(numberOption('--administrator-attempts <count>', text('administratorAttempts')))
    .option('--accept-weak', text('acceptWeak'))
    .option('--override-serial <serial>', text('overrideSerial'))
    .option('--reason <text>', text('reason'))
    .addOption(loginPinFd())
    .addOption(descriptorOption('--new-user-pin-fd', text('newUserPinFd')))
    .addOption(descriptorOption('--new-administrator-pin-fd', text('newAdministratorPinFd')))
    .addHelpText('after', help);

  const certificates = group(program, 'certificates', t);
  add('certificates-list', listCertificatesCommand, { parent: certificates, word: 'list' }).addOption(
    tokenOption(t),
  );
  add('certificates-check', checkCertificatesCommand, { parent: certificates, word: 'check' })
    .addOption(tokenOption(t))
    .option('--fingerprint <hex>', text('checkFingerprint'));
  add('certificates-export', exportCertificateCommand, { parent: certificates, word: 'export' })
    .addOption(tokenOption(t))
    .option('--fingerprint <hex>', text('fingerprint'))
    .addOption(new Option('--format <format>', text('format')).choices(['pem', 'der']).default('pem'))
    .option('--out <file>', text('out'));
  add('certificates-import', importCertificatesCommand, { parent: certificates, word: 'import' })
    .addOption(tokenOption(t))
    .option('--file <file>', text('importFile'))
    .option('--yes', text('yes'))
    .addOption(loginPinFd())
    .addOption(descriptorOption('--file-password-fd', text('filePasswordFd')))
    .addHelpText('after', help);
  add('certificates-delete', deleteCertificateCommand, { parent: certificates, word: 'delete' })
    .addOption(tokenOption(t))
    .option('--fingerprint <hex>', text('fingerprint'))
    .option('--key <id>', text('keyId'))
    .option('--confirm <name>', text('confirmObject'))
    .addOption(loginPinFd())
    .addHelpText('after', help);

  const audit = group(program, 'audit', t);
  add('audit-list', listAuditCommand, { parent: audit, word: 'list' })
    .addOption(numberOption('--offset <count>', text('offset')).default(0))
    .addOption(numberOption('--count <count>', text('count')).default(50));
  add('audit-export', exportAuditCommand, { parent: audit, word: 'export' }).option(
    '--out <file>',
    text('out'),
  );
  add('audit-verify', verifyAuditCommand, { parent: audit, word: 'verify' }).option(
    '--file <file>',
    text('auditFile'),
  );

  const driver = group(program, 'driver', t);
  add('driver-list', listDriversCommand, { parent: driver, word: 'list' });
  add('driver-use', useDriverCommand, { parent: driver, word: 'use' })
    .option('--library <file>', text('driverLibrary'))
    .option('--signer <name>', text('driverSigner'));
  add('driver-off', noDriverCommand, { parent: driver, word: 'off' });
}

const group = (program: Command, name: 'certificates' | 'audit' | 'driver', t: TFunction): Command =>
  program
    .command(name)
    .description(t(`commandLine.commands.${name}`))
    .helpCommand(false);

type OptionName = keyof typeof import('#shared/texts/ru/command-line.ts').commandLine.options;

const optionText = (t: TFunction, name: OptionName): string => t(`commandLine.options.${name}`);
