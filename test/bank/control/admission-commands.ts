import { Option, type Command } from 'commander';
import { z } from 'zod';
import { gostDialect } from '../gost/dialects.ts';
import { writeAct } from '../systems/act.ts';
import { demoSystemNames } from '../systems/demo-systems.ts';
import { dataOption, jsonOption, officeOptions, resolveHere, show } from './office-commands.ts';
import { askOffice } from './reach-office.ts';

const admitOptions = officeOptions.extend({
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
const systemOption = () =>
  new Option('--system <name>', 'also gives the customer this system’s signed file and an act').choices(
    demoSystemNames,
  );

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

/** Who becomes a customer, and with what in hand. */
export function addAdmissionCommands(program: Command): void {
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
}
