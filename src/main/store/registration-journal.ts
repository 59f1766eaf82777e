import { z } from 'zod';
import { KiltError } from '#shared/errors.ts';
import { errorView, registrationStep, type ErrorView, type RegistrationStep } from '#shared/views.ts';
import { asStorageErrors, type KiltDatabase } from './database.ts';
import { isAlive } from './living-process.ts';

/** A JSON-able record of one CMP transaction; its shape belongs to `pki/cmp`. */
const transactionState = z.unknown();

/** What a registration has learnt. Public data only. */
export const registrationFacts = z.object({
  /** Key and certificate identifiers on the token. */
  signatureKeyId: z.string(),
  signInKeyId: z.string(),
  /** CMP transaction identifiers, chosen before the first request so that a repeated one is recognised; hex. */
  signatureTransactionId: z.string(),
  signInTransactionId: z.string(),
  signatureTransaction: transactionState.optional(),
  signInTransaction: transactionState.optional(),
  /** The NUC signature's certificate, where one authenticates; base64 DER. */
  nationalCertificate: z.string().optional(),
  /** Base64 DER. */
  signatureCertificate: z.string().optional(),
  signatureChain: z.array(z.string()).optional(),
  signInCertificate: z.string().optional(),
  /** Set while the CA asks to come back later. */
  waitingUntil: z.string().optional(),
  customerName: z.string().optional(),
  registeredAt: z.string().optional(),
});
export type RegistrationFacts = z.infer<typeof registrationFacts>;

export interface JournalLine {
  readonly step: RegistrationStep;
  readonly phase: 'begun' | 'done' | 'failed';
  readonly at: string;
  readonly error?: ErrorView;
}

export type RegistrationState = 'running' | 'interrupted' | 'finished' | 'abandoned';

export interface JournalledRegistration {
  readonly id: string;
  readonly bankId: string;
  readonly userId: string;
  readonly label: string;
  readonly tokenSerial: string;
  readonly state: RegistrationState;
  readonly startedAt: string;
  readonly facts: RegistrationFacts;
  readonly lines: readonly JournalLine[];
}

const row = z.object({
  id: z.string(),
  bank_id: z.string(),
  user_id: z.string(),
  label: z.string(),
  token_serial: z.string(),
  state: z.enum(['running', 'interrupted', 'finished', 'abandoned']),
  started_at: z.string(),
  owner: z.string().nullable(),
  facts: z.string(),
});
const lineRow = z.object({
  step: registrationStep,
  phase: z.enum(['begun', 'done', 'failed']),
  at: z.string(),
  detail: z.string().nullable(),
});

/**
 * The journal of registrations: a line before and a line after each side effect, on the disk before the next thing
 * happens. It remembers what was tried; what is true is asked of the token and the CA.
 */
export class RegistrationJournal {
  readonly #database: KiltDatabase;
  readonly #now: () => Date;

  constructor(database: KiltDatabase, now: () => Date = () => new Date()) {
    this.#database = database;
    this.#now = now;
  }

  open(registration: {
    id: string;
    bankId: string;
    userId: string;
    label: string;
    tokenSerial: string;
    startedAt?: string;
    facts: RegistrationFacts;
  }): JournalledRegistration {
    asStorageErrors(() =>
      this.#database
        .prepare(
          `INSERT INTO registrations (id, bank_id, user_id, label, token_serial, state, started_at, facts)
           VALUES (@id, @bankId, @userId, @label, @tokenSerial, 'interrupted', @startedAt, @facts)`,
        )
        .run({
          ...registration,
          startedAt: registration.startedAt ?? this.#now().toISOString(),
          facts: JSON.stringify(registration.facts),
        }),
    );
    return this.get(registration.id);
  }

  /** @throws KiltError `input-invalid` when there is none */
  get(id: string): JournalledRegistration {
    const found = this.find(id);
    if (!found) throw new KiltError('input-invalid', { field: 'journalId' });
    return found;
  }

  find(id: string): JournalledRegistration | undefined {
    return this.#select('WHERE id = ?', id)[0];
  }

  unfinished(): readonly JournalledRegistration[] {
    return this.#select(`WHERE state IN ('running', 'interrupted') ORDER BY started_at DESC`);
  }

