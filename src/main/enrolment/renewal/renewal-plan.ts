import { errorViewOf } from '#shared/error-view.ts';
import { KiltError } from '#shared/errors.ts';
import type { KeySetView, RenewalPlan } from '#shared/renewal-views.ts';
import { isProfileOf } from '#shared/views.ts';
import type { KnownKeySet } from '#main/store/known-key-sets.ts';
import type { KnownToken } from '#main/token/token-watch.ts';
import { parseCertificate } from '#main/pki/x509.ts';
import type { BankSystem } from '../bank-system.ts';
import { fromBase64 } from '../enrolment-context.ts';
import { readProfiles } from '../profile-record.ts';
import { roomForNewKeys } from './renewal-room.ts';

/**
 * How the CA is shown that the user may: the old signature key signs, as long as its certificate is valid and not revoked;
 * else user ID and a new ПИН, where the bank takes that.
 */
export function authenticationFor({ signatureCertificate, standing }: KnownKeySet, now: Date) {
  const { notBefore, notAfter } = parseCertificate(fromBase64(signatureCertificate));
  const authenticates = standing === undefined && notBefore <= now && now <= notAfter;
  return authenticates ? ('old-key' as const) : ('id-and-pin' as const);
}

const dayMs = 24 * 60 * 60 * 1000;

/** What will happen, and all that is against it. Nothing is changed and nobody is asked. */
export function renewalPlan(facts: {
  readonly keySet: KnownKeySet;
  readonly view: KeySetView;
  readonly bank: BankSystem;
  readonly token: KnownToken | undefined;
  readonly isBusy: boolean;
  readonly now: Date;
}): RenewalPlan {
  const { keySet, view, bank, token, now } = facts;
  const authentication = authenticationFor(keySet, now);
  const needed = roomForNewKeys(bank.keys.bits);
  const free = token?.info?.freeMemory ?? null;
  const days = bank.renewal?.decisionDays;
  return {
    keySetId: view.id,
    authentication,
    obstacles: obstaclesOf(facts, authentication, needed, free).map(errorViewOf),
    ...(free === null ? {} : { room: { needed, free } }),
    ...(days === undefined ? {} : { expectedAt: new Date(now.getTime() + days * dayMs).toISOString() }),
  };
}

function* found(conditions: readonly (readonly [boolean, () => KiltError])[]): Generator<KiltError> {
  for (const [holds, error] of conditions) if (holds) yield error();
}

function obstaclesOf(
  { keySet, view, bank, token, isBusy }: Parameters<typeof renewalPlan>[0],
  authentication: RenewalPlan['authentication'],
  needed: number,
  free: number | null,
): readonly KiltError[] {
  const profiles = token?.objects && readProfiles(token.objects);
  const record = profiles?.records.find((one) => isProfileOf(one, keySet));
  const isDamaged = profiles?.damaged === true && record === undefined;
  const holdsOldKey =
    !record || !token?.objects || token.objects.keys.some(({ id }) => id === record.signatureKeyId);
  const open = view.renewal;
  const isClosed = open === undefined || !open.needs.tokenPin;
  return [
    ...found([
      [
        authentication === 'id-and-pin' && bank.renewal?.expired !== 'id-and-pin',
        () => new KiltError('renewal-not-offered'),
      ],
      [!token, () => new KiltError('token-removed')],
      [token?.info?.userPin.blocked === true, () => new KiltError('pin-blocked', { role: 'user' })],
      [isDamaged, () => new KiltError('renewal-record-damaged')],
      [profiles !== undefined && !isDamaged && record === undefined, () => new KiltError('token-swapped')],
      [authentication === 'old-key' && !holdsOldKey, () => new KiltError('key-not-found', { step: 'sign' })],
      [isBusy, () => new KiltError('operation-busy')],
      [!isClosed, () => new KiltError('renewal-unfinished', { startedAt: open?.startedAt ?? '' })],
      [isClosed && free !== null && free < needed, () => new KiltError('renewal-no-room')],
    ]),
  ];
}
