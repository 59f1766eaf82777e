import { asStorageErrors, type KiltDatabase } from './database.ts';

/** How often it is looked: SQLite has no word for it, and the look costs some microseconds. */
const betweenLooks = 1_000;

/**
 * Tells when another program, such as `kilt` on the command line, has changed the database. What this program changes
 * is not told (SQLite, `PRAGMA data_version`).
 *
 * @param onDefect the database could not be read; it is looked at again all the same
 * @returns the function that ends it
 */
export function watchOutsideChanges(
  database: KiltDatabase,
  listener: () => void,
  onDefect: (error: unknown) => void,
): () => void {
  const version = (): number =>
    asStorageErrors(() => Number(database.pragma('data_version', { simple: true })));
  let seen = version();
  const timer = setInterval(() => {
    try {
      const now = version();
      if (now === seen) return;
      seen = now;
      listener();
    } catch (error) {
      onDefect(error);
    }
  }, betweenLooks);
  timer.unref();
  return () => clearInterval(timer);
}
