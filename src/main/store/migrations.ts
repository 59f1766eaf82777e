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
  // The audit is only ever added to. `line` continues where `sqlite_sequence` stands, so that a tail that was cut off is
  // never numbered anew; REPLACE, which deletes without the trigger of DELETE, is stopped by the one of INSERT.
  `
  CREATE TABLE audit (
    line         INTEGER PRIMARY KEY AUTOINCREMENT,
    at           TEXT NOT NULL,
    action       TEXT NOT NULL,
    result       TEXT NOT NULL CHECK (result IN ('begun', 'done', 'failed')),
    token_serial TEXT NOT NULL,
    token_label  TEXT,
    role         TEXT,
    reason       TEXT,
    error_code   TEXT,
    detail       TEXT NOT NULL,
    hash         TEXT NOT NULL
  ) STRICT;
  CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit is only added to'); END;
  CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit is only added to'); END;
  CREATE TRIGGER audit_is_not_replaced BEFORE INSERT ON audit
    WHEN NEW.line <> ifnull((SELECT seq FROM sqlite_sequence WHERE name = 'audit'), 0) + 1
    BEGIN SELECT RAISE(ABORT, 'the audit is only added to'); END;

  CREATE TABLE formats (
    id           TEXT PRIMARY KEY,
    token_serial TEXT NOT NULL,
    settings     TEXT NOT NULL,
    state        TEXT NOT NULL CHECK (state IN ('running', 'interrupted', 'finished', 'abandoned')),
    started_at   TEXT NOT NULL,
    owner        TEXT
  ) STRICT;
  CREATE INDEX formats_by_token ON formats (token_serial, state);

  CREATE TABLE format_stages (
    line      INTEGER PRIMARY KEY AUTOINCREMENT,
    format_id TEXT NOT NULL REFERENCES formats (id),
    stage     TEXT NOT NULL,
    at        TEXT NOT NULL
  ) STRICT;
  CREATE INDEX format_stages_by_format ON format_stages (format_id);
  `,
  // Which key may sign the file of which bank, as a user has confirmed it.
  `
  CREATE TABLE bank_publishers (
    bank_id           TEXT PRIMARY KEY,
    fingerprint       TEXT NOT NULL,
    first_fingerprint TEXT NOT NULL,
    next_signers      TEXT NOT NULL,
    version           INTEGER NOT NULL
  ) STRICT;
  `,
  // Certificates of tokens that were ever in a reader here, and what was told of their end.
  `
  CREATE TABLE known_certificates (
    token_serial  TEXT NOT NULL,
    token_name    TEXT NOT NULL,
    issuer        TEXT NOT NULL,
    serial_number TEXT NOT NULL,
    purpose       TEXT NOT NULL,
    subject_name  TEXT NOT NULL,
    not_after     TEXT NOT NULL,
    PRIMARY KEY (token_serial, issuer, serial_number)
  ) STRICT;

  CREATE TABLE reminders_told (
    reminder  TEXT NOT NULL,
    milestone INTEGER NOT NULL,
    at        TEXT NOT NULL,
    PRIMARY KEY (reminder, milestone)
  ) STRICT;

  CREATE TABLE reminders_snoozed (
    reminder TEXT PRIMARY KEY,
    until    TEXT NOT NULL
  ) STRICT;
  `,
  // Other work in steps is journalled beside the registrations, with the same lines.
  `
  ALTER TABLE registrations ADD COLUMN kind TEXT NOT NULL DEFAULT 'registration';
  `,
  // Sites whose pages the user has allowed to call Kilt.
  `
  CREATE TABLE site_approvals (
    origin       TEXT PRIMARY KEY,
    way          TEXT NOT NULL,
    approved_at  TEXT NOT NULL,
    expires_at   TEXT NOT NULL,
    last_used_at TEXT NOT NULL
  ) STRICT;
  `,
  // Key sets of tokens that were ever in a reader here, what is known against them, and what banks demand.
  `
  CREATE TABLE known_key_sets (
    token_serial           TEXT PRIMARY KEY,
    token_name             TEXT NOT NULL,
    bank_id                TEXT NOT NULL,
    user_id                TEXT NOT NULL,
    signature_certificate  TEXT NOT NULL,
    sign_in_certificate    TEXT NOT NULL,
    standing               TEXT
  ) STRICT;

  CREATE TABLE renewal_demands (
    bank_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    reason  TEXT,
    at      TEXT NOT NULL,
    PRIMARY KEY (bank_id, user_id)
  ) STRICT;
  `,
  // A token may hold several profiles, each with its key set.
  `
  ALTER TABLE known_key_sets RENAME TO known_key_sets_one_a_token;
  CREATE TABLE known_key_sets (
    token_serial           TEXT NOT NULL,
    token_name             TEXT NOT NULL,
    bank_id                TEXT NOT NULL,
    user_id                TEXT NOT NULL,
    signature_certificate  TEXT NOT NULL,
    sign_in_certificate    TEXT NOT NULL,
    standing               TEXT,
    PRIMARY KEY (token_serial, bank_id, user_id)
  ) STRICT;
  INSERT INTO known_key_sets
    SELECT token_serial, token_name, bank_id, user_id, signature_certificate, sign_in_certificate, standing
    FROM known_key_sets_one_a_token;
  DROP TABLE known_key_sets_one_a_token;
  `,
];
