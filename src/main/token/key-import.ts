import { equalBytes, wipe, type DerBytes } from '#shared/bytes.ts';
import { isKiltError, KiltError } from '#shared/errors.ts';
import type { FilePath } from './file-control.ts';
import { keyDirectory, privateKeyFile, publicKeyFile } from './key-files.ts';
import type { KeyPairs } from './key-pairs.ts';
import type { Kaztoken } from './kaztoken.ts';
import { directories, type Pkcs15Application } from './pkcs15/application.ts';
import { privateUsageBits, publicUsageBits, type KeyEntry } from './pkcs15/key-entries.ts';
import { applicationDirectory, objectFile } from './pkcs15/object-directory.ts';
import { pinIds } from './pkcs15/pin-entry.ts';
import { publicKeyInfo, rsaPublicKey } from './rsa-encoding.ts';
import { bitsOfImport, privateKeyValue, publicKeyValue } from './rsa-import.ts';
import type { KeyUsage, ObjectId, RsaPrivateKeyParts } from './token-session.ts';

export interface NewImport {
  readonly id: ObjectId;
  readonly label: string;
  readonly usage: readonly KeyUsage[];
  readonly key: RsaPrivateKeyParts;
}

/**
 * CKA_ID under which PrKDF names the key files of an import that is under way ("import under way" in ASCII). No public
 * key and no certificate has it, so that nobody takes the pair for complete, although its certificate may be on the
 * token already; and the next import finds by it what an interrupted one has left behind.
 */
const underWay: ObjectId = '696d706f727420756e64657220776179';

/** What a key is tried on. Not a message that a signature could ever be wanted for. */
const trialText = new TextEncoder().encode('Kilt tries a key that was imported');

/**
 * Writes key pairs made elsewhere onto the card, in this order: PrKDF entry under {@link underWay}, both key files,
 * their values, a trial signature, public key file, PuKDF entry, PrKDF entry of its own, the first entry away.
 */
export class KeyImport {
  readonly #card: Kaztoken;
  readonly #application: Pkcs15Application;
  readonly #keys: KeyPairs;

  constructor(card: Kaztoken, application: Pkcs15Application, keys: KeyPairs) {
    this.#card = card;
    this.#application = application;
    this.#keys = keys;
  }

  /**
   * @throws KiltError `import-key-unsupported` when the key is of a size that the card does not have, the card refuses it
   *   or signs wrongly with it, or another key has its id; `token-memory-full`. Nothing of the pair is left behind then.
   */
  async run(wanted: NewImport): Promise<void> {
    const bits = bitsOfImport(wanted.key);
    const publicKey = rsaPublicKey(wanted.key.modulus, wanted.key.publicExponent);
    await this.#keys.remove(underWay);
    if (await this.#isThere(wanted.id, publicKeyInfo(publicKey))) return;
    await this.#application.tokenInformation.markChanged();
    await this.#keys.remove(wanted.id);
    try {
      await this.#make(wanted, bits, publicKey);
    } catch (error) {
      const isRefused = isKiltError(error, 'token-answer-unexpected');
      if (!isRefused && !isKiltError(error, 'token-memory-full')) throw error;
      await this.#keys.remove(underWay);
      await this.#keys.remove(wanted.id);
      throw isRefused
        ? new KiltError('import-key-unsupported', { ...error.data, bits }, { cause: error })
        : error;
    }
  }

  /** @throws KiltError `import-key-unsupported` when it is another key that has this id */
  async #isThere(id: ObjectId, info: DerBytes): Promise<boolean> {
    const privateKeys = await this.#application.directoryForWriting(directories.privateKeys);
    if (!privateKeys.entries.some((entry) => entry.id === id)) return false;
    const known = await this.#keys.publicKey(id);
    // Left behind by a key generation that was interrupted.
    if (known === null) return false;
    if (!equalBytes(known, info)) throw new KiltError('import-key-unsupported', { step: 'id-in-use' });
    return true;
  }

  async #make({ id, label, usage, key }: NewImport, bits: number, publicKey: DerBytes): Promise<void> {
    const { files } = this.#application;
    const privateKeys = await this.#application.directoryForWriting(directories.privateKeys);
    const publicKeys = await this.#application.directoryForWriting(directories.publicKeys);
    const keyReference = await this.#keys.freeReference([...privateKeys.entries, ...publicKeys.entries]);
    const common = { label, bits, algorithm: 'rsa', isImported: true } as const;
    const privateEntry = (ofId: ObjectId): KeyEntry => ({
      ...common,
      id: ofId,
      isPrivate: true,
      authId: pinIds.user,
      usage: privateUsageBits(usage),
      keyReference,
      path: keyDirectory.privateKeys(keyReference),
    });
    await privateKeys.add(privateEntry(underWay));
    await files.create([applicationDirectory], privateKeyFile(keyReference, bits));
    await files.create([applicationDirectory], publicKeyFile(keyReference, bits));
    await this.#writeValue(keyDirectory.publicKeys(keyReference), publicKeyValue(key, bits));
    await this.#writeValue(keyDirectory.privateKeys(keyReference), privateKeyValue(key, bits));
    await this.#keys.signWithSelected({ keyReference, bits }, publicKeyInfo(publicKey), trialText);
    const path = await this.#application.writeObjectFile(objectFile.publicKey, [publicKeys], publicKey);
    await publicKeys.add({
      ...common,
      id,
      isPrivate: false,
      authId: '',
      usage: publicUsageBits(usage),
      keyReference: 0,
      path,
    });
    await privateKeys.add(privateEntry(id));
    await privateKeys.remove((entry) => entry.id === underWay);
  }

  async #writeValue(path: FilePath, value: Uint8Array): Promise<void> {
    const { files } = this.#application;
    try {
      // The command writes into whatever is selected.
      files.forgetSelection();
      if ((await files.find(path)) === null) throw new KiltError('token-layout-damaged', { step: 'import' });
      await this.#card.changeReferenceData(0, value);
    } finally {
      wipe(value);
    }
  }
}
