import {
  type CommandName,
  commandName,
  describeCommand,
  redactedAnswer,
  redactedCommand,
} from './apdu-names.ts';
import type { EmulatedCard } from './emulated-card.ts';
import { statusMeaning } from './status-meaning.ts';

interface Named {
  readonly at: string;
  readonly name: CommandName;
  /** The command in a line for people. */
  readonly text: string;
  readonly command: string;
}

export interface Exchange extends Named {
  readonly event: 'exchange';
  readonly answer: string;
  readonly statusWord: string;
  readonly meaning: string;
  readonly milliseconds: number;
}

/** One line of a trace. Nothing in it is secret. */
export type TraceEntry =
  | Exchange
  /** The command was sent; the card lost its power or left before it could answer. */
  | (Named & { readonly event: 'no-answer' })
  | { readonly at: string; readonly event: 'power-on' | 'power-off' | 'reset' }
  /** From the program around the card: what happens to the token as a whole. */
  | {
      readonly at: string;
      readonly event: 'inserted' | 'removed' | 'reader-reached' | 'reader-lost';
    }
  /** A fault strikes at the command that follows. */
  | { readonly at: string; readonly event: 'fault'; readonly text: string };

/** Who reads the trace. */
export interface TraceListener {
  /** Asked before a line is made: making it takes as long as the command itself. */
  readonly listens: () => boolean;
  readonly hear: (entry: TraceEntry) => void;
}

/** Shows every exchange to a listener, redacted at this place: a raw PIN never reaches the listener. */
export class TracedCard implements EmulatedCard {
  readonly #card: EmulatedCard;
  readonly #listener: TraceListener;
  /** The rest of a deciphered block may still come by GET RESPONSE. */
  #answerIsSecret = false;

  constructor(card: EmulatedCard, listener: TraceListener) {
    this.#card = card;
    this.#listener = listener;
  }

  get atr(): Uint8Array {
    return this.#card.atr;
  }

  powerOn(): void {
    this.#note('power-on');
    this.#card.powerOn();
  }

  powerOff(): void {
    this.#note('power-off');
    this.#card.powerOff();
  }

  reset(): void {
    this.#note('reset');
    this.#card.reset();
  }

  transmit(command: Uint8Array): Promise<Uint8Array> {
    const name = commandName(command);
    // Also when nobody listens: somebody may begin to before the rest is fetched.
    if (name !== 'GET-RESPONSE') this.#answerIsSecret = name === 'DECIPHER';
    return this.#listener.listens() ? this.#traced(name, command) : this.#card.transmit(command);
  }

  async #traced(name: CommandName, command: Uint8Array): Promise<Uint8Array> {
    const start = performance.now();
    const named = { name, text: describeCommand(command), command: redactedCommand(command) };
    try {
      const answer = await this.#card.transmit(command);
      const word = Buffer.from(answer.subarray(-2)).toString('hex').toUpperCase();
      this.#listener.hear({
        at: new Date().toISOString(),
        event: 'exchange',
        ...named,
        answer: redactedAnswer(answer, this.#answerIsSecret),
        statusWord: word,
        meaning: statusMeaning(word),
        milliseconds: Math.round((performance.now() - start) * 1000) / 1000,
      });
      return answer;
    } catch (error) {
      this.#listener.hear({ at: new Date().toISOString(), event: 'no-answer', ...named });
      throw error;
    }
  }

  #note(event: 'power-on' | 'power-off' | 'reset'): void {
    if (this.#listener.listens()) this.#listener.hear({ at: new Date().toISOString(), event });
  }
}
