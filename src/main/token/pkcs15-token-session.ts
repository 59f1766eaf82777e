import { asTokenSerial, toHex, type DerBytes, type SecretBytes, type TokenSerial } from '#shared/bytes.ts';
import { isKiltError, KiltError } from '#shared/errors.ts';
import { ApduTrace } from './apdu-trace.ts';
import { familyOf } from './atr.ts';
import { openCardChannel } from './card-channel.ts';
import { CardFiles } from './card-files.ts';
import { formatCard } from './card-format.ts';
import type { CardTransport } from './card-transport.ts';
import { deviceFacts } from './device-information.ts';
import { KeyImport, type NewImport } from './key-import.ts';
import { KeyPairs, type NewKeyPair } from './key-pairs.ts';
import { Kaztoken } from './kaztoken.ts';
import { checkNewLayout } from './new-layout.ts';
import { PinAccess, type PinChange } from './pin-access.ts';
import { arePinsWhole } from './pin-presence.ts';
import { Pkcs15Application } from './pkcs15/application.ts';
import { createApplication } from './pkcs15/creation.ts';
import { StoredObjects } from './stored-objects.ts';
import type {
  DataObjectName,
  FormatProgress,
  NewTokenLayout,
  ObjectId,
  PinRole,
  PinStatus,
  PrivateDataObject,
  TokenDataObject,
  TokenInfo,
  TokenObjects,
  TokenSession,
} from './token-session.ts';

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
  /** The card was wiped, or may have been: nothing of what was known of it holds. */
  readonly wiped: boolean;
}

/** Serial number without leading zero bytes: 4 bytes on older tokens, 8 with the first 4 zero on newer (facts §5.3). */
export function parseSerial(bytes: Uint8Array): TokenSerial {
  const first = bytes.findIndex((byte) => byte !== 0);
  if (first === -1)
    throw new KiltError('token-answer-unexpected', { step: 'serial-number', length: bytes.length });
  return asTokenSerial(toHex(bytes.subarray(first)).toUpperCase());
}

/** What is on the card, as far as it was read. */
interface Contents {
  readonly application: Pkcs15Application;
  readonly keys: KeyPairs;
  readonly imports: KeyImport;
  readonly objects: StoredObjects;
}

/** {@link TokenSession} with the card itself, through PKCS#15; no driver of the vendor is needed. */
export class Pkcs15TokenSession implements TokenSession {
  readonly serial: TokenSerial;
  readonly #rawSerial: Uint8Array;
  readonly #atr: Uint8Array;
  readonly #model: string;
  readonly #now: () => Date;
  readonly #card: Kaztoken;
  readonly #files: CardFiles;
  readonly #pins: PinAccess;
  #contents: Contents;
  #objectsChanged = false;
  #wiped = false;

  private constructor(card: Kaztoken, rawSerial: Uint8Array, transport: CardTransport, now: () => Date) {
    this.serial = parseSerial(rawSerial);
    this.#rawSerial = rawSerial;
    this.#atr = transport.atr;
    this.#model = familyOf(transport.atr)?.model ?? transport.readerName;
    this.#now = now;
    this.#card = card;
    this.#files = new CardFiles(card);
    this.#pins = new PinAccess(card, this.#files);
    this.#contents = this.#unreadContents();
  }

  /** Opens a session on a card whose transaction the caller has begun. One exchange: the serial number. */
  static async open(transport: CardTransport, options: SessionOptions = {}): Promise<Pkcs15TokenSession> {
    const card = new Kaztoken(openCardChannel(transport, options.trace ?? new ApduTrace()));
    const now = options.now ?? (() => new Date());
    return new Pkcs15TokenSession(card, await card.serialNumber(), transport, now);
  }

