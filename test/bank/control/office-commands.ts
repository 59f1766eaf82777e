import { resolve } from 'node:path';
import { InvalidArgumentError, Option } from 'commander';
import { z } from 'zod';

/** The options that all commands to the office have, as the command line gives them. */
export const officeOptions = z.object({ data: z.string(), json: z.boolean().default(false) });

/** npm runs scripts in the package folder; INIT_CWD is where the user stands. */
export const resolveHere = (path: string): string => resolve(process.env['INIT_CWD'] ?? '.', path);

export const dataOption = (): Option =>
  new Option('--data <folder>', 'where the bank keeps everything')
    .makeOptionMandatory()
    .argParser((path: string) => resolveHere(path));

export const jsonOption = (): Option => new Option('--json', 'one line of JSON');

/** Reads an option or argument. @throws InvalidArgumentError */
export function positive(text: string): number {
  const number = Number(text);
  if (!(number > 0)) throw new InvalidArgumentError('a positive number');
  return number;
}

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** An answer, for programs or for people. */
export function show(json: boolean, value: object, text: string): void {
  print(json ? JSON.stringify(value) : text);
}
