import { randomUUID } from 'node:crypto';
import type { DerBytes } from '#shared/bytes.ts';
import { KiltError, isKiltError } from '#shared/errors.ts';
import { errorViewOf } from '#shared/error-view.ts';
import {
  registrationSteps,
  type ErrorView,
  type RegistrationStep,
  type RegistrationView,
} from '#shared/views.ts';
import { doneSteps, type JournalledRegistration } from '#main/store/registration-journal.ts';
import type { OperationLog } from '#main/store/operations.ts';
import type { ProfileStore } from '#main/store/profiles.ts';
import type { BankDirectory } from './bank-files.ts';
import { readProfileRecord, type ProfileRecord } from './profile-record.ts';
import { RegistrationContext, toBase64, type RegistrationServices } from './registration-context.ts';
import { forgetSecrets, type RegistrationSecrets } from './registration-secrets.ts';
import { newTransactionId, registrationWork } from './registration-steps.ts';
import { registrationView } from './registration-view.ts';

/** Called with every line written to the journal; tests stop the program here. */
export type JournalWatcher = (line: { step: RegistrationStep; phase: 'begun' | 'done' }) => void;

export interface RunnerOptions extends RegistrationServices {
  readonly banks: BankDirectory;
  readonly profiles: ProfileStore;
  readonly operations: OperationLog;
  readonly onJournalLine?: JournalWatcher | undefined;
}

/**
 * Carries registrations through their steps: one at a time on a token, each step journalled before and after, from
 * wherever the last run stopped.
 */
export class RegistrationRunner {
  readonly #options: RunnerOptions;
  readonly #running = new Map<string, { abort: AbortController; ended: Promise<unknown> }>();
  readonly #listeners = new Set<(view: RegistrationView) => void>();
  /** Why runs ended that the journal could not be told of: the disk was full. Gone with the next run. */
  readonly #unwritten = new Map<string, ErrorView>();

  constructor(options: RunnerOptions) {
    this.#options = options;
    options.journal.releaseDead();
  }

