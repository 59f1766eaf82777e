// A staged run (stage.mjs) of root's goes on as a user who may not look into root's folders. What it needs is lent.
import fs from 'node:fs/promises';
import path from 'node:path';

/**
 * Lets the user of a staged run show windows on the display, and read the bank's file, of the one who started it.
 *
 * @returns what to add to the environment
 */
export async function lend(place) {
  if (place.uid === undefined) return {};
  return { ...(await lendFile(place, 'XAUTHORITY')), ...(await lendFile(place, 'KILT_BANK_FILE')) };
}

/** Copies the file that a variable names, if it names one. A file that is missing is for the program to complain about. */
async function lendFile(place, variable) {
  const file = process.env[variable];
  if (!file) return {};
  const copy = path.join(place.env.HOME, path.basename(file));
  try {
    await fs.copyFile(file, copy);
  } catch {
    return {};
  }
  await fs.chown(copy, place.uid, place.uid);
  return { [variable]: copy };
}
