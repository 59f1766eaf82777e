import type { TraceEntry } from '#test/virtual-token/traced-card.ts';

/** What a card saw of one piece of work. */
export interface CardWork {
  /** Commands that reached the card, GET RESPONSE and each link of a chain counted. */
  readonly commands: number;
  /** Seconds inside the card, without the making of keys. */
  readonly secondsInCard: number;
  /** Seconds for which the card made keys. */
  readonly secondsOfKeyGeneration: number;
  readonly signatures: number;
  readonly byName: Readonly<Record<string, number>>;
}

/** Lines of a virtual token's trace, as JSON. */
export const traceLines = (text: string): string[] => text.split('\n').filter((line) => line !== '');

export function cardWork(lines: readonly string[]): CardWork {
  const byName: Record<string, number> = {};
  let [inCard, ofKeys, commands, signatures] = [0, 0, 0, 0];
  for (const line of lines) {
    const entry = JSON.parse(line) as TraceEntry;
    if (entry.event !== 'exchange') continue;
    const name = /^[A-Z-]+/.exec(entry.text)?.[0] ?? '';
    commands += 1;
    // The last link of its chain.
    if (entry.text === 'SIGN') signatures += 1;
    byName[name] = (byName[name] ?? 0) + 1;
    if (name === 'GENERATE') ofKeys += entry.milliseconds;
    else inCard += entry.milliseconds;
  }
  return {
    commands,
    secondsInCard: inCard / 1000,
    secondsOfKeyGeneration: ofKeys / 1000,
    signatures,
    byName,
  };
}
