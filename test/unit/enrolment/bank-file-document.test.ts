import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { errorCatalogue } from '#shared/errors.ts';
import { readBankFile } from '#main/enrolment/bank-file.ts';
import { bankSystem } from '#main/enrolment/bank-system.ts';
import { demoBank } from './workshop.ts';

const document = readFileSync('docs/bank-file.md', 'utf8');

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}

/** Members without members of their own, and those that may be left out with all of theirs. */
function membersOf(schema: Schema, before = ''): [name: string, required: boolean][] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, inner]): [string, boolean][] => {
    const name = before + key;
    const required = schema.required?.includes(key) === true;
    const below = membersOf(inner, `${name}.`);
    if (below.length === 0) return [[name, required]];
    return required
      ? below
      : [...(/^help\./.test(name) ? [] : [[name, false] as [string, boolean]]), ...below];
  });
}

it('the document for banks’ developers names every member of a bank’s file, and no other', () => {
  const schema = z.toJSONSchema(bankSystem, { unrepresentable: 'any', io: 'input' }) as Schema;
  const rows = document.match(/^\| `[^|]+\|[^|]+\|[^|]+\|$/gm) ?? [];
  const told = rows.flatMap((row) => {
    const [, names = '', required = ''] = row.split('|');
    const needed = required.trim() === 'yes';
    return [...names.matchAll(/`([^`]+)`/g)].map(([, name = '']) => [name, needed] as const);
  });
  const optionalTexts = (name: string) => /^help\./.test(name);
  expect(Object.fromEntries(told)).toEqual(
    Object.fromEntries(membersOf(schema).map(([name, required]) => [name, required && !optionalTexts(name)])),
  );
});

it('its codes are those of the error catalogue', () => {
  const codes = Object.entries(errorCatalogue)
    .filter(([id, { code }]) => id.startsWith('bank-') && /^03000(?:04|2\d)$/.test(code))
    .map(([, { code }]) => code);
  expect([...document.matchAll(/^\| (03\d{5}) \|/gm)].map(([, code]) => code)).toEqual(codes);
});

it('its recipe for OpenSSL makes a file that Kilt reads, with the fingerprint that it prints', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'kilt-recipe-'));
  try {
    writeFileSync(path.join(folder, 'my-bank.json'), JSON.stringify(demoBank, undefined, 2));
    const [sign = '', print = ''] = [...document.matchAll(/```sh\n([^`]+)```/g)].map(([, script]) => script);
    const run = (script: string) =>
      execFileSync('bash', ['-euc', script], {
        cwd: folder,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
      });
    run(sign);
    const { bank, signer } = readBankFile(path.join(folder, 'my-bank.kiltbank'), 'refuse');
    expect(bank).toEqual(demoBank);
    expect(run(print)).toContain(signer?.fingerprint);
    expect(signer?.fingerprint).not.toBe(createHash('sha256').update('').digest('hex'));
  } finally {
    rmSync(folder, { recursive: true });
  }
});
