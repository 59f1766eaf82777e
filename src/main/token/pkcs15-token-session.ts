import { asTokenSerial, toHex, type DerBytes, type SecretBytes, type TokenSerial } from '#shared/bytes.ts';
import { isKiltError, KiltError } from '#shared/errors.ts';
import { ApduTrace } from './apdu-trace.ts';
import { familyOf } from './atr.ts';
import { openCardChannel } from './card-channel.ts';
import { CardFiles } from './card-files.ts';
import type { CardTransport } from './card-transport.ts';
import { KeyPairs, type NewKeyPair } from './key-pairs.ts';
import { Kaztoken } from './kaztoken.ts';
import { PinAccess, type PinChange } from './pin-access.ts';
import { Pkcs15Application } from './pkcs15/application.ts';
import { createApplication } from './pkcs15/creation.ts';
import { StoredObjects } from './stored-objects.ts';
import type {
  ObjectId,
  PinRole,
  PinStatus,
  TokenDataObject,
  TokenInfo,
  TokenObjects,
  TokenSession,
} from './token-session.ts';

/** Bytes of GET DATA 0189 (facts §2 row 17). */
const informationAt = { memory: 2, microcode: 4 } as const;
const memoryUnit = 8 * 1024;

/** Minimum PIN lengths that OpenSC's profile writes, where the card does not tell its own. */
const usualMinLength = { administrator: 8, user: 4 } as const;

export interface SessionOptions {
  readonly trace?: ApduTrace;
  readonly now?: () => Date;
}

/** What a session has done that outlives it. */
export interface SessionChanges {
  readonly pins: ReadonlyMap<PinRole, PinChange>;
  readonly objects: boolean;
}

/** Serial number without leading zero bytes: 4 bytes on older tokens, 8 with the first 4 zero on newer (facts §5.3). */
export function parseSerial(bytes: Uint8Array): TokenSerial {
  const first = bytes.findIndex((byte) => byte !== 0);
  if (first === -1)
    throw new KiltError('token-answer-unexpected', { step: 'serial-number', length: bytes.length });
  return asTokenSerial(toHex(bytes.subarray(first)).toUpperCase());
}

/** {@link TokenSession} with the card itself, through PKCS#15; no driver of the vendor is needed. */
export class Pkcs15TokenSession implements TokenSession {
  readonly serial: TokenSerial;
  readonly #rawSerial: Uint8Array;
  readonly #model: string;
  readonly #card: Kaztoken;
  readonly #pins: PinAccess;
  readonly #application: Pkcs15Application;
  readonly #keys: KeyPairs;
  readonly #objects: StoredObjects;
  #objectsChanged = false;

  private constructor(card: Kaztoken, rawSerial: Uint8Array, model: string, now: () => Date) {
    const files = new CardFiles(card);
    this.serial = parseSerial(rawSerial);
    this.#rawSerial = rawSerial;
    this.#model = model;
    this.#card = card;
    this.#pins = new PinAccess(card, files);
    this.#application = new Pkcs15Application(files, now);
    this.#keys = new KeyPairs(card, this.#application);
    this.#objects = new StoredObjects(this.#application);
  }

  /** Opens a session on a card whose transaction the caller has begun. One exchange: the serial number. */
  static async open(transport: CardTransport, options: SessionOptions = {}): Promise<Pkcs15TokenSession> {
    const card = new Kaztoken(openCardChannel(transport, options.trace ?? new ApduTrace()));
    const model = familyOf(transport.atr)?.model ?? transport.readerName;
    return new Pkcs15TokenSession(card, await card.serialNumber(), model, options.now ?? (() => new Date()));
  }

  get changes(): SessionChanges {
    return { pins: this.#pins.changes, objects: this.#objectsChanged };
  }

  /** Ends the login, if one was tried. */
  async end(): Promise<void> {
    if (this.#pins.loginTried) await this.#pins.logout();
  }

  async info(): Promise<TokenInfo> {
    const userPin = await this.#pins.status('user');
    const administratorPin = await this.#pins.status('administrator');
    const device = await this.#card.deviceInformation();
    const label = await this.label();
    const memory = device?.[informationAt.memory] ?? 0;
    const microcode = device?.[informationAt.microcode];
    return {
      serial: this.serial,
      model: this.#model,
      label,
      userPin,
      administratorPin,
      totalMemory: memory === 0 ? null : memory * memoryUnit,
      firmware: microcode === undefined ? null : String(microcode),
    };
  }

  /** `null` when the token has none, or none that can be read. */
  async label(): Promise<string | null> {
    try {
      return (await this.#application.information())?.label || null;
    } catch (error) {
      if (isKiltError(error, 'token-layout-damaged')) return null;
      throw error;
    }
  }

  /** What can be told of one PIN without trying it. */
  pinStatus(role: PinRole): Promise<PinStatus> {
    return this.#pins.status(role);
  }

  async objects(): Promise<TokenObjects> {
    return {
      keys: await this.#keys.list(),
      certificates: await this.#objects.certificates(),
      dataObjects: await this.#objects.dataObjects(),
    };
  }

  login(role: PinRole, pin: SecretBytes): Promise<void> {
    return this.#pins.login(role, pin);
  }

  logout(): Promise<void> {
    return this.#pins.logout();
  }

  setPin(role: PinRole, newPin: SecretBytes): Promise<void> {
    return this.#pins.setPin(role, newPin);
  }

  hasPkcs15(): Promise<boolean> {
    return this.#application.isComplete();
  }

  async createPkcs15(label: string): Promise<void> {
    this.#objectsChanged = true;
    const minLengthOf = async (role: PinRole): Promise<number> =>
      (await this.#pins.rules(role)).minLength ?? usualMinLength[role];
    await createApplication(this.#application, {
      label,
      serial: this.#rawSerial,
      minPinLengths: { administrator: await minLengthOf('administrator'), user: await minLengthOf('user') },
    });
  }

  setLabel(label: string): Promise<void> {
    this.#objectsChanged = true;
    return this.#application.setLabel(label);
  }

  generateRsaKeyPair(options: NewKeyPair): Promise<DerBytes> {
    this.#objectsChanged = true;
    return this.#keys.generate(options);
  }

  publicKey(id: ObjectId): Promise<DerBytes | null> {
    return this.#keys.publicKey(id);
  }

  signSha256(id: ObjectId, data: Uint8Array): Promise<Uint8Array> {
    return this.#keys.sign(id, data);
  }

  storeCertificate(options: { id: ObjectId; label: string; der: DerBytes }): Promise<void> {
    this.#objectsChanged = true;
    return this.#objects.storeCertificate(options);
  }

  /** The certificate goes before the key, so that an interrupted removal is not taken for a complete pair. */
  async deleteKeyPair(id: ObjectId): Promise<void> {
    this.#objectsChanged = true;
    await this.#objects.removeCertificates(id);
    await this.#keys.remove(id);
  }

  writeDataObject(object: TokenDataObject): Promise<void> {
    this.#objectsChanged = true;
    return this.#objects.writeDataObject(object);
  }

  deleteDataObject(application: string, label: string): Promise<void> {
    this.#objectsChanged = true;
    return this.#objects.removeDataObject(application, label);
  }
}
