import { resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { z } from 'zod';
import { bankSystem } from '#main/enrolment/bank-system.ts';
import { BankError } from './bank-error.ts';
import { askOffice } from './control/reach-office.ts';
import { faultKind } from './faults.ts';
import { gostDialect } from './gost/dialects.ts';
import { startBank } from './start-bank.ts';
import { demoSystemNames } from './systems/demo-systems.ts';
import { addRenewalCommands } from './control/renewal-commands.ts';
import { addRevocationCommands } from './control/revocation-commands.ts';
import { addBankFileCommands } from './systems/commands.ts';
import { writeAct } from './systems/act.ts';

/** The demo bank's command line: `npm run bank -- <command>`. */
const program = new Command('bank')
  .description('Demo bank for Kilt: certification authority (CMP) and bank API in one, on 127.0.0.1')
  .showHelpAfterError();

const portNumber = (text: string): number => {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65535) throw new InvalidArgumentError('0 to 65535');
  return port;
};
const positive = (text: string): number => {
  const number = Number(text);
  if (!(number > 0)) throw new InvalidArgumentError('a positive number');
  return number;
};

const dataOption = () =>
  new Option('--data <folder>', 'where the bank keeps everything')
    .makeOptionMandatory()
    .argParser((path: string) => resolveHere(path));
// npm runs scripts in the package folder; INIT_CWD is where the user stands.
const resolveHere = (path: string): string => resolve(process.env['INIT_CWD'] ?? '.', path);
const jsonOption = () => new Option('--json', 'one line of JSON');

const systemOption = () =>
  new Option('--system <name>', 'also gives the customer this system’s signed file and an act').choices(
    demoSystemNames,
  );

const print = (text: string): void => {
  process.stdout.write(`${text}\n`);
};
const show = (json: boolean, value: object, text: string): void => {
  print(json ? JSON.stringify(value) : text);
};

/** Tells who was admitted, after having written the act where a system is named. */
function showAdmitted(
  options: Pick<z.infer<typeof admitOptions>, 'data' | 'out' | 'name' | 'json' | 'system'>,
  answer: Readonly<Record<string, unknown>>,
): void {
  const { data, system, name } = options;
  const userId = String(answer['userId']);
  const act = system && writeAct(data, system, { outDir: resolveHere(options.out), userId, name });
  show(options.json, { ...answer, ...act }, `${userId} is admitted; see ${String(answer['folder'])}`);
}

/** What every command is told. */
const common = z.object({ data: z.string(), json: z.boolean().default(false) });
const startOptions = common.extend({
  httpsPort: z.number(),
  httpPort: z.number(),
  approve: z.enum(['auto', 'manual']),
  checkAfter: z.number(),
  authentication: bankSystem.shape.authentication,
  nationalAuthority: z.string().optional(),
  nationalOwner: z.enum(['person', 'organisation', 'any']),
  revocation: z.enum(['required', 'if-available', 'off']),
});
const admitOptions = common.extend({
  out: z.string(),
  name: z.string(),
  organisation: z.string().optional(),
  userId: z.string().optional(),
  iin: z.string().optional(),
  expired: z.boolean(),
  hold: z.boolean(),
  pinRequired: z.boolean(),
  keyFile: z.enum(['rsa', 'gost']),
  gost: gostDialect,
  pfx: z.enum(['3des', 'rc2', 'aes']),
  pfxPasswordSeparate: z.boolean(),
  system: z.enum(demoSystemNames).optional(),
});
const nationalAdmitOptions = admitOptions
  .pick({
    data: true,
    json: true,
    out: true,
    name: true,
    organisation: true,
    userId: true,
    hold: true,
    system: true,
  })
  .extend({ iin: z.string() });
const faultOptions = common.extend({
  next: faultKind,
  on: z.enum(['cmp', 'api', 'revocation']),
  times: z.number(),
});

program
  .command('start')
  .description('starts the bank and keeps it running')
  .addOption(dataOption())
  .option('--https-port <port>', 'bank API, pages and CMP; 0: as at the last start', portNumber, 0)
  .option('--http-port <port>', 'CMP without TLS, for `openssl cmp`; 0: as at the last start', portNumber, 0)
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

program
  .command('admit')
  .description('admits a customer: writes customer.json, pin.txt and Key.pfx or GOST.pfx')
  .addOption(dataOption())
  .requiredOption('--out <folder>', 'where to write them')
  .option('--name <name>', 'name of the customer', 'Айгерим Сапарова')
  .option('--organisation <name>', 'organisation in the certificate')
  .option('--user-id <id>', 'user ID; made up where absent')
  .option('--iin <digits>', 'individual identification number')
  .option('--expired', 'the initial key has ended a month ago', false)
  .option('--hold', 'requests wait until `approve`', false)
  .option(
    '--no-pin-required',
    'the initial key alone is enough (for `openssl cmp`, which can not send a ПИН)',
  )
  .addOption(
    new Option('--key-file <kind>', 'rsa: Key.pfx; gost: GOST.pfx')
      .choices(['rsa', 'gost'] as const)
      .default('rsa' as const),
  )
  .addOption(
    new Option('--gost <dialect>', 'with `--key-file gost`: whose GOST')
      .choices(gostDialect.options)
      .default('kz-2015-512' as const),
  )
  .addOption(new Option('--pfx <cipher>').choices(['3des', 'rc2', 'aes'] as const).default('3des' as const))
  .addOption(systemOption())
  .option('--pfx-password-separate', 'the key file has a password of its own, in pfx-password.txt', false)
  .addOption(jsonOption())
  .action(async (given: unknown) => {
    const options = admitOptions.parse(given);
    const answer = await askOffice(options.data, {
      command: 'admit',
      outDir: resolveHere(options.out),
      order: {
        name: options.name,
        ...(options.organisation === undefined ? {} : { organisation: options.organisation }),
        ...(options.userId === undefined ? {} : { userId: options.userId }),
        ...(options.iin === undefined ? {} : { iin: options.iin }),
        expired: options.expired,
        hold: options.hold,
        pinRequired: options.pinRequired,
        keyFile: options.keyFile,
        gostDialect: options.gost,
        pfx: options.pfx,
        pfxPassword: options.pfxPasswordSeparate ? 'separate' : 'pin',
      },
    });
    showAdmitted(options, answer);
  });

