import { setImmediate as nextTurn } from 'node:timers/promises';

/**
 * Does a step many times, and lets the event loop turn after every slice of them: windows are drawn and tokens answered
 * while a key is derived.
 *
 * @param slice steps at a stretch. A few milliseconds' worth, so that ten times slower computers stay below 50
 */
export async function inSlices(steps: number, slice: number, step: () => void): Promise<void> {
  for (let done = 0; done < steps; done++) {
    if (done > 0 && done % slice === 0) await nextTurn();
    step();
  }
}
