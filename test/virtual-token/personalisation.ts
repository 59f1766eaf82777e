import { concatBytes, toHex } from '#shared/bytes.ts';

import { type AccessRules, accessRules, condition, pinReference } from './access.ts';
import type { VirtualCard } from './card.ts';
import { encodeFileControl, PROPERTY_BYTES, specialKind } from './fcp.ts';
import type { CardFile, FileId, KeyKind } from './file-system.ts';
import { gostBytes, type ParameterSet } from './gost/parameter-sets.ts';
import { keyFileSizes } from './rsa-key.ts';

/** READ and UPDATE carry at most this many bytes (facts §1.3). */
const LONGEST_UPDATE = 255;
/** Property byte 3 of key files, as OpenSC writes it (T6). */
const KEY_ATTEMPTS = 0xaa;

const { always, user } = condition;
/** Access rules of what OpenSC writes for the user (facts §3.2). */
const access = {
  object: accessRules({ 0: always, 1: user, 6: user }),
  privateKey: accessRules({ 1: user, 2: user, 6: user }),
  publicKey: accessRules({ 1: user, 2: always, 6: user }),
} as const;

const bytes16 = (value: number): number[] => [value >> 8, value & 0xff];

/** Fills a card as a client does it, command by command. Whatever the card refuses is an error. */
export class Personalisation {
  readonly #card: VirtualCard;

  /** The card must have power. */
  constructor(card: VirtualCard) {
    this.#card = card;
  }

  async loginUser(pin: string): Promise<void> {
    await this.#send([0x00, 0x20, 0x00, pinReference.user], new TextEncoder().encode(pin));
  }

  /** A transparent file that anyone reads and the user writes, with this content at its start. */
  async writeFile(
    folder: readonly FileId[],
    id: FileId,
    content: Uint8Array,
    size = content.length,
  ): Promise<void> {
    await this.#select(folder);
    await this.#create({
      type: 'data',
      id,
      access: access.object,
      parent: null,
      content: new Uint8Array(size),
    });
    await this.overwrite([...folder, id], content);
  }

  /** Writes over the start of a file. */
  async overwrite(file: readonly FileId[], content: Uint8Array): Promise<void> {
    await this.#select(file);
    for (let at = 0; at < content.length; at += LONGEST_UPDATE)
      await this.#send([0x00, 0xd6, ...bytes16(at)], content.subarray(at, at + LONGEST_UPDATE));
  }

  /** Makes an RSA key pair on the card. @returns the modulus, big-endian */
  async makeRsaKey(reference: number, bits: number): Promise<Uint8Array> {
    const { privateSize, publicSize } = keyFileSizes(bits);
    await this.#createKey(
      'rsa-private',
      reference,
      [specialKind.rsaPrivate, 0],
      privateSize,
      access.privateKey,
    );
    await this.#createKey('rsa-public', reference, [specialKind.rsaPublic, 0], publicSize, access.publicKey);
    return (await this.#generate(reference)).reverse();
  }

  /** Makes a GOST R 34.10-2001 key pair on the card. @returns X‖Y, little-endian */
  async makeGostKey(reference: number, { propertyByte }: ParameterSet): Promise<Uint8Array> {
    const { gostPrivate, gostPublic } = specialKind;
    const { privateKey, publicKey } = gostBytes;
    await this.#createKey(
      'gost-private',
      reference,
      [gostPrivate, propertyByte],
      privateKey,
      access.privateKey,
    );
    await this.#createKey('gost-public', reference, [gostPublic, propertyByte], publicKey, access.publicKey);
    return await this.#generate(reference);
  }

  async #createKey(
    kind: KeyKind,
    id: number,
    head: readonly [kind: number, specific: number],
    size: number,
    rules: AccessRules,
  ): Promise<void> {
    const property = new Uint8Array(PROPERTY_BYTES);
    property.set([...head, 0, KEY_ATTEMPTS]);
    await this.#create({ type: 'key', id, access: rules, parent: null, kind, property, size, value: null });
  }

  #generate(reference: number): Promise<Uint8Array> {
    return this.#send([0x00, 0x46, 0x80, reference], undefined, 0);
  }

  async #create(file: CardFile): Promise<void> {
    await this.#send([0x00, 0xe0, 0x00, 0x00], encodeFileControl(file, 'both-maximum'));
  }

  async #select(path: readonly FileId[]): Promise<void> {
    await this.#send([0x00, 0xa4, 0x08, 0x00], Uint8Array.from(path.flatMap(bytes16)), 0);
  }

  async #send(header: readonly number[], data?: Uint8Array, le?: number): Promise<Uint8Array> {
    const command = concatBytes(
      Uint8Array.from(header),
      data === undefined ? new Uint8Array() : concatBytes(Uint8Array.of(data.length), data),
      le === undefined ? new Uint8Array() : Uint8Array.of(le),
    );
    const answer = await this.#card.transmit(command);
    const statusWord = toHex(answer.slice(-2));
    if (statusWord !== '9000')
      throw new Error(`the card answered ${statusWord} to ${toHex(Uint8Array.from(header))}`);
    return answer.slice(0, -2);
  }
}
