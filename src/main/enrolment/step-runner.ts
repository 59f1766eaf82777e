import { errorViewOf } from '#shared/error-view.ts';
import { KiltError, isKiltError } from '#shared/errors.ts';
import type { ErrorView } from '#shared/views.ts';
import { doneSteps, type StepJournal } from '#main/store/step-journal.ts';

/** One run of one piece of work: what its steps do, and what is let go of when it ends. */
export interface StepWork<Step extends string, Facts> {
  /** Does what the step means. It can be repeated: it asks the token and the CA what is already there. */
  perform(step: Step): Promise<Partial<Facts> | undefined>;
  /** The run ends in peace before this step: the user is wanted first. */
  pausesBefore?(step: Step): boolean;
  /** After the last step: what says that all is done. */
  finish(): void;
  /** At the end of the run, in success or not. */
  close(): Promise<void>;
}

export interface StepRunnerOptions<Step extends string, Facts extends object> {
  readonly journal: StepJournal<Step, Facts>;
  /** In the order in which they are done. */
  readonly steps: readonly Step[];
  /** Facts that hold during one step only, and how they read when it is done. */
  readonly settled: Partial<Facts>;
  readonly onLine?: ((line: { step: Step; phase: 'begun' | 'done' }) => void) | undefined;
  /** Something of this piece of work has changed. */
  readonly tell: (id: string) => void;
}

interface Run {
  readonly abort: AbortController;
  readonly ended: Promise<void>;
  /** Nothing but an answer from outside is waited for, and the next start can wait for it as well. */
  isParked: boolean;
}

/**
 * Carries work on tokens through its steps: each journalled before and after, from wherever the last run stopped.
 * Registration and renewal are two kinds of such work, each with its own journal and steps.
 */
export class StepRunner<Step extends string, Facts extends object> {
  readonly #options: StepRunnerOptions<Step, Facts>;
  readonly #running = new Map<string, Run>();
  /** Why runs ended that the journal could not be told of: the disk was full. Gone with the next run. */
  readonly #unwritten = new Map<string, ErrorView>();
  #onParked = new Set<() => void>();

  constructor(options: StepRunnerOptions<Step, Facts>) {
    this.#options = options;
    options.journal.releaseDead();
  }

  isRunning(id: string): boolean {
    return this.#running.has(id);
  }

  /** Why the last run ended, where the journal could not be told. */
  unwritten(id: string): ErrorView | undefined {
    return this.#unwritten.get(id);
  }

  /**
   * Starts or continues a piece of work in the background.
   *
   * @param begin makes the work once it is taken; must not throw
   * @throws KiltError `operation-busy`, `disk-full`
   */
  run(id: string, begin: (signal: AbortSignal) => StepWork<Step, Facts>): void {
    if (this.#running.has(id)) throw new KiltError('operation-busy');
    this.#options.journal.take(id);
    this.#unwritten.delete(id);
    const abort = new AbortController();
    const work = begin(abort.signal);
    const ended = this.#runSteps(work, id, abort.signal).finally(async () => {
      this.#running.delete(id);
      await work.close();
      this.#tellParked();
      this.#options.tell(id);
    });
    this.#running.set(id, { abort, ended, isParked: false });
    // Failures are in the journal and told; nobody else waits for this promise.
    ended.catch(() => undefined);
  }

  /** Resolves when the run of this piece of work has ended, in success or not. */
  async ended(id: string): Promise<void> {
    await this.#running.get(id)?.ended.catch(() => undefined);
  }

  /** Resolves when no run is under way that the next start could not take up just as well. */
  async idle(): Promise<void> {
    while ([...this.#running.values()].some(({ isParked }) => !isParked)) {
      await new Promise<void>((resolve) => this.#onParked.add(resolve));
    }
  }

  /** Says whether a run only waits for an answer that the next start of the program can wait for as well. */
  park(id: string, isParked: boolean): void {
    const run = this.#running.get(id);
    if (!run || run.isParked === isParked) return;
    run.isParked = isParked;
    this.#tellParked();
  }

  /** Ends all runs at their next safe point. */
  async stop(): Promise<void> {
    const runs = [...this.#running.values()];
    for (const { abort } of runs) abort.abort();
    await Promise.allSettled(runs.map(({ ended }) => ended));
  }

  async #runSteps(work: StepWork<Step, Facts>, id: string, signal: AbortSignal): Promise<void> {
    const { journal, steps } = this.#options;
    try {
      const done = doneSteps(journal.get(id));
      const open = steps.filter((step) => !done.has(step));
      const isPause = (step: Step | undefined): boolean =>
        step !== undefined && work.pausesBefore?.(step) === true;
      const [first] = open;
      if (isPause(first)) {
        journal.setState(id, 'interrupted');
        return;
      }
      if (first !== undefined && !signal.aborted) this.#begin(id, first);
      for (const [index, step] of open.entries()) {
        if (signal.aborted) throw new KiltError('operation-cancelled');
        const next = open[index + 1];
        const begun = await this.#runStep(work, id, step, () => (isPause(next) ? undefined : next));
        if (next !== undefined && begun === undefined) {
          journal.setState(id, 'interrupted');
          return;
        }
      }
      work.finish();
      this.#unwritten.delete(id);
    } catch (error) {
      this.#interrupt(id, error);
      throw error;
    }
  }

  /** @param error why; it is in the journal already, if there was room */
  #interrupt(id: string, error: unknown): void {
    const { journal } = this.#options;
    try {
      journal.letGo(id);
    } catch (unwritable) {
      if (!isKiltError(unwritable)) throw unwritable;
      this.#unwritten.set(id, errorViewOf(error));
    }
  }

  #begin(id: string, step: Step): void {
    const { journal, onLine, tell } = this.#options;
    try {
      journal.begun(id, step);
    } catch (error) {
      this.#journalFailure(id, step, error);
      throw error;
    }
    onLine?.({ step, phase: 'begun' });
    tell(id);
  }

  /**
   * @param nextOf the step that is begun with the same write that says this one is done: each write waits for the disk
   * @returns that step
   */
  async #runStep(
    work: StepWork<Step, Facts>,
    id: string,
    step: Step,
    nextOf: () => Step | undefined,
  ): Promise<Step | undefined> {
    const { journal, onLine, settled, tell } = this.#options;
    let next: Step | undefined;
    try {
      const learnt = await work.perform(step);
      next = nextOf();
      journal.done(id, step, { ...(learnt ?? {}), ...settled }, next);
    } catch (error) {
      this.#journalFailure(id, step, error);
      if (!isKiltError(error)) throw new KiltError('internal', { step }, { cause: error });
      throw error;
    }
    onLine?.({ step, phase: 'done' });
    if (next !== undefined) onLine?.({ step: next, phase: 'begun' });
    tell(id);
    return next;
  }

  #journalFailure(id: string, step: Step, error: unknown): void {
    const failure = errorViewOf(error);
    try {
      this.#options.journal.failed(id, step, failure);
    } catch (unwritable) {
      if (!isKiltError(unwritable)) throw unwritable;
      this.#unwritten.set(id, failure);
    }
  }

  #tellParked(): void {
    const waiting = this.#onParked;
    this.#onParked = new Set();
    for (const resolve of waiting) resolve();
  }
}