  onChange(listener: (view: RegistrationView) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  list(): readonly RegistrationView[] {
    return this.#options.journal.unfinished().map((registration) => this.view(registration));
  }

  view(registration: JournalledRegistration): RegistrationView {
    const view = registrationView(registration, this.#recordOf(registration)?.pin);
    const error = this.#unwritten.get(registration.id);
    if (error === undefined) return view;
    const { waitingUntil: _, ...rest } = view;
    return { ...rest, state: 'interrupted', error };
  }

  /**
   * Opens a registration in the journal. Nothing on the token has changed yet.
   *
   * Registrations on the same token that never touched it are given up: they hold nothing.
   */
  open(order: {
    bankId: string;
    userId: string;
    label: string;
    tokenSerial: string;
    usedKeyIds: readonly string[];
    /** The NUC signature that authenticates, where one does. */
    nationalCertificate?: DerBytes | undefined;
  }) {
    for (const other of this.#options.journal.unfinishedOnToken(order.tokenSerial)) {
      if (this.#running.has(other.id)) throw new KiltError('operation-busy');
      this.#options.journal.setState(other.id, 'abandoned');
    }
    const [signatureKeyId, signInKeyId] = freeKeyIds(order.usedKeyIds);
    return this.#options.journal.open({
      id: randomUUID(),
      bankId: order.bankId,
      userId: order.userId,
      label: order.label,
      tokenSerial: order.tokenSerial,
      facts: {
        signatureKeyId,
        signInKeyId,
        nationalCertificate: order.nationalCertificate && toBase64(order.nationalCertificate),
        ...newTransactions(),
      },
    });
  }

  /** Goes on with another NUC signature than before, or on a computer that has not known of any. */
  authenticateWith(registrationId: string, nationalCertificate: DerBytes): void {
    this.#options.journal.learn(registrationId, { nationalCertificate: toBase64(nationalCertificate) });
  }

  /**
   * Takes over what another computer (or a lost database) has begun, as the token's record tells it. The keys on the
   * token stay; the CA recognises them.
   *
   * A journal that had closed the registration, while the token says that it is open, is mistaken: every step is asked
   * of token and CA again.
   */
  adopt(record: ProfileRecord, label: string, tokenSerial: string): JournalledRegistration {
    const { journal } = this.#options;
    if (journal.find(record.registrationId)) {
      for (const step of registrationSteps) journal.begun(record.registrationId, step);
      journal.learn(record.registrationId, newTransactions());
      journal.setState(record.registrationId, 'interrupted');
      return journal.get(record.registrationId);
    }
    return journal.open({
      id: record.registrationId,
      bankId: record.bankId,
      userId: record.userId,
      label,
      tokenSerial,
      startedAt: record.startedAt,
      facts: {
        signatureKeyId: record.signatureKeyId,
        signInKeyId: record.signInKeyId,
        ...newTransactions(),
      },
    });
  }

  /**
   * Corrects a user ID that was typed wrong. Only until the CA has issued the first certificate, which holds it.
   *
   * @throws KiltError `operation-busy`, `input-invalid` {field: `userId`}
   */
  correctUser(registrationId: string, userId: string): void {
    const { journal } = this.#options;
    const registration = journal.get(registrationId);
    if (registration.userId === userId) return;
    if (this.#running.has(registrationId)) throw new KiltError('operation-busy');
    if (doneSteps(registration).has('signature-certificate-received')) {
      throw new KiltError('input-invalid', { field: 'userId' });
    }
    const label = registration.label === defaultLabel(registration.userId) ? defaultLabel(userId) : undefined;
    journal.correctUser(registrationId, userId, label ?? registration.label);
    // What was asked of the CA so far was asked for somebody else.
    journal.learn(registrationId, newTransactions());
  }

  /**
   * Starts or continues a registration in the background; {@link onChange} tells how it goes. The secrets belong to
   * the runner once this has returned, and are wiped when the run ends.
   *
   * @returns how it stands now
   * @throws KiltError `operation-busy`, `bank-file-invalid`, `disk-full`; the secrets are then still the caller's
   */
  run(registrationId: string, tokenId: string, secrets: RegistrationSecrets): RegistrationView {
    if (this.#running.has(registrationId)) throw new KiltError('operation-busy');
    const bank = this.#options.banks.get(this.#options.journal.get(registrationId).bankId);
    this.#options.journal.take(registrationId);
    this.#unwritten.delete(registrationId);
    const abort = new AbortController();
    const context = new RegistrationContext({
      services: this.#options,
      registrationId,
      bank,
      tokenId,
      secrets,
      signal: abort.signal,
      onLearnt: () => this.#tell(registrationId),
    });
    const ended = this.#runSteps(context, registrationId).finally(async () => {
      this.#running.delete(registrationId);
      forgetSecrets(secrets);
      await context.close();
      this.#tell(registrationId);
    });
    this.#running.set(registrationId, { abort, ended });
    // Failures are in the journal and told by onChange; nobody else waits for this promise.
    ended.catch(() => undefined);
    return this.view(this.#options.journal.get(registrationId));
  }

  /** Resolves when the run of this registration has ended, in success or not. */
  async ended(registrationId: string): Promise<RegistrationView> {
    await this.#running.get(registrationId)?.ended.catch(() => undefined);
    return this.view(this.#options.journal.get(registrationId));
  }

  isRunning(registrationId: string): boolean {
    return this.#running.has(registrationId);
  }

  /** Resolves when no run is under way. */
  async idle(): Promise<void> {
    while (this.#running.size > 0)
      await Promise.allSettled([...this.#running.values()].map(({ ended }) => ended));
  }

  /** Gives up what was begun on a token before this moment: it was formatted then. */
  abandon(tokenSerial: string, begunBefore: Date): void {
    for (const { id, startedAt } of this.#options.journal.unfinishedOnToken(tokenSerial)) {
      if (this.#running.has(id) || new Date(startedAt) > begunBefore) continue;
      this.#options.journal.setState(id, 'abandoned');
      this.#tell(id);
    }
  }

  /** Ends all runs at their next safe point. */
  async stop(): Promise<void> {
    const runs = [...this.#running.values()];
    for (const { abort } of runs) abort.abort();
    await Promise.allSettled(runs.map(({ ended }) => ended));
  }

  async #runSteps(context: RegistrationContext, id: string): Promise<void> {
    const { journal } = this.#options;
    try {
      const done = doneSteps(journal.get(id));
      for (const step of registrationSteps) {
        if (done.has(step)) continue;
        if (context.signal.aborted) throw new KiltError('operation-cancelled');
        await this.#runStep(context, id, step);
      }
      this.#finish(id);
    } catch (error) {
      this.#interrupt(id, error);
      throw error;
    }
  }

  /** @param error why; it is in the journal already, if there was room */
  #interrupt(id: string, error: unknown): void {
    const { journal } = this.#options;
    try {
      if (journal.get(id).state === 'running') journal.setState(id, 'interrupted');
    } catch (unwritable) {
      if (!isKiltError(unwritable)) throw unwritable;
      this.#unwritten.set(id, errorViewOf(error));
    }
  }

  /**
   * Closes registrations that the tokens in the readers say are complete: the program was killed between the last
   * write on the token and the last line here. Where the journal can not be written now, the next call does it.
   */
  settle(): void {
    try {
      for (const registration of this.#options.journal.unfinished()) {
        if (this.#running.has(registration.id) || this.#recordOf(registration)?.state !== 'registered')
          continue;
        if (!doneSteps(registration).has('profile-written'))
          this.#options.journal.done(registration.id, 'profile-written');
        this.#finish(registration.id);
        this.#tell(registration.id);
      }
    } catch (error) {
      if (!isKiltError(error)) throw error;
    }
  }

  #finish(id: string): void {
    const { journal, operations, profiles, now } = this.#options;
    const { facts, tokenSerial, bankId, userId } = journal.get(id);
    profiles.save({
      tokenSerial,
      bankId,
      userId,
      customerName: facts.customerName ?? userId,
      registeredAt: facts.registeredAt ?? now().toISOString(),
      registrationId: id,
    });
    operations.add({ tokenSerial, kind: 'registered', result: 'done' });
    journal.setState(id, 'finished');
    this.#unwritten.delete(id);
  }

  async #runStep(context: RegistrationContext, id: string, step: RegistrationStep): Promise<void> {
    const { journal, onJournalLine } = this.#options;
    try {
      journal.begun(id, step);
      onJournalLine?.({ step, phase: 'begun' });
      this.#tell(id);
      const learnt = await registrationWork[step](context);
      journal.done(id, step, { ...(learnt ?? {}), waitingUntil: undefined });
    } catch (error) {
      this.#journalFailure(id, step, error);
      if (!isKiltError(error)) throw new KiltError('internal', { step }, { cause: error });
      throw error;
    }
    onJournalLine?.({ step, phase: 'done' });
    this.#tell(id);
  }

  #journalFailure(id: string, step: RegistrationStep, error: unknown): void {
    const failure = errorViewOf(error);
    try {
      this.#options.journal.failed(id, step, failure);
    } catch (unwritable) {
      if (!isKiltError(unwritable)) throw unwritable;
      this.#unwritten.set(id, failure);
    }
  }

  #recordOf(registration: JournalledRegistration): ProfileRecord | undefined {
    const token = this.#options.tokens.tokens().find(({ info }) => info?.serial === registration.tokenSerial);
    const record = token?.objects && readProfileRecord(token.objects);
    return record && record !== 'damaged' && record.registrationId === registration.id ? record : undefined;
  }

  #tell(id: string): void {
    const view = this.view(this.#options.journal.get(id));
    for (const listener of this.#listeners) listener(view);
  }
}

/** Bytes of a token's name (PKCS#15 TokenInfo as the applet and OpenSC write it). */
export const longestLabel = 32;

/** A token is named after its user unless the user names it otherwise. */
export const defaultLabel = (userId: string): string => userId.slice(0, longestLabel);

/** Nothing has been asked of the CA in these yet. */
const newTransactions = () => ({
  signatureTransactionId: newTransactionId(),
  signatureTransaction: undefined,
  signInTransactionId: newTransactionId(),
  signInTransaction: undefined,
  waitingUntil: undefined,
});

/** Two identifiers that no object on the token has. */
function freeKeyIds(used: readonly string[]): [string, string] {
  const free = Array.from({ length: 255 }, (_, i) => (i + 1).toString(16).padStart(2, '0')).filter(
    (id) => !used.includes(id),
  );
  const [first, second] = free;
  if (first === undefined || second === undefined) throw new KiltError('token-memory-full');
  return [first, second];
}
