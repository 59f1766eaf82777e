import { errorViewOf } from '#shared/error-view.ts';
import { isKiltError, type ErrorId } from '#shared/errors.ts';
import type { CmpOutcome, CmpProtection } from '#main/pki/cmp/client.ts';
import type { EnrolmentFacts } from '#main/store/enrolment-facts.ts';
import type { EnrolmentContext } from './enrolment-context.ts';
import { refuseRevoked } from './refuse-revoked.ts';
import { waitUntil } from './wait-until.ts';

/** «Принят банком»: the CA has taken a request and names the time to come back (RFC 9483 §4.4). */

export type Issued = Extract<CmpOutcome, { status: 'issued' }>;

/** The CA was not reached, or not in order: that passes, and nothing is lost by asking again later. */
const passing: readonly ErrorId[] = [
  'network-unreachable',
  'network-timeout',
  'tls-untrusted',
  'server-failed',
];

/** Seconds between attempts to reach a CA that can not be reached, at most. */
const longestPause = 15 * 60;

/** Facts of a wait, as they read when there is none. */
export const notWaiting = {
  waitingUntil: undefined,
  waitingSeconds: undefined,
  waitingTrouble: undefined,
} as const;

/**
 * Asks again whenever the CA said to, until it has decided. What it issues is looked at before anything is done with it.
 *
 * @param onStillWaiting called when the CA has named a time to come back, before that time is waited for
 * @throws KiltError also as {@link refuseRevoked}
 */
export async function waitForIssue(
  context: EnrolmentContext,
  first: CmpOutcome,
  protection: CmpProtection,
  fact: 'signatureTransaction' | 'signInTransaction',
  onStillWaiting: (transaction: unknown) => Promise<void> = () => Promise.resolve(),
): Promise<Issued> {
  let outcome = first;
  while (outcome.status === 'waiting') {
    const { state, checkAfter } = outcome;
    context.learn({ [fact]: state, ...pauseOf(context, checkAfter), waitingTrouble: undefined });
    // Right after the request nothing is known of how long it takes: an answer may be there at once.
    if (checkAfter > 0) await onStillWaiting(state);
    outcome = await pollWhenDue(context, state, protection);
  }
  await refuseRevoked(context, outcome, protection);
  return outcome;
}

/** Waits for the time that the journal knows, and asks. */
export async function pollWhenDue(
  context: EnrolmentContext,
  transaction: unknown,
  protection: CmpProtection,
): Promise<CmpOutcome> {
  for (;;) {
    await waitUntilDue(context);
    try {
      return await context.cmp.poll(transaction, protection);
    } catch (error) {
      if (!isKiltError(error) || !passing.includes(error.id)) throw error;
      const pause = Math.min(Math.max(2 * (context.facts.waitingSeconds ?? 0), 1), longestPause);
      context.learn({ ...pauseOf(context, pause), waitingTrouble: errorViewOf(error) });
    }
  }
}

const pauseOf = (context: EnrolmentContext, seconds: number): Partial<EnrolmentFacts> => ({
  waitingUntil: new Date(context.services.now().getTime() + seconds * 1000).toISOString(),
  waitingSeconds: seconds,
});

/** A clock that was set back since then does not make the wait longer than the CA has asked for. */
async function waitUntilDue({ facts, services, signal, waking }: EnrolmentContext): Promise<void> {
  if (facts.waitingUntil === undefined) return;
  const latest = services.now().getTime() + (facts.waitingSeconds ?? 0) * 1000;
  const due = Math.min(Date.parse(facts.waitingUntil), latest);
  try {
    await waitUntil(new Date(due), services.now, AbortSignal.any([signal, waking]));
  } catch (error) {
    if (signal.aborted || !waking.aborted) throw error;
  }
}
