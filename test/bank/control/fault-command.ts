import { Option, type Command } from 'commander';
import { z } from 'zod';
import { faultKind } from '../faults.ts';
import { dataOption, jsonOption, officeOptions, positive, show } from './office-commands.ts';
import { askOffice } from './reach-office.ts';

const faultOptions = officeOptions.extend({
  next: faultKind,
  on: z.enum(['cmp', 'api', 'revocation']),
  times: z.number(),
});

/** For testers: the bank's next answers go wrong. */
export function addFaultCommand(program: Command): void {
  program
    .command('fault')
    .description('spoils the next answer')
    .addOption(
      new Option('--next <kind>', 'what goes wrong').choices(faultKind.options).makeOptionMandatory(),
    )
    .argument('[seconds]', 'with `slow`: how late', positive)
    .addOption(
      new Option('--on <side>').choices(['cmp', 'api', 'revocation'] as const).default('cmp' as const),
    )
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
}
