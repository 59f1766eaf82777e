import { isPcscError } from './pcsc-error.ts';
import { PNP_NOTIFICATION, readerFlags } from './pcsc-memory.ts';
import { NO_TIMEOUT } from './pcsc.ts';
import type { Pcsc, PcscContext } from './pcsc.ts';
import { ReaderLedger } from './reader-ledger.ts';
import type { MonitoredReader } from './reader-ledger.ts';
import type { ServiceWait } from './service-wait.ts';

export type { MonitoredReader } from './reader-ledger.ts';

export interface MonitorSnapshot {
  readonly service: 'on' | 'off';
  readonly readers: readonly MonitoredReader[];
}

export interface ReaderMonitorOptions {
  readonly pcsc: Pcsc;
  readonly waitForService: ServiceWait;
  /**
   * Whether a service that does not answer will start by itself when a reader is plugged in (Windows). It is then
   * reported as `on` without readers.
   */
  readonly startsWithReader?: () => boolean;
  readonly onError?: (error: unknown) => void;
}

/** Where the service has no PnP notification (macOS), how often the list of readers is read. */
const LIST_AGAIN_MS = 1000;
/** How soon to look again at a card whose ATR was not known yet, and how often. */
const ATR_LOOK_MS = 150;
const ATR_LOOKS = 10;
/** A reader that arrives between listing and waiting is missed by older pcsc-lite: look once more, this much later. */
const LOOK_BACK_MS = 500;
/** Reports in a row that say «changed» although nothing is different, before the next wait is delayed. */
const IDLE_REPORTS = 5;
const IDLE_PAUSE_MS = 250;
/** How often `stop` repeats a cancel that came before its wait. */
const CANCEL_AGAIN_MS = 50;
/** At exit nothing tells whether the wait has ended: so often a cancel is repeated, for a second. */
const EXIT_CANCELS = 20;
/** A context that lived this long worked; what ended it was not there from the start. */
const STEADY_MS = 2000;

/**
 * Follows readers and cards. While nothing happens it sits in one status wait, on one worker thread of its own
 * context, and nothing is asked again. When the service is away it waits for that to start.
 *
 * The wait keeps the process alive: call {@link stop}. A process that ends with `process.exit` instead would hang in
 * the wait (libuv joins its workers), so an exit hook cancels it.
 */
export class ReaderMonitor {
  readonly #options: ReaderMonitorOptions;
  readonly #listeners = new Set<(snapshot: MonitorSnapshot) => void>();
  readonly #ledger = new ReaderLedger();
  #snapshot: MonitorSnapshot = { service: 'off', readers: [] };
  #running: Promise<void> | undefined;
  #stopping = new AbortController();
  #waiting: PcscContext | undefined;

  constructor(options: ReaderMonitorOptions) {
    this.#options = options;
  }

  /** Returns once the first snapshot is known. Calling it again changes nothing. */
  async start(): Promise<void> {
    if (this.#running) return;
    this.#stopping = new AbortController();
    process.on('exit', this.#cancelAtExit);
    await new Promise<void>((known) => {
      this.#running = this.#run(known);
    });
  }

  /** Ends the wait and returns when no worker thread is left in it. */
  async stop(): Promise<void> {
    const running = this.#running;
    if (!running) return;
    this.#stopping.abort();
    const cancelling = setInterval(() => this.#waiting?.cancel(), CANCEL_AGAIN_MS);
    this.#waiting?.cancel();
    await running;
    clearInterval(cancelling);
    process.off('exit', this.#cancelAtExit);
    this.#running = undefined;
  }

  snapshot(): MonitorSnapshot {
    return this.#snapshot;
  }

  /** @returns what ends the calls */
  onChange(listener: (snapshot: MonitorSnapshot) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Not once: a cancel is lost when the worker thread has not reached its wait yet, on a busy computer. */
  readonly #cancelAtExit = (): void => {
    const waiting = this.#waiting;
    if (!waiting) return;
    const clock = new Int32Array(new SharedArrayBuffer(4));
    for (let cancels = 0; cancels < EXIT_CANCELS; cancels++) {
      waiting.cancel();
      Atomics.wait(clock, 0, 0, CANCEL_AGAIN_MS);
    }
  };

  #stopped(): boolean {
    return this.#stopping.signal.aborted;
  }

  async #run(firstKnown: () => void): Promise<void> {
    let unanswered = 0;
    let shortLives = 0;
    while (!this.#stopped()) {
      const began = performance.now();
      const service = { answered: false };
      try {
        const context = await this.#options.pcsc.establishContext();
        await this.#follow(context, () => {
          service.answered = true;
          firstKnown();
        });
      } catch (error) {
        if (!isPcscError(error)) this.#options.onError?.(error);
      }
      if (this.#stopped()) break;
      unanswered = service.answered ? 0 : unanswered + 1;
      if (service.answered) shortLives = performance.now() - began < STEADY_MS ? shortLives + 1 : 0;
      // The first failure says nothing yet: a service that was started again answers the next call at once.
      const failures = Math.max(unanswered, shortLives) - 1;
      if (failures <= 0) continue;
      this.#publish({ service: this.#serviceWithoutAnswer(), readers: [] });
      firstKnown();
      const hint = await this.#options.waitForService(failures, this.#stopping.signal);
      if (hint) unanswered = 1;
    }
    firstKnown();
  }

  #serviceWithoutAnswer(): 'on' | 'off' {
    return this.#options.startsWithReader?.() ? 'on' : 'off';
  }

