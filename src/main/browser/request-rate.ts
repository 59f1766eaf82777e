/** How often one site may ask, and how often it may be refused, before it has to wait. */
export interface RateRules {
  /** Requests within {@link windowSeconds}. */
  readonly requests: number;
  readonly windowSeconds: number;
  /** Refusals by the user within the same time, after which the site waits: no window is to be clicked away for ever. */
  readonly refusals: number;
}

const usual: RateRules = { requests: 60, windowSeconds: 60, refusals: 4 };
/** Sites that are remembered at once: more than a person has open. */
const mostSites = 500;

interface Seen {
  requests: number[];
  refusals: number[];
}

/** Counts what each site asks. Sites do not take each other's room. */
export class RequestRate {
  readonly #rules: RateRules;
  readonly #now: () => Date;
  readonly #sites = new Map<string, Seen>();

  constructor(now: () => Date, rules: RateRules = usual) {
    this.#now = now;
    this.#rules = rules;
  }

  /**
   * Counts one more request.
   *
   * @returns seconds to wait before the next, or `undefined`: this one is in time
   */
  admit(site: string): number | undefined {
    const at = this.#now().getTime();
    const seen = this.#seen(site, at);
    const since = at - this.#rules.windowSeconds * 1000;
    seen.requests = seen.requests.filter((one) => one > since);
    seen.refusals = seen.refusals.filter((one) => one > since);
    const full =
      seen.requests.length >= this.#rules.requests
        ? seen.requests[0]
        : seen.refusals.length >= this.#rules.refusals
          ? seen.refusals[0]
          : undefined;
    if (full !== undefined) return Math.max(1, Math.ceil((full - since) / 1000));
    seen.requests.push(at);
    return undefined;
  }

  /** The user has said no to this site. */
  refused(site: string): void {
    const at = this.#now().getTime();
    this.#seen(site, at).refusals.push(at);
  }

  #seen(site: string, at: number): Seen {
    const known = this.#sites.get(site);
    if (known) return known;
    if (this.#sites.size >= mostSites) this.#forgetOld(at);
    const seen: Seen = { requests: [], refusals: [] };
    this.#sites.set(site, seen);
    return seen;
  }

  #forgetOld(at: number): void {
    const since = at - this.#rules.windowSeconds * 1000;
    for (const [site, { requests, refusals }] of this.#sites)
      if (![...requests, ...refusals].some((one) => one > since)) this.#sites.delete(site);
  }
}
