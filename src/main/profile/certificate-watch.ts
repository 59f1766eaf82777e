import { KiltError, isKiltError } from '#shared/errors.ts';
import type { CertificateEndView, TokenView } from '#shared/views.ts';
import type { KnownCertificate, KnownCertificateStore } from '#main/store/known-certificates.ts';
import type { ReminderLog } from '#main/store/reminder-log.ts';
import { certificateEnds, dueReminders, isSnoozed } from './certificate-ends.ts';

/** How often the calendar is looked at while nothing else happens. */
const lookEvery = 3600 * 1000;

export interface CertificateWatchOptions {
  readonly certificates: KnownCertificateStore;
  readonly reminders: ReminderLog;
  /** The user wants to be reminded. */
  readonly wanted: () => boolean;
  readonly now: () => Date;
}

/**
 * Knows when the certificates end that were ever seen on a token in this computer, and reminds of it: at the start, once
 * an hour while the program runs, after sleep, and when a token comes.
 */
export class CertificateWatch {
  readonly #options: CertificateWatchOptions;
  readonly #listeners = new Set<(ends: readonly CertificateEndView[]) => void>();
  readonly #seen = new Map<string, string>();
  #present: ReadonlySet<string> = new Set();
  #remind: ((end: CertificateEndView) => void) | undefined;
  #clock: NodeJS.Timeout | undefined;
  #told = '';

  constructor(options: CertificateWatchOptions) {
    this.#options = options;
  }

  /** @param remind called with each reminder when it is due; without it nothing counts as told */
  start(remind: (end: CertificateEndView) => void): void {
    this.#remind = remind;
    this.#clock ??= setInterval(() => this.look(), lookEvery).unref();
    this.look();
  }

  stop(): void {
    clearInterval(this.#clock);
    this.#clock = undefined;
    this.#remind = undefined;
  }

  onChange(listener: (ends: readonly CertificateEndView[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** What is about to end or has just ended, without what the user has put off. */
  ends(): readonly CertificateEndView[] {
    const { reminders, now } = this.#options;
    const snoozed = reminders.snoozed();
    return this.allEnds().filter((end) => !isSnoozed(end, snoozed, now()));
  }

  /** The same with what was put off: for support. */
  allEnds(): readonly CertificateEndView[] {
    const { certificates, now } = this.#options;
    return certificateEnds(certificates.all(), this.#present, now());
  }

  /**
   * «Напомнить позже».
   *
   * @throws KiltError `input-invalid` when nothing of this name ends
   */
  snooze(id: string, days: number): void {
    const { reminders, now } = this.#options;
    if (!this.allEnds().some((end) => end.id === id)) throw new KiltError('input-invalid', { field: 'id' });
    reminders.snooze(id, new Date(now().getTime() + days * 24 * 3600 * 1000).toISOString());
    this.#tellChange();
  }

  /** Takes in what the tokens in the readers hold now. */
  follow(tokens: readonly TokenView[]): void {
    this.#present = new Set(tokens.flatMap(({ serial }) => serial ?? []));
    for (const token of tokens) this.#remember(token);
    this.look();
  }

  /** Looks at the calendar: tells what changed, and reminds of what is due. */
  look(): void {
    try {
      this.#tellChange();
      this.#remindOfDue();
    } catch (error) {
      // A full disk; looked at again within the hour.
      if (!isKiltError(error)) throw error;
    }
  }

  #remember(token: TokenView): void {
    // A token that is being read, or is in use, says nothing of what it holds.
    if (token.state !== 'ready' || token.serial === undefined || token.kind === 'unknown') return;
    const certificates = token.certificates.filter(({ keyOnToken }) => keyOnToken).map(known(token));
    const content = JSON.stringify(certificates);
    if (this.#seen.get(token.serial) === content) return;
    try {
      this.#options.certificates.replace(token.serial, certificates);
      this.#seen.set(token.serial, content);
    } catch (error) {
      if (!isKiltError(error)) throw error;
    }
  }

  #tellChange(): void {
    const ends = this.ends();
    const content = JSON.stringify(ends);
    if (content === this.#told) return;
    this.#told = content;
    for (const listener of this.#listeners) listener(ends);
  }

  #remindOfDue(): void {
    const { reminders, wanted, now } = this.#options;
    if (!this.#remind || !wanted()) return;
    const due = dueReminders(this.allEnds(), reminders.told(), reminders.snoozed(), now());
    if (due.length === 0) return;
    // Before they are shown: where this can not be kept, nothing is told over and over.
    const at = now().toISOString();
    reminders.tell(due.map(({ end, milestone }) => ({ reminder: end.id, milestone, at })));
    for (const { end } of due) this.#remind(end);
  }
}

const known =
  (token: TokenView) =>
  ({
    issuer,
    serialNumber,
    purpose,
    subjectName,
    notAfter,
  }: TokenView['certificates'][number]): Omit<KnownCertificate, 'tokenSerial'> => ({
    tokenName: token.label?.trim() || token.profiles?.[0]?.userId || token.serial || token.reader,
    issuer,
    serialNumber,
    purpose,
    subjectName,
    notAfter,
  });
