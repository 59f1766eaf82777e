import { setTimeout as delay } from 'node:timers/promises';
import type { TokenSerial } from '#shared/bytes.ts';
import { isKiltError, KiltError } from '#shared/errors.ts';
import type { Presence } from '#shared/views.ts';
import { ApduTrace } from './apdu-trace.ts';
import { familyOf } from './atr.ts';
import { onCard } from './card-session.ts';
import type { CardAccess, CardTransport, ReadersSnapshot, ReaderStatus } from './card-transport.ts';
import type { Pkcs15TokenSession, SessionOptions } from './pkcs15-token-session.ts';
import type { PinRole, PinStatus, TokenInfo, TokenObjects, TokenSession } from './token-session.ts';
import { TokenSlot } from './token-slot.ts';
import type { KnownToken, TokenRelease, TokenWatch } from './token-watch.ts';

export interface TokenWatchOptions {
  /** Where exchanges with tokens are recorded, for diagnostics. */
  readonly trace?: ApduTrace;
  readonly now?: () => Date;
  /** How long `withSession` waits for a token that another program holds for itself. */
  readonly inUseWaitMilliseconds?: number;
  /** Pauses before a token in use is looked at again: the first, and the longest. */
  readonly retryMilliseconds?: { readonly first: number; readonly longest: number };
}

const tenSeconds = 10_000;
const usualRetry = { first: 250, longest: 5_000 } as const;

/** The token is not to be had through this insertion any more, or not yet: the readers' next news tells. */
const goneErrors = ['token-removed', 'reader-unavailable', 'pcsc-service-off'] as const;
const isGone = (error: unknown): boolean => goneErrors.some((id) => isKiltError(error, id));

/** {@link TokenWatch} and {@link TokenRelease} over the readers of one kind of card access. */
export class TokenWatchService implements TokenWatch, TokenRelease {
  readonly trace: ApduTrace;
  readonly #access: CardAccess;
  readonly #session: SessionOptions;
  readonly #inUseWait: number;
  readonly #retry: { readonly first: number; readonly longest: number };
  readonly #slots = new Map<string, TokenSlot>();
  readonly #listeners = new Set<() => void>();
  #snapshot: ReadersSnapshot | null = null;
  #unsubscribe: (() => void) | null = null;

  constructor(access: CardAccess, options: TokenWatchOptions = {}) {
    this.#access = access;
    this.trace = options.trace ?? new ApduTrace();
    this.#session = { trace: this.trace, ...(options.now === undefined ? {} : { now: options.now }) };
    this.#inUseWait = options.inUseWaitMilliseconds ?? tenSeconds;
    this.#retry = options.retryMilliseconds ?? usualRetry;
  }

