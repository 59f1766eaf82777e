import { equalBytes, wipe, type DerBytes, type SecretBytes } from '#shared/bytes.ts';
import { isKiltError } from '#shared/errors.ts';
import type { FilePath } from './file-control.ts';
import { directories, privateFileRules, type Pkcs15Application } from './pkcs15/application.ts';
import type { CertificateEntry } from './pkcs15/certificate-entry.ts';
import type { DataEntry } from './pkcs15/data-entry.ts';
import type { Directory } from './pkcs15/directory.ts';
import { pinIds } from './pkcs15/pin-entry.ts';
import { applicationDirectory, objectClass, objectFile } from './pkcs15/object-directory.ts';
import type {
  DataObjectName,
  ObjectId,
  PrivateDataObject,
  TokenCertificate,
  TokenDataObject,
} from './token-session.ts';

/** Offsets of READ and UPDATE BINARY have 15 bits (facts §2 row 9). */
const largestFile = 0x7fff;

/**
 * Certificates and data objects of the PKCS#15 application.
 *
 * A new object is written beside the old one: file, then entry; then the old file goes, then its entry. So there is
 * always one that can be read, an entry always tells of a file that is ours, and every step can be repeated.
 */
export class StoredObjects {
  readonly #application: Pkcs15Application;

  constructor(application: Pkcs15Application) {
    this.#application = application;
  }

  async certificates(): Promise<TokenCertificate[]> {
    const directory = await this.#application.directory(directories.certificates);
    const found: TokenCertificate[] = [];
    for (const { id, label, path } of newest(directory?.entries ?? [], (entry) => entry.id)) {
      const der = await this.#application.readDer(path);
      if (der !== null) found.push({ id, label, der });
    }
    return found;
  }

  /** Public ones. Private ones are not read, whoever is logged in: what is listed here is kept and shown. */
  async dataObjects(): Promise<TokenDataObject[]> {
    const directory = await this.#application.directory(directories.dataObjects);
    const found: TokenDataObject[] = [];
    for (const { application, label, path, isPrivate } of newest(directory?.entries ?? [], dataKey)) {
      if (isPrivate) continue;
      const content = await this.#readable(path);
      if (content !== null) found.push({ application, label, content });
    }
    return found;
  }

  async privateData(): Promise<DataObjectName[]> {
    const directory = await this.#application.directory(directories.dataObjects);
    return newest(directory?.entries ?? [], dataKey)
      .filter(({ isPrivate }) => isPrivate)
      .map(({ application, label }) => ({ application, label }));
  }

  async readPrivateData(name: DataObjectName): Promise<SecretBytes | null> {
    const directory = await this.#application.directory(directories.dataObjects);
    const entry = directory?.entries.findLast((one) => one.isPrivate && dataKey(one) === dataKey(name));
    return entry === undefined ? null : this.#application.files.readSecret(entry.path);
  }

