import { appendFileSync } from 'node:fs';
import path from 'node:path';

import { toHex } from '#shared/bytes.ts';

import { type CardRuntime, VirtualCard } from './card.ts';
import { type CardOrder, isPrepared } from './card-order.ts';
import type { CardState } from './card-state.ts';
import type { ControlAnswer, ControlRequest } from './control-requests.ts';
import { ControlServer } from './control-server.ts';
import { describeFault, describeTrigger } from './describe-fault.ts';
import { FaultyCard } from './faults.ts';
import { newCard, plainOptions } from './new-card.ts';
import { askWorldForReaders, worldSocket } from './reader-world.ts';
import { loadState, saveState, stateExists, StoredCard } from './state-file.ts';
import { TracedCard, type TraceEntry } from './traced-card.ts';
import { VpcdClient } from './vpcd-client.ts';

export interface ProgramOptions {
  readonly state: string;
  /** Used when there is no state file yet. */
  readonly card: CardOrder;
  /** Whose answer to reset a token that is there already gives from now on; its own when absent. */
  readonly showAtr?: CardState['atr'];
  readonly host: string;
  readonly port: number;
  readonly keygenSeconds: number;
  readonly controlPort?: number;
  readonly traceFile?: string;
  readonly onReader?: (connected: boolean) => void;
}

export interface ReadyLine {
  readonly ready: true;
  readonly pid: number;
  readonly state: string;
  /** True when this start made the state file. */
  readonly created: boolean;
  /** What the owner of a token made now would know: at which bank it is registered, for example. */
  readonly notes: readonly string[];
  readonly serial: string;
  readonly atr: string;
  readonly reader: string;
  readonly controlPort: number | null;
}

/** Where the token is. */
export interface ReaderState {
  readonly address: string;
  /** `false`: nobody listens there, or the token is out, or the reader was taken away. */
  readonly connected: boolean;
  /** `true` after a control line took the reader away. */
  readonly gone: boolean;
}

/** OpenSC knows a Rutoken's answer to reset, not a KAZTOKEN's; the rest of the token is the same. */
function changeAtr(file: string, atr: CardState['atr']): void {
  saveState(file, { ...VirtualCard.restore(loadState(file)).snapshot(), atr });
}

/** The running token: card, its file, its faults, its trace, its reader and its control line. */
export class VirtualTokenProgram {
  readonly #options: ProgramOptions;
  readonly #client: VpcdClient;
  readonly #control: ControlServer;
  readonly #faulty: FaultyCard;
  readonly #traced: TracedCard;
  readonly #created: boolean;
  readonly #notes: readonly string[];
  readonly #listeners = new Set<(entry: TraceEntry) => void>();
  #state: string;
  #profile: string | null;
  #stored: StoredCard;
  #keygenSeconds: number;
  #connected = false;
  #readerGone = false;
  /** Insertions and removals, one after the other. */
  #readerWork: Promise<void> = Promise.resolve();

  /**
   * For any profile; prepared ones take a moment.
   *
   * @throws Error when the token can not be made, or its state file can not be read or written
   */
  static async open(options: ProgramOptions): Promise<VirtualTokenProgram> {
    if (!isPrepared(options.card) || stateExists(options.state)) return new VirtualTokenProgram(options);
    const { card, notes } = await newCard(options.card);
    saveState(options.state, card.snapshot());
    return new VirtualTokenProgram(options, { created: true, notes });
  }

