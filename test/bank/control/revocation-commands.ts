import { Option, type Command } from 'commander';
import { revokedKey } from '../office.ts';
import { revocationReason } from '../records/bank-event.ts';
import { dataOption, jsonOption, officeOptions, show } from './office-commands.ts';
import { askOffice } from './reach-office.ts';

const withReason = officeOptions.extend({ reason: revocationReason });

const reasonOption = () =>
  new Option('--reason <reason>', 'certificateHold: suspended')
    .choices(revocationReason.options)
    .default('unspecified' as const);

/** What the bank, and the demo national authority beside it, revoke and suspend. */
export function addRevocationCommands(program: Command): void {
  program
    .command('revoke')
    .description('revokes or suspends certificates of the customer')
    .argument('<userId>')
    .addOption(
      new Option('--which <key>', 'whose certificate').choices(revokedKey.options).default('all' as const),
    )
    .addOption(reasonOption())
    .addOption(dataOption())
    .addOption(jsonOption())
    .action(async (userId: string, given: unknown) => {
      const { data, json, which, reason } = withReason.extend({ which: revokedKey }).parse(given);
      const answer = await askOffice(data, { command: 'revoke', userId, which, reason });
      show(json, answer, `${userId}: ${which} revoked (${reason})`);
    });

  program
    .command('reinstate')
    .description('lifts suspensions of the customer’s certificates')
    .argument('<userId>')
    .addOption(dataOption())
    .addOption(jsonOption())
    .action(async (userId: string, given: unknown) => {
      const { data, json } = officeOptions.parse(given);
      const answer = await askOffice(data, { command: 'reinstate', userId });
      show(json, answer, `${userId}: suspensions are lifted`);
    });

  program
    .command('revoke-national')
    .description('revokes or suspends a NUC signature, as the demo national authority')
    .argument('<serialNumber>', 'of its certificate, as «kilt tokens» shows it')
    .addOption(reasonOption())
    .addOption(dataOption())
    .addOption(jsonOption())
    .action(async (serialNumber: string, given: unknown) => {
      const { data, json, reason } = withReason.parse(given);
      const answer = await askOffice(data, { command: 'revoke-national', serialNumber, reason });
      show(json, answer, `${serialNumber}: revoked (${reason})`);
    });

  program
    .command('reinstate-national')
    .description('lifts the suspension of a NUC signature')
    .argument('<serialNumber>')
    .addOption(dataOption())
    .addOption(jsonOption())
    .action(async (serialNumber: string, given: unknown) => {
      const { data, json } = officeOptions.parse(given);
      const answer = await askOffice(data, { command: 'reinstate-national', serialNumber });
      show(json, answer, `${serialNumber}: the suspension is lifted`);
    });
}
