import type { DerBytes } from '#shared/bytes.ts';
import { KiltError, isKiltError } from '#shared/errors.ts';
import { registrationSteps, type RegistrationStep, type RegistrationView } from '#shared/views.ts';
import {
  doneSteps,
  type JournalledRegistration,
  type RegistrationFacts,
} from '#main/store/registration-journal.ts';
import type { OperationLog } from '#main/store/operations.ts';
import type { ProfileStore } from '#main/store/profiles.ts';
import type { BankDirectory } from './bank-files.ts';
import { toBase64 } from './enrolment-context.ts';
import { holdsKeptCredentials } from './kept-credentials.ts';
import { readProfiles, type ProfileRecord } from './profile-record.ts';
import { RegistrationContext, type RegistrationServices } from './registration-context.ts';
import {
  adoptRegistration,
  correctRegistrationUser,
  openRegistration,
  type RegistrationOrder,
} from './registration-opening.ts';
import { forgetSecrets, type RegistrationSecrets } from './registration-secrets.ts';
import { registrationWork } from './registration-steps.ts';
import { registrationView } from './registration-view.ts';
import { StepRunner, type StepWork } from './step-runner.ts';

/** What has just reached the journal. */
export interface JournalMoment {
  readonly step: RegistrationStep;
  /**
   * A line of the step, or within it: the CA asked to come back; what is needed for that is about to be written to the
   * token (`writing`), stands there (`kept`), could not be written, is about to be removed, or is gone.
   */
  readonly phase: 'begun' | 'done' | 'waiting' | NonNullable<RegistrationFacts['credentialsOnToken']>;
}

/** Called with everything that is written to the journal; tests stop the program here. */
export type JournalWatcher = (moment: JournalMoment) => void;

export interface RunnerOptions extends RegistrationServices {
  readonly banks: BankDirectory;
  readonly profiles: ProfileStore;
  readonly operations: OperationLog;
  readonly onJournalLine?: JournalWatcher | undefined;
}

/** Carries registrations through their steps: one at a time on a token, from wherever the last run stopped. */
export class RegistrationRunner {
  readonly #options: RunnerOptions;
  readonly #runs: StepRunner<RegistrationStep, RegistrationFacts>;
  readonly #listeners = new Set<(view: RegistrationView) => void>();