program
  .command('admit-national')
  .description('admits a customer who registers with a NUC signature: writes customer.json and pin.txt')
  .addOption(dataOption())
  .requiredOption('--out <folder>', 'where to write them')
  .requiredOption('--iin <digits>', 'identification number in the NUC signature')
  .option('--name <name>', 'name of the customer', 'Айгерим Сапарова')
  .option('--organisation <name>', 'organisation in the certificate')
  .option('--user-id <id>', 'user ID; made up where absent')
  .addOption(systemOption())
  .option('--hold', 'requests wait until `approve`', false)
  .addOption(jsonOption())
  .action(async (given: unknown) => {
    const options = nationalAdmitOptions.parse(given);
    const answer = await askOffice(options.data, {
      command: 'admit-national',
      outDir: resolveHere(options.out),
      order: {
        name: options.name,
        ...(options.organisation === undefined ? {} : { organisation: options.organisation }),
        ...(options.userId === undefined ? {} : { userId: options.userId }),
        iin: options.iin,
        hold: options.hold,
      },
    });
    showAdmitted(options, answer);
  });

program
  .command('approve')
  .description('gives the customer the certificates')
  .argument('<userId>')
  .addOption(dataOption())
  .addOption(jsonOption())
  .action(async (userId: string, given: unknown) => {
    const options = common.parse(given);
    const answer = await askOffice(options.data, { command: 'decide', userId, decision: 'approved' });
    show(options.json, answer, `${userId}: approved`);
  });
program
  .command('hold')
  .description('lets later requests of the customer wait')
  .argument('<userId>')
  .option('--expected-in <minutes>', 'when the customer may expect a decision', positive)
  .addOption(dataOption())
  .addOption(jsonOption())
  .action(async (userId: string, given: unknown) => {
    const { data, json, expectedIn } = common.extend({ expectedIn: z.number().optional() }).parse(given);
    const expectedAt =
      expectedIn === undefined
        ? {}
        : { expectedAt: new Date(Date.now() + expectedIn * 60_000).toISOString() };
    const command = { command: 'decide', userId, decision: 'held', ...expectedAt } as const;
    show(json, await askOffice(data, command), `${userId}: held`);
  });
program
  .command('refuse')
  .description('refuses the customer’s requests')
  .argument('<userId>')
  .requiredOption('--reason <text>', 'what the customer is told')
  .addOption(dataOption())
  .addOption(jsonOption())
  .action(async (userId: string, given: unknown) => {
    const options = common.extend({ reason: z.string() }).parse(given);
    const { reason } = options;
    const command = { command: 'decide', userId, decision: 'refused', reason } as const;
    show(options.json, await askOffice(options.data, command), `${userId}: refused`);
  });

addRevocationCommands(program, { dataOption, jsonOption, show });

program
  .command('renew-pin')
  .description('gives a locked customer a new ПИН')
  .argument('<userId>')
  .requiredOption('--out <file>', 'where to write it')
  .addOption(dataOption())
  .addOption(jsonOption())
  .action(async (userId: string, given: unknown) => {
    const options = common.extend({ out: z.string() }).parse(given);
    const pinFile = resolveHere(options.out);
    const answer = await askOffice(options.data, { command: 'renew-pin', userId, pinFile });
    show(options.json, answer, `${userId}: a new ПИН is in ${pinFile}`);
  });

for (const list of ['customers', 'registrations', 'renewals'] as const) {
  program
    .command(list)
    .description(`lists ${list}`)
    .addOption(dataOption())
    .addOption(jsonOption())
    .action(async (given: unknown) => {
      const options = common.parse(given);
      const answer = await askOffice(options.data, { command: list });
      show(options.json, answer, JSON.stringify(answer[list], undefined, 2));
    });
}

program
  .command('fault')
  .description('spoils the next answer')
  .addOption(new Option('--next <kind>', 'what goes wrong').choices(faultKind.options).makeOptionMandatory())
  .argument('[seconds]', 'with `slow`: how late', positive)
  .addOption(new Option('--on <side>').choices(['cmp', 'api', 'revocation'] as const).default('cmp' as const))
  .option('--times <count>', 'how many answers', positive, 1)
  .addOption(dataOption())
  .addOption(jsonOption())
  .action(async (seconds: number | undefined, given: unknown) => {
    const options = faultOptions.parse(given);
    const order = {
      next: options.next,
      on: options.on,
      times: options.times,
      ...(seconds === undefined ? {} : { seconds }),
    };
    const answer = await askOffice(options.data, { command: 'fault', order });
    show(options.json, answer, `next ${options.on} answer: ${options.next}`);
  });

addBankFileCommands(program, resolveHere, print);
addRenewalCommands(program, { dataOption, jsonOption, show });

try {
  await program.parseAsync();
} catch (error) {
  const expected = error instanceof BankError || error instanceof z.ZodError;
  if (!expected) throw error;
  process.stderr.write(`${error instanceof z.ZodError ? z.prettifyError(error) : error.message}\n`);
  process.exitCode = 1;
}