  async start(): Promise<void> {
    if (this.#unsubscribe !== null) return;
    this.#unsubscribe = this.#access.onChange((snapshot) => this.#follow(snapshot));
    await this.#access.start();
    this.#follow(this.#access.snapshot());
  }

  /** Work under way is let finish: a token must not be left in the middle of a write. */
  async stop(): Promise<void> {
    this.#unsubscribe?.();
    this.#unsubscribe = null;
    const slots = [...this.#slots.values()];
    this.#slots.clear();
    for (const slot of slots) slot.end();
    await Promise.all(slots.map((slot) => slot.idle()));
    await this.#access.stop();
  }

  presence(): Presence {
    if (this.#snapshot === null) return 'starting';
    if (this.#snapshot.service === 'off') return 'service-off';
    if (this.#snapshot.readers.length === 0) return 'no-reader';
    const states = this.tokens().map(({ state }) => state);
    if (states.length === 0) return 'no-token';
    if (states.includes('ready') || states.includes('reading')) return 'ready';
    return states.includes('in-use') ? 'in-use' : 'unsupported';
  }

  tokens(): readonly KnownToken[] {
    return [...this.#slots.values()].map(({ known }) => known);
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async whileReleased<T>(
    tokenId: string,
    options: { readonly changes: boolean },
    work: (serial: TokenSerial, signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const slot = this.#slot(tokenId);
    return slot.queue(async () => {
      if (slot.ended.aborted) throw new KiltError('token-removed', { reader: slot.reader });
      const { info } = slot.known;
      if (info === undefined) throw new KiltError('token-mute', { reader: slot.reader });
      try {
        return await work(info.serial, slot.ended);
      } finally {
        if (options.changes) await this.#readAgain(slot);
        this.#publish();
      }
    });
  }

  async withSession<T>(tokenId: string, work: (session: TokenSession) => Promise<T>): Promise<T> {
    const slot = this.#slot(tokenId);
    if (slot.known.state === 'unsupported') throw new KiltError('token-unsupported', { reader: slot.reader });
    return slot.queue(async () => {
      const transport = await this.#connect(slot, this.#inUseWait);
      return onCard(transport, this.#session, async (session) => {
        assertSameToken(slot, session);
        let result: T;
        try {
          result = await work(session);
        } catch (error) {
          await this.#refreshAfterFailure(slot, session, error);
          throw error;
        }
        await this.#refresh(slot, session);
        return result;
      });
    });
  }

  /** @throws KiltError `token-removed` */
  #slot(tokenId: string): TokenSlot {
    const slot = [...this.#slots.values()].find(({ id }) => id === tokenId);
    if (slot === undefined) throw new KiltError('token-removed');
    return slot;
  }

  #follow(snapshot: ReadersSnapshot): void {
    this.#snapshot = snapshot;
    const readers = snapshot.service === 'on' ? snapshot.readers : [];
    const present = new Map(readers.filter(holdsCard).map((reader) => [reader.name, reader]));
    for (const [name, slot] of this.#slots) {
      if (present.get(name)?.insertion === slot.insertion) continue;
      this.#slots.delete(name);
      slot.end();
    }
    for (const reader of present.values()) this.#meet(reader);
    this.#publish();
  }

  /** A reader holds a card: a new one, or one whose state may have changed. */
  #meet(reader: ReaderStatus): void {
    const known = this.#slots.get(reader.name);
    const slot = known ?? new TokenSlot(reader, firstImpression(reader));
    if (known === undefined) this.#slots.set(reader.name, slot);
    const { state } = slot.known;
    if (reader.state === 'exclusive') {
      if (state === 'reading' || state === 'ready') slot.learn({ ...slot.known, state: 'in-use' });
    } else if (reader.state === 'present') {
      // A token that could not be had before is looked at again whenever something changes at the readers.
      if (known === undefined ? state === 'reading' : state === 'in-use') this.#read(slot);
    }
  }

  /** Reads what can be known without a PIN, in one short transaction. */
  #read(slot: TokenSlot): void {
    slot.cancelRetry();
    void slot.queue(async () => {
      if (slot.ended.aborted || slot.known.state === 'ready') return;
      try {
        await onCard(await this.#connect(slot, 0), this.#session, (session) => this.#readAll(slot, session));
        slot.resetRetries();
      } catch (error) {
        this.#learnFailure(slot, error);
      }
      this.#publish();
    });
  }

  /** Something else than a session of ours was at the token. */
  async #readAgain(slot: TokenSlot): Promise<void> {
    if (slot.ended.aborted) return;
    try {
      const transport = await this.#connect(slot, this.#inUseWait);
      await onCard(transport, this.#session, async (session) => {
        // A login of what was there may have outlived it, most of all where it was killed.
        await session.logout();
        await this.#readAll(slot, session);
      });
    } catch (error) {
      this.#learnFailure(slot, error);
    }
  }

  async #readAll(slot: TokenSlot, session: Pkcs15TokenSession): Promise<void> {
    await this.#readObjects(slot, session, await session.info());
  }

  async #readObjects(slot: TokenSlot, session: Pkcs15TokenSession, info: TokenInfo): Promise<void> {
    try {
      slot.learn({ state: 'ready', info, objects: await session.objects() });
    } catch (error) {
      if (!isKiltError(error, 'token-layout-damaged') && !isKiltError(error, 'token-answer-unexpected'))
        throw error;
      // That a format has left nothing to read is no news of its own.
      if (info.layout === 'half-formatted') slot.learn({ state: 'ready', info, objects: noObjects });
      else slot.learn({ state: 'ready', info, error });
    }
  }

  #learnFailure(slot: TokenSlot, error: unknown): void {
    const kiltError = isKiltError(error)
      ? error
      : new KiltError('internal', { step: 'read-token' }, { cause: error });
    const again = (): void => slot.retryLater(() => this.#read(slot), this.#retry.first, this.#retry.longest);
    if (isGone(error)) {
      again();
    } else if (isKiltError(error, 'token-in-use')) {
      slot.learn({ ...slot.known, state: 'in-use', error: kiltError });
      again();
    } else if (isKiltError(error, 'token-unsupported')) {
      slot.learn({ state: 'unsupported', error: kiltError });
    } else {
      slot.learn({ state: 'mute', error: kiltError });
      // Looking costs no try, and what has only been reset or powered up meanwhile answers then.
      again();
    }
  }

  /** Connects, waiting at most this long for a token that another program holds for itself. */
  async #connect(slot: TokenSlot, waitMilliseconds: number): Promise<CardTransport> {
    const deadline = performance.now() + waitMilliseconds;
    for (let pause = this.#retry.first; ; pause = Math.min(2 * pause, this.#retry.longest)) {
      if (slot.ended.aborted) throw new KiltError('token-removed', { reader: slot.reader });
      try {
        return await this.#access.connect(slot.reader);
      } catch (error) {
        if (!isKiltError(error, 'token-in-use') || performance.now() + pause > deadline) throw error;
      }
      await delay(pause, undefined, { signal: slot.ended }).catch(() => undefined);
    }
  }

