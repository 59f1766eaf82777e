import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openDatabase, type KiltDatabase } from '#main/store/database.ts';
import { OperationLog } from '#main/store/operations.ts';

let folder: string;
let database: KiltDatabase;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'kilt-operations-'));
  database = openDatabase(folder);
});
afterEach(() => {
  database.close();
  rmSync(folder, { recursive: true });
});

it('shows the last operations of a token, newest first, and none from before it was formatted', () => {
  const log = new OperationLog(database);
  const add = (tokenSerial: string, kind: 'registered' | 'signed-in' | 'formatted') =>
    log.add({ tokenSerial, kind, result: 'done' });
  for (const serial of ['AA', 'BB'])
    for (const kind of ['registered', 'signed-in'] as const) add(serial, kind);
  expect(log.latest('AA', 10).map(({ kind }) => kind)).toEqual(['signed-in', 'registered']);
  add('AA', 'formatted');
  expect(log.latest('AA', 10)).toEqual([]);
  add('AA', 'registered');
  expect(log.latest('AA', 10)).toHaveLength(1);
  expect(log.latest('BB', 1)).toHaveLength(1);
});
