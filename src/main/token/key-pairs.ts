import { createPublicKey, verify, X509Certificate } from 'node:crypto';
import { asDer, type DerBytes } from '#shared/bytes.ts';
import { isKiltError, KiltError } from '#shared/errors.ts';
import type { CardFiles } from './card-files.ts';
import type { FilePath } from './file-control.ts';
import { keyDirectory, privateKeyFile, publicKeyFile, publicHalfOf } from './key-files.ts';
import type { Kaztoken } from './kaztoken.ts';
import { directories, type Pkcs15Application } from './pkcs15/application.ts';
import { pinIds } from './pkcs15/pin-entry.ts';
import { privateUsageBits, publicUsageBits, usageOf, type KeyEntry } from './pkcs15/key-entries.ts';
import { applicationDirectory, objectFile } from './pkcs15/object-directory.ts';
import {
  publicKeyInfo,
  publicKeyInfoFromFile,
  reversed,
  rsaPublicKey,
  signatureBlock,
} from './rsa-encoding.ts';
import type { KeyUsage, ObjectId, TokenKey } from './token-session.ts';

export interface NewKeyPair {
  readonly id: ObjectId;
  readonly label: string;
  readonly bits: 2048 | 4096;
  readonly usage: readonly KeyUsage[];
}

const highestReference = 0xff;
/** r and s of GOST R 34.10-2001. */
const gostSignatureBytes = 64;

/**
 * RSA key pairs of the PKCS#15 application.
 *
 * A pair is written in this order: PrKDF entry with the key reference, both key files, the key itself, public key
 * file, PuKDF entry. So whatever an interruption leaves behind, the PrKDF entry tells which key files are ours, and a
 * pair is complete when its public key can be read. Key files that no entry tells of belong to another program and
 * are never touched.
 */
export class KeyPairs {
  readonly #card: Kaztoken;
  readonly #files: CardFiles;
  readonly #application: Pkcs15Application;
  /** Public keys of this session by id. */
  readonly #known = new Map<ObjectId, DerBytes>();

  constructor(card: Kaztoken, application: Pkcs15Application) {
    this.#card = card;
    this.#files = application.files;
    this.#application = application;
  }

  /** Public keys are read again. To be called when a certificate was removed that one may have come from. */
  forget(): void {
    this.#known.clear();
  }

