import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openDatabase, type KiltDatabase } from '#main/store/database.ts';
import { SettingsStore } from '#main/store/settings.ts';

let folder: string;
let database: KiltDatabase;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'kilt-settings-'));
  database = openDatabase(folder);
});
afterEach(() => {
  database.close();
  rmSync(folder, { recursive: true });
});

it('speaks Russian and follows the system until told otherwise', () => {
  expect(new SettingsStore(database).get()).toMatchObject({ language: 'ru', theme: 'system' });
});

it('keeps a change and leaves the other settings alone', () => {
  const settings = new SettingsStore(database);
  settings.change({ theme: 'dark' });
  settings.change({ language: 'kk', theme: undefined });
  expect(new SettingsStore(database).get()).toMatchObject({
    language: 'kk',
    theme: 'dark',
    weakPins: 'warn',
  });
});

it('falls back to the defaults when a stored value makes no sense any more', () => {
  database.prepare(`INSERT INTO settings VALUES ('language', 'xx')`).run();
  expect(new SettingsStore(database).get()).toMatchObject({ language: 'ru', theme: 'system' });
});
