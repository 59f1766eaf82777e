#!/usr/bin/env node
// Puts all screenshots of a test run on a few pictures: a row a screen, a column a language, theme and scale.
//
//   node scripts/contact-sheet.mjs [folder of screenshots] [folder for the pictures]
import fs from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { clone } from './set-up/places.mjs';

const CELL = { width: 480, height: 330 };
const LABEL = 22;
const GAP = 12;
/** Larger pictures are split, so that viewers can open them. */
const MOST_COLUMNS = 9;
const MOST_ROWS = 60;

/**
 * Writes `contact-sheet-1.png` and as many more as are needed.
 *
 * @returns `{ files, count }`, or `undefined` where there are no screenshots
 */
export async function makeContactSheets(folder, target) {
  const names = (await fs.readdir(folder).catch(() => [])).filter((name) => name.endsWith('.png')).sort();
  if (names.length === 0) return undefined;
  const rows = layOut(names);
  const files = [];
  for (let at = 0; at < rows.length; at += MOST_ROWS) {
    const file = path.join(target, `contact-sheet-${files.length + 1}.png`);
    await writeSheet(folder, rows.slice(at, at + MOST_ROWS), file);
    files.push(file);
  }
  return { files, count: names.length };
}

async function writeSheet(folder, rows, file) {
  const { default: sharp } = await import('sharp');
  const columns = Math.max(...rows.map((row) => row.length));
  const width = GAP + columns * (CELL.width + GAP);
  const height = GAP + rows.length * (CELL.height + LABEL + GAP);
  const pieces = [];
  for (const [y, row] of rows.entries())
    for (const [x, name] of row.entries()) {
      const left = GAP + x * (CELL.width + GAP);
      const top = GAP + y * (CELL.height + LABEL + GAP);
      const input = await sharp(path.join(folder, name))
        .resize({ ...CELL, fit: 'contain', position: 'left top', background: '#8a8886' })
        .png()
        .toBuffer();
      pieces.push({ input: label(name), left, top }, { input, left, top: top + LABEL });
    }
  await sharp({ create: { width, height, channels: 3, background: '#f3f2f1' } })
    .composite(pieces)
    .png({ palette: true })
    .toFile(file);
}

/** One screen's pictures stand side by side: its name is what comes before language, theme and scale. */
function layOut(names) {
  const screens = new Map();
  for (const name of names) screens.set(screenOf(name), [...(screens.get(screenOf(name)) ?? []), name]);
  const rows = [];
  for (const row of screens.values())
    for (let at = 0; at < row.length; at += MOST_COLUMNS) rows.push(row.slice(at, at + MOST_COLUMNS));
  return rows;
}

const screenOf = (name) => /^(.*?)-(?:ru|kk|en)-/.exec(name)?.[1] ?? name;

function label(name) {
  const text = name.replace('.png', '').replaceAll(/[^\w .-]/g, '_');
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${CELL.width}" height="${LABEL}">` +
      `<text x="0" y="16" font-family="sans-serif" font-size="14" fill="#242424">${text}</text></svg>`,
  );
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const results = path.join(clone, 'test-results');
  const made = await makeContactSheets(
    process.argv[2] ?? path.join(results, 'screenshots'),
    process.argv[3] ?? results,
  );
  process.stdout.write(
    made ? `${made.count} screenshots on ${made.files.join(', ')}\n` : 'No screenshots yet.\n',
  );
}
