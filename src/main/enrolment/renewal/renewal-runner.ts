import { KiltError, isKiltError } from '#shared/errors.ts';
import { renewalSteps, type RenewalStep, type RenewalView } from '#shared/renewal-views.ts';
import { isProfileOf, type ProfileName } from '#shared/views.ts';
import type { OperationLog } from '#main/store/operations.ts';
import type { JournalledRenewal, RenewalFacts, RenewalJournal } from '#main/store/renewal-journal.ts';
import type { KnownToken } from '#main/token/token-watch.ts';
import type { BankDirectory } from '../bank-files.ts';
import { readProfiles } from '../profile-record.ts';
import { StepRunner, type StepWork } from '../step-runner.ts';
import { notWaiting } from '../wait-for-issue.ts';
import {
  forgetRenewalSecrets,
  RenewalContext,
  type RenewalSecrets,
  type RenewalServices,
} from './renewal-context.ts';
import { openRenewal } from './renewal-opening.ts';
import { settleRenewals, type Settling } from './renewal-settling.ts';
import { renewalWork } from './renewal-steps.ts';
import { undoRenewal } from './renewal-token-steps.ts';
import { isReadyToTake, isWaiting, renewalView } from './renewal-view.ts';

/** What has just reached the journal; `waiting`: the CA asked to come back. */
export interface RenewalMoment {
  readonly step: RenewalStep;
  readonly phase: 'begun' | 'done' | 'waiting';
}
export type RenewalWatcher = (moment: RenewalMoment) => void;

export interface RenewalRunnerOptions extends RenewalServices {
  readonly banks: BankDirectory;
  readonly operations: OperationLog;
  readonly onJournalLine?: RenewalWatcher | undefined;
}

/** Carries renewals through their steps: one at a time on a token, from wherever the last run stopped. */
export class RenewalRunner {
  readonly #options: RenewalRunnerOptions;
  readonly #runs: StepRunner<RenewalStep, RenewalFacts>;
  readonly #contexts = new Map<string, RenewalContext>();
  /** Renewals whose new certificate the user has said to take. */
  readonly #taken = new Set<string>();
  readonly #listeners = new Set<(id: string) => void>();

