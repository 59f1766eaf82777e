#!/usr/bin/env node
// `npm run docs:errors`: writes docs/errors.md out of the error catalogue and its texts. With --check it writes nothing
// and fails when the page is not what the catalogue says; `npm run lint` asks that.
import fs from 'node:fs/promises';
import path from 'node:path';
import { format, resolveConfig } from 'prettier';
import { errorDataKeys } from '#shared/error-data.ts';
import { errorCatalogue } from '#shared/errors.ts';
import { texts } from '#shared/texts/index.ts';
import { clone } from './set-up/places.mjs';

const page = path.join(clone, 'docs', 'errors.md');
/** By the first digits of a code; the longest beginning counts. */
const groups = {
  '01': 'Token and reader',
  '02': 'Registration data and certification authority',
  '03': 'Bank',
  '04': 'Network',
  '05': 'This program and this computer',
  '06': 'Documents and signatures',
  '060002': 'Regeneration of a key set',
  '07': 'Pages of sites',
};
const groupOf = (code) =>
  Object.keys(groups)
    .filter((beginning) => code.startsWith(beginning))
    .sort((a, b) => b.length - a.length)[0];

const wanted = await format(render(), { ...(await resolveConfig(page)), parser: 'markdown' });
if (process.argv.includes('--check')) {
  const found = await fs.readFile(page, 'utf8').catch(() => '');
  if (found !== wanted) {
    process.stderr.write('docs/errors.md is not what the error catalogue says: npm run docs:errors\n');
    process.exit(1);
  }
} else {
  await fs.writeFile(page, wanted);
  process.stdout.write(`${path.relative(clone, page)}\n`);
}

function render() {
  const entries = Object.entries(errorCatalogue).sort(([, a], [, b]) => (a.code < b.code ? -1 : 1));
  const unknown = entries.filter(([, { code }]) => groupOf(code) === undefined);
  if (unknown.length > 0) throw new Error(`no group for ${unknown.map(([id]) => id).join(', ')}`);
  const inOrder = Object.entries(groups).sort(([a], [b]) => (a < b ? -1 : 1));
  const sections = inOrder.flatMap(([beginning, title]) => [
    `## ${title}`,
    ...entries
      .filter(([, { code }]) => groupOf(code) === beginning)
      .map(([id, entry]) => entryText(id, entry)),
  ]);
  return [
    '<!-- Written by `npm run docs:errors` out of src/shared/errors.ts and src/shared/texts; not to be edited here. -->',
    '# Failures and their codes',
    'What users see when something fails, by the code that stands below the message. A code means the same in every ' +
      'language and every version, and is never used for something else. Each entry says what happened, what it means ' +
      'for the token, and what to do.',
    ...sections,
    '## What support is told besides',
    'The command line’s `--json`, the journal and the support bundle carry some of these with a failure. None of them is ' +
      'ever a PIN, a password or a key.',
    ['| name | what it is |', '|---|---|', ...Object.entries(errorDataKeys).map(row)].join('\n'),
  ].join('\n\n');
}

function entryText(id, { code, severity }) {
  const lines = Object.entries(texts).map(([language, { errors }]) => {
    const { title, meaning, next } = errors.catalogue[id];
    return `- ${language}: **${title}.** ${meaning} ${next}`;
  });
  return [`### ${code}`, `\`${id}\`, ${severity}`, lines.join('\n')].join('\n\n');
}

function row([name, { means }]) {
  return `| \`${name}\` | ${means} |`;
}
