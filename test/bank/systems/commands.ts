import { readFileSync } from 'node:fs';
import { Option, type Command } from 'commander';
import { z } from 'zod';
import { BankError } from '../bank-error.ts';
import { print, resolveHere } from '../control/office-commands.ts';
import { writeFileAtomically } from '../records/atomic-file.ts';
import { openPublisher, publisherFingerprint, signedBankFile } from './publisher.ts';

const signOptions = z.object({
  file: z.string(),
  out: z.string(),
  data: z.string().optional(),
  key: z.string().optional(),
  certificate: z.string().optional(),
  json: z.boolean(),
});

/** Commands for a bank's developer: what its publisher does with the bank's JSON. */
export function addBankFileCommands(program: Command): void {
  program
    .command('sign-file')
    .description('signs a bank file (JSON), as it is, with the demo bank’s publisher or with your own key')
    .addOption(new Option('--file <json>', 'what to sign').makeOptionMandatory().argParser(resolveHere))
    .addOption(new Option('--out <file>', 'where to write it').makeOptionMandatory().argParser(resolveHere))
    .addOption(
      new Option('--data <folder>', 'of the demo bank, whose publisher signs').argParser(resolveHere),
    )
    .addOption(new Option('--key <pem>', 'your own key (RSA, PKCS#8)').argParser(resolveHere))
    .addOption(new Option('--certificate <pem>', 'with `--key`: its certificate').argParser(resolveHere))
    .option('--json', 'one line of JSON', false)
    .action(async (given: unknown) => {
      const options = signOptions.parse(given);
      const publisher = await publisherOf(options);
      const text = readFileSync(options.file, 'utf8').trim();
      writeFileAtomically(options.out, signedBankFile(text, publisher), 0o644);
      const fingerprint = publisherFingerprint(publisher);
      const told = { file: options.out, fingerprint };
      print(options.json ? JSON.stringify(told) : `${options.out}\nsigned with ${fingerprint}`);
    });
}

async function publisherOf({ data, key, certificate }: z.infer<typeof signOptions>) {
  if (key !== undefined && certificate !== undefined)
    return {
      privateKeyPem: readFileSync(key, 'utf8'),
      certificatePem: readFileSync(certificate, 'utf8'),
    };
  if (data !== undefined) return openPublisher(data, new Date());
  throw new BankError('give --data, or --key with --certificate');
}