  get changes(): SessionChanges {
    return { pins: this.#pins.changes, objects: this.#objectsChanged, wiped: this.#wiped };
  }

  /** Ends the login, if one was tried. */
  async end(): Promise<void> {
    if (this.#pins.loginTried) await this.#pins.logout();
  }

  async info(): Promise<TokenInfo> {
    const user = await this.#pins.look('user');
    const administrator = await this.#pins.look('administrator');
    const isWhole = await arePinsWhole(this.#files, [user, administrator]);
    return {
      serial: this.serial,
      model: this.#model,
      label: isWhole ? await this.label() : null,
      userPin: user.status,
      administratorPin: administrator.status,
      ...deviceFacts(await this.#card.deviceInformation()),
      atr: toHex(this.#atr).toUpperCase(),
      layout: isWhole ? await this.layout() : 'half-formatted',
    };
  }

  /** How far the token is laid out, where its PINs are there. */
  async layout(): Promise<TokenInfo['layout']> {
    const state = await this.#application.state();
    return state === 'unfinished' ? 'half-formatted' : state;
  }

  /** `null` when the token has none, or none that can be read. */
  async label(): Promise<string | null> {
    return (await this.#application.tokenInformation.readSound())?.label || null;
  }

  /** What can be told of one PIN without trying it. */
  pinStatus(role: PinRole): Promise<PinStatus> {
    return this.#pins.status(role);
  }

  async objects(): Promise<TokenObjects> {
    const keys = await this.#keys.list();
    const certificates = await this.#objects.certificates();
    const dataObjects = await this.#objects.dataObjects();
    const privateData = await this.#objects.privateData();
    return { keys, certificates, dataObjects, ...(privateData.length > 0 ? { privateData } : {}) };
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

  unblockUserPin(): Promise<void> {
    return this.#pins.unblockUserPin();
  }

  async format(
    wanted: NewTokenLayout,
    onProgress: (stage: FormatProgress) => void = () => {},
  ): Promise<void> {
    checkNewLayout(wanted);
    const now = await this.#timeOfNextChange();
    let trouble: unknown;
    const report = (stage: FormatProgress): void => {
      try {
        onProgress(stage);
      } catch (error) {
        // Whoever listens must not be able to leave a token half-formatted.
        trouble ??= error;
      }
    };
    const isHalfFormatted = async (): Promise<boolean> => (await this.info()).layout === 'half-formatted';
    const tools = { card: this.#card, files: this.#files, pins: this.#pins };
    this.#wiped = true;
    try {
      await formatCard(tools, { ...wanted, serial: this.#rawSerial, now }, isHalfFormatted, report);
    } finally {
      this.#contents = this.#unreadContents();
    }
    if (trouble !== undefined)
      throw new KiltError('internal', { step: 'format-progress' }, { cause: trouble });
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
    return this.#application.tokenInformation.setLabel(label);
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

  signGostHash(id: ObjectId, hash: Uint8Array): Promise<Uint8Array> {
    return this.#keys.signGostHash(id, hash);
  }

  storeCertificate(options: { id: ObjectId; label: string; der: DerBytes }): Promise<void> {
    this.#objectsChanged = true;
    return this.#objects.storeCertificate(options);
  }

  importRsaKeyPair(options: NewImport): Promise<void> {
    this.#objectsChanged = true;
    return this.#contents.imports.run(options);
  }

  async deleteCertificate(der: DerBytes): Promise<void> {
    this.#objectsChanged = true;
    await this.#objects.removeCertificate(der);
    this.#keys.forget();
  }

  /** The certificate goes before the key, so that an interrupted removal is not taken for a complete pair. */
  async deleteKeyPair(id: ObjectId): Promise<void> {
    this.#objectsChanged = true;
    await this.#objects.removeCertificates(id);
    await this.#keys.remove(id);
  }

  async deleteKeys(id: ObjectId): Promise<void> {
    this.#objectsChanged = true;
    await this.#keys.remove(id);
  }

  writeDataObject(object: TokenDataObject): Promise<void> {
    this.#objectsChanged = true;
    return this.#objects.writeDataObject(object);
  }

  writePrivateData(object: PrivateDataObject): Promise<void> {
    this.#objectsChanged = true;
    return this.#objects.writePrivateData(object);
  }

  readPrivateData(name: DataObjectName): Promise<SecretBytes | null> {
    return this.#objects.readPrivateData(name);
  }

  deleteDataObject(application: string, label: string): Promise<void> {
    this.#objectsChanged = true;
    return this.#objects.removeDataObject(application, label);
  }

  get #application(): Pkcs15Application {
    return this.#contents.application;
  }

  get #keys(): KeyPairs {
    return this.#contents.keys;
  }

  get #objects(): StoredObjects {
    return this.#contents.objects;
  }

  #unreadContents(): Contents {
    const application = new Pkcs15Application(this.#files, this.#now, this.#rawSerial);
    const keys = new KeyPairs(this.#card, application);
    return {
      application,
      keys,
      imports: new KeyImport(this.#card, application, keys),
      objects: new StoredObjects(application),
    };
  }

  /** Later than the last one on the card, where that can be read. */
  async #timeOfNextChange(): Promise<Date> {
    const { tokenInformation } = this.#application;
    try {
      return tokenInformation.timeAfter((await tokenInformation.readSound())?.lastUpdate ?? null);
    } catch (error) {
      if (!isKiltError(error, 'token-answer-unexpected')) throw error;
      return tokenInformation.timeAfter(null);
    }
  }
}
