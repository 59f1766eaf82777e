import type { Command } from 'commander';
import { z } from 'zod';
import { dataOption, jsonOption, officeOptions, positive, resolveHere, show } from './office-commands.ts';
import { askOffice } from './reach-office.ts';

/** What the office decides about a customer's requests. */
export function addDecisionCommands(program: Command): void {
  program
    .command('approve')
    .description('gives the customer the certificates')
    .argument('<userId>')
    .addOption(dataOption())
    .addOption(jsonOption())
    .action(async (userId: string, given: unknown) => {
      const options = officeOptions.parse(given);
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
      const { data, json, expectedIn } = officeOptions
        .extend({ expectedIn: z.number().optional() })
        .parse(given);
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
      const options = officeOptions.extend({ reason: z.string() }).parse(given);
      const { reason } = options;
      const command = { command: 'decide', userId, decision: 'refused', reason } as const;
      show(options.json, await askOffice(options.data, command), `${userId}: refused`);
    });

  program
    .command('renew-pin')
    .description('gives a locked customer a new ПИН')
    .argument('<userId>')
    .requiredOption('--out <file>', 'where to write it')
    .addOption(dataOption())
    .addOption(jsonOption())
    .action(async (userId: string, given: unknown) => {
      const options = officeOptions.extend({ out: z.string() }).parse(given);
      const pinFile = resolveHere(options.out);
      const answer = await askOffice(options.data, { command: 'renew-pin', userId, pinFile });
      show(options.json, answer, `${userId}: a new ПИН is in ${pinFile}`);
    });
}
