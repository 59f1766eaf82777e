import { setTimeout as delay } from 'node:timers/promises';
import pRetry from 'p-retry';
import { isHiddenReader } from '#native/hidden-readers.ts';
import { pcscAbi, pcscAbiOf } from '#native/pcsc-abi.ts';
import { isPcscError } from '#native/pcsc-error.ts';
import type { Pcsc, PcscCard, PcscContext } from '#native/pcsc.ts';
import { ReaderMonitor } from '#native/reader-monitor.ts';
import type { MonitorSnapshot, MonitoredReader } from '#native/reader-monitor.ts';
import { serviceWaitFor } from '#native/service-wait.ts';
import type { ServiceWait } from '#native/service-wait.ts';
import { systemPcsc } from '#native/system-pcsc.ts';
import { windowsServiceDisabled } from '#native/windows-smart-card-service.ts';
import { KiltError } from '#shared/errors.ts';
import { isWholeAtr } from './atr.ts';
import type { CardAccess, CardTransport, ReaderStatus, ReadersSnapshot } from './card-transport.ts';
import { kiltErrorFromPcsc } from './pcsc-meanings.ts';
import { PcscTransport } from './pcsc-transport.ts';
import { within } from './within.ts';
import type { CardWhereabouts } from './pcsc-transport.ts';

/** Longer than any single step of another program, shorter than a user's patience. */
export const DEFAULT_TRANSACTION_TIMEOUT_MS = 10_000;

/** How long the service may take to notice that a card which stopped answering is gone (pcscd looks every 0.4 s). */
const REMOVAL_NOTICE_MS = 1500;

/** How soon, and how often, a card is looked at again whose answer to reset is not there yet. */
const ATR_LOOK_MS = 50;
const ATR_LOOKS = 10;
/** Longer than the service needs to reset a card. */
const RESET_MS = 2000;

export interface PcscAccessOptions {
  readonly pcsc?: Pcsc;
  readonly waitForService?: ServiceWait;
  readonly transactionTimeoutMs?: number;
  /** A defect met while following the readers, for the log. */
  readonly onError?: (error: unknown) => void;
}

interface OpenedCard {
  readonly context: PcscContext;
  readonly card: PcscCard;
  readonly atr: Uint8Array;
}

/** A connection that is being made. */
interface Connecting {
  readonly done: Promise<OpenedCard>;
  /** Who waits for it, of whom one gets it. */
  takers: number;
  taken: boolean;
}

/** The readers of the PC/SC service of this computer. */
export class PcscAccess implements CardAccess {
  readonly kind = 'pcsc';
  readonly #pcsc: Pcsc;
  readonly #monitor: ReaderMonitor;
  readonly #transactionTimeoutMs: number;
  readonly #idleTransactionResetMs: number | null;
  /** By reader. */
  readonly #connecting = new Map<string, Connecting>();

