import {
  auditEntry,
  type AuditAction,
  type AuditEntry,
  type AuditView,
} from '#shared/control-panel-views.ts';
import { isKiltError, errorCatalogue } from '#shared/errors.ts';
import { canonicalJson, ChainCheck, chainHash, chainStart, type AuditChainState } from './audit-chain.ts';
import { auditFile } from './audit-export.ts';
import { asStorageErrors, type KiltDatabase } from './database.ts';

export type AuditDetail = AuditEntry['detail'];

/** What an audited action is about. Names and numbers only: no PIN, password or key ever gets here. */
export interface AuditSubject {
  readonly action: AuditAction;
  readonly tokenSerial: string;
  readonly tokenLabel: string | null;
  readonly role: AuditEntry['role'];
  readonly reason?: string | undefined;
  readonly detail?: AuditDetail | undefined;
}

type NewEntry = Omit<AuditEntry, 'line' | 'at' | 'hash'>;
type TimedEntry = NewEntry & { readonly at: string };

/**
 * The audit: what was done to tokens with administrative actions, in lines that are only ever added. A line stands
 * before an action, on the disk, or the action does not happen; another says how it ended.
 */
export class AuditLog {
  readonly #database: KiltDatabase;
  readonly #now: () => Date;
  /** Ends of actions for which there was no room; written as soon as there is. */
  #unwritten: TimedEntry[] = [];

  constructor(database: KiltDatabase, now: () => Date = () => new Date()) {
    this.#database = database;
    this.#now = now;
  }

  /**
   * Does `work` between two lines of the audit.
   *
   * @param work may tell what it learnt for the line that says how it ended
   * @throws KiltError `disk-full`, `storage-failed` before `work` was begun; what `work` throws
   */
  async record<T>(
    subject: AuditSubject,
    work: (learn: (detail: AuditDetail) => void) => Promise<T>,
  ): Promise<T> {
    this.#write([...this.#unwritten, this.#entry(subject, 'begun')]);
    this.#unwritten = [];
    let learnt = subject.detail ?? {};
    const learn = (detail: AuditDetail): void => {
      learnt = { ...learnt, ...detail };
    };
    try {
      const result = await work(learn);
      this.note({ ...subject, detail: learnt }, 'done');
      return result;
    } catch (error) {
      if (isKiltError(error, 'wrong-pin') && typeof error.data['attemptsLeft'] === 'number')
        learn({ attemptsLeft: error.data['attemptsLeft'] });
      this.note({ ...subject, detail: learnt }, 'failed', error);
      throw error;
    }
  }

  /**
   * One line about something that has happened. It can not be undone, so a full disk does not make a failure of it:
   * the line is kept and written later.
   */
  note(subject: AuditSubject, result: 'done' | 'failed', error?: unknown): void {
    this.#unwritten.push(this.#entry(subject, result, error));
    this.flush();
  }

  /** Writes what there was no room for, if there is now. */
  flush(): void {
    try {
      this.#write(this.#unwritten);
      this.#unwritten = [];
    } catch (error) {
      if (!isKiltError(error)) throw error;
    }
  }

  /** Newest first, with how the whole chain stands. Lines that can not be read are left out; the chain tells of them. */
  view({ offset, count }: { readonly offset: number; readonly count: number }): AuditView {
    return asStorageErrors(() => {
      const rows = this.#database
        .prepare('SELECT * FROM audit ORDER BY line DESC LIMIT ? OFFSET ?')
        .all(count, offset);
      return {
        entries: rows.map(entryOf).filter((entry) => entry !== undefined),
        total: Number(this.#database.prepare('SELECT count(*) FROM audit').pluck().get()),
        chain: this.verify(),
      };
    });
  }

  /** All of it as a file that {@link verifyAuditFile} can check later, anywhere. */
  exported(): { readonly suggestedName: string; readonly contents: string } {
    return asStorageErrors(() => {
      const now = this.#now();
      const entries = this.#all().filter((entry) => entry !== undefined);
      return {
        suggestedName: `kilt-audit-${now.toISOString().slice(0, 10)}.jsonl`,
        contents: auditFile(entries, this.#lastLine(), now),
      };
    });
  }

  /** Follows the chain from the first line to the last one that was ever written. */
  verify(): AuditChainState {
    return asStorageErrors(() => {
      const check = new ChainCheck();
      for (const entry of this.#all()) check.next(entry);
      return check.result(this.#lastLine());
    });
  }

  #entry(subject: AuditSubject, result: AuditEntry['result'], error?: unknown): TimedEntry {
    const { action, tokenSerial, tokenLabel, role, reason, detail } = subject;
    const errorCode =
      result !== 'failed' ? null : isKiltError(error) ? error.code : errorCatalogue.internal.code;
    return {
      at: this.#now().toISOString(),
      action,
      result,
      tokenSerial,
      tokenLabel,
      role,
      reason: reason ?? null,
      errorCode,
      detail: detail ?? {},
    };
  }

  #all(): (AuditEntry | undefined)[] {
    return this.#database.prepare('SELECT * FROM audit ORDER BY line').all().map(entryOf);
  }

  /** Number of the last line that was ever written, whether it is still there or not. */
  #lastLine(): number {
    return Number(
      this.#database.prepare(`SELECT seq FROM sqlite_sequence WHERE name = 'audit'`).pluck().get() ?? 0,
    );
  }

  /** All of them or none. Another process may write too: the lock is taken before the last line is looked at. */
  #write(entries: readonly TimedEntry[]): void {
    if (entries.length === 0) return;
    asStorageErrors(() => {
      this.#database
        .transaction(() => {
          for (const entry of entries) this.#append(entry);
        })
        .immediate();
    });
  }

  #append(entry: TimedEntry): void {
    const previous = this.#database
      .prepare('SELECT hash FROM audit ORDER BY line DESC LIMIT 1')
      .pluck()
      .get();
    const numbered = { line: this.#lastLine() + 1, ...entry };
    const hash = chainHash(typeof previous === 'string' ? previous : chainStart, numbered);
    this.#database
      .prepare(
        `INSERT INTO audit (line, at, action, result, token_serial, token_label, role, reason, error_code, detail, hash)
         VALUES (@line, @at, @action, @result, @tokenSerial, @tokenLabel, @role, @reason, @errorCode, @detail, @hash)`,
      )
      .run({ ...numbered, detail: canonicalJson(numbered.detail), hash });
  }
}

/** `undefined` for a row that no Kilt has written. */
function entryOf(row: unknown): AuditEntry | undefined {
  const found = row as Readonly<Record<string, unknown>>;
  const detail = typeof found['detail'] === 'string' ? found['detail'] : '';
  const read = auditEntry.safeParse({
    line: found['line'],
    at: found['at'],
    action: found['action'],
    result: found['result'],
    tokenSerial: found['token_serial'],
    tokenLabel: found['token_label'],
    role: found['role'],
    reason: found['reason'],
    errorCode: found['error_code'],
    detail: parsedOrUndefined(detail),
    hash: found['hash'],
  });
  return read.success && canonicalJson(read.data.detail) === detail ? read.data : undefined;
}

function parsedOrUndefined(json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch {
    return undefined;
  }
}