  /** Brings what is known of the token up to date with what the session has done. */
  async #refresh(slot: TokenSlot, session: Pkcs15TokenSession): Promise<void> {
    const { pins, objects, wiped } = session.changes;
    if (slot.ended.aborted || (pins.size === 0 && !objects && !wiped)) return;
    try {
      // Public objects are read the same way as at insertion, and the login ends as early as it can.
      await session.end();
      const { state, info } = slot.known;
      if (state !== 'ready' || info === undefined || wiped) await this.#readAll(slot, session);
      else if (objects) await this.#readObjects(slot, session, await withChanges(info, session));
      else slot.learn({ ...slot.known, info: await withChanges(info, session) });
    } catch {
      slot.learn({ ...slot.known, state: 'reading' });
      slot.retryLater(() => this.#read(slot), this.#retry.first, this.#retry.longest);
    }
    this.#publish();
  }

  /** The same after work that failed; what the session has in mind of the files may then be wrong. */
  async #refreshAfterFailure(slot: TokenSlot, session: Pkcs15TokenSession, error: unknown): Promise<void> {
    const { objects, wiped } = session.changes;
    if (!isGone(error) && !objects && !wiped) return this.#refresh(slot, session);
    slot.learn({ ...slot.known, state: 'reading' });
    if (isGone(error)) slot.retryLater(() => this.#read(slot), this.#retry.first, this.#retry.longest);
    else this.#read(slot);
    this.#publish();
  }

  #publish(): void {
    for (const listener of this.#listeners) listener();
  }
}

const noObjects: TokenObjects = { keys: [], certificates: [], dataObjects: [] };

const holdsCard = ({ state }: ReaderStatus): boolean =>
  state === 'present' || state === 'exclusive' || state === 'mute';

function firstImpression(reader: ReaderStatus): Omit<KnownToken, 'id' | 'reader'> {
  if (reader.state === 'mute') {
    return { state: 'mute', error: new KiltError('token-mute', { reader: reader.name }) };
  }
  if (reader.atr !== undefined && familyOf(reader.atr) === null) {
    return { state: 'unsupported', error: new KiltError('token-unsupported', { reader: reader.name }) };
  }
  return { state: reader.state === 'exclusive' ? 'in-use' : 'reading' };
}

/** A token was pulled and another put in before the readers' news arrived. */
function assertSameToken(slot: TokenSlot, session: Pkcs15TokenSession): void {
  const expected = slot.known.info?.serial;
  if (expected !== undefined && expected !== session.serial) throw new KiltError('token-swapped');
}

/** Asks the card only for what the session may have changed. */
async function withChanges(info: TokenInfo, session: Pkcs15TokenSession): Promise<TokenInfo> {
  const status = async (role: PinRole, before: PinStatus): Promise<PinStatus> => {
    const change = session.changes.pins.get(role);
    if (change === undefined) return before;
    if (change === 'unknown' || before.maxAttempts === null) return session.pinStatus(role);
    return { ...before, attemptsLeft: before.maxAttempts, blocked: false };
  };
  const changedLayout = session.changes.objects && info.layout !== 'half-formatted';
  return {
    ...info,
    label: session.changes.objects ? await session.label() : info.label,
    layout: changedLayout ? await session.layout() : info.layout,
    userPin: await status('user', info.userPin),
    administratorPin: await status('administrator', info.administratorPin),
  };
}
