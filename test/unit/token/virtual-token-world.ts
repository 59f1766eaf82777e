import { asSecret, secretFromText, type SecretBytes } from '#shared/bytes.ts';
import { ApduTrace } from '#main/token/apdu-trace.ts';
import { Pkcs15TokenSession } from '#main/token/pkcs15-token-session.ts';
import { cardOnTransport, type CardOnTransport } from '#test/support/card-on-transport.ts';
import { rsaKeyFromStock } from '#test/support/rsa-key-stock.ts';
import { VirtualCard } from '#test/virtual-token/card.ts';
import type { CardState } from '#test/virtual-token/card-state.ts';
import type { VirtualCardOptions } from '#test/virtual-token/profiles.ts';

export const userPin = '12345678';
export const administratorPin = '87654321';
export const pin = (text: string): SecretBytes => secretFromText(text);

export interface Insertion {
  readonly card: VirtualCard;
  readonly transport: CardOnTransport;
  readonly session: Pkcs15TokenSession;
  readonly trace: ApduTrace;
}

/** A card as the vendor delivers it, unless the options say otherwise. */
export const newCard = (options: Partial<VirtualCardOptions> = {}): VirtualCard =>
  VirtualCard.create(
    { profile: 'default-pins', serial: '47738461', ...options },
    { rsaKeySource: rsaKeyFromStock },
  );

export const cardFrom = (state: CardState): VirtualCard =>
  VirtualCard.restore(structuredClone(state), { rsaKeySource: rsaKeyFromStock });

/** Puts a card in: power, no login, a new session. */
export async function insert(card: VirtualCard, options: { removeAfter?: number } = {}): Promise<Insertion> {
  const transport = cardOnTransport(card, options);
  const trace = new ApduTrace(10_000);
  const session = await Pkcs15TokenSession.open(transport, { trace });
  return { card, transport, session, trace };
}

/** The same, with the user logged in. */
export async function insertAsUser(
  card: VirtualCard,
  options: { removeAfter?: number } = {},
): Promise<Insertion> {
  const insertion = await insert(card, options);
  await insertion.session.login('user', asSecret(pin(userPin)));
  return insertion;
}

/** Path and size of every file on the card, in the order of paths. */
export function filesOn(card: VirtualCard): string[] {
  type File = NonNullable<CardState['root']>['children'][number];
  const list = (file: File, path: string): string[] => {
    const here = `${path}/${file.id.toString(16).padStart(4, '0')}`;
    if (file.type === 'folder') return [here, ...file.children.flatMap((child) => list(child, here))];
    const size = file.type === 'data' ? Buffer.from(file.content, 'base64').length : '';
    return [`${here} ${file.type} ${String(size)}`];
  };
  const { root } = card.snapshot();
  return root === null ? [] : list(root, '').sort();
}

/** A self-made certificate is not needed here: any DER value of this length. */
export function derOf(length: number, fill: number): Uint8Array {
  const der = new Uint8Array(length).fill(fill);
  der.set([0x30, 0x82, (length - 4) >> 8, (length - 4) & 0xff]);
  return der;
}
