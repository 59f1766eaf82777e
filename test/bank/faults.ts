import { z } from 'zod';

/**
 * Faults on demand: what the bank's next answer gets wrong, so that a client can be watched meeting it.
 *
 * `certificate-for-another-key`, `foreign-chain`, `broken-protection` and `foreign-nonce` are for CMP alone. All but
 * `http-500` happen *after* the request was carried out: the bank knows of it, only the answer is bad or lost.
 */
export const faultKind = z.enum([
  'none',
  /** A sound answer with a certificate for a key nobody asked about. */
  'certificate-for-another-key',
  /** A certificate for the right key from a stranger of the same name as the issuing CA. */
  'foreign-chain',
  /** Protection of the message does not fit. */
  'broken-protection',
  /** Answers a nonce that the client did not send. */
  'foreign-nonce',
  /** Bytes without sense, under the right content type. */
  'rubbish',
  /** Status 500; the request is not carried out. */
  'http-500',
  /** The request is carried out, then the connection is torn. */
  'drop-connection',
  /** The answer comes `seconds` late. */
  'slow',
]);
export type FaultKind = z.infer<typeof faultKind>;

export const faultOrder = z
  .object({
    next: faultKind,
    on: z.enum(['cmp', 'api']).default('cmp'),
    seconds: z.number().positive().max(3600).default(10),
    /** How many answers it spoils. */
    times: z.number().int().positive().default(1),
  })
  .refine(({ next, on }) => on === 'cmp' || next === 'none' || places[next] === 'http', {
    message: 'this fault exists for CMP answers only',
  });
export type FaultOrder = z.input<typeof faultOrder>;

type Place = 'certificate' | 'protection' | 'http';

/** Where in the making of an answer a fault strikes; one that strikes certificates waits until one is sent. */
const places: Readonly<Record<Exclude<FaultKind, 'none'>, Place>> = {
  'certificate-for-another-key': 'certificate',
  'foreign-chain': 'certificate',
  'broken-protection': 'protection',
  'foreign-nonce': 'protection',
  rubbish: 'http',
  'http-500': 'http',
  'drop-connection': 'http',
  slow: 'http',
};

interface Pending {
  readonly kind: Exclude<FaultKind, 'none'>;
  readonly seconds: number;
  readonly left: number;
}

export interface ActiveFault {
  readonly kind: Exclude<FaultKind, 'none'>;
  readonly seconds: number;
}

/** Faults ordered and not yet happened. They live in memory: a restarted bank is a healthy one. */
export class Faults {
  readonly #pending: { cmp: Pending | undefined; api: Pending | undefined } = {
    cmp: undefined,
    api: undefined,
  };

  order(input: FaultOrder): void {
    const { next, on, seconds, times } = faultOrder.parse(input);
    this.#pending[on] = next === 'none' ? undefined : { kind: next, seconds, left: times };
  }

  /** Takes the fault for an answer that is being made. */
  take(on: 'cmp' | 'api', place: Place): ActiveFault | undefined {
    const pending = this.#pending[on];
    if (!pending || places[pending.kind] !== place) return undefined;
    this.#pending[on] = pending.left > 1 ? { ...pending, left: pending.left - 1 } : undefined;
    return { kind: pending.kind, seconds: pending.seconds };
  }
}