  /** Follows readers until the context ends: by an error of the service or by `stop`. */
  async #follow(context: PcscContext, answered: () => void): Promise<void> {
    this.#ledger.forgetAll();
    const lookBack = { timer: undefined as NodeJS.Timeout | undefined };
    try {
      const pnp = await pnpState(context);
      let pnpBelief = pnp.state;
      let idleReports = 0;
      let atrLooks = 0;
      while (!this.#stopped()) {
        const names = await context.listReaders();
        const listChanged = this.#ledger.keepOnly(names);
        if (listChanged && pnp.supported && pnpBelief === 0) this.#lookBackLater(lookBack, names);

        const settling = this.#ledger.atrMissing && atrLooks < ATR_LOOKS;
        atrLooks = settling ? atrLooks + 1 : 0;
        const known = this.#ledger.allLookedAt;
        if (known && !settling) {
          answered();
          this.#publish({ service: 'on', readers: this.#ledger.readers() });
        }

        const forever = pnp.supported ? NO_TIMEOUT : LIST_AGAIN_MS;
        const timeout = !known ? 0 : settling ? ATR_LOOK_MS : forever;
        const watched = this.#ledger.watched();
        const report = await this.#wait(
          context,
          pnp.supported ? [...watched, { name: PNP_NOTIFICATION, currentState: pnpBelief }] : watched,
          timeout,
        );
        let different = listChanged;
        for (const reader of report.readers) {
          if (reader.name === PNP_NOTIFICATION) pnpBelief = withoutChanged(reader.eventState);
          else different = this.#ledger.record(reader) || different;
        }
        idleReports = report.changed && !different ? idleReports + 1 : 0;
        if (idleReports > IDLE_REPORTS) await pause(IDLE_PAUSE_MS, this.#stopping.signal);
      }
    } finally {
      clearTimeout(lookBack.timer);
      await context.release().catch(() => undefined);
    }
  }

  async #wait(
    context: PcscContext,
    ...[watched, timeout]: Parameters<PcscContext['statusChange']>
  ): ReturnType<PcscContext['statusChange']> {
    if (watched.length === 0) {
      await pause(timeout, this.#stopping.signal);
      return { changed: false, readers: [] };
    }
    this.#waiting = context;
    try {
      return await context.statusChange(watched, timeout);
    } catch (error) {
      // A reader went between listing and waiting, or a look back cancelled the wait.
      const listAgain = isPcscError(error, 'SCARD_E_UNKNOWN_READER', 'SCARD_E_CANCELLED');
      if (listAgain) return { changed: true, readers: [] };
      throw error;
    } finally {
      this.#waiting = undefined;
    }
  }

  /** In a context of its own, since calls of one context wait for each other. */
  #lookBackLater(lookBack: { timer: NodeJS.Timeout | undefined }, known: readonly string[]): void {
    clearTimeout(lookBack.timer);
    lookBack.timer = setTimeout(() => {
      void this.#listOnce().then((now) => {
        if (now && now.join('\0') !== known.join('\0')) this.#waiting?.cancel();
      });
    }, LOOK_BACK_MS);
  }

  async #listOnce(): Promise<string[] | undefined> {
    try {
      const context = await this.#options.pcsc.establishContext();
      return await context.listReaders().finally(() => context.release());
    } catch {
      return undefined;
    }
  }

  #publish(next: MonitorSnapshot): void {
    if (sameSnapshot(this.#snapshot, next)) return;
    this.#snapshot = next;
    for (const listener of this.#listeners) {
      try {
        listener(next);
      } catch (error) {
        this.#options.onError?.(error);
      }
    }
  }
}

/** What the PnP pseudo-reader says now, and whether this service knows it (macOS does not). */
async function pnpState(context: PcscContext): Promise<{ supported: boolean; state: number }> {
  try {
    const watched = [{ name: PNP_NOTIFICATION, currentState: readerFlags.unaware }];
    const state = (await context.statusChange(watched, 0)).readers[0]?.eventState ?? readerFlags.unknown;
    return { supported: (state & readerFlags.unknown) === 0, state: withoutChanged(state) };
  } catch (error) {
    if (isPcscError(error, 'SCARD_E_UNKNOWN_READER')) return { supported: false, state: 0 };
    throw error;
  }
}

const withoutChanged = (eventState: number): number => (eventState & ~readerFlags.changed) >>> 0;

function sameSnapshot(a: MonitorSnapshot, b: MonitorSnapshot): boolean {
  return (
    a.service === b.service &&
    a.readers.length === b.readers.length &&
    a.readers.every((reader, index) => {
      const other = b.readers[index];
      return (
        other !== undefined &&
        reader.name === other.name &&
        reader.state === other.state &&
        reader.insertion === other.insertion &&
        Buffer.compare(reader.atr, other.atr) === 0
      );
    })
  );
}

/** Ends early when `signal` aborts. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
  });
}