  unfinishedOnToken(tokenSerial: string): readonly JournalledRegistration[] {
    return this.#select(
      `WHERE token_serial = ? AND state IN ('running', 'interrupted') ORDER BY started_at DESC`,
      tokenSerial,
    );
  }

  /** Issuers of signature certificates, as their authorities sent them along: base64 of DER, each once. */
  knownIssuers(): readonly string[] {
    return [...new Set(this.#select('').flatMap(({ facts }) => facts.signatureChain ?? []))];
  }

  /**
   * Takes a registration for this process.
   *
   * @throws KiltError `operation-busy` while another living process works on it
   */
  take(id: string): void {
    asStorageErrors(() =>
      this.#database.transaction(() => {
        const found = row
          .optional()
          .parse(this.#database.prepare('SELECT * FROM registrations WHERE id = ?').get(id));
        if (!found) throw new KiltError('input-invalid', { field: 'journalId' });
        const owner = Number(found.owner ?? 0);
        if (found.state === 'running' && owner !== process.pid && isAlive(owner)) {
          throw new KiltError('operation-busy', { reason: 'another Kilt continues this registration' });
        }
        this.#database
          .prepare(`UPDATE registrations SET state = 'running', owner = ? WHERE id = ?`)
          .run(String(process.pid), id);
      })(),
    );
  }

  /** Corrects a mistyped user ID before the CA has issued anything; the token's record is then written again. */
  correctUser(id: string, userId: string, label: string): void {
    asStorageErrors(() =>
      this.#database.transaction(() => {
        this.#database
          .prepare('UPDATE registrations SET user_id = ?, label = ? WHERE id = ?')
          .run(userId, label, id);
        this.#write(id, 'token-prepared', 'begun');
      })(),
    );
  }

  setState(id: string, state: RegistrationState): void {
    asStorageErrors(() =>
      this.#database.prepare('UPDATE registrations SET state = ?, owner = NULL WHERE id = ?').run(state, id),
    );
  }

  /** A living process carries out a registration on this token. */
  isRunningOn(tokenSerial: string): boolean {
    return this.#rows(`WHERE token_serial = ? AND state = 'running'`, tokenSerial).some(({ owner }) =>
      isAlive(Number(owner ?? 0)),
    );
  }

  /** At start: what a process that is gone left as running is interrupted. */
  releaseDead(): void {
    for (const { id, owner } of this.#rows(`WHERE state = 'running'`)) {
      if (!isAlive(Number(owner ?? 0)) || Number(owner) === process.pid) this.setState(id, 'interrupted');
    }
  }

  begun(id: string, step: RegistrationStep): void {
    this.#write(id, step, 'begun');
  }

  failed(id: string, step: RegistrationStep, error: ErrorView): void {
    this.#write(id, step, 'failed', JSON.stringify(error));
  }

  /** The line that says a step is done, together with what it has learnt. */
  done(id: string, step: RegistrationStep, learnt: Partial<RegistrationFacts> = {}): void {
    asStorageErrors(() =>
      this.#database.transaction(() => {
        this.#mergeFacts(id, learnt);
        this.#write(id, step, 'done');
      })(),
    );
  }

  /** Facts that must be on the disk before a step goes on, such as the state of a CMP transaction. */
  learn(id: string, learnt: Partial<RegistrationFacts>): void {
    asStorageErrors(() => this.#database.transaction(() => this.#mergeFacts(id, learnt))());
  }

  #mergeFacts(id: string, learnt: Partial<RegistrationFacts>): void {
    const facts = { ...this.get(id).facts, ...learnt };
    this.#database.prepare('UPDATE registrations SET facts = ? WHERE id = ?').run(JSON.stringify(facts), id);
  }

  #write(
    id: string,
    step: RegistrationStep,
    phase: JournalLine['phase'],
    detail: string | null = null,
  ): void {
    asStorageErrors(() =>
      this.#database
        .prepare(
          'INSERT INTO registration_steps (registration_id, step, phase, at, detail) VALUES (?, ?, ?, ?, ?)',
        )
        .run(id, step, phase, this.#now().toISOString(), detail),
    );
  }

  #rows(where: string, ...values: readonly string[]) {
    return asStorageErrors(() =>
      z.array(row).parse(this.#database.prepare(`SELECT * FROM registrations ${where}`).all(...values)),
    );
  }

  #select(where: string, ...values: readonly string[]): readonly JournalledRegistration[] {
    return this.#rows(where, ...values).map((found) => ({
      id: found.id,
      bankId: found.bank_id,
      userId: found.user_id,
      label: found.label,
      tokenSerial: found.token_serial,
      state: found.state,
      startedAt: found.started_at,
      facts: registrationFacts.parse(JSON.parse(found.facts)),
      lines: this.#lines(found.id),
    }));
  }

  #lines(id: string): readonly JournalLine[] {
    const rows = this.#database
      .prepare(
        'SELECT step, phase, at, detail FROM registration_steps WHERE registration_id = ? ORDER BY line',
      )
      .all(id);
    return z
      .array(lineRow)
      .parse(rows)
      .map(({ step, phase, at, detail }) => ({
        step,
        phase,
        at,
        ...(detail === null ? {} : { error: errorView.parse(JSON.parse(detail)) }),
      }));
  }
}

/** Steps whose last line says `done`. */
export function doneSteps(registration: JournalledRegistration): ReadonlySet<RegistrationStep> {
  const last = new Map(registration.lines.map(({ step, phase }) => [step, phase]));
  return new Set([...last].filter(([, phase]) => phase === 'done').map(([step]) => step));
}