  constructor(options: PcscAccessOptions = {}) {
    this.#pcsc = options.pcsc ?? systemPcsc();
    this.#transactionTimeoutMs = options.transactionTimeoutMs ?? DEFAULT_TRANSACTION_TIMEOUT_MS;
    this.#idleTransactionResetMs = pcscAbi(pcscAbiOf(process.platform, process.arch)).idleTransactionResetMs;
    this.#monitor = new ReaderMonitor({
      pcsc: this.#pcsc,
      waitForService: options.waitForService ?? serviceWaitFor(process.platform),
      startsWithReader: () => process.platform === 'win32' && !windowsServiceDisabled(),
      ...(options.onError ? { onError: options.onError } : {}),
    });
  }

  start(): Promise<void> {
    return this.#monitor.start();
  }

  stop(): Promise<void> {
    return this.#monitor.stop();
  }

  snapshot(): ReadersSnapshot {
    return withoutHidden(this.#monitor.snapshot());
  }

  /** Names of the readers that `snapshot` leaves out, for diagnostics. */
  hiddenReaders(): string[] {
    const { readers } = this.#monitor.snapshot();
    return readers.map(({ name }) => name).filter(isHiddenReader);
  }

  onChange(listener: (snapshot: ReadersSnapshot) => void): () => void {
    return this.#monitor.onChange((snapshot) => listener(withoutHidden(snapshot)));
  }

  /**
   * pcsc-lite lets nobody in while another program has a transaction, and SCardConnect can not give up waiting. When the
   * time is over it goes on in the background, and whoever connects next waits for the same one: each holds a thread.
   *
   * @throws KiltError `token-in-use` when the time is over, and what the service says
   */
  async connect(readerName: string): Promise<CardTransport> {
    const insertion = this.#reader(readerName)?.insertion;
    const connecting = this.#connecting.get(readerName) ?? this.#begin(readerName);
    connecting.takers += 1;
    const outcome = await within(this.#transactionTimeoutMs, connecting.done);
    connecting.takers -= 1;
    if (outcome === 'late') throw new KiltError('token-in-use', { reader: readerName });
    if (connecting.taken) return this.connect(readerName);
    connecting.taken = true;
    const { context, card, atr } = await connecting.done;
    return new PcscTransport({
      context,
      card,
      readerName,
      atr,
      transactionTimeoutMs: this.#transactionTimeoutMs,
      idleTransactionResetMs: this.#idleTransactionResetMs,
      cardWhereabouts: () => this.#whereabouts(readerName, insertion),
    });
  }

  #begin(readerName: string): Connecting {
    const done = this.#open(readerName);
    const connecting: Connecting = { done, takers: 0, taken: false };
    this.#connecting.set(readerName, connecting);
    const end = (): void => void this.#connecting.delete(readerName);
    done.then(({ context, card }) => {
      end();
      if (connecting.takers > 0) return;
      // Nobody waits for it any more.
      void card.disconnect('leave').finally(() => context.release());
    }, end);
    return connecting;
  }

  async #open(readerName: string): Promise<OpenedCard> {
    let context: PcscContext | undefined;
    try {
      context = await this.#pcsc.establishContext();
      const card = await connected(context, readerName);
      const atr = this.#followedAtr(readerName) ?? (await answerToReset(card, readerName));
      return { context, card, atr };
    } catch (error) {
      await context?.release().catch(() => undefined);
      throw isPcscError(error) ? kiltErrorFromPcsc(error, readerName, false) : error;
    }
  }

  /**
   * What was told when the card came. The card itself is only asked where nobody follows the readers: SCardStatus waits
   * for other programs' transactions as well.
   */
  #followedAtr(readerName: string): Uint8Array | undefined {
    const atr = this.#reader(readerName)?.atr;
    return atr !== undefined && isWholeAtr(atr) ? atr : undefined;
  }

  #reader(name: string): MonitoredReader | undefined {
    return this.#monitor.snapshot().readers.find((reader) => reader.name === name);
  }

  /** Without a running monitor nothing is known, and the card counts as still there. */
  #whereabouts(readerName: string, insertion: number | undefined): Promise<CardWhereabouts> {
    const now = (): CardWhereabouts => {
      if (insertion === undefined) return 'in-reader';
      if (this.#monitor.snapshot().service === 'off') return 'service-off';
      return this.#reader(readerName)?.insertion === insertion ? 'in-reader' : 'left';
    };
    if (insertion === undefined || now() !== 'in-reader') return Promise.resolve(now());
    return new Promise((resolve) => {
      const settle = (): void => {
        clearTimeout(timer);
        end();
        resolve(now());
      };
      const timer = setTimeout(settle, REMOVAL_NOTICE_MS);
      const end = this.#monitor.onChange(() => {
        if (now() !== 'in-reader') settle();
      });
    });
  }
}

function withoutHidden({ service, readers }: MonitorSnapshot): ReadersSnapshot {
  return { service, readers: readers.filter(({ name }) => !isHiddenReader(name)).map(readerStatus) };
}

const readerStatus = ({ name, state, atr, insertion }: MonitoredReader): ReaderStatus => ({
  name,
  state,
  insertion,
  ...(isWholeAtr(atr) ? { atr } : {}),
});

/**
 * A program that was ended in the middle of a command leaves a card that pcsc-lite resets. Who connects at that moment is
 * told that no protocol fits, since the answer to reset is not there yet (pcsc-lite 1.9.9, `SCardConnect`).
 */
const connected = (context: PcscContext, readerName: string): Promise<PcscCard> =>
  pRetry(() => context.connect(readerName, 'shared'), {
    retries: RESET_MS / ATR_LOOK_MS,
    factor: 1,
    minTimeout: ATR_LOOK_MS,
    shouldRetry: ({ error }) => isPcscError(error, 'SCARD_E_PROTO_MISMATCH'),
  });

/**
 * A program may be let in while the service still powers the card up, for example because the token was pulled and put
 * back. What it has not told by then must not be taken for the answer of another kind of card.
 */
async function answerToReset(card: PcscCard, readerName: string): Promise<Uint8Array> {
  for (let look = 1; ; look += 1) {
    const { atr } = await card.status();
    if (isWholeAtr(atr) || (look === ATR_LOOKS && atr.length > 0)) return atr;
    if (look === ATR_LOOKS) throw new KiltError('token-mute', { reader: readerName });
    await delay(ATR_LOOK_MS);
  }
}
