import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { openDatabase, type KiltDatabase } from '#main/store/database.ts';
import { watchOutsideChanges } from '#main/store/outside-changes.ts';
import { SettingsStore } from '#main/store/settings.ts';

let folder: string;
let ours: KiltDatabase;
/** As another program has it open. */
let theirs: KiltDatabase;
let told: number;
let defects: unknown[];
let stop: () => void;

beforeEach(() => {
  vi.useFakeTimers();
  folder = mkdtempSync(path.join(tmpdir(), 'kilt-outside-'));
  ours = openDatabase(folder);
  theirs = openDatabase(folder);
  told = 0;
  defects = [];
  stop = watchOutsideChanges(
    ours,
    () => (told += 1),
    (error) => defects.push(error),
  );
});
afterEach(() => {
  stop();
  vi.useRealTimers();
  ours.close();
  theirs.close();
  rmSync(folder, { recursive: true });
});

const later = (): void => void vi.advanceTimersByTime(5_000);

it('tells once what another program has changed, however often it was', () => {
  later();
  expect(told).toBe(0);
  new SettingsStore(theirs).change({ theme: 'dark' });
  new SettingsStore(theirs).change({ loopback: true });
  later();
  expect(told).toBe(1);
  expect(new SettingsStore(ours).get()).toMatchObject({ theme: 'dark', loopback: true });
});

it('does not tell what this program has changed itself', () => {
  new SettingsStore(ours).change({ theme: 'dark' });
  later();
  expect(told).toBe(0);
});

it('is silent once it has ended', () => {
  stop();
  new SettingsStore(theirs).change({ theme: 'dark' });
  later();
  expect(told).toBe(0);
});

it('looks again after the database could not be read', () => {
  const failing = vi.spyOn(ours, 'pragma').mockImplementationOnce(() => {
    throw Object.assign(new Error('disk I/O error'), { code: 'SQLITE_IOERR' });
  });
  new SettingsStore(theirs).change({ theme: 'dark' });
  later();
  failing.mockRestore();
  expect(defects).toMatchObject([{ id: 'storage-failed' }]);
  expect(told).toBe(1);
});
