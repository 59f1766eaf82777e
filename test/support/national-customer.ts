import { secretFromText, type SecretBytes } from '#shared/bytes.ts';
import type { NationalSignatureView, RegistrationView } from '#shared/views.ts';
import { rsaKeyFromStock } from '#test/support/rsa-key-stock.ts';
import type { NationalAdmission } from '#test/bank/admission.ts';
import type { CardOrder } from '#test/virtual-token/card-order.ts';
import { FaultyCard } from '#test/virtual-token/faults.ts';
import { nationalOwnerIin } from '#test/virtual-token/national/national-profile.ts';
import { newCard } from '#test/virtual-token/new-card.ts';
import { chosenPassword, factoryPin, type InsertedToken, type World } from './world.ts';
import { WatchedCard } from './watched-card.ts';

/** A token as the national authority's service centre hands it out. */
export async function nationalCard(
  authorityData: string,
  order: Omit<CardOrder, 'profile'> = {},
): Promise<InsertedToken> {
  const { card } = await newCard(
    { ...order, profile: 'national', authorityData },
    { rsaKeySource: rsaKeyFromStock },
  );
  const watched = new WatchedCard(card);
  return { watched, faults: new FaultyCard(watched) };
}

/** Admitted in the bank as the one whose signature is on {@link nationalCard}. */
export const admitOwner = (world: World, order: { hold?: boolean; iin?: string } = {}): NationalAdmission =>
  world.bank.admitNational({ iin: nationalOwnerIin, ...order });

/** The signature on the only token whose key is of this kind. */
export function signatureOn(world: World, algorithm: 'rsa' | 'gost' = 'rsa'): NationalSignatureView {
  const found = world.token().national?.find((one) => one.algorithm === algorithm);
  if (!found) throw new Error(`no ${algorithm} signature is on the token`);
  return found;
}

/** The wizard without its window, for a NUC signature; waits for the end of the run. */
export async function registerWithNational(
  world: World,
  customer: { readonly userId: string; readonly pin: SecretBytes },
  options: { readonly serialNumber?: string; readonly pin?: SecretBytes } = {},
): Promise<RegistrationView> {
  const { journalId } = await beginWithNational(world, customer, options);
  return world.kilt.runner.ended(journalId);
}

export async function beginWithNational(
  world: World,
  customer: { readonly userId: string; readonly pin: SecretBytes },
  options: { readonly serialNumber?: string; readonly pin?: SecretBytes } = {},
): Promise<RegistrationView> {
  const { kilt } = world;
  const tokenId = world.token().id;
  await kilt.profiles.open(tokenId, secretFromText(factoryPin));
  const [bank] = kilt.banks.all();
  const token = kilt.tokens.tokens().find(({ id }) => id === tokenId);
  if (!bank || !token) throw new Error('no bank or no token');
  const draft = await kilt.drafts.check(bank, {
    userId: customer.userId,
    registrationPin: Uint8Array.from(options.pin ?? customer.pin) as SecretBytes,
    national: { token, serialNumber: options.serialNumber },
  });
  return kilt.register({ draftId: draft.id, tokenId, label: '', newPin: secretFromText(chosenPassword) });
}
