import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

import { z } from 'zod';

import { type CommandName, commandName, commandNames } from './apdu-names.ts';
import { CardRemoved, type EmulatedCard } from './emulated-card.ts';

/**
 * When a fault strikes: at the `nth` command from now that has this name, or of any name.
 * Each fault strikes once.
 */
export const faultTrigger = {
  command: z.enum(commandNames).optional(),
  nth: z.int().min(1).default(1),
};

/** This status word and no data; `instead` of carrying the command out, or `after` it took effect. */
export const answerFault = z.strictObject({
  do: z.literal('answer'),
  statusWord: z.string().regex(/^[0-9a-f]{4}$/i, 'four hexadecimal digits'),
  when: z.enum(['instead', 'after']).default('instead'),
  ...faultTrigger,
});

/** The answer comes later. */
export const delayFault = z.strictObject({
  do: z.literal('delay'),
  milliseconds: z.int().min(0).max(3_600_000),
  ...faultTrigger,
});

/** The command takes effect; its answer is random bytes, or only its first byte. */
export const garbleFault = z.strictObject({
  do: z.literal('garble'),
  how: z.enum(['garbage', 'short']),
  ...faultTrigger,
});

/** The card leaves the reader; `before`: the command has no effect, `after`: it has, but its answer is lost. */
const removeFault = z.strictObject({
  do: z.literal('remove'),
  when: z.enum(['before', 'after']),
  ...faultTrigger,
});

/** Faults that wait for a command. */
const armedFault = z.discriminatedUnion('do', [removeFault, answerFault, delayFault, garbleFault]);

export type ArmedFaultInput = z.input<typeof armedFault>;
type ArmedFault = z.output<typeof armedFault>;

/** A card that can be pulled out and misbehave on command. In the reader from the start. */
export class FaultyCard implements EmulatedCard {
  #card: EmulatedCard;
  #present = true;
  #armed: { fault: ArmedFault; left: number }[] = [];
  readonly #listeners = new Set<(present: boolean) => void>();

  constructor(card: EmulatedCard) {
    this.#card = card;
  }

  get atr(): Uint8Array {
    return this.#card.atr;
  }

  get present(): boolean {
    return this.#present;
  }

  /** Faults that have not struck yet. */
  get armed(): readonly ArmedFaultInput[] {
    return this.#armed.map(({ fault, left }) => ({ ...fault, nth: left }));
  }

  /** Calls back on each removal and insertion; returns the function that ends it. */
  onPresenceChange(listener: (present: boolean) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Adds a fault. @throws ZodError when it is none */
  arm(fault: ArmedFaultInput): void {
    const parsed = armedFault.parse(fault);
    this.#armed.push({ fault: parsed, left: parsed.nth });
  }

  /** Takes back all faults that have not struck. */
  disarm(): void {
    this.#armed = [];
  }

  remove(): void {
    if (!this.#present) return;
    this.#present = false;
    this.#card.powerOff();
    this.#announce();
  }

  insert(): void {
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
    const faults = this.#striking(commandName(command));
    if (faults.some((fault) => fault.do === 'remove' && fault.when === 'before')) this.remove();
    this.#demandPresence();
    const refusal = faults.find((fault) => fault.do === 'answer');
    const carriedOut = refusal?.when !== 'instead';
    let answer: Uint8Array = carriedOut ? await this.#card.transmit(command) : new Uint8Array();
    if (refusal !== undefined) answer = new Uint8Array(Buffer.from(refusal.statusWord, 'hex'));
    for (const fault of faults) answer = await this.#spoil(fault, answer);
    this.#demandPresence();
    return answer;
  }

  async #spoil(fault: ArmedFault, answer: Uint8Array): Promise<Uint8Array> {
    switch (fault.do) {
      case 'delay':
        await delay(fault.milliseconds);
        return answer;
      case 'garble':
        return fault.how === 'short' ? answer.slice(0, 1) : new Uint8Array(randomBytes(answer.length));
      case 'remove':
        this.remove();
        return answer;
      case 'answer':
        return answer;
    }
  }

  /** Counts this command against every fault that waits for it; gives those whose turn has come. */
  #striking(name: CommandName): ArmedFault[] {
    for (const entry of this.#armed) {
      if (entry.fault.command === undefined || entry.fault.command === name) entry.left -= 1;
    }
    const due = this.#armed.filter(({ left }) => left <= 0).map(({ fault }) => fault);
    this.#armed = this.#armed.filter(({ left }) => left > 0);
    return due;
  }

  #demandPresence(): void {
    if (!this.#present) throw new CardRemoved();
  }

  #announce(): void {
    for (const listener of this.#listeners) listener(this.#present);
  }
}
