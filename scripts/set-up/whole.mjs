import fs from 'node:fs/promises';
import path from 'node:path';

/**
 * Makes a file or folder so that it is either there whole or not at all: `make` writes to a place beside it, which is
 * then moved. An interrupted attempt leaves only the place beside, and the next attempt clears it.
 */
export async function makeWhole(target, make) {
  const folder = path.dirname(target);
  await fs.mkdir(folder, { recursive: true });
  const prefix = `.${path.basename(target)}.partial-`;
  for (const name of await fs.readdir(folder))
    if (name.startsWith(prefix)) await fs.rm(path.join(folder, name), { recursive: true, force: true });
  const partial = path.join(folder, `${prefix}${process.pid}`);
  await make(partial);
  await fs.rm(target, { recursive: true, force: true });
  await fs.rename(partial, target);
}

/** Writes a small JSON record whole. */
export async function writeRecord(file, record) {
  await makeWhole(file, (partial) => fs.writeFile(partial, `${JSON.stringify(record, null, 2)}\n`));
}

/** Reads a JSON record; `undefined` where there is none or it can not be read. */
export async function readRecord(file) {
  try {
    return JSON.parse(await fs.readFile(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** Whether there is something at the path. */
export async function exists(file) {
  try {
    await fs.access(file);
    return true;
  } catch {
    return false;
  }
}
