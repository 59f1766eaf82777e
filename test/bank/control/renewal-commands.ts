import type { Command } from 'commander';
import { z } from 'zod';
import { dataOption, jsonOption, officeOptions, show } from './office-commands.ts';
import { askOffice } from './reach-office.ts';

/** What the office does about the keys of customers who have some: demands new ones, loses requests. */
export function addRenewalCommands(program: Command): void {
  program
    .command('demand-renewal')
    .description('tells the customer at every sign-in to make new keys')
    .argument('<userId>')
    .requiredOption('--reason <text>', 'what the customer is told')
    .addOption(dataOption())
    .addOption(jsonOption())
    .action(async (userId: string, given: unknown) => {
      const { data, json, reason } = officeOptions.extend({ reason: z.string() }).parse(given);
      const answer = await askOffice(data, { command: 'demand-renewal', userId, reason });
      show(json, answer, `${userId}: new keys are demanded`);
    });
  const plainCommands = [
    ['withdraw-demand', 'the keys of the customer are good enough again', 'nothing is demanded'],
    ['forget', 'loses the requests of the customer that are not finished', 'unfinished requests are lost'],
  ] as const;
  for (const [command, description, said] of plainCommands) {
    program
      .command(command)
      .description(description)
      .argument('<userId>')
      .addOption(dataOption())
      .addOption(jsonOption())
      .action(async (userId: string, given: unknown) => {
        const options = officeOptions.parse(given);
        show(options.json, await askOffice(options.data, { command, userId }), `${userId}: ${said}`);
      });
  }
}