  /** For plain profiles. @throws Error when the state file can not be read or written */
  constructor(
    options: ProgramOptions,
    made?: { readonly created: boolean; readonly notes: readonly string[] },
  ) {
    this.#options = options;
    this.#state = options.state;
    this.#keygenSeconds = options.keygenSeconds;
    const isNew = !stateExists(options.state);
    this.#created = made?.created ?? isNew;
    this.#profile = this.#created ? options.card.profile : null;
    this.#notes = made?.notes ?? [];
    if (!isNew && options.showAtr !== undefined) changeAtr(options.state, options.showAtr);
    this.#stored = isNew
      ? StoredCard.save(VirtualCard.create(plainOptions(options.card), this.#runtime()), options.state)
      : StoredCard.open(options.state, this.#runtime());
    this.#faulty = new FaultyCard(this.#stored);
    this.#traced = new TracedCard(this.#faulty, {
      listens: () => options.traceFile !== undefined || this.#listeners.size > 0,
      hear: (entry) => this.#trace(entry),
    });
    this.#client = new VpcdClient({
      host: options.host,
      port: options.port,
      onConnection: (connected) => this.#reached(connected),
      onDefect: (error) => process.stderr.write(`the card gave no answer: ${String(error)}\n`),
    });
    this.#control = new ControlServer((request) => this.carryOut(request));
    this.#faulty.onStrike((fault) => this.#trace({ ...now(), event: 'fault', text: describeFault(fault) }));
    this.#faulty.onPresenceChange((present) => {
      this.#trace({ ...now(), event: present ? 'inserted' : 'removed' });
      this.#follow();
    });
  }

  /** Puts the token into the reader (now or as soon as there is one) and opens the control line. */
  async start(): Promise<ReadyLine> {
    const { controlPort } = this.#options;
    const listening = controlPort === undefined ? null : await this.#control.listen(controlPort);
    this.#follow();
    return {
      ready: true,
      pid: process.pid,
      state: this.#state,
      created: this.#created,
      notes: this.#notes,
      serial: this.card.snapshot().serial,
      atr: toHex(this.#stored.atr).toUpperCase(),
      reader: this.reader.address,
      controlPort: listening,
    };
  }

  async stop(): Promise<void> {
    await this.#control.close();
    await this.#readerWork;
    await this.#client.stop();
  }

  /** The token that is in use now; another one after a swap. */
  get card(): VirtualCard {
    return this.#stored.card;
  }

  get stateFile(): string {
    return this.#state;
  }

  /** What the token was made as, where that was in this run. */
  get profile(): string | null {
    return this.#profile;
  }

  get present(): boolean {
    return this.#faulty.present;
  }

  get armed(): FaultyCard['armed'] {
    return this.#faulty.armed;
  }

  get keygenSeconds(): number {
    return this.#keygenSeconds;
  }

  get reader(): ReaderState {
    const { host, port } = this.#options;
    return { address: `${host}:${port}`, connected: this.#connected, gone: this.#readerGone };
  }

  /** Calls back with every line of the trace, as it happens; returns the function that ends it. */
  onTrace(listener: (entry: TraceEntry) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Does what a tester asks for. @throws Error when it can not be done; then nothing has changed */
  async carryOut(request: ControlRequest): Promise<ControlAnswer> {
    switch (request.do) {
      case 'insert':
        this.#faulty.insert();
        break;
      case 'remove':
        if (request.when === 'now') this.#faulty.remove(request.backAfter);
        else this.#faulty.arm({ ...request, when: request.when });
        break;
      case 'answer':
      case 'delay':
      case 'garble':
      case 'tear':
        this.#faulty.arm(request);
        break;
      case 'swap':
        if (!stateExists(request.state)) throw new Error(`there is no token in ${request.state}`);
        this.#swap(request.state, StoredCard.open(request.state, this.#runtime()), null);
        break;
      case 'new':
        await this.#putInNew(request.card, request.state);
        break;
      case 'keygen':
        this.#keygenSeconds = request.seconds;
        this.card.minimumKeyGenerationMs = request.seconds * 1000;
        break;
      case 'reader':
        await this.#setReader(request.is === 'back');
        break;
      case 'disarm':
        this.#faulty.disarm(request.id);
        break;
      case 'status':
        break;
    }
    await this.#readerWork;
    return {
      ok: true,
      present: this.present,
      serial: this.card.snapshot().serial,
      state: this.#state,
      reader: this.reader,
      keygenSeconds: this.#keygenSeconds,
      armed: this.armed.map((fault) => ({
        ...fault,
        text: `${describeFault(fault)}, ${describeTrigger(fault)}`,
      })),
    };
  }

  #runtime(): CardRuntime {
    return { minimumKeyGenerationMs: this.#keygenSeconds * 1000 };
  }

  #swap(state: string, stored: StoredCard, profile: string | null): void {
    this.#state = state;
    this.#profile = profile;
    this.#stored = stored;
    this.#faulty.swap(stored);
  }

  async #putInNew(order: CardOrder, asked: string | undefined): Promise<void> {
    const { card } = await newCard(order, this.#runtime());
    const { serial } = card.snapshot();
    const state = asked ?? path.join(path.dirname(this.#state), `token-${serial}.json`);
    if (stateExists(state)) throw new Error(`${state} holds a token already`);
    this.#swap(state, StoredCard.save(card, state), order.profile);
  }

  async #setReader(there: boolean): Promise<void> {
    const world = worldSocket();
    if (world !== undefined) await askWorldForReaders(world, there);
    this.#readerGone = !there;
    // Without a world to ask, Kilt's own reader can still go with the token, as a USB token's does.
    this.#follow();
  }

  #follow(): void {
    const there = this.#faulty.present && !this.#readerGone;
    // The socket must close at once, so that the reader sees the removal before the next answer.
    const work = there ? undefined : this.#client.eject();
    this.#readerWork = this.#readerWork.then(async () => {
      await (work ?? this.#client.insert(this.#traced));
    });
  }

  #reached(connected: boolean): void {
    this.#connected = connected;
    this.#trace({ ...now(), event: connected ? 'reader-reached' : 'reader-lost' });
    this.#options.onReader?.(connected);
  }

  #trace(entry: TraceEntry): void {
    const { traceFile } = this.#options;
    if (traceFile !== undefined) appendFileSync(traceFile, `${JSON.stringify(entry)}\n`);
    for (const listener of this.#listeners) listener(entry);
  }
}

const now = (): { readonly at: string } => ({ at: new Date().toISOString() });