  async storeCertificate({ id, label, der }: { id: ObjectId; label: string; der: DerBytes }): Promise<void> {
    const directory = await this.#application.directoryForWriting(directories.certificates);
    const others = [
      await this.#application.directory({ ...directories.certificates, of: objectClass.trustedCertificates }),
      await this.#application.directory({ ...directories.certificates, of: objectClass.usefulCertificates }),
    ].filter((other) => other !== null);
    await this.#replace(
      directory,
      others,
      objectFile.certificate,
      der,
      (entry) => entry.id === id,
      (path) => ({
        id,
        label,
        isPrivate: false,
        authId: '',
        path,
      }),
    );
  }

  async removeCertificates(id: ObjectId): Promise<void> {
    const directory = await this.#application.directory(directories.certificates);
    if (directory !== null) await this.#remove(directory, (entry) => entry.id === id);
  }

  /** Removes the entries that hold this very certificate, and their files. */
  async removeCertificate(der: DerBytes): Promise<void> {
    const directory = await this.#application.directory(directories.certificates);
    if (directory === null) return;
    const holders = new Set<string>();
    for (const { path } of directory.entries) {
      if (await this.#isCertificate(path, der)) holders.add(path.join());
    }
    await this.#remove(directory, ({ path }) => holders.has(path.join()));
  }

  async writeDataObject({ application, label, content }: TokenDataObject): Promise<void> {
    const directory = await this.#application.directoryForWriting(directories.dataObjects);
    const isOld = (entry: DataEntry): boolean => entry.application === application && entry.label === label;
    await this.#replace(directory, [], objectFile.data, content, isOld, (path) => ({
      application,
      label,
      isPrivate: false,
      authId: '',
      path,
    }));
  }

  async writePrivateData({ application, label, content }: PrivateDataObject): Promise<void> {
    const directory = await this.#application.directoryForWriting(directories.dataObjects);
    const isOld = (entry: DataEntry): boolean => entry.application === application && entry.label === label;
    const entryFor = (path: FilePath): DataEntry => ({
      application,
      label,
      isPrivate: true,
      authId: pinIds.user,
      path,
    });
    await this.#replace(directory, [], objectFile.privateData, content, isOld, entryFor, privateFileRules);
  }

  async removeDataObject(application: string, label: string): Promise<void> {
    const directory = await this.#application.directory(directories.dataObjects);
    if (directory === null) return;
    await this.#remove(directory, (entry) => entry.application === application && entry.label === label);
  }

  async #replace<Entry extends CertificateEntry | DataEntry>(
    directory: Directory<Entry>,
    others: readonly Directory<Entry>[],
    firstFile: number,
    content: Uint8Array,
    isOld: (entry: Entry) => boolean,
    entryFor: (path: FilePath) => Entry,
    access?: Uint8Array,
  ): Promise<void> {
    if (content.length === 0 || content.length > largestFile) {
      throw new RangeError(`a file of ${String(content.length)} bytes can not be stored on the token`);
    }
    const old = directory.entries.filter(isOld);
    let kept: Entry | undefined;
    for (const entry of old.toReversed()) {
      const wanted = entryFor(entry.path);
      if (entry.label !== wanted.label || entry.isPrivate !== wanted.isPrivate) continue;
      if (await this.#holds(entry.path, content)) {
        kept = entry;
        break;
      }
    }
    if (kept !== undefined && old.length === 1) return;
    await this.#application.tokenInformation.markChanged();
    if (kept === undefined) {
      directory.checkRoom(entryFor([applicationDirectory, firstFile]));
      const path = await this.#application.writeObjectFile(
        firstFile,
        [directory, ...others],
        content,
        access,
      );
      kept = entryFor(path);
      await directory.add(kept);
    }
    const current = kept.path;
    await this.#remove(directory, (entry) => isOld(entry) && !samePath(entry.path, current), others);
  }

  async #remove<Entry extends CertificateEntry | DataEntry>(
    directory: Directory<Entry>,
    isRemoved: (entry: Entry) => boolean,
    others: readonly Directory<Entry>[] = [],
  ): Promise<void> {
    const removed = directory.entries.filter(isRemoved);
    if (removed.length === 0) return;
    await this.#application.tokenInformation.markChanged();
    for (const { path } of removed) {
      const isShared = directory.mentions(path, isRemoved) || others.some((other) => other.mentions(path));
      if (!isShared) await this.#application.files.remove(path);
    }
    await directory.remove(isRemoved);
  }

  /** Reads no further than the first difference. */
  async #holds(path: FilePath, content: Uint8Array): Promise<boolean> {
    const { files } = this.#application;
    if ((await files.find(path))?.size !== content.length) return false;
    const differs = (soFar: Uint8Array): boolean => !equalBytes(soFar, content.subarray(0, soFar.length));
    const stored = await files.read(path, differs);
    const holds = stored !== null && equalBytes(stored, content);
    // It may be private, and nobody needs it any more.
    wipe(stored ?? undefined);
    return holds;
  }

  /** Reads no further than the first difference. The file may be longer than the certificate in it. */
  async #isCertificate(path: FilePath, der: DerBytes): Promise<boolean> {
    const differs = (soFar: Uint8Array): boolean =>
      !equalBytes(soFar.subarray(0, der.length), der.subarray(0, soFar.length));
    const stored = await this.#application.files.read(path, differs);
    return stored !== null && equalBytes(stored.subarray(0, der.length), der);
  }

  async #readable(path: FilePath): Promise<Uint8Array | null> {
    try {
      return await this.#application.files.read(path);
    } catch (error) {
      if (isKiltError(error, 'pin-needed')) return null;
      throw error;
    }
  }
}

const dataKey = ({ application, label }: DataObjectName): string => JSON.stringify([application, label]);
const samePath = (a: FilePath, b: FilePath): boolean => a.join() === b.join();

/** Of several entries for one object, the last: the others are left over from an interrupted replacement. */
const newest = <Entry>(entries: readonly Entry[], key: (entry: Entry) => string): Entry[] => [
  ...new Map(entries.map((entry) => [key(entry), entry])).values(),
];
