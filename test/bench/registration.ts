import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startBank } from '#test/bank/start-bank.ts';
import { registerWithKilt, type KiltRun } from './kilt-registration.ts';
import { compare, median, takePairs, type Comparison } from './median.ts';
import { registerWithOpensc, type OpenscRun } from './opensc-registration.ts';

/**
 * A whole registration against OpenSC doing the same card work, in turn, on fresh virtual tokens in the reader of this
 * PC/SC world. Writes one line of JSON.
 */
export interface RegistrationResult {
  readonly commands: Comparison;
  /** Seconds without key generation: Kilt's with CA and bank, OpenSC's with the starts of its programs. */
  readonly whole: Comparison;
  /** Seconds for which either had to do with the card, without key generation. */
  readonly withCard: Comparison;
  /** Seconds inside the card program, without key generation. */
  readonly inCard: Comparison;
  /** Seconds of key generation: chance. */
  readonly keyGeneration: Comparison;
  readonly signatures: number;
  readonly programs: number;
  readonly commandNames: { readonly kilt: object; readonly other: object };
}

const PAIRS = 5;
/** When this time is over, no other pair is begun. */
const SECONDS = 80;

const folder = mkdtempSync(path.join(tmpdir(), 'kilt-bench-bank-'));
// What OpenSC keeps of a card it has seen, it keeps here, and begins with nothing.
process.env['XDG_CACHE_HOME'] = path.join(folder, 'cache');
const bank = await startBank({ dataDir: path.join(folder, 'bank'), checkAfterSeconds: 1 });
try {
  const until = performance.now() + SECONDS * 1000;
  const pair = async (): Promise<readonly [KiltRun, OpenscRun]> => {
    const kilt = await registerWithKilt(bank);
    return [kilt, await registerWithOpensc(kilt.work)];
  };
  // Warms both up.
  await pair();
  const runs = await takePairs(PAIRS, until, pair);
  console.log(JSON.stringify(resultOf(runs)));
} finally {
  await bank.stop();
  rmSync(folder, { recursive: true, force: true });
}

function resultOf(runs: readonly (readonly [KiltRun, OpenscRun])[]): RegistrationResult {
  const compared = (kilt: (run: KiltRun) => number, opensc: (run: OpenscRun) => number) =>
    compare(runs.map(([one, other]) => [kilt(one), opensc(other)]));
  const keys = ({ card }: { card: KiltRun['card'] }): number => card.secondsOfKeyGeneration;
  const [last] = runs.slice(-1);
  return {
    commands: compared(
      ({ card }) => card.commands,
      ({ card }) => card.commands,
    ),
    whole: compared(
      (run) => run.seconds - keys(run),
      (run) => run.seconds - keys(run),
    ),
    withCard: compared(
      (run) => run.secondsWithCard - keys(run),
      (run) => run.seconds - keys(run),
    ),
    inCard: compared(
      ({ card }) => card.secondsInCard,
      ({ card }) => card.secondsInCard,
    ),
    keyGeneration: compared(keys, keys),
    signatures: median(runs.map(([{ work }]) => work.signatures)),
    programs: median(runs.map(([, { programs }]) => programs)),
    commandNames: { kilt: last?.[0].card.byName ?? {}, other: last?.[1].card.byName ?? {} },
  };
}
