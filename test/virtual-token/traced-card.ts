import { commandName, describeCommand, redactedAnswer, redactedCommand } from './apdu-names.ts';
import type { EmulatedCard } from './emulated-card.ts';

/** One line of a trace. Nothing in it is secret. */
export type TraceEntry =
  | { readonly at: string; readonly event: 'power-on' | 'power-off' | 'reset' | 'no-answer' }
  | {
      readonly at: string;
      readonly event: 'exchange';
      readonly text: string;
      readonly command: string;
      readonly answer: string;
      readonly statusWord: string;
      readonly milliseconds: number;
    };

/** Shows every exchange to a listener, redacted at this place: a raw PIN never reaches the listener. */
export class TracedCard implements EmulatedCard {
  readonly #card: EmulatedCard;
  readonly #listener: (entry: TraceEntry) => void;
  /** The rest of a deciphered block may still come by GET RESPONSE. */
  #answerIsSecret = false;

  constructor(card: EmulatedCard, listener: (entry: TraceEntry) => void) {
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

  async transmit(command: Uint8Array): Promise<Uint8Array> {
    const start = performance.now();
    const name = commandName(command);
    if (name !== 'GET-RESPONSE') this.#answerIsSecret = name === 'DECIPHER';
    try {
      const answer = await this.#card.transmit(command);
      this.#listener({
        at: new Date().toISOString(),
        event: 'exchange',
        text: describeCommand(command),
        command: redactedCommand(command),
        answer: redactedAnswer(answer, this.#answerIsSecret),
        statusWord: Buffer.from(answer.subarray(-2)).toString('hex').toUpperCase(),
        milliseconds: Math.round((performance.now() - start) * 1000) / 1000,
      });
      return answer;
    } catch (error) {
      this.#note('no-answer');
      throw error;
    }
  }

  #note(event: 'power-on' | 'power-off' | 'reset' | 'no-answer'): void {
    this.#listener({ at: new Date().toISOString(), event });
  }
}
