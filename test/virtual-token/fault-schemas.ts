import { z } from 'zod';

import { commandNames } from './apdu-names.ts';

/**
 * When a fault strikes: at the `nth` command from now that has this name, or of any name, and at as many more of them
 * as `times` says. Without a name and `always` it strikes at every exchange.
 */
const trigger = {
  command: z.enum(commandNames).optional(),
  nth: z.int().min(1).max(1_000_000).default(1),
  times: z.union([z.int().min(1).max(1_000_000), z.literal('always')]).default(1),
};

/** This status word and no data; `instead` of carrying the command out, or `after` it took effect. */
const answerFault = z.strictObject({
  do: z.literal('answer'),
  statusWord: z.string().regex(/^[0-9a-f]{4}$/i, 'four hexadecimal digits'),
  when: z.enum(['instead', 'after']).default('instead'),
  ...trigger,
});

/** The answer comes later. */
const delayFault = z.strictObject({
  do: z.literal('delay'),
  milliseconds: z.int().min(0).max(3_600_000),
  ...trigger,
});

/** The command takes effect; its answer is random bytes, or only its first byte. */
const garbleFault = z.strictObject({
  do: z.literal('garble'),
  how: z.enum(['garbage', 'short']),
  ...trigger,
});

/** Commands that write bytes into memory, which a power cut can tear. */
export const tearableCommands = ['UPDATE', 'CREATE', 'CHANGE-PIN', 'WRITE-KEY'] as const;

/**
 * The power fails in the middle of a write: only its first bytes reach the memory (torn-write.ts), its answer is lost,
 * and so is who was logged in. Then the card `leaves` the reader, or `stays` and answers `6F00`.
 */
const tearFault = z.strictObject({
  do: z.literal('tear'),
  ...trigger,
  /** Any write when absent. Of a chain, only its last command counts: before it nothing is written. */
  command: z.enum(tearableCommands).optional(),
  bytes: z.union([z.int().min(0).max(0x8000), z.literal('half')]).default('half'),
  then: z.enum(['leaves', 'stays']).default('leaves'),
});

const seconds = z.number().min(0).max(3600);

const removal = {
  do: z.literal('remove'),
  /** Seconds after which the card is put back by itself; it stays out when absent. */
  backAfter: seconds.optional(),
  ...trigger,
};

/** The card leaves the reader; `before`: the command has no effect, `after`: it has, but its answer is lost. */
const removeFault = z.strictObject({ ...removal, when: z.enum(['before', 'after']) });

/** Out of the reader at once, or as {@link removeFault}. */
export const removeRequest = z.strictObject({
  ...removal,
  when: z.enum(['now', 'before', 'after']).default('now'),
});

/** Faults that control lines name as they are armed; a removal may also be asked for at once. */
export const namedFaults = [answerFault, delayFault, garbleFault, tearFault] as const;

/** Faults that wait for a command. */
export const armedFault = z.discriminatedUnion('do', [removeFault, ...namedFaults]);

export type FaultOrder = z.input<typeof armedFault>;
export type Fault = z.output<typeof armedFault>;
/** A fault that waits: `nth` and `times` are what is left of them. */
export type WaitingFault = Fault & { readonly id: number };
