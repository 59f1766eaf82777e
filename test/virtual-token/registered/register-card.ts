import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { secretFromText, wipe } from '#shared/bytes.ts';
import { Kilt } from '#main/kilt.ts';
import { createVirtualReaders } from '#main/token/virtual-reader.ts';
import { eventually } from '#test/support/eventually.ts';

import type { VirtualCard } from '../card.ts';
import { VpcdClient } from '../vpcd-client.ts';
import type { OpenedBank } from './demo-bank.ts';

export interface RegistrationOrder {
  /** The user PIN that the card has. */
  readonly old: string;
  /** The one it gets; it must meet Kilt's rules. */
  readonly new: string;
  /** Name of the token; Kilt's own choice where absent. */
  readonly label: string | undefined;
  /** Kilt's data folder, which then knows the profile; absent: one that is forgotten afterwards. */
  readonly dataFolder?: string | undefined;
}

/**
 * Has Kilt itself register the card at the bank, as a customer would with its window: key file, ПИН, new password.
 *
 * @returns the customer's user ID
 * @throws Error when Kilt did not get to the end; its message has Kilt's failure code
 */
export async function registerCard(
  card: VirtualCard,
  { bank, now }: OpenedBank,
  order: RegistrationOrder,
): Promise<string> {
  const own = mkdtempSync(join(tmpdir(), 'kilt-registered-'));
  const folder = order.dataFolder ?? own;
  const readers = createVirtualReaders({ port: 0 });
  const kilt = new Kilt({ dataFolder: folder, access: readers, bankFile: bank.bankFile, now });
  await kilt.start();
  const reader = new VpcdClient({ port: readers.ports()[0] ?? 0 });
  try {
    await reader.insert(card);
    await eventually(() => kilt.tokensView().tokens.some(({ state }) => state === 'ready'), {
      what: 'a token that Kilt can read',
    });
    return await registerWith(kilt, bank, own, order);
  } finally {
    await reader.stop();
    await kilt.stop();
    rmSync(own, { recursive: true, force: true });
  }
}

async function registerWith(
  kilt: Kilt,
  bank: OpenedBank['bank'],
  folder: string,
  order: RegistrationOrder,
): Promise<string> {
  const [token] = kilt.tokensView().tokens;
  const [system] = kilt.banks.all();
  if (token === undefined || system === undefined) throw new Error('no token or no bank');
  const { userId, pin, keyFile, keyFilePassword } = await bank.admit();
  const keyFilePath = join(folder, 'Key.pfx');
  writeFileSync(keyFilePath, keyFile, { mode: 0o600 });
  const [oldPin, newPin] = [secretFromText(order.old), secretFromText(order.new)];
  try {
    await kilt.profiles.open(token.id, oldPin);
    const draft = await kilt.drafts.check(system, {
      userId,
      registrationPin: pin,
      keyFile: { path: keyFilePath, password: keyFilePassword },
    });
    const begun = kilt.register({ draftId: draft.id, tokenId: token.id, label: order.label ?? '', newPin });
    const { state, error } = await kilt.runner.ended(begun.journalId);
    if (state !== 'finished') throw new Error(`Kilt did not register the token: ${error?.code ?? state}`);
    return userId;
  } finally {
    for (const secret of [oldPin, newPin, pin, keyFilePassword]) wipe(secret);
  }
}
