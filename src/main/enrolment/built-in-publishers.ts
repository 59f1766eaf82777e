import publishers from '#assets/banks/publishers.json' with { type: 'json' };
import { z } from 'zod';
import { readFingerprint } from '#shared/fingerprint.ts';
import { fingerprint } from './bank-members.ts';

/** Keys by which a bank's file may be signed when a computer first sees it, by the bank's id; lower-case hexadecimal. */
export type BuiltInPublishers = ReadonlyMap<string, readonly string[]>;

const entries = z.array(z.strictObject({ bank: z.string(), keys: z.array(fingerprint).min(1) }));

/** The list in `assets/banks/publishers.json`, which is part of the program. */
export const builtInPublishers = (): BuiltInPublishers =>
  new Map(
    entries.parse(publishers).map(({ bank, keys }) => [bank, keys.map((key) => readFingerprint(key) ?? key)]),
  );
