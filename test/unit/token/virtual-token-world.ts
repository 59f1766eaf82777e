import type { KeyObject } from 'node:crypto';
import { asSecret, secretFromText, toHex, type SecretBytes } from '#shared/bytes.ts';
import { isKiltError } from '#shared/errors.ts';
import { ApduTrace } from '#main/token/apdu-trace.ts';
import type { FormatProgress, NewTokenLayout, RsaPrivateKeyParts } from '#main/token/token-session.ts';
import { Pkcs15TokenSession } from '#main/token/pkcs15-token-session.ts';
import { cardOnTransport, type CardOnTransport } from '#test/support/card-on-transport.ts';
import { rsaKeyFromStock } from '#test/support/rsa-key-stock.ts';
import { VirtualCard } from '#test/virtual-token/card.ts';
import type { CardState } from '#test/virtual-token/card-state.ts';
import type { EmulatedCard } from '#test/virtual-token/emulated-card.ts';
import type { VirtualCardOptions } from '#test/virtual-token/profiles.ts';

export const userPin = '12345678';
export const administratorPin = '87654321';
export const pin = (text: string): SecretBytes => secretFromText(text);

export interface Insertion<Card extends EmulatedCard = VirtualCard> {
  readonly card: Card;
  readonly transport: CardOnTransport;
  readonly session: Pkcs15TokenSession;
  readonly trace: ApduTrace;
}

/** What a format is to make, unless a test wants something else. */
export const newLayout = (wanted: Partial<NewTokenLayout> = {}): NewTokenLayout => ({
  label: 'Branch 7',
  userPinChangedBy: 'both',
  userPin: pin('new-user-pin'),
  administratorPin: pin('new-admin-pin'),
  userMinLength: 6,
  administratorMinLength: 8,
  userAttempts: 5,
  administratorAttempts: 10,
  ...wanted,
});

/** A card as the vendor delivers it, unless the options say otherwise. */
export const newCard = (options: Partial<VirtualCardOptions> = {}): VirtualCard =>
  VirtualCard.create(
    { profile: 'default-pins', serial: '47738461', ...options },
    { rsaKeySource: rsaKeyFromStock },
  );

export const cardFrom = (state: CardState): VirtualCard =>
  VirtualCard.restore(structuredClone(state), { rsaKeySource: rsaKeyFromStock });

/** Puts a card in: power, no login, a new session. */
export async function insert<Card extends EmulatedCard = VirtualCard>(
  card: Card,
  options: { removeAfter?: number } = {},
): Promise<Insertion<Card>> {
  const transport = cardOnTransport(card, options);
  const trace = new ApduTrace(10_000);
  const session = await Pkcs15TokenSession.open(transport, { trace });
  return { card, transport, session, trace };
}

/** The same, with the user logged in. */
export async function insertAsUser<Card extends EmulatedCard = VirtualCard>(
  card: Card,
  options: { removeAfter?: number } = {},
): Promise<Insertion<Card>> {
  const insertion = await insert(card, options);
  await insertion.session.login('user', asSecret(pin(userPin)));
  return insertion;
}

type StoredFile = NonNullable<CardState['root']>['children'][number];

/** Every file in a card's memory with its path, in the order of paths. */
export function storedFiles({ root }: CardState): { readonly path: string; readonly file: StoredFile }[] {
  const list = (file: StoredFile, folder: string): { path: string; file: StoredFile }[] => {
    const path = `${folder}/${file.id.toString(16).padStart(4, '0')}`;
    const below = file.type === 'folder' ? file.children.flatMap((child) => list(child, path)) : [];
    return [{ path, file }, ...below];
  };
  return root === null ? [] : list(root, '').sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Path and size of every file on the card, in the order of paths. */
export const filesOn = (card: VirtualCard): string[] =>
  storedFiles(card.snapshot())
    .map(({ path, file }) => {
      if (file.type === 'folder') return path;
      const size = file.type === 'data' ? Buffer.from(file.content, 'base64').length : '';
      return `${path} ${file.type} ${String(size)}`;
    })
    .sort();

/** A self-made certificate is not needed here: any DER value of this length. */
export function derOf(length: number, fill: number): Uint8Array {
  const der = new Uint8Array(length).fill(fill);
  der.set([0x30, 0x82, (length - 4) >> 8, (length - 4) & 0xff]);
  return der;
}

/** Hexadecimal of the bytes that a card's memory keeps as base64. */
export const bytesOf = (base64: string): string => toHex(Uint8Array.from(Buffer.from(base64, 'base64')));

/** Begins a format and pulls the token when this stage is done. */
export async function formatUntil(
  { session, transport }: Pick<Insertion, 'session' | 'transport'>,
  last: FormatProgress,
  wanted = newLayout(),
): Promise<void> {
  const failure: unknown = await session
    .format(wanted, (stage) => {
      if (stage === last) transport.removeAfter(0);
    })
    .catch((error: unknown) => error);
  if (!isKiltError(failure, 'format-interrupted')) throw new Error('the format was not interrupted');
}

export const keyPair = { id: '5167', label: 'Signature', bits: 2048, usage: ['sign'] } as const;

/** The user's PIN opens the token, which makes a key and signs. */
export async function isUsable(card: EmulatedCard, { userPin: user }: NewTokenLayout): Promise<void> {
  const { session } = await insert(card);
  await session.login('user', user);
  await session.generateRsaKeyPair(keyPair);
  await session.signSha256(keyPair.id, new TextEncoder().encode('a payment order'));
}

/** The parts of a key that was made elsewhere. */
export function partsOf(key: KeyObject): RsaPrivateKeyParts {
  const jwk = key.export({ format: 'jwk' });
  const part = (name: 'n' | 'e' | 'p' | 'q' | 'dp' | 'dq' | 'qi'): Uint8Array =>
    Uint8Array.from(Buffer.from(jwk[name] ?? '', 'base64url'));
  return {
    modulus: part('n'),
    publicExponent: part('e'),
    prime1: part('p'),
    prime2: part('q'),
    exponent1: part('dp'),
    exponent2: part('dq'),
    coefficient: part('qi'),
  };
}
