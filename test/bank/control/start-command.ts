import { InvalidArgumentError, Option, type Command } from 'commander';
import { z } from 'zod';
import { bankSystem } from '#main/enrolment/bank-system.ts';
import { startBank } from '../start-bank.ts';
import { dataOption, jsonOption, officeOptions, positive, resolveHere, show } from './office-commands.ts';

const portNumber = (text: string): number => {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65535) throw new InvalidArgumentError('0 to 65535');
  return port;
};

const startOptions = officeOptions.extend({
  httpsPort: z.number(),
  httpPort: z.number(),
  approve: z.enum(['auto', 'manual']),
  checkAfter: z.number(),
  authentication: bankSystem.shape.authentication,
  nationalAuthority: z.string().optional(),
  nationalOwner: z.enum(['person', 'organisation', 'any']),
  revocation: z.enum(['required', 'if-available', 'off']),
});

/** The bank itself: one process, until it is told to end. */
export function addStartCommand(program: Command): void {
  program
    .command('start')
    .description('starts the bank and keeps it running')
    .addOption(dataOption())
    .option('--https-port <port>', 'bank API, pages and CMP; 0: as at the last start', portNumber, 0)
    .option(
      '--http-port <port>',
      'CMP without TLS, for `openssl cmp`; 0: as at the last start',
      portNumber,
      0,
    )
    .addOption(new Option('--approve <mode>').choices(['auto', 'manual'] as const).default('auto' as const))
    .option('--check-after <seconds>', 'what a waiting client is told', positive, 5)
    .addOption(
      new Option('--authentication <kind>', 'what the bank file asks of Kilt')
        .choices(['initial-key', 'id-and-pin', 'national-signature'] as const)
        .default('initial-key' as const),
    )
    .option(
      '--national-authority <folder>',
      'whose NUC signatures it takes, as `--authority-data` of the virtual token; one of its own where absent',
    )
    .addOption(
      new Option('--national-owner <kind>', 'whose NUC signatures the bank file asks for')
        .choices(['person', 'organisation', 'any'] as const)
        .default('any' as const),
    )
    .addOption(
      new Option('--revocation <check>', 'how the bank file wants certificates checked')
        .choices(['required', 'if-available', 'off'] as const)
        .default('if-available' as const),
    )
    .addOption(jsonOption())
    .action(async (given: unknown) => {
      const options = startOptions.parse(given);
      const bank = await startBank({
        dataDir: options.data,
        httpsPort: options.httpsPort,
        httpPort: options.httpPort,
        approval: options.approve,
        checkAfterSeconds: options.checkAfter,
        authentication: options.authentication,
        ...(options.authentication !== 'national-signature' && options.nationalAuthority === undefined
          ? {}
          : {
              national: {
                owner: options.nationalOwner,
                ...(options.nationalAuthority === undefined
                  ? {}
                  : { authorityFolder: resolveHere(options.nationalAuthority) }),
              },
            }),
        systems: true,
        revocation: options.revocation,
      });
      const { systems = [], fingerprint = '' } = bank.published ?? {};
      show(
        options.json,
        { ready: true, urls: bank.urls, bankFile: bank.bankFile, systems, fingerprint, pid: process.pid },
        `The bank is open.\n  pages and API  ${bank.urls.https}\n  CMP            ${bank.urls.cmp}\n` +
          `                 ${bank.urls.http}/.well-known/cmp\n  bank file      ${bank.bankFile}\n` +
          systems.map(({ file }) => `  signed         ${file}\n`).join('') +
          `  their key      ${fingerprint}`,
      );
      const stop = () => {
        void bank.stop();
      };
      process.once('SIGINT', stop);
      process.once('SIGTERM', stop);
    });
}
