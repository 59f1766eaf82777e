import { z } from 'zod';
import { KiltError } from '#shared/errors.ts';
import { errorView, type ErrorView } from '#shared/views.ts';
import { asStorageErrors, type KiltDatabase } from './database.ts';
import { KeptReadings } from './kept-readings.ts';
import { isAlive } from './living-process.ts';

/** Kinds of work on a token that is journalled in steps. Names are stored: never rename one. */
export type JournalKind = 'registration' | 'renewal';

export interface StepLine<Step extends string> {
  readonly step: Step;
  readonly phase: 'begun' | 'done' | 'failed';
  readonly at: string;
  readonly error?: ErrorView;
}

export type WorkState = 'running' | 'interrupted' | 'finished' | 'abandoned';

/** One piece of work: for whom, on which token, how far it has come, and what it has learnt. */
export interface JournalledWork<Step extends string, Facts> {
  readonly id: string;
  readonly bankId: string;
  readonly userId: string;
  readonly label: string;
  readonly tokenSerial: string;
  readonly state: WorkState;
  readonly startedAt: string;
  readonly facts: Facts;
  readonly lines: readonly StepLine<Step>[];
}

/** What a kind of work writes: its steps, and the facts that it learns. Public data only. */
export interface JournalShape<Step extends string, Facts> {
  readonly kind: JournalKind;
  readonly step: z.ZodType<Step>;
  readonly facts: z.ZodType<Facts>;
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
  step: z.string(),
  phase: z.enum(['begun', 'done', 'failed']),
  at: z.string(),
  detail: z.string().nullable(),
});

/**
 * A journal of work in steps: a line before and a line after each side effect, on the disk before the next thing
 * happens. It remembers what was tried; what is true is asked of the token and the CA.
 */
export class StepJournal<Step extends string, Facts extends object> {
  readonly #database: KiltDatabase;
  readonly #shape: JournalShape<Step, Facts>;
  readonly #now: () => Date;
  readonly #readings: KeptReadings<readonly JournalledWork<Step, Facts>[]>;
  /** Still `running` on the disk, which had no room for more, though nobody works on it any longer. */
  readonly #letGo = new Set<string>();

  constructor(database: KiltDatabase, shape: JournalShape<Step, Facts>, now: () => Date) {
    this.#database = database;
    this.#shape = shape;
    this.#now = now;
    this.#readings = new KeptReadings(database);
  }

  open(work: {
    id: string;
    bankId: string;
    userId: string;
    label: string;
    tokenSerial: string;
    startedAt?: string;
    facts: Facts;
  }): JournalledWork<Step, Facts> {
    asStorageErrors(() =>
      this.#database
        .prepare(
          `INSERT INTO registrations (id, kind, bank_id, user_id, label, token_serial, state, started_at, facts)
           VALUES (@id, @kind, @bankId, @userId, @label, @tokenSerial, 'interrupted', @startedAt, @facts)`,
        )
        .run({
          ...work,
          kind: this.#shape.kind,
          startedAt: work.startedAt ?? this.#now().toISOString(),
          facts: JSON.stringify(work.facts),
        }),
    );
    return this.get(work.id);
  }

  /** @throws KiltError `input-invalid` when there is none */
  get(id: string): JournalledWork<Step, Facts> {
    const found = this.find(id);
    if (!found) throw new KiltError('input-invalid', { field: 'journalId' });
    return found;
  }

  find(id: string): JournalledWork<Step, Facts> | undefined {
    return this.#select('id = ?', id)[0];
  }

  /** Finished and given up ones among them. */
  protected all(): readonly JournalledWork<Step, Facts>[] {
    return this.#select('TRUE');
  }

  unfinished(): readonly JournalledWork<Step, Facts>[] {
    return this.#select(`state IN ('running', 'interrupted') ORDER BY started_at DESC`);
  }

