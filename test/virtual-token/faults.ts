import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

import { fromHex } from '#shared/bytes.ts';

import { CHAINING_BIT } from './apdu.ts';
import { type CommandName, commandName } from './apdu-names.ts';
import { CardRemoved, type CardWithMemory, type EmulatedCard } from './emulated-card.ts';
import {
  armedFault,
  type Fault,
  type FaultOrder,
  tearableCommands,
  type WaitingFault,
} from './fault-schemas.ts';
import { tornMemory } from './torn-write.ts';

/** What a card that lost its power in a command says when it has come to itself: no precise diagnosis (ISO 7816-4). */
const NO_DIAGNOSIS = Uint8Array.of(0x6f, 0x00);

interface Armed {
  readonly id: number;
  readonly fault: Fault;
  /** Commands until it strikes for the first time; 0 from then on. */
  wait: number;
  strikes: number | 'always';
}

/** A card that can be pulled out and misbehave on command. In the reader from the start. */
export class FaultyCard implements EmulatedCard {
  #card: EmulatedCard;
  #present = true;
  #armed: Armed[] = [];
  #lastId = 0;
  #return: NodeJS.Timeout | undefined;
  readonly #presenceListeners = new Set<(present: boolean) => void>();
  readonly #strikeListeners = new Set<(fault: Fault) => void>();

  constructor(card: EmulatedCard) {
    this.#card = card;
  }

  get atr(): Uint8Array {
    return this.#card.atr;
  }

  get present(): boolean {
    return this.#present;
  }

  /** Faults that have not struck yet, or not for the last time. */
  get armed(): readonly WaitingFault[] {
    return this.#armed.map(({ id, fault, wait, strikes }) => ({
      ...fault,
      id,
      nth: Math.max(wait, 1),
      times: strikes,
    }));
  }

  /** Calls back on each removal and insertion; returns the function that ends it. */
  onPresenceChange(listener: (present: boolean) => void): () => void {
    this.#presenceListeners.add(listener);
    return () => this.#presenceListeners.delete(listener);
  }

  /** Calls back before each strike of a fault; returns the function that ends it. */
  onStrike(listener: (fault: Fault) => void): () => void {
    this.#strikeListeners.add(listener);
    return () => this.#strikeListeners.delete(listener);
  }

  /**
   * Adds a fault and gives its number.
   *
   * @throws ZodError when it is none; Error when a write is to be torn of a card whose memory is out of reach
   */
  arm(order: FaultOrder): number {
    const fault = armedFault.parse(order);
    if (fault.do === 'tear' && !hasMemory(this.#card))
      throw new Error('the memory of this card can not be torn');
    this.#lastId += 1;
    this.#armed.push({ id: this.#lastId, fault, wait: fault.nth, strikes: fault.times });
    return this.#lastId;
  }

  /** Takes back the fault of this number, or all of them. */
  disarm(id?: number): void {
    this.#armed = id === undefined ? [] : this.#armed.filter((armed) => armed.id !== id);
  }

  /** @param backAfter seconds until it is put back by itself; it stays out when absent */
  remove(backAfter?: number): void {
    clearTimeout(this.#return);
    if (backAfter !== undefined) this.#return = setTimeout(() => this.insert(), backAfter * 1000).unref();
    if (!this.#present) return;
    this.#present = false;
    this.#card.powerOff();
    this.#announce();
  }

  insert(): void {
    clearTimeout(this.#return);
    if (this.#present) return;
    this.#present = true;
    this.#announce();
  }

  /** Pulls this card and puts another one in its place. */
  swap(card: EmulatedCard): void {
    this.remove();
    this.#card = card;
    this.insert();
  }

  powerOn(): void {
    if (this.#present) this.#card.powerOn();
  }

  powerOff(): void {
    this.#card.powerOff();
  }

  reset(): void {
    if (this.#present) this.#card.reset();
  }

  async transmit(command: Uint8Array): Promise<Uint8Array> {
    this.#demandPresence();
    const faults = this.#armed.length === 0 ? [] : this.#striking(command);
    if (faults.length === 0) {
      const answer = await this.#card.transmit(command);
      this.#demandPresence();
      return answer;
    }
    for (const fault of faults) {
      if (fault.do === 'remove' && fault.when === 'before') this.remove(fault.backAfter);
    }
    this.#demandPresence();
    let answer = await this.#carriedOut(command, faults);
    for (const fault of faults) answer = await this.#spoil(fault, answer);
    this.#demandPresence();
    return answer;
  }

  async #carriedOut(command: Uint8Array, faults: readonly Fault[]): Promise<Uint8Array> {
    const refusal = faults.find((fault) => fault.do === 'answer');
    if (refusal?.when === 'instead') return fromHex(refusal.statusWord);
    const tear = faults.find((fault) => fault.do === 'tear');
    const card = this.#card;
    if (tear !== undefined && hasMemory(card)) {
      const before = card.snapshot();
      await card.transmit(command);
      card.reload(tornMemory(before, card.snapshot(), command, tear.bytes));
      if (tear.then === 'leaves') this.remove();
      else card.powerOn();
      return NO_DIAGNOSIS;
    }
    const answer = await card.transmit(command);
    return refusal === undefined ? answer : fromHex(refusal.statusWord);
  }

  async #spoil(fault: Fault, answer: Uint8Array): Promise<Uint8Array> {
    switch (fault.do) {
      case 'delay':
        await delay(fault.milliseconds);
        return answer;
      case 'garble':
        return fault.how === 'short' ? answer.slice(0, 1) : new Uint8Array(randomBytes(answer.length));
      case 'remove':
        this.remove(fault.backAfter);
        return answer;
      case 'answer':
      case 'tear':
        return answer;
    }
  }

  /** Counts this command against every fault that waits for it; gives those whose turn it is. */
  #striking(command: Uint8Array): Fault[] {
    const due: Fault[] = [];
    for (const armed of this.#armed) {
      if (!waitsFor(armed.fault, command)) continue;
      armed.wait = Math.max(armed.wait - 1, 0);
      if (armed.wait > 0) continue;
      due.push(armed.fault);
      if (armed.strikes !== 'always') armed.strikes -= 1;
    }
    this.#armed = this.#armed.filter(({ strikes }) => strikes === 'always' || strikes > 0);
    for (const fault of due) for (const listener of this.#strikeListeners) listener(fault);
    return due;
  }

  #demandPresence(): void {
    if (!this.#present) throw new CardRemoved();
  }

  #announce(): void {
    for (const listener of this.#presenceListeners) listener(this.#present);
  }
}

function waitsFor(fault: Fault, command: Uint8Array): boolean {
  const name = commandName(command);
  if (fault.do !== 'tear') return fault.command === undefined || fault.command === name;
  const moreFollows = ((command[0] ?? 0) & CHAINING_BIT) !== 0;
  return !moreFollows && isWrite(name) && (fault.command === undefined || fault.command === name);
}

const isWrite = (name: CommandName): boolean =>
  tearableCommands.some((tearable: CommandName) => tearable === name);

const hasMemory = (card: EmulatedCard): card is CardWithMemory => 'reload' in card && 'snapshot' in card;