  constructor(options: RenewalRunnerOptions) {
    this.#options = options;
    this.#runs = new StepRunner({
      journal: options.journal,
      steps: renewalSteps,
      settled: notWaiting,
      onLine: options.onJournalLine,
      tell: (id) => this.#tell(id),
    });
  }

  get journal(): RenewalJournal {
    return this.#options.journal;
  }

  /** Called with the id of each renewal of which something has changed. */
  onChange(listener: (id: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  view(renewal: JournalledRenewal): RenewalView {
    const view = renewalView(renewal);
    const error = this.#runs.unwritten(renewal.id);
    if (error === undefined) return view;
    const { waitingUntil: _, ...rest } = view;
    return { ...rest, state: 'interrupted', error };
  }

  /**
   * Opens a renewal of a profile's keys in the journal. Nothing on the token has changed yet. Those of the same profile of
   * which nothing is left on the token are closed.
   *
   * @throws KiltError `renewal-unfinished` {startedAt}, `operation-busy`, `key-not-found`, `token-memory-full`
   */
  open(
    token: KnownToken,
    profile: ProfileName,
    authentication: RenewalFacts['authentication'],
  ): JournalledRenewal {
    const onToken = this.#onToken(token, profile);
    for (const other of this.journal.unfinishedOnToken(onToken.tokenSerial)) {
      if (!isProfileOf(other, profile)) continue;
      if (this.isRunning(other.id)) throw new KiltError('operation-busy');
      // The token does not tell of it: it was cut off before the first write.
      if (other.facts.undone === true || onToken.record.renewal?.id !== other.id)
        this.journal.setState(other.id, 'abandoned');
      else throw new KiltError('renewal-unfinished', { startedAt: other.startedAt });
    }
    const { renewal } = onToken.record;
    if (renewal)
      throw new KiltError('renewal-elsewhere', { startedAt: renewal.startedAt, computer: renewal.computer });
    return openRenewal(this.journal, authentication, onToken);
  }

  #onToken({ info, objects }: KnownToken, profile: ProfileName) {
    if (!info || !objects) throw new KiltError('token-removed');
    const { records, damaged } = readProfiles(objects);
    const record = records.find((one) => isProfileOf(one, profile));
    if (!record && damaged) throw new KiltError('renewal-record-damaged');
    if (record?.state !== 'registered') throw new KiltError('token-swapped');
    return { record, objects, tokenSerial: info.serial, label: info.label ?? record.userId };
  }

  /**
   * Starts or continues a renewal in the background; {@link onChange} tells how it goes. It stops by itself when the CA has
   * issued, until {@link take}. The secrets belong to the runner once this has returned, and are wiped when the run ends.
   *
   * @throws KiltError `operation-busy`, `bank-file-invalid`, `disk-full`; the secrets are then still the caller's
   */
  run(id: string, tokenId: string, secrets: RenewalSecrets): RenewalView {
    const bank = this.#options.banks.get(this.journal.get(id).bankId);
    this.#runs.run(id, (signal) => {
      const context = new RenewalContext({
        services: this.#options,
        renewalId: id,
        bank,
        tokenId,
        secrets,
        signal,
        onLearnt: (facts) => this.#learnt(id, facts),
      });
      this.#contexts.set(id, context);
      return this.#work(context, id);
    });
    return this.view(this.journal.get(id));
  }

  /** «Получить сертификат»: the next run, or the one under way, goes on past the certificate's arrival. */
  take(id: string): void {
    this.#taken.add(id);
  }

  /** The next question to the CA is due at once. */
  askNow(id: string): void {
    this.journal.learn(id, notWaiting);
  }

  /** Asks the CA now, whenever it is due; for a run that waits. */
  wake(id: string): void {
    this.#contexts.get(id)?.wake();
  }

  async ended(id: string): Promise<RenewalView> {
    await this.#runs.ended(id);
    return this.view(this.journal.get(id));
  }

  /** Resolves when the run has ended, or only waits for the bank. */
  async settled(id: string): Promise<RenewalView> {
    const waits = () => {
      const { state, waitingUntil } = this.view(this.journal.get(id));
      return state === 'running' && waitingUntil !== undefined;
    };
    if (!waits()) {
      let stop = (): unknown => undefined;
      const parked = new Promise<void>((resolve) => {
        stop = this.onChange((changed) => {
          if (changed === id && waits()) resolve();
        });
      });
      await Promise.race([this.#runs.ended(id), parked]);
      stop();
    }
    return this.view(this.journal.get(id));
  }

  isRunning(id: string): boolean {
    return this.#runs.isRunning(id);
  }

  idle(): Promise<void> {
    return this.#runs.idle();
  }

  stop(): Promise<void> {
    return this.#runs.stop();
  }

  /**
   * Takes off the token what a refused renewal has made, and closes it.
   *
   * @throws KiltError `operation-busy`, `pin-needed`, `token-removed`, …: it stays open then
   */
  async close(id: string): Promise<void> {
    const renewal = this.journal.get(id);
    if (this.isRunning(id)) throw new KiltError('operation-busy');
    if (renewal.facts.refusal === undefined && renewal.facts.undone !== true)
      throw new KiltError('renewal-unfinished', { startedAt: renewal.startedAt });
    if (renewal.facts.undone !== true) await this.#undo(renewal);
    this.journal.setState(id, 'abandoned');
    this.#tell(id);
  }

  async #undo({ id, bankId, tokenSerial }: JournalledRenewal): Promise<void> {
    const token = this.#options.tokens.tokens().find(({ info }) => info?.serial === tokenSerial);
    if (!token) throw new KiltError('token-removed');
    if (!this.#options.pins.has(token.id, 'user')) throw new KiltError('pin-needed', { role: 'user' });
    const context = new RenewalContext({
      services: this.#options,
      renewalId: id,
      bank: this.#options.banks.get(bankId),
      tokenId: token.id,
      secrets: {},
      signal: new AbortController().signal,
      onLearnt: () => undefined,
    });
    await undoRenewal(context).finally(() => context.close());
  }

  /** Gives up what was begun on a token before this moment: it was formatted then. */
  abandon(tokenSerial: string, begunBefore: Date): void {
    for (const { id, startedAt } of this.journal.unfinishedOnToken(tokenSerial)) {
      if (this.isRunning(id) || new Date(startedAt) > begunBefore) continue;
      this.journal.setState(id, 'abandoned');
      this.#tell(id);
    }
  }

  /**
   * Makes the journal agree with what the tokens in the readers say ({@link settleRenewals}). Where the journal can not be
   * written now, the next call does it.
   */
  settle(): void {
    try {
      this.journal.writeLetGo();
    } catch (error) {
      if (!isKiltError(error)) throw error;
    }
    const settling: Settling = {
      journal: this.journal,
      isRunning: (id) => this.isRunning(id),
      finish: (id) => this.#finish(id),
      tell: (id) => this.#tell(id),
    };
    for (const token of this.#options.tokens.tokens()) {
      try {
        settleRenewals(token, settling);
      } catch (error) {
        if (!isKiltError(error)) throw error;
      }
    }
  }

  #work(context: RenewalContext, id: string): StepWork<RenewalStep, RenewalFacts> {
    return {
      perform: (step) => renewalWork[step](context),
      pausesBefore: (step) => step === 'new-signature-certificate-stored' && !this.#taken.has(id),
      finish: () => this.#finish(id),
      close: async () => {
        this.#contexts.delete(id);
        this.#taken.delete(id);
        forgetRenewalSecrets(context.secrets);
        await context.close();
      },
    };
  }

  #finish(id: string): void {
    const { journal, operations } = this.#options;
    operations.add({ tokenSerial: journal.get(id).tokenSerial, kind: 'renewed', result: 'done' });
    journal.setState(id, 'finished');
  }

  #learnt(id: string, { waitingUntil }: Partial<RenewalFacts>): void {
    const renewal = this.journal.get(id);
    this.#runs.park(id, isWaiting(renewal) && renewal.facts.waitingUntil !== undefined);
    const { current } = renewalView(renewal);
    if (current !== undefined && waitingUntil !== undefined)
      this.#options.onJournalLine?.({ step: current, phase: 'waiting' });
    this.#tell(id);
  }

  /** Issuers of the certificates that renewals have brought. */
  knownIssuers(): readonly string[] {
    return this.journal.knownIssuers();
  }

  isReadyToTake(id: string): boolean {
    return isReadyToTake(this.journal.get(id));
  }

  #tell(id: string): void {
    for (const listener of this.#listeners) listener(id);
  }
}
