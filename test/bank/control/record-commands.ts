import type { Command } from 'commander';
import { dataOption, jsonOption, officeOptions, show } from './office-commands.ts';
import { askOffice } from './reach-office.ts';

/** What stands in the bank's books. */
export function addRecordCommands(program: Command): void {
  for (const list of ['customers', 'registrations', 'renewals'] as const) {
    program
      .command(list)
      .description(`lists ${list}`)
      .addOption(dataOption())
      .addOption(jsonOption())
      .action(async (given: unknown) => {
        const options = officeOptions.parse(given);
        const answer = await askOffice(options.data, { command: list });
        show(options.json, answer, JSON.stringify(answer[list], undefined, 2));
      });
  }
}