  /** Complete pairs, and private keys whose certificate is there. */
  async list(): Promise<TokenKey[]> {
    const privateKeys = (await this.#application.directory(directories.privateKeys))?.entries ?? [];
    const publicKeys = (await this.#application.directory(directories.publicKeys))?.entries ?? [];
    const certificates = (await this.#application.directory(directories.certificates))?.entries ?? [];
    return privateKeys.flatMap((key) => {
      const isComplete = [...publicKeys, ...certificates].some(({ id }) => id === key.id);
      if (!isComplete || key.keyReference === null) return [];
      const { id, label, algorithm, bits, keyReference } = key;
      return [{ id, label, algorithm, bits, reference: keyReference, usage: usageOf(key) }];
    });
  }

  /** SubjectPublicKeyInfo, from the public key file or else from the certificate; `null` when there is neither. */
  async publicKey(id: ObjectId): Promise<DerBytes | null> {
    const known = this.#known.get(id);
    if (known !== undefined) return known;
    const found = (await this.#publicKeyFromFile(id)) ?? (await this.#publicKeyFromCertificate(id));
    if (found !== null) this.#known.set(id, found);
    return found;
  }

  /** @throws KiltError `token-memory-full` with nothing of the pair left behind */
  async generate(wanted: NewKeyPair): Promise<DerBytes> {
    const privateKeys = await this.#application.directoryForWriting(directories.privateKeys);
    const begun = privateKeys.entries.find(({ id }) => id === wanted.id);
    if (begun !== undefined) {
      const publicKey = await this.publicKey(wanted.id);
      if (publicKey !== null) return publicKey;
    }
    await this.#application.tokenInformation.markChanged();
    if (begun !== undefined) await this.remove(wanted.id);
    try {
      return await this.#make(wanted);
    } catch (error) {
      if (isKiltError(error, 'token-memory-full')) await this.remove(wanted.id);
      throw error;
    }
  }

  /**
   * RSASSA-PKCS1-v1_5 with SHA-256, checked with the public key before it is given away: a card that computes wrongly
   * could betray its key (RFC 8017 §5.2.1, fault attacks).
   *
   * @throws KiltError `key-not-found`
   */
  async sign(id: ObjectId, data: Uint8Array): Promise<Uint8Array> {
    const key = await this.#privateKey(id, 'rsa');
    const publicKey = await this.publicKey(id);
    if (publicKey === null) throw new KiltError('key-not-found', { step: 'sign' });
    return this.signWithSelected(await this.#select(key), publicKey, data);
  }

  /**
   * The card's own 64 bytes for a hash of 32.
   *
   * @throws KiltError `key-not-found`
   */
  async signGostHash(id: ObjectId, hash: Uint8Array): Promise<Uint8Array> {
    const { keyReference } = await this.#select(await this.#privateKey(id, 'gost'));
    await this.#card.chooseKey(keyReference, 'sign');
    const signature = await this.#card.sign(hash);
    if (signature.length !== gostSignatureBytes)
      throw new KiltError('token-answer-unexpected', { step: 'sign', length: signature.length });
    return signature;
  }

  /** The same with the private key file that is selected, whether or not a directory names it. */
  async signWithSelected(
    { keyReference, bits }: { readonly keyReference: number; readonly bits: number },
    publicKey: DerBytes,
    data: Uint8Array,
  ): Promise<Uint8Array> {
    await this.#card.chooseKey(keyReference, 'sign');
    const signature = reversed(await this.#card.sign(reversed(signatureBlock(data, bits / 8))));
    const verifier = createPublicKey({ key: Buffer.from(publicKey), format: 'der', type: 'spki' });
    if (!verify('sha256', data, verifier, signature)) {
      throw new KiltError('token-answer-unexpected', { step: 'sign' });
    }
    return signature;
  }

  /**
   * Removes both halves and their entries. The entry that names the key files goes last, and the public key first, so
   * that a removal that was interrupted is seen as an incomplete pair and can be repeated.
   */
  async remove(id: ObjectId): Promise<void> {
    this.#known.delete(id);
    const privateKeys = await this.#application.directory(directories.privateKeys);
    const publicKeys = await this.#application.directory(directories.publicKeys);
    const isOfPair = (entry: KeyEntry): boolean => entry.id === id;
    const publicHalves = publicKeys?.entries.filter(isOfPair) ?? [];
    const privateHalves = privateKeys?.entries.filter(isOfPair) ?? [];
    if (publicHalves.length + privateHalves.length === 0) return;
    await this.#application.tokenInformation.markChanged();
    for (const { path } of publicHalves) {
      if (publicKeys?.mentions(path, isOfPair) === false) await this.#files.remove(path);
    }
    if (publicKeys !== null && publicHalves.length === 0) {
      await this.#application.removeLeftover(objectFile.publicKey, [publicKeys]);
    }
    for (const { path } of privateHalves) {
      if (privateKeys?.mentions(path, isOfPair) === true) continue;
      const publicFile = publicHalfOf(path);
      if (publicFile !== null) await this.#files.remove(publicFile);
      await this.#files.remove(path);
    }
    await publicKeys?.remove(isOfPair);
    await privateKeys?.remove(isOfPair);
  }

  async #make({ id, label, bits, usage }: NewKeyPair): Promise<DerBytes> {
    const privateKeys = await this.#application.directoryForWriting(directories.privateKeys);
    const publicKeys = await this.#application.directoryForWriting(directories.publicKeys);
    const keyReference = await this.freeReference([...privateKeys.entries, ...publicKeys.entries]);
    const common = { id, label, bits, algorithm: 'rsa' } as const;
    const publicEntry = (path: FilePath): KeyEntry => ({
      ...common,
      isPrivate: false,
      authId: '',
      usage: publicUsageBits(usage),
      keyReference: 0,
      path,
    });
    publicKeys.checkRoom(publicEntry([applicationDirectory, objectFile.publicKey]));
    await privateKeys.add({
      ...common,
      isPrivate: true,
      authId: pinIds.user,
      usage: privateUsageBits(usage),
      keyReference,
      path: keyDirectory.privateKeys(keyReference),
    });
    await this.#files.create([applicationDirectory], privateKeyFile(keyReference, bits));
    await this.#files.create([applicationDirectory], publicKeyFile(keyReference, bits));
    this.#files.forgetSelection();
    const modulus = reversed(await this.#card.generateRsaKeyPair(keyReference, bits));
    checkModulus(modulus, bits);
    const publicKey = rsaPublicKey(modulus);
    const path = await this.#application.writeObjectFile(objectFile.publicKey, [publicKeys], publicKey);
    await publicKeys.add(publicEntry(path));
    const info = publicKeyInfo(publicKey);
    this.#known.set(id, info);
    return info;
  }

  /** A number that no entry of `entries` has and for which the card has no key file. @throws KiltError `token-memory-full` */
  async freeReference(entries: readonly KeyEntry[]): Promise<number> {
    const used = new Set(entries.map(({ keyReference }) => keyReference));
    for (let reference = 1; reference <= highestReference; reference += 1) {
      if (used.has(reference)) continue;
      const isFree =
        (await this.#files.find(keyDirectory.privateKeys(reference))) === null &&
        (await this.#files.find(keyDirectory.publicKeys(reference))) === null;
      if (isFree) return reference;
    }
    throw new KiltError('token-memory-full', { step: 'key-reference' });
  }

  /** @throws KiltError `key-not-found` */
  async #privateKey(id: ObjectId, algorithm: KeyEntry['algorithm']): Promise<KeyEntry> {
    const privateKeys = await this.#application.directory(directories.privateKeys);
    const key = privateKeys?.entries.find((entry) => entry.id === id && entry.algorithm === algorithm);
    if (key === undefined) throw new KiltError('key-not-found', { step: 'sign' });
    return key;
  }

  /** Selects the key's file. @throws KiltError `key-not-found` when the card has none */
  async #select({ path, bits, keyReference }: KeyEntry): Promise<{ keyReference: number; bits: number }> {
    if ((await this.#files.find(path)) === null || keyReference === null)
      throw new KiltError('key-not-found', { step: 'sign' });
    return { keyReference, bits };
  }

  async #publicKeyFromFile(id: ObjectId): Promise<DerBytes | null> {
    const publicKeys = await this.#application.directory(directories.publicKeys);
    const entry = publicKeys?.entries.findLast((key) => key.id === id && key.algorithm === 'rsa');
    const content = entry === undefined ? null : await this.#files.read(entry.path);
    return content === null ? null : publicKeyInfoFromFile(content);
  }

  async #publicKeyFromCertificate(id: ObjectId): Promise<DerBytes | null> {
    const certificates = await this.#application.directory(directories.certificates);
    const entry = certificates?.entries.findLast((certificate) => certificate.id === id);
    const der = entry === undefined ? null : await this.#application.readDer(entry.path);
    return der === null ? null : publicKeyOfCertificate(der);
  }
}

function publicKeyOfCertificate(der: DerBytes): DerBytes | null {
  try {
    const { publicKey } = new X509Certificate(der);
    return asDer(Uint8Array.from(publicKey.export({ format: 'der', type: 'spki' })));
  } catch {
    return null; // A kind of key that this computer does not know, such as GOST, or not a certificate.
  }
}

function checkModulus(modulus: Uint8Array, bits: number): void {
  const isWhole =
    modulus.length === bits / 8 && (modulus[0] ?? 0) >= 0x80 && ((modulus.at(-1) ?? 0) & 1) === 1;
  if (!isWhole) throw new KiltError('token-answer-unexpected', { step: 'generate-key-pair' });
}
