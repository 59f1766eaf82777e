/**
 * The schema, one step an entry. Entries are never changed once released: a new need is a new entry.
 *
 * Nothing secret is ever stored: no PIN, no ПИН, no key container and no private key.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE settings (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
  ) STRICT;

  CREATE TABLE registrations (
    id           TEXT PRIMARY KEY,
    bank_id      TEXT NOT NULL,
    user_id      TEXT NOT NULL,
    label        TEXT NOT NULL,
    token_serial TEXT NOT NULL,
    state        TEXT NOT NULL CHECK (state IN ('running', 'interrupted', 'finished', 'abandoned')),
    started_at   TEXT NOT NULL,
    owner        TEXT,
    facts        TEXT NOT NULL
  ) STRICT;
  CREATE INDEX registrations_by_token ON registrations (token_serial, state);

  CREATE TABLE registration_steps (
    line            INTEGER PRIMARY KEY AUTOINCREMENT,
    registration_id TEXT NOT NULL REFERENCES registrations (id),
    step            TEXT NOT NULL,
    phase           TEXT NOT NULL CHECK (phase IN ('begun', 'done', 'failed')),
    at              TEXT NOT NULL,
    detail          TEXT
  ) STRICT;
  CREATE INDEX registration_steps_by_registration ON registration_steps (registration_id);

  CREATE TABLE profiles (
    token_serial    TEXT NOT NULL,
    bank_id         TEXT NOT NULL,
    user_id         TEXT NOT NULL,
    customer_name   TEXT NOT NULL,
    registered_at   TEXT NOT NULL,
    registration_id TEXT NOT NULL,
    PRIMARY KEY (token_serial, bank_id, user_id)
  ) STRICT;

  CREATE TABLE operations (
    line         INTEGER PRIMARY KEY AUTOINCREMENT,
    at           TEXT NOT NULL,
    kind         TEXT NOT NULL,
    result       TEXT NOT NULL CHECK (result IN ('done', 'failed')),
    token_serial TEXT NOT NULL,
    detail       TEXT
  ) STRICT;
  CREATE INDEX operations_by_token ON operations (token_serial, line);
  `,
];
