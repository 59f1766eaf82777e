import fs from 'node:fs/promises';
import path from 'node:path';

/**
 * Lets the unprivileged user of a staged run (stage.mjs) show windows on the display of the one who started it.
 *
 * @returns what to add to the environment
 */
export async function lendDisplay(place) {
  const cookie = process.env['XAUTHORITY'];
  if (place.uid === undefined || !cookie) return {};
  const lent = path.join(place.env.HOME, '.Xauthority');
  await fs.copyFile(cookie, lent);
  await fs.chown(lent, place.uid, place.uid);
  return { XAUTHORITY: lent };
}
