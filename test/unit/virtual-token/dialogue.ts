import { fromHex, toHex } from '#shared/bytes.ts';
import { VirtualCard, type CardRuntime } from '#test/virtual-token/card.ts';
import type { VirtualCardOptions } from '#test/virtual-token/profiles.ts';

/** A powered card and a way to talk to it in hexadecimal, as the APDU sheets are written. */
export class Dialogue {
  readonly card: VirtualCard;

  constructor(card: VirtualCard) {
    this.card = card;
    card.powerOn();
  }

  static with(options: Partial<VirtualCardOptions> = {}, runtime: CardRuntime = {}): Dialogue {
    return new Dialogue(VirtualCard.create({ profile: 'default-pins', ...options }, runtime));
  }

  async bytes(command: Uint8Array): Promise<{ data: Uint8Array; sw: string }> {
    const answer = await this.card.transmit(command);
    const data = answer.slice(0, -2);
    return { data, sw: toHex(answer.slice(-2)).toUpperCase() };
  }

  /** Sends commands one after the other; gives the last status word. */
  async sw(...commands: string[]): Promise<string> {
    let last = '';
    for (const command of commands) last = (await this.bytes(fromHex(command))).sw;
    return last;
  }

  /** Sends commands that all must succeed; gives the last one's data. */
  async ok(...commands: string[]): Promise<Uint8Array> {
    let last: Uint8Array = new Uint8Array();
    for (const command of commands) {
      const { data, sw } = await this.bytes(fromHex(command));
      if (sw !== '9000') throw new Error(`${command.slice(0, 40)} was answered ${sw}`);
      last = data;
    }
    return last;
  }

  async hex(command: string): Promise<string> {
    return toHex(await this.ok(command)).toUpperCase();
  }
}

const hexOf = (text: string): string => toHex(new TextEncoder().encode(text));
const byte = (value: number): string => value.toString(16).padStart(2, '0');

export const verify = (reference: 1 | 2, pin: string): string =>
  `00 20 00 0${reference} ${byte(pin.length)} ${hexOf(pin)}`;
export const loginUser = verify(2, '12345678');
export const loginAdministrator = verify(1, '87654321');
export const logout = '80 40 00 00';
export const triesOf = (reference: 1 | 2): string => `00 20 00 0${reference}`;
export const setPin = (reference: 0 | 1 | 2, pin: string): string =>
  `00 24 01 0${reference} ${byte(pin.length + 6)} 80 02 00 ${byte(pin.length)} A5 ${byte(pin.length)} ${hexOf(pin)}`;

/** Access rules as 15 bytes from their first eight (facts §3.2). */
export const rules = (firstEight: string): string => `${firstEight} 00 00 00 00 00 00 00`;
const id4 = (value: number): string => value.toString(16).padStart(4, '0');

export const createFile = (type: '38' | '01', id: number, size: number, access: string): string =>
  `00 E0 00 00 1F 6F 1D 80 02 ${id4(size)} 82 02 ${type} 00 83 02 ${id4(id)} 86 0F ${rules(access)}`;
export const createSpecial = (id: number, size: number, property: string, access: string): string =>
  `00 E0 00 00 27 6F 25 80 02 ${id4(size)} 82 02 10 00 83 02 ${id4(id)} 85 06 ${property} 86 0F ${rules(access)}`;

/** RSA key files as OpenSC makes them (T6), for a modulus of `bits` bits. */
export const createRsaPrivate = (reference: number, bits: number): string =>
  createSpecial(reference, (5 * bits) / 16 + 8, '23 00 00 AA 00 00', '46 00 02 02 00 00 00 02');
export const createRsaPublic = (reference: number, bits: number): string =>
  createSpecial(reference, (3 * bits) / 16, '33 00 00 AA 00 00', '46 00 02 00 00 00 00 02');
export const createRsaPair = (reference: number, bits: number): [string, string] => [
  createRsaPrivate(reference, bits),
  createRsaPublic(reference, bits),
];

/** GOST key files as OpenSC makes them (T15a); `set` is the property byte of the curve, 20, 30 or 40. */
export const createGostPrivate = (reference: number, set = 0x20): string =>
  createSpecial(reference, 32, `03 ${byte(set)} 00 AA 00 00`, '46 00 02 02 00 00 00 02');
export const createGostPublic = (reference: number, set = 0x20): string =>
  createSpecial(reference, 64, `13 ${byte(set)} 00 AA 00 00`, '46 00 02 00 00 00 00 02');
export const createGostPair = (reference: number, set = 0x20): [string, string] => [
  createGostPrivate(reference, set),
  createGostPublic(reference, set),
];

export const selectPath = (...path: number[]): string =>
  `00 A4 08 00 ${byte(2 * path.length)} ${path.map(id4).join('')} 00`;
export const selectMasterFile = '00 A4 00 00 02 3F 00 00';
export const selectPrivateKey = (reference: number): string => selectPath(0x1000, 0x1000, 0x6002, reference);
export const selectPublicKey = (reference: number): string => selectPath(0x1000, 0x1000, 0x6001, reference);
export const generate = (reference: number): string => `00 46 80 ${byte(reference)} 00`;
export const signWith = (reference: number): string => `00 22 41 B6 03 84 01 ${byte(reference)}`;
export const decipherWith = (reference: number): string => `00 22 41 B8 03 84 01 ${byte(reference)}`;

/** One data block as a command chain of short APDUs, Le on the last. */
export function chain(header: string, block: Uint8Array, le = '00'): string[] {
  const [, ins = '', p1 = '', p2 = ''] = header.split(' ');
  const commands: string[] = [];
  for (let at = 0; at < block.length; at += 255) {
    const chunk = block.subarray(at, at + 255);
    const last = at + 255 >= block.length;
    commands.push(
      `${last ? '00' : '10'} ${ins} ${p1} ${p2} ${byte(chunk.length)} ${toHex(chunk)} ${last ? le : ''}`,
    );
  }
  return commands;
}

/** A value in INS 24's form: every chunk of the chain starts with its own A5 (T16). */
export function writeValue(value: Uint8Array): string[] {
  const commands: string[] = [];
  const head = `80 02 ${id4(value.length)}`;
  for (let at = 0, room = 249; at < value.length; at += room, room = 253) {
    const partBytes = value.subarray(at, at + room);
    const last = at + room >= value.length;
    const lc = partBytes.length + (at === 0 ? 6 : 2);
    commands.push(
      `${last ? '00' : '10'} 24 01 00 ${byte(lc)} ${at === 0 ? head : ''} A5 ${byte(partBytes.length)} ${toHex(partBytes)}`,
    );
  }
  return commands;
}
