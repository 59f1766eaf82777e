import { type CardRuntime, VirtualCard } from './card.ts';
import { type CardOrder, isPrepared, type PreparedOrder, registeredUserPin } from './card-order.ts';
import { type VirtualCardOptions, vendorUserPin } from './profiles.ts';

const USUAL_LIFETIME_DAYS = 365;
/** Certificates of `expiring` end in so many days where it is not told otherwise. */
const SOON_DAYS = 10;

export interface NewCard {
  readonly card: VirtualCard;
  /** Lines for the tester: whose certificates these are. */
  readonly notes: readonly string[];
}

/**
 * A new card of any profile. Plain profiles are there at once.
 *
 * @throws Error (zod, BankError) when the order makes no sense or the bank can not be opened
 */
export async function newCard(order: CardOrder, runtime: CardRuntime = {}): Promise<NewCard> {
  if (!isPrepared(order)) return { card: VirtualCard.create(plainOptions(order), runtime), notes: [] };
  return order.profile === 'national'
    ? await nationalCard(order, runtime)
    : await registeredCard(order, runtime);
}

/** The part that plain profiles know. @throws ZodError (of `create`) when the profile is a prepared one */
export function plainOptions(order: CardOrder): VirtualCardOptions {
  const {
    bankData: _bank,
    authorityData: _authority,
    nationalOwner: _owner,
    expiresInDays: _days,
    ...options
  } = order;
  return options as VirtualCardOptions;
}

async function nationalCard(order: PreparedOrder, runtime: CardRuntime): Promise<NewCard> {
  const { fillWithNationalKeys } = await import('./national/national-profile.ts');
  const card = VirtualCard.create({ ...plainOptions(order), profile: 'formatted' }, runtime);
  card.powerOn();
  await fillWithNationalKeys(card, {
    userPin: order.userPin ?? vendorUserPin,
    authorityFolder: order.authorityData,
    lifetimeDays: order.expiresInDays ?? USUAL_LIFETIME_DAYS,
    owner: order.nationalOwner,
  });
  card.powerOff();
  const authority =
    order.authorityData === undefined
      ? 'a demo national authority that is forgotten now'
      : `the demo national authority in ${order.authorityData}`;
  return { card, notes: [`certificates of ${authority}`] };
}

async function registeredCard(order: PreparedOrder, runtime: CardRuntime): Promise<NewCard> {
  const { openDemoBank } = await import('./registered/demo-bank.ts');
  const { registerCard } = await import('./registered/register-card.ts');
  const { bankData, expiresInDays = order.profile === 'expiring' ? SOON_DAYS : undefined } = order;
  const card = VirtualCard.create(
    { ...plainOptions(order), profile: 'default-pins', userPin: vendorUserPin },
    runtime,
  );
  const opened = await openDemoBank({ folder: bankData, certificatesEndIn: expiresInDays });
  try {
    const pins = { old: vendorUserPin, new: order.userPin ?? registeredUserPin };
    const userId = await registerCard(card, opened, { ...pins, label: order.label });
    const bank =
      bankData === undefined ? 'a demo bank that is forgotten now' : `the demo bank in ${bankData}`;
    return { card, notes: [`registered as ${userId} at ${bank}`] };
  } finally {
    await opened.stop();
  }
}
