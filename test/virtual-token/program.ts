import { appendFileSync } from 'node:fs';

import { toHex } from '#shared/bytes.ts';

import { VirtualCard } from './card.ts';
import { type ControlAnswer, type ControlRequest, ControlServer } from './control-server.ts';
import { FaultyCard } from './faults.ts';
import type { VirtualCardOptions } from './profiles.ts';
import type { CardState } from './card-state.ts';
import { loadState, saveState, stateExists, StoredCard } from './state-file.ts';
import { TracedCard, type TraceEntry } from './traced-card.ts';
import { VpcdClient } from './vpcd-client.ts';

export interface ProgramOptions {
  readonly state: string;
  /** Used when there is no state file yet. */
  readonly card: VirtualCardOptions;
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
  readonly serial: string;
  readonly atr: string;
  readonly reader: string;
  readonly controlPort: number | null;
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
  #stored: StoredCard;
  /** Insertions and removals, one after the other. */
  #readerWork: Promise<void> = Promise.resolve();

  /** @throws Error when the state file can not be read or written */
  constructor(options: ProgramOptions) {
    this.#options = options;
    const runtime = { minimumKeyGenerationMs: options.keygenSeconds * 1000 };
    this.#created = !stateExists(options.state);
    if (!this.#created && options.showAtr !== undefined) changeAtr(options.state, options.showAtr);
    this.#stored = this.#created
      ? StoredCard.save(VirtualCard.create(options.card, runtime), options.state)
      : StoredCard.open(options.state, runtime);
    this.#faulty = new FaultyCard(this.#stored);
    this.#traced = new TracedCard(this.#faulty, (entry) => this.#trace(entry));
    this.#client = new VpcdClient({
      host: options.host,
      port: options.port,
      ...(options.onReader === undefined ? {} : { onConnection: options.onReader }),
      onDefect: (error) => process.stderr.write(`the card gave no answer: ${String(error)}\n`),
    });
    this.#control = new ControlServer((request) => this.#carryOut(request));
    this.#faulty.onPresenceChange((present) => this.#follow(present));
  }

  /** Puts the token into the reader (now or as soon as there is one) and opens the control line. */
  async start(): Promise<ReadyLine> {
    const { controlPort, host, port, state } = this.#options;
    const listening = controlPort === undefined ? null : await this.#control.listen(controlPort);
    this.#follow(true);
    return {
      ready: true,
      pid: process.pid,
      state,
      created: this.#created,
      serial: this.#stored.card.snapshot().serial,
      atr: toHex(this.#stored.atr).toUpperCase(),
      reader: `${host}:${port}`,
      controlPort: listening,
    };
  }

  async stop(): Promise<void> {
    await this.#control.close();
    await this.#readerWork;
    await this.#client.stop();
  }

  #follow(present: boolean): void {
    // The socket must close at once, so that the reader sees the removal before the next answer.
    const work = present ? undefined : this.#client.eject();
    this.#readerWork = this.#readerWork.then(async () => {
      await (work ?? this.#client.insert(this.#traced));
    });
  }

  async #carryOut(request: ControlRequest): Promise<ControlAnswer> {
    switch (request.do) {
      case 'insert':
        this.#faulty.insert();
        break;
      case 'remove':
        if (request.when === 'now') this.#faulty.remove();
        else this.#faulty.arm({ ...request, when: request.when });
        break;
      case 'answer':
      case 'delay':
      case 'garble':
        this.#faulty.arm(request);
        break;
      case 'swap':
        this.#stored = StoredCard.open(request.state);
        this.#faulty.swap(this.#stored);
        break;
      case 'keygen':
        this.#stored.card.minimumKeyGenerationMs = request.seconds * 1000;
        break;
      case 'disarm':
        this.#faulty.disarm();
        break;
      case 'status':
        break;
    }
    await this.#readerWork;
    const { serial } = this.#stored.card.snapshot();
    return { ok: true, present: this.#faulty.present, serial, armed: this.#faulty.armed };
  }

  #trace(entry: TraceEntry): void {
    const { traceFile } = this.#options;
    if (traceFile !== undefined) appendFileSync(traceFile, `${JSON.stringify(entry)}\n`);
  }
}
