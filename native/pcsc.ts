import type { ReaderReport, WatchedReader } from './pcsc-memory.ts';

/**
 * PC/SC in the words of its specification (PC/SC Workgroup part 5; `winscard.h`), without a system's habits.
 * Made by `systemPcsc()`; tests put a scripted one in its place.
 *
 * Every method that asks the service runs on a worker thread and throws `PcscError`.
 */
export interface Pcsc {
  establishContext(): Promise<PcscContext>;
}

/**
 * A channel to the service. Calls of one context wait for each other inside the library, so whatever may block
 * (a status wait, a card) gets a context of its own.
 */
export interface PcscContext {
  /** Names of all readers; none is an empty list, not an error. */
  listReaders(): Promise<string[]>;
  /**
   * Waits until a reader is in another state than its `currentState`, at most `timeoutMs` milliseconds.
   *
   * @returns the states, and whether anything changed; `changed: false` when the time ran out
   * @throws PcscError `SCARD_E_CANCELLED` after {@link cancel}, `SCARD_E_UNKNOWN_READER` when a reader has gone
   */
  statusChange(
    readers: readonly WatchedReader[],
    timeoutMs: number,
  ): Promise<{ changed: boolean; readers: ReaderReport[] }>;
  /**
   * Ends a running {@link statusChange}. Returns at once and never throws. It has no effect on a wait whose worker
   * thread has not reached the library yet: repeat it until the wait has ended.
   */
  cancel(): void;
  /** @throws PcscError `SCARD_E_SHARING_VIOLATION`, `SCARD_E_NO_SMARTCARD`, `SCARD_W_UNRESPONSIVE_CARD`… */
  connect(readerName: string, share: ShareMode, protocols?: readonly Protocol[]): Promise<PcscCard>;
  /** Also ends the connections made in this context. */
  release(): Promise<void>;
}

export interface PcscCard {
  /** Agreed with the card; `null` for a direct connection. */
  readonly protocol: Protocol | null;
  reconnect(share: ShareMode, initialisation: Disposition): Promise<void>;
  disconnect(disposition: Disposition): Promise<void>;
  /** {@link disconnect} on the calling thread, for the moment before the process ends. Never throws. */
  disconnectNow(disposition: Disposition): void;
  /** Waits, without limit, until no other program has a transaction. */
  beginTransaction(): Promise<void>;
  endTransaction(disposition: Disposition): Promise<void>;
  status(): Promise<CardStatus>;
  /** One command APDU; the response APDU with its status word. */
  transmit(command: Uint8Array): Promise<Uint8Array>;
  /** @param functionNumber of the reader driver, before SCARD_CTL_CODE; e.g. 3400 asks for the reader's features */
  control(functionNumber: number, input: Uint8Array): Promise<Uint8Array>;
  /** @param attribute SCARD_ATTR_* */
  attribute(attribute: number): Promise<Uint8Array>;
}

/** After how long to give up: SCARD `INFINITE`. */
export const NO_TIMEOUT = 0xffffffff;

export type ShareMode = 'exclusive' | 'shared' | 'direct';
export type Protocol = 'T=0' | 'T=1' | 'raw';
export type Disposition = 'leave' | 'reset' | 'unpower' | 'eject';

export interface CardStatus {
  readonly readerName: string;
  readonly atr: Uint8Array;
  readonly protocol: Protocol | null;
}

/** SCARD_ATTR_* that Kilt asks for: SCARD_ATTR_VALUE(class, tag), `winsmcrd.h` and pcsc-lite `reader.h`. */
export const readerAttributes = {
  vendorName: 0x00010100,
  deviceFriendlyName: 0x7fff0003,
  atrString: 0x00090303,
} as const;
