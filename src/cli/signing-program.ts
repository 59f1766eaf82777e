import type { Command } from 'commander';
import type { TFunction } from 'i18next';
import { descriptorOption, tokenOption, type AddCommand } from './program-options.ts';
import { signCommand, verifySignatureCommand } from './signing-commands.ts';

/** The commands for documents. */
export function addSigningCommands(
  program: Command,
  add: AddCommand,
  t: TFunction,
  widestHelp: number,
): void {
  add('sign', signCommand)
    .argument('<files...>', t('commandLine.options.filesToSign'))
    .option('--detached', t('commandLine.options.detached'))
    .option('--attached', t('commandLine.options.attached'))
    .option('--xml', t('commandLine.options.xml'))
    .option('--timestamp <url>', t('commandLine.options.timestamp'))
    .addOption(tokenOption(t))
    .option('--fingerprint <hex>', t('commandLine.options.signingFingerprint'))
    .option('--key-file <file>', t('commandLine.options.signingKeyFile'))
    .addOption(descriptorOption('--pin-fd', t('commandLine.options.pinFd')))
    .addOption(descriptorOption('--file-password-fd', t('commandLine.options.filePasswordFd')))
    .addHelpText(
      'after',
      () => `\n${program.createHelp().boxWrap(t('commandLine.signingHelp'), widestHelp)}`,
    );
  add('verify-signature', verifySignatureCommand)
    .argument('<file>', t('commandLine.options.signatureFile'))
    .option('--content <file>', t('commandLine.options.content'))
    .option('--trust <file>', t('commandLine.options.trust'));
}