  constructor(options: RunnerOptions) {
    this.#options = options;
    this.#runs = new StepRunner({
      journal: options.journal,
      steps: registrationSteps,
      settled: { waitingUntil: undefined, waitingSeconds: undefined, waitingTrouble: undefined },
      onLine: options.onJournalLine,
      tell: (id) => this.#tell(id),
    });
  }

  onChange(listener: (view: RegistrationView) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  list(): readonly RegistrationView[] {
    return this.#options.journal.unfinished().map((registration) => this.view(registration));
  }

  view(registration: JournalledRegistration): RegistrationView {
    const view = registrationView(registration, this.#onToken(registration));
    const error = this.#runs.unwritten(registration.id);
    if (error === undefined) return view;
    const { waitingUntil: _, ...rest } = view;
    return { ...rest, state: 'interrupted', error };
  }

  /**
   * Opens a registration in the journal. Nothing on the token has changed yet.
   *
   * Registrations on the same token that never touched it are given up: they hold nothing.
   */
  open(order: RegistrationOrder): JournalledRegistration {
    const { journal } = this.#options;
    for (const other of journal.unfinishedOnToken(order.tokenSerial)) {
      if (this.isRunning(other.id)) throw new KiltError('operation-busy');
      journal.setState(other.id, 'abandoned');
    }
    return openRegistration(journal, order);
  }

  /** Goes on with another NUC signature than before, or on a computer that has not known of any. */
  authenticateWith(registrationId: string, nationalCertificate: DerBytes): void {
    this.#options.journal.learn(registrationId, { nationalCertificate: toBase64(nationalCertificate) });
  }

  /** Takes over what the token's record says another computer has begun. */
  adopt(record: ProfileRecord, label: string, tokenSerial: string): JournalledRegistration {
    return adoptRegistration(this.#options.journal, record, { label, tokenSerial });
  }

  /**
   * Corrects a user ID that was typed wrong. Only until the CA has issued the first certificate, which holds it.
   *
   * @throws KiltError `operation-busy`, `input-invalid` {field: `userId`}
   */
  correctUser(registrationId: string, userId: string): void {
    const registration = this.#options.journal.get(registrationId);
    if (registration.userId === userId) return;
    if (this.isRunning(registrationId)) throw new KiltError('operation-busy');
    correctRegistrationUser(this.#options.journal, registration, userId);
  }

  /**
   * Starts or continues a registration in the background; {@link onChange} tells how it goes. The secrets belong to
   * the runner once this has returned, and are wiped when the run ends.
   *
   * @returns how it stands now
   * @throws KiltError `operation-busy`, `bank-file-invalid`, `disk-full`; the secrets are then still the caller's
   */
  run(registrationId: string, tokenId: string, secrets: RegistrationSecrets): RegistrationView {
    const { banks, journal } = this.#options;
    const bank = banks.get(journal.get(registrationId).bankId);
    this.#runs.run(registrationId, (signal) => {
      const context = new RegistrationContext({
        services: this.#options,
        registrationId,
        bank,
        tokenId,
        secrets,
        signal,
        onLearnt: (facts) => this.#learnt(registrationId, facts),
      });
      return this.#work(context, registrationId);
    });
    return this.view(journal.get(registrationId));
  }

  /** Resolves when the run of this registration has ended, in success or not. */
  async ended(registrationId: string): Promise<RegistrationView> {
    await this.#runs.ended(registrationId);
    return this.view(this.#options.journal.get(registrationId));
  }

  isRunning(registrationId: string): boolean {
    return this.#runs.isRunning(registrationId);
  }

  /**
   * Resolves when no run is under way that would lose anything by ending: one that waits for the bank, and finds all
   * it needs on the token at the next start, does not count.
   */
  idle(): Promise<void> {
    return this.#runs.idle();
  }

  /** Gives up what was begun on a token before this moment: it was formatted then. */
  abandon(tokenSerial: string, begunBefore: Date): void {
    for (const { id, startedAt } of this.#options.journal.unfinishedOnToken(tokenSerial)) {
      if (this.isRunning(id) || new Date(startedAt) > begunBefore) continue;
      this.#options.journal.setState(id, 'abandoned');
      this.#tell(id);
    }
  }

  /** Ends all runs at their next safe point. */
  stop(): Promise<void> {
    return this.#runs.stop();
  }

  /**
   * Closes registrations that the tokens in the readers say are complete: the program was killed between the last
   * write on the token and the last line here. Where the journal can not be written now, the next call does it.
   */
  settle(): void {
    try {
      this.#options.journal.writeLetGo();
      for (const registration of this.#options.journal.unfinished()) {
        if (this.isRunning(registration.id) || this.#onToken(registration)?.record?.state !== 'registered')
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

  #work(context: RegistrationContext, id: string): StepWork<RegistrationStep, RegistrationFacts> {
    return {
      perform: (step) => registrationWork[step](context),
      finish: () => this.#finish(id),
      close: async () => {
        forgetSecrets(context.secrets);
        await context.close();
      },
    };
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
  }

  /** Something has reached the journal in the middle of a step. */
  #learnt(id: string, { credentialsOnToken, waitingUntil }: Partial<RegistrationFacts>): void {
    const registration = this.#options.journal.get(id);
    const view = this.view(registration);
    this.#runs.park(id, view.waitingUntil !== undefined && !view.needs.registrationData);
    const step = view.current;
    const phase = credentialsOnToken ?? (waitingUntil === undefined ? undefined : 'waiting');
    if (step !== undefined && phase !== undefined) this.#options.onJournalLine?.({ step, phase });
    this.#tell(id);
  }

  /** What the registration's own token says, if it is in a reader and can be read. */
  #onToken({ id, tokenSerial }: JournalledRegistration) {
    const token = this.#options.tokens.tokens().find(({ info }) => info?.serial === tokenSerial);
    if (!token?.objects) return undefined;
    return {
      record: readProfiles(token.objects).records.find(({ registrationId }) => registrationId === id),
      keepsCredentials: holdsKeptCredentials(token.objects),
    };
  }

  #tell(id: string): void {
    const view = this.view(this.#options.journal.get(id));
    for (const listener of this.#listeners) listener(view);
  }
}