  unfinishedOnToken(tokenSerial: string): readonly JournalledWork<Step, Facts>[] {
    return this.#select(
      `token_serial = ? AND state IN ('running', 'interrupted') ORDER BY started_at DESC`,
      tokenSerial,
    );
  }

  /** Id of the last one that has come to its end for a profile on a token. */
  lastFinished({ tokenSerial, bankId, userId }: Record<'tokenSerial' | 'bankId' | 'userId', string>) {
    const where = `token_serial = ? AND bank_id = ? AND user_id = ? AND state = 'finished'`;
    return this.#rows(`${where} ORDER BY rowid DESC LIMIT 1`, tokenSerial, bankId, userId)[0]?.id;
  }

  /**
   * Takes a piece of work for this process.
   *
   * @throws KiltError `operation-busy` while another living process works on it
   */
  take(id: string): void {
    asStorageErrors(() =>
      this.#database.transaction(() => {
        const [found] = this.#rows('id = ?', id);
        if (!found) throw new KiltError('input-invalid', { field: 'journalId' });
        const owner = Number(found.owner ?? 0);
        if (found.state === 'running' && owner !== process.pid && isAlive(owner)) {
          throw new KiltError('operation-busy', {
            reason: `another Kilt continues this ${this.#shape.kind}`,
          });
        }
        this.#database
          .prepare(`UPDATE registrations SET state = 'running', owner = ? WHERE id = ?`)
          .run(String(process.pid), id);
      })(),
    );
    this.#letGo.delete(id);
  }

  /**
   * This process has ended its work without having reached the end: it is interrupted, and its token free, whether that can
   * be written down now or not. {@link writeLetGo} writes it later.
   *
   * @throws KiltError `disk-full`, `storage-failed`
   */
  letGo(id: string): void {
    this.#letGo.add(id);
    // What has ended meanwhile, as the token tells, stays ended.
    if (this.find(id)?.state === 'running') this.setState(id, 'interrupted');
    this.#letGo.delete(id);
  }

  /** Writes down what there was no room for: other processes know of it only then. @throws KiltError `disk-full`, … */
  writeLetGo(): void {
    for (const id of this.#letGo) this.letGo(id);
  }

  setState(id: string, state: WorkState): void {
    asStorageErrors(() =>
      this.#database.prepare('UPDATE registrations SET state = ?, owner = NULL WHERE id = ?').run(state, id),
    );
  }

  /** A living process works on this token. */
  isRunningOn(tokenSerial: string): boolean {
    return this.#rows(`token_serial = ? AND state = 'running'`, tokenSerial).some(
      ({ id, owner }) => !this.#letGo.has(id) && isAlive(Number(owner ?? 0)),
    );
  }

  /** At start: what a process that is gone left as running is interrupted. */
  releaseDead(): void {
    for (const { id, owner } of this.#rows(`state = 'running'`)) {
      if (!isAlive(Number(owner ?? 0)) || Number(owner) === process.pid) this.setState(id, 'interrupted');
    }
  }

  begun(id: string, step: Step): void {
    this.#write(id, step, 'begun');
  }

  failed(id: string, step: Step, error: ErrorView): void {
    this.#write(id, step, 'failed', JSON.stringify(error));
  }

  /** The line that says a step is done, together with what it has learnt and with the first line of the next step. */
  done(id: string, step: Step, learnt: Partial<Facts> = {}, next?: Step): void {
    asStorageErrors(() =>
      this.#database.transaction(() => {
        this.#mergeFacts(id, learnt);
        this.#write(id, step, 'done');
        if (next !== undefined) this.#write(id, next, 'begun');
      })(),
    );
  }

  /** Facts that must be on the disk before a step goes on, such as the state of a CMP transaction. */
  learn(id: string, learnt: Partial<Facts>): void {
    asStorageErrors(() => this.#database.transaction(() => this.#mergeFacts(id, learnt))());
  }

  /** Corrects a mistyped user ID; `again` is the step that has to be repeated for it. */
  protected rename(id: string, userId: string, label: string, again: Step): void {
    asStorageErrors(() =>
      this.#database.transaction(() => {
        this.#database
          .prepare('UPDATE registrations SET user_id = ?, label = ? WHERE id = ?')
          .run(userId, label, id);
        this.#write(id, again, 'begun');
      })(),
    );
  }

  #mergeFacts(id: string, learnt: Partial<Facts>): void {
    const facts = { ...this.get(id).facts, ...learnt };
    this.#database.prepare('UPDATE registrations SET facts = ? WHERE id = ?').run(JSON.stringify(facts), id);
  }

  #write(id: string, step: Step, phase: StepLine<Step>['phase'], detail: string | null = null): void {
    asStorageErrors(() =>
      this.#database
        .prepare(
          'INSERT INTO registration_steps (registration_id, step, phase, at, detail) VALUES (?, ?, ?, ?, ?)',
        )
        .run(id, step, phase, this.#now().toISOString(), detail),
    );
  }

  #rows(where: string, ...values: readonly string[]) {
    const query = `SELECT * FROM registrations WHERE kind = ? AND ${where}`;
    return asStorageErrors(() =>
      z.array(row).parse(this.#database.prepare(query).all(this.#shape.kind, ...values)),
    );
  }

  #select(where: string, ...values: readonly string[]): readonly JournalledWork<Step, Facts>[] {
    return this.#readings.get([where, ...values].join('\n'), () =>
      this.#rows(where, ...values).map((found) => this.#work(found)),
    );
  }

  #work(found: z.infer<typeof row>): JournalledWork<Step, Facts> {
    return {
      id: found.id,
      bankId: found.bank_id,
      userId: found.user_id,
      label: found.label,
      tokenSerial: found.token_serial,
      state: found.state,
      startedAt: found.started_at,
      facts: this.#shape.facts.parse(JSON.parse(found.facts)),
      lines: this.#lines(found.id),
    };
  }

  #lines(id: string): readonly StepLine<Step>[] {
    const rows = this.#database
      .prepare(
        'SELECT step, phase, at, detail FROM registration_steps WHERE registration_id = ? ORDER BY line',
      )
      .all(id);
    return z
      .array(lineRow)
      .parse(rows)
      .map(({ step, phase, at, detail }) => ({
        step: this.#shape.step.parse(step),
        phase,
        at,
        ...(detail === null ? {} : { error: errorView.parse(JSON.parse(detail)) }),
      }));
  }
}

/** Steps whose last line says `done`. */
export function doneSteps<Step extends string>({
  lines,
}: {
  readonly lines: readonly StepLine<Step>[];
}): ReadonlySet<Step> {
  const last = new Map(lines.map(({ step, phase }) => [step, phase]));
  return new Set([...last].filter(([, phase]) => phase === 'done').map(([step]) => step));
}
