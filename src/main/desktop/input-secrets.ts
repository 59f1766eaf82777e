import { wipe } from '#shared/bytes.ts';

/** More than the largest call of the contract needs (an address list, three secrets) and far from what hurts. */
const largestInput = 64 * 1024;
const mostValues = 500;

/**
 * Whether a call's input is small enough to be looked at: bytes and characters together, and the number of values.
 * It comes before the schema, whose own limits are only reached value by value.
 */
export function isReasonablySmall(input: unknown): boolean {
  let size = 0;
  let values = 0;
  for (const value of valuesOf(input)) {
    values += 1;
    if (typeof value === 'string') size += value.length;
    else if (ArrayBuffer.isView(value)) size += value.buffer.byteLength;
    else if (value instanceof ArrayBuffer) size += value.byteLength;
    if (size > largestInput || values > mostValues) return false;
  }
  return true;
}

/**
 * Overwrites every byte array in a call's input, at any depth.
 *
 * The buffers were made for this one message when it was received, so nothing else can be in them.
 */
export function wipeInput(input: unknown): void {
  for (const value of valuesOf(input)) {
    if (ArrayBuffer.isView(value)) wipe(new Uint8Array(value.buffer));
    else if (value instanceof ArrayBuffer) wipe(new Uint8Array(value));
  }
}

/** The value itself and everything in it, each object once. What structured clone can carry is covered. */
function* valuesOf(input: unknown): Generator {
  const seen = new Set<object>();
  const waiting: unknown[] = [input];
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (typeof value === 'object' && value !== null) {
      if (seen.has(value)) continue;
      seen.add(value);
    }
    yield value;
    if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) continue;
    if (value instanceof Map) for (const pair of value) waiting.push(...pair);
    else if (value instanceof Set) waiting.push(...value);
    else for (const key of Object.keys(value)) waiting.push((value as Record<string, unknown>)[key]);
  }
}
