import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { equalBytes, wipe, type DerBytes, type SecretBytes } from '#shared/bytes.ts';
import { isKiltError, KiltError } from '#shared/errors.ts';
import { DerError, tag } from '#main/pki/asn1.ts';
import { certificatesFromPem, type CertificateInfo } from '#main/pki/certificate.ts';
import { openContainer } from '#main/pki/pkcs12/container.ts';
import { ContainerPassword } from '#main/pki/pkcs12/password.ts';
import { readPrivateKeyInfo, type RsaPrivateKeyNumbers } from '#main/pki/rsa-private-key.ts';
import { bitsOfImport } from '#main/token/rsa-import.ts';
import { parsedOrUndefined } from './stored-objects-view.ts';

/** Larger than any certificate or key container; a wrong file is refused before it is read. */
const largestFile = 256 * 1024;

/** A private key from a file, in memory until it is on the token or {@link OpenedFile.forget} is called. */
export interface ImportedKey {
  readonly numbers: RsaPrivateKeyNumbers;
  readonly publicKeyInfo: DerBytes;
  readonly bits: number;
  /** The certificate of this key, which lies in the file as well. */
  readonly certificate: CertificateInfo;
}

/** What an import file holds. */
export interface OpenedFile {
  readonly fileName: string;
  /** Each once, that of the key first. */
  readonly certificates: readonly CertificateInfo[];
  readonly key?: ImportedKey;
  /** Overwrites the private key. May be called twice. */
  forget(): void;
}

const unreadable = (likelyCause?: string, cause?: unknown): KiltError =>
  new KiltError('import-file-unreadable', likelyCause === undefined ? {} : { likelyCause }, { cause });

/** Whether a file is a key container, which needs a password. @throws KiltError `import-file-unreadable` */
export const needsPassword = async (file: string): Promise<boolean> => isPfx(await bytesOf(file));

/**
 * Opens a file on this computer: certificates in PEM (one or several) or DER, or a key container (PFX, P12).
 *
 * @param password of a key container; none counts as an empty one
 * @throws KiltError `import-file-unreadable` {likelyCause?}, `import-key-unsupported` {algorithm | bits}
 */
export async function openImportFile(file: string, password: SecretBytes | undefined): Promise<OpenedFile> {
  const bytes = await bytesOf(file);
  const fileName = path.basename(file);
  if (isPfx(bytes)) return openPfx(fileName, bytes, password ?? (new Uint8Array() as SecretBytes));
  const text = Buffer.from(bytes).toString('latin1');
  const encoded = text.includes('-----BEGIN CERTIFICATE-----') ? certificatesFromPem(text) : [bytes];
  const certificates = encoded.map(parsedOrUndefined).filter((one) => one !== undefined);
  if (certificates.length === 0 || certificates.length < encoded.length) {
    throw unreadable(encoded.length > 1 ? 'damaged' : undefined);
  }
  return { fileName, certificates: eachOnce(certificates), forget: () => undefined };
}

async function bytesOf(file: string): Promise<Uint8Array> {
  try {
    const { size } = await stat(file);
    if (size === 0 || size > largestFile) throw unreadable();
    return new Uint8Array(await readFile(file));
  } catch (error) {
    if (isKiltError(error)) throw error;
    throw unreadable('unreadable', error);
  }
}

/** A PFX begins with its version, an INTEGER (RFC 7292 §4); a certificate with the SEQUENCE that is signed. */
function isPfx([first, length = 0, ...rest]: Uint8Array): boolean {
  const longForm = length > 0x80 ? length & 0x7f : 0;
  return first === tag.sequence && rest[longForm] === tag.integer;
}

async function openPfx(fileName: string, bytes: Uint8Array, password: SecretBytes): Promise<OpenedFile> {
  const forms = new ContainerPassword(password);
  let keys: readonly Uint8Array[] = [];
  const forget = (): void => keys.forEach(wipe);
  try {
    const contents = await openContainer(bytes, forms);
    keys = contents.privateKeys;
    const certificates = contents.certificates.map(parsedOrUndefined).filter((one) => one !== undefined);
    if (certificates.length === 0) throw unreadable('no-certificate');
    if (keys.length === 0) return { fileName, certificates: eachOnce(certificates), forget };
    const key = firstUsable(keys, certificates);
    return { fileName, certificates: eachOnce([key.certificate, ...certificates]), key, forget };
  } catch (error) {
    forget();
    if (error instanceof DerError) throw unreadable('damaged', error);
    if (isKiltError(error, 'key-container-wrong') || isKiltError(error, 'key-container-unsupported'))
      throw new KiltError('import-file-unreadable', error.data, { cause: error });
    throw error;
  } finally {
    forms.dispose();
  }
}

/** The first key that a token can hold and that has a certificate; else why there is none. */
function firstUsable(keys: readonly Uint8Array[], certificates: readonly CertificateInfo[]): ImportedKey {
  let why: KiltError | undefined;
  for (const encoded of keys) {
    const key = readPrivateKeyInfo(encoded);
    if (key.kind === 'other') {
      why ??= new KiltError('import-key-unsupported', { algorithm: key.algorithm });
      continue;
    }
    const { numbers, publicKeyInfo } = key;
    const certificate = certificates.find((one) => equalBytes(one.publicKeyInfo, publicKeyInfo));
    if (certificate) return { numbers, publicKeyInfo, certificate, bits: bitsOfImport(numbers) };
    why ??= unreadable('key-mismatch');
  }
  throw why ?? unreadable('no-key');
}

const eachOnce = (certificates: readonly CertificateInfo[]): readonly CertificateInfo[] =>
  certificates.filter(({ der }, at) => certificates.findIndex((one) => equalBytes(one.der, der)) === at);
