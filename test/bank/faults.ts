import { z } from 'zod';

/**
 * Faults on demand: what the bank's next answer gets wrong, so that a client can be watched meeting it.
 *
 * `certificate-for-another-key`, `certificate-for-another-holder`, `foreign-chain`, `broken-protection` and
 * `foreign-nonce` are for CMP alone, `stale` is for revocation alone. All but `http-500` happen *after* the request was carried out: the bank knows of it, only the answer is bad or lost.
 */
export const faultKind = z.enum([
  'none',
  /** A sound answer with a certificate for a key nobody asked about. */
  'certificate-for-another-key',
  /** A certificate for the right key, with the user ID of somebody else. */
  'certificate-for-another-holder',
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
  /** A list or an OCSP answer of yesterday, whose nextUpdate has passed. */
  'stale',
]);
export type FaultKind = z.infer<typeof faultKind>;

export const faultOrder = z
  .object({
    next: faultKind,
    on: z.enum(['cmp', 'api', 'revocation']).default('cmp'),
    seconds: z.number().positive().max(3600).default(10),
    /** How many answers it spoils. */
    times: z.number().int().positive().default(1),
  })
  .refine(({ next, on }) => next === 'none' || placesOf[on].includes(places[next]), {
    message: 'this fault does not exist on this side',
  });
export type FaultOrder = z.input<typeof faultOrder>;

export type FaultSide = 'cmp' | 'api' | 'revocation';
type Place = 'certificate' | 'protection' | 'http' | 'dates';

const placesOf: Readonly<Record<FaultSide, readonly Place[]>> = {
  cmp: ['certificate', 'protection', 'http'],
  api: ['http'],
  revocation: ['http', 'dates'],
};

/** Where in the making of an answer a fault strikes; one that strikes certificates waits until one is sent. */
const places: Readonly<Record<Exclude<FaultKind, 'none'>, Place>> = {
  'certificate-for-another-key': 'certificate',
  'certificate-for-another-holder': 'certificate',
  'foreign-chain': 'certificate',
  'broken-protection': 'protection',
  'foreign-nonce': 'protection',
  rubbish: 'http',
  'http-500': 'http',
  'drop-connection': 'http',
  slow: 'http',
  stale: 'dates',
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
  readonly #pending = new Map<FaultSide, Pending>();

  order(input: FaultOrder): void {
    const { next, on, seconds, times } = faultOrder.parse(input);
    if (next === 'none') this.#pending.delete(on);
    else this.#pending.set(on, { kind: next, seconds, left: times });
  }

  /** Takes the fault for an answer that is being made. */
  take(on: FaultSide, place: Place): ActiveFault | undefined {
    const pending = this.#pending.get(on);
    if (!pending || places[pending.kind] !== place) return undefined;
    if (pending.left > 1) this.#pending.set(on, { ...pending, left: pending.left - 1 });
    else this.#pending.delete(on);
    return { kind: pending.kind, seconds: pending.seconds };
  }
}
