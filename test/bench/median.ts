/** The middle one, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  if (low === undefined || high === undefined) throw new Error('no values');
  return (low + high) / 2;
}

/** What was measured again and again on both sides in turn. Each ratio is that of two neighbours in time. */
export interface Comparison {
  readonly kilt: readonly number[];
  readonly other: readonly number[];
  readonly kiltMedian: number;
  readonly otherMedian: number;
  readonly ratio: number;
}

/**
 * Measures pairs until there are enough or the time is over; a busy machine gets fewer of them, but one at least.
 *
 * @param until as `performance.now()` tells it
 */
export async function takePairs<Pair>(
  enough: number,
  until: number,
  measure: (pair: number) => Promise<Pair>,
): Promise<Pair[]> {
  const pairs: Pair[] = [];
  do pairs.push(await measure(pairs.length));
  while (pairs.length < enough && performance.now() < until);
  return pairs;
}

/** @param pairs Kilt's value and the other's, in any unit */
export function compare(pairs: readonly (readonly [kilt: number, other: number])[]): Comparison {
  const kilt = pairs.map(([value]) => rounded(value));
  const other = pairs.map(([, value]) => rounded(value));
  return {
    kilt,
    other,
    kiltMedian: rounded(median(kilt)),
    otherMedian: rounded(median(other)),
    ratio: rounded(median(pairs.map(([one, two]) => one / two))),
  };
}

const rounded = (value: number): number => Math.round(value * 1000) / 1000;
