import fs from 'node:fs/promises';
import path from 'node:path';

const REFRESH_MS = 1000;
/** A holder that has not refreshed its lock for this long is dead. */
const STALE_MS = 8_000;
const RETRY_MS = 300;

/**
 * Does `work` while no other process does work under the same lock, on this machine or in a container that shares
 * the folder. The lock is a folder whose time its holder keeps refreshing: a holder that was killed lets go by itself.
 *
 * @param onWait called once when somebody else holds the lock
 */
export async function exclusively(lock, onWait, work) {
  await fs.mkdir(path.dirname(lock), { recursive: true });
  let waiting = false;
  while (!(await take(lock))) {
    if (!waiting) onWait?.();
    waiting = true;
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
  const refresh = setInterval(() => {
    const now = new Date();
    fs.utimes(lock, now, now).catch(() => undefined);
  }, REFRESH_MS);
  try {
    return await work();
  } finally {
    clearInterval(refresh);
    await fs.rm(lock, { recursive: true, force: true });
  }
}

async function take(lock) {
  try {
    await fs.mkdir(lock);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
  if (await isStale(lock)) {
    const aside = `${lock}.stale-${process.pid}-${Date.now()}`;
    try {
      await fs.rename(lock, aside);
      // Between the look and the rename somebody else may have cleared the old lock and taken a new one: give it back.
      if (!(await isStale(aside))) await fs.rename(aside, lock);
      else await fs.rm(aside, { recursive: true, force: true });
    } catch {
      // Somebody else was quicker; the next round looks again.
    }
  }
  return false;
}

async function isStale(lock) {
  try {
    return Date.now() - (await fs.stat(lock)).mtimeMs > STALE_MS;
  } catch {
    return false;
  }
}
