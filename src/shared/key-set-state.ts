import type { KeySetView, RenewalView } from './renewal-views.ts';

/**
 * What a key set lets one do now.
 *
 * `request`: «Новый» · `send`: the request was begun and has not reached the bank, «Отправить» · `watch`: it is under way
 * or the bank decides · `take`: «Получить сертификат» · `read-refusal`: the bank's reason.
 */
export type KeySetAction = 'request' | 'send' | 'watch' | 'take' | 'read-refusal';

/** The regeneration that is not over: nothing more is asked for one of which nothing is left on the token. */
export function openRenewal({ renewal }: KeySetView): RenewalView | undefined {
  const isOpen = renewal?.state === 'running' || renewal?.state === 'interrupted';
  return isOpen && renewal.needs.tokenPin ? renewal : undefined;
}

export function actionOf(set: KeySetView): KeySetAction {
  if (set.status === 'refused' && set.renewal !== undefined) return 'read-refusal';
  const renewal = openRenewal(set);
  if (renewal === undefined) return 'request';
  const isBanks = set.status === 'accepted' || renewal.waitingUntil !== undefined;
  if ((isBanks || renewal.state === 'running') && !renewal.readyToTake) return 'watch';
  return isIssued(set) ? 'take' : 'send';
}

/** The command that comes next: absent while nothing is due, or only the bank can go on. */
export type RenewCommand = 'start' | 'continue' | 'close';

/** What `kilt renew` is to do next for a key set. */
export function nextCommand(set: KeySetView): RenewCommand | undefined {
  switch (actionOf(set)) {
    case 'request':
      return set.status === 'in-use' ? undefined : 'start';
    case 'send':
    case 'take':
      return 'continue';
    case 'read-refusal':
      // While the refused keys are on the token, they are taken off first, which needs its password.
      return set.renewal?.needs.tokenPin === true ? 'continue' : 'close';
    case 'watch':
      return undefined;
  }
}

/** Whether the keys are past their end. Asked of a clock, not of `daysLeft`: the last day goes on after the end. */
export function haveEnded(set: KeySetView, now: Date): boolean {
  const until = timeOfUse(set)?.until;
  return until !== undefined && until <= now;
}

/** Whether the CA has made the new certificate: what follows is taking it, not asking for it. */
export const isIssued = ({ status, renewal }: KeySetView): boolean =>
  status === 'new-certificate' ||
  renewal?.readyToTake === true ||
  renewal?.done.includes('new-signature-certificate-received') === true;

/** Whether the bank has the request and decides. */
export const isWithBank = ({ status, renewal }: KeySetView): boolean =>
  renewal?.waitingUntil !== undefined || (status === 'accepted' && renewal?.state === 'interrupted');

/** Where the focus of attention is: who needs something first, then what was met first. */
export const mostUrgent = (sets: readonly KeySetView[]): KeySetView | undefined =>
  sets.find(({ status }) => status !== 'in-use' && status !== 'accepted') ??
  sets.find(({ status }) => status === 'accepted') ??
  sets[0];

/** What stays the same of a key set while its keys are replaced. */
export type KeySetName = Pick<KeySetView, 'tokenSerial' | 'bankId' | 'userId'>;

export const findKeySet = (
  sets: readonly KeySetView[] | undefined,
  { tokenSerial, bankId, userId }: KeySetName,
): KeySetView | undefined =>
  sets?.find((one) => one.tokenSerial === tokenSerial && one.bankId === bankId && one.userId === userId);

/** The beginning and the end of what all certificates of a set cover: with the first that ends the set ends. */
export function timeOfUse({ certificates }: KeySetView): { from: Date; until: Date } | undefined {
  const own = certificates.filter(({ purpose }) => purpose !== 'other');
  const [first, ...others] = own.length > 0 ? own : certificates;
  if (first === undefined) return undefined;
  const latest = others.reduce(
    (from, { notBefore }) => (notBefore > from ? notBefore : from),
    first.notBefore,
  );
  const earliest = others.reduce(
    (until, { notAfter }) => (notAfter < until ? notAfter : until),
    first.notAfter,
  );
  return { from: new Date(latest), until: new Date(earliest) };
}
