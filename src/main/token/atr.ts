import { fromHex } from '#shared/bytes.ts';

/** A family of tokens that this program can work with. */
export interface TokenFamily {
  readonly model: string;
  readonly atr: Uint8Array;
  /** `ff` where a byte must match, `00` where it varies between readers and speeds. */
  readonly mask: Uint8Array;
}

const ascii = (text: string): string => Buffer.from(text, 'latin1').toString('hex');
const exact = (bytes: number): string => 'ff'.repeat(bytes);
const any = (bytes: number): string => '00'.repeat(bytes);

const family = (model: string, atr: string, mask = exact(fromHex(atr).length)): TokenFamily => ({
  model,
  atr: fromHex(atr),
  mask: fromHex(mask),
});

/** Facts §1.1 and §1.2. Rutoken Lite is left out: it has no cryptography. */
export const tokenFamilies: readonly TokenFamily[] = [
  family('KAZTOKEN', `3b8801 ${ascii('KAZTOKEN')} 82`),
  family('KAZTOKEN SC', `3b989600 ${ascii('KAZTOKEN')}`, `ffff0000 ${exact(8)}`),
  family('Rutoken ECP', `3b8b01 ${ascii('Rutoken ECP')} a0`),
  family('Rutoken ECP', `3b8b01 ${ascii('Rutoken DS ')} c1`),
  family('Rutoken ECP BT', `3b8b01 ${ascii('RutokenDSBT')} d7`),
  family('Rutoken ECP SC', `3b9c9600 ${ascii('RutokenECPsc')}`, `${any(4)} ${exact(12)}`),
  family('Rutoken ECP SC', `3b9c94801140 ${ascii('RutokenECPsc')} c3`, `${any(6)} ${exact(12)} 00`),
  family('Rutoken ECP SC NFC', `3b888001 ${ascii('RtSC')} 778183206a`, `${any(4)} ${exact(4)} ${any(5)}`),
];

/** The family that an answer to reset belongs to, or `null`. */
export const familyOf = (atr: Uint8Array): TokenFamily | null =>
  tokenFamilies.find(
    (known) =>
      known.atr.length === atr.length &&
      known.atr.every((byte, i) => ((byte ^ (atr[i] ?? 0)) & (known.mask[i] ?? 0)) === 0),
  ) ?? null;

/**
 * True when the card speaks T=0 and nothing else, so that commands with data must not carry Le.
 *
 * Follows the chain of interface bytes TDi of ISO 7816-3 §8.2; no TD1 at all means T=0.
 */
export const offersOnlyT0 = (atr: Uint8Array): boolean =>
  interfaceBytes(atr).protocols.every((protocol) => protocol === 0 || protocol === 15); // 15 announces global bytes

/**
 * True when there are as many bytes as the answer to reset says itself that it has (ISO 7816-3 §8.2). While pcsc-lite
 * powers a card up it shows its whole buffer to other programs: 33 bytes, of which the last are zero.
 */
export function isWholeAtr(atr: Uint8Array): boolean {
  const { end, protocols } = interfaceBytes(atr);
  const historicalBytes = (atr[1] ?? 0) & 0x0f;
  const checkByte = protocols.some((protocol) => protocol !== 0) ? 1 : 0;
  return atr.length > 1 && atr.length === end + historicalBytes + checkByte;
}

/** The protocols that TD1, TD2 … name, and where the interface bytes end. */
function interfaceBytes(atr: Uint8Array): { readonly protocols: readonly number[]; readonly end: number } {
  const protocols: number[] = [];
  let at = 1;
  for (let presence = atr[at]; presence !== undefined;) {
    const announced = presence;
    at += [0x10, 0x20, 0x40].filter((bit) => (announced & bit) !== 0).length; // TA, TB, TC
    presence = (announced & 0x80) === 0 ? undefined : atr[(at += 1)];
    if (presence !== undefined) protocols.push(presence & 0x0f);
  }
  return { protocols, end: at + 1 };
}
