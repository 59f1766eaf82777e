import { chmodSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { KiltError } from '#shared/errors.ts';
import { migrations } from './migrations.ts';

export type KiltDatabase = Database.Database;

/**
 * Opens Kilt's database, brings it to the newest schema, and makes every commit reach the disk before it returns:
 * the journal of a registration is worth nothing if it can lose its last line.
 *
 * @param folder the user's own data folder; created, readable by this user only
 * @throws KiltError `disk-full`, `storage-failed`
 */
export function openDatabase(folder: string): KiltDatabase {
  return asStorageErrors(() => {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const file = path.join(folder, 'kilt.db');
    const database = new Database(file, { timeout: 5_000 });
    if (process.platform !== 'win32') chmodSync(file, 0o600);
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = FULL');
    database.pragma('foreign_keys = ON');
    migrate(database);
    keepStatements(database);
    return database;
  });
}

/** Each statement is compiled once: the journal runs the same few at every step, and at whatever a token tells. */
function keepStatements(database: KiltDatabase): void {
  const kept = new Map<string, Database.Statement>();
  const compile = database.prepare.bind(database);
  database.prepare = ((sql: string) => {
    const known = kept.get(sql);
    if (known) return known;
    const statement = compile(sql);
    kept.set(sql, statement);
    return statement;
  }) as KiltDatabase['prepare'];
}

function migrate(database: KiltDatabase): void {
  const version = Number(database.pragma('user_version', { simple: true }));
  if (version > migrations.length) {
    throw new KiltError('storage-failed', { reason: 'database of a newer version', version });
  }
  for (const [index, sql] of migrations.entries()) {
    if (index < version) continue;
    database.transaction(() => {
      database.exec(sql);
      database.pragma(`user_version = ${index + 1}`);
    })();
  }
}

/** Runs database work and turns SQLite's failures into errors the user can act on. */
export function asStorageErrors<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    const code = (error as { code?: unknown }).code;
    if (code === 'SQLITE_FULL' || code === 'ENOSPC') throw new KiltError('disk-full', {}, { cause: error });
    if (typeof code === 'string' && (code.startsWith('SQLITE_') || code.startsWith('E'))) {
      throw new KiltError('storage-failed', { reason: code }, { cause: error });
    }
    throw error;
  }
}
