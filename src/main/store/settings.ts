import { settingsView, type SettingsView } from '#shared/views.ts';
import { asStorageErrors, type KiltDatabase } from './database.ts';

const defaults: SettingsView = { language: 'ru', theme: 'system' };

/** The user's settings. Whatever cannot be read any more falls back to its default. */
export class SettingsStore {
  readonly #database: KiltDatabase;

  constructor(database: KiltDatabase) {
    this.#database = database;
  }

  get(): SettingsView {
    const rows = asStorageErrors(
      () =>
        this.#database.prepare('SELECT name, value FROM settings').all() as { name: string; value: string }[],
    );
    const stored = Object.fromEntries(rows.map(({ name, value }) => [name, value]));
    const read = settingsView.safeParse({ ...defaults, ...stored });
    return read.success ? read.data : defaults;
  }

  change(changes: { [Name in keyof SettingsView]?: SettingsView[Name] | undefined }): SettingsView {
    asStorageErrors(() =>
      this.#database.transaction(() => {
        for (const [name, value] of Object.entries(changes)) {
          if (value === undefined) continue;
          this.#database
            .prepare(
              'INSERT INTO settings VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
            )
            .run(name, value);
        }
      })(),
    );
    return this.get();
  }
}
