import { secretFromText } from '#shared/bytes.ts';
import type { BankSystem } from '#main/enrolment/bank-system.ts';
import { CardNationalKeys } from '#main/enrolment/national/card-national-keys.ts';
import { NationalKeys } from '#main/enrolment/national/national-keys.ts';
import { certificateToPem } from '#main/pki/x509.ts';
import { PinCustody } from '#main/token/pin-custody.ts';
import { Pkcs15TokenSession } from '#main/token/pkcs15-token-session.ts';
import type { KnownToken, TokenWatch } from '#main/token/token-watch.ts';
import { cardOnTransport } from '#test/support/card-on-transport.ts';
import { rsaKeyFromStock } from '#test/support/rsa-key-stock.ts';
import type { VirtualCard } from '#test/virtual-token/card.ts';
import type { CardOrder } from '#test/virtual-token/card-order.ts';
import { openNationalAuthority } from '#test/virtual-token/national/authority.ts';
import { newCard } from '#test/virtual-token/new-card.ts';
import { demoBank } from '../workshop.ts';

/** A bank that takes the signatures of the demo national authority in this folder. */
export async function nationalBank(
  folder: string,
  owner: 'person' | 'organisation' | 'any' = 'any',
): Promise<BankSystem> {
  const authority = await openNationalAuthority(folder, new Date());
  const anchors = [...authority.chain('RSA'), ...authority.chain('GOST')].map(certificateToPem);
  return { ...demoBank, authentication: 'national-signature', national: { anchors, owner } };
}

/** A virtual token with national keys, as the services know it. */
export interface NationalToken {
  readonly card: VirtualCard;
  readonly token: KnownToken;
  readonly keys: NationalKeys;
}

export async function nationalToken(order: Omit<CardOrder, 'profile'>): Promise<NationalToken> {
  const { card } = await newCard({ ...order, profile: 'national' }, { rsaKeySource: rsaKeyFromStock });
  const open = () => Pkcs15TokenSession.open(cardOnTransport(card));
  const reading = await open();
  const [info, objects] = [await reading.info(), await reading.objects()];
  const token: KnownToken = { id: 't1', reader: 'Reader 0', state: 'ready', info, objects };
  const tokens: TokenWatch = {
    start: () => Promise.resolve(),
    stop: () => Promise.resolve(),
    presence: () => 'ready',
    tokens: () => [token],
    onChange: () => () => undefined,
    withSession: async (_, work) => {
      const session = await open();
      try {
        return await work(session);
      } finally {
        await session.end();
      }
    },
  };
  const pins = new PinCustody();
  pins.keep('t1', 'user', secretFromText('12345678'));
  return { card, token, keys: new NationalKeys([new CardNationalKeys({ tokens, pins })]) };
}
