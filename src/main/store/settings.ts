import { defaultSettings, settingsView, type SettingsView } from '#shared/views.ts';
import { asStorageErrors, type KiltDatabase } from './database.ts';

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
    const stored = Object.fromEntries(rows.map(({ name, value }) => [name, valueOf(name, value)]));
    const read = settingsView.safeParse({ ...defaultSettings, ...stored });
    return read.success ? read.data : defaultSettings;
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
            .run(name, String(value));
        }
      })(),
    );
    return this.get();
  }
}

/** Settings are kept as text; a switch is `true` or `false`. */
const valueOf = (name: string, text: string): unknown =>
  typeof (defaultSettings as Readonly<Record<string, unknown>>)[name] === 'boolean' ? text === 'true' : text;
