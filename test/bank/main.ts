import { Command } from 'commander';
import { z } from 'zod';
import { BankError } from './bank-error.ts';
import { addAdmissionCommands } from './control/admission-commands.ts';
import { addDecisionCommands } from './control/decision-commands.ts';
import { addFaultCommand } from './control/fault-command.ts';
import { addRecordCommands } from './control/record-commands.ts';
import { addRenewalCommands } from './control/renewal-commands.ts';
import { addRevocationCommands } from './control/revocation-commands.ts';
import { addStartCommand } from './control/start-command.ts';
import { addBankFileCommands } from './systems/commands.ts';

/** The demo bank's command line: `npm run bank -- <command>`. */
const program = new Command('bank')
  .description('Demo bank for Kilt: certification authority (CMP) and bank API in one, on 127.0.0.1')
  .showHelpAfterError();

for (const addCommands of [
  addStartCommand,
  addAdmissionCommands,
  addDecisionCommands,
  addRevocationCommands,
  addRecordCommands,
  addFaultCommand,
  addBankFileCommands,
  addRenewalCommands,
])
  addCommands(program);

try {
  await program.parseAsync();
} catch (error) {
  const expected = error instanceof BankError || error instanceof z.ZodError;
  if (!expected) throw error;
  process.stderr.write(`${error instanceof z.ZodError ? z.prettifyError(error) : error.message}\n`);
  process.exitCode = 1;
}
