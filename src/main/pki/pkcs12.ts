import { createPrivateKey } from 'node:crypto';
import { equalBytes, wipe, type DerBytes, type SecretBytes } from '#shared/bytes.ts';
import { KiltError } from '#shared/errors.ts';
import { readAlgorithm } from './algorithm-identifier.ts';
import { DerError, parseSequence, tag } from './asn1.ts';
import { parseCertificate, type CertificateInfo } from './certificate.ts';
import { issuerNameOf, subjectNameOf } from './certificate-texts.ts';
import { sameName } from './distinguished-name.ts';
import { gostContainerKey, isGostKey } from './gost/container-key.ts';
import { keyObjectSigner } from './key-object-signer.ts';
import { oids } from './oids.ts';
import { openContainer, type ContainerContents } from './pkcs12/container.ts';
import { unsupportedContainer, wrongContainer } from './pkcs12/failure.ts';
import { ContainerPassword } from './pkcs12/password.ts';
import type { CertifiedSigner, Signer } from './signer.ts';

/** What can be shown of a key container. */
export interface InitialKeyInfo {
  /** Common name, or the whole name where there is none. */
  readonly subjectName: string;
  readonly issuerName: string;
  /** RFC 4514. */
  readonly subject: string;
  readonly issuer: string;
  readonly serialNumber: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/** The initial key of a customer, opened: signs until it is disposed of. */
export interface InitialKey extends CertifiedSigner {
  readonly info: InitialKeyInfo;
  /** Lets go of the private key. Signing afterwards fails with KiltError `internal`. May be called twice. */
  dispose(): void;
}

/** A private key of the container with the certificate it belongs to. */
interface KeyWithCertificate {
  readonly signer: Signer;
  readonly leaf: CertificateInfo;
  /** Clears what JavaScript can clear of the key. */
  readonly forget: () => void;
}

function keyAlgorithm(privateKeyInfo: Uint8Array): string {
  const fields = parseSequence(privateKeyInfo);
  fields.next(tag.integer);
  return readAlgorithm(fields.next(tag.sequence)).oid;
}

function rsaKey(
  privateKeyInfo: Uint8Array,
  certificates: readonly CertificateInfo[],
): KeyWithCertificate | undefined {
  const { buffer, byteOffset, byteLength } = privateKeyInfo;
  const key = createPrivateKey({
    key: Buffer.from(buffer, byteOffset, byteLength),
    format: 'der',
    type: 'pkcs8',
  });
  const signer = keyObjectSigner(key);
  const leaf = certificates.find(({ publicKeyInfo }) => equalBytes(publicKeyInfo, signer.publicKeyInfo));
  return leaf && { signer, leaf, forget: () => undefined };
}

function gostKey(
  privateKeyInfo: Uint8Array,
  certificates: readonly CertificateInfo[],
): KeyWithCertificate | undefined {
  const key = gostContainerKey(privateKeyInfo, certificates);
  switch (key.outcome) {
    case 'signer': {
      const { signer, leaf } = key;
      const forget = (): void => {
        signer.dispose();
      };
      return { signer, leaf, forget };
    }
    case 'no-certificate-fits':
      return undefined;
    case 'unknown-curve':
      throw unsupportedContainer(`curve of a key ${keyAlgorithm(privateKeyInfo)}`);
  }
}

function withCertificate(
  privateKeyInfo: Uint8Array,
  certificates: readonly CertificateInfo[],
): KeyWithCertificate | undefined {
  try {
    const algorithm = keyAlgorithm(privateKeyInfo);
    if (algorithm === oids.rsaEncryption) return rsaKey(privateKeyInfo, certificates);
    if (isGostKey(algorithm)) return gostKey(privateKeyInfo, certificates);
    throw unsupportedContainer(`key ${algorithm}`);
  } catch (error) {
    if (error instanceof KiltError) throw error;
    // The reason may quote the key: it stays here.
    throw wrongContainer('damaged');
  }
}

/** Issuers among the other certificates, nearest first, by name alone: the CA that receives them checks them. */
function chainOf(leaf: CertificateInfo, others: readonly CertificateInfo[]): readonly DerBytes[] {
  const chain: CertificateInfo[] = [];
  let current = leaf;
  for (;;) {
    const issuer = others.find(
      (candidate) =>
        candidate !== current &&
        !chain.includes(candidate) &&
        sameName(candidate.subjectName, current.issuerName),
    );
    if (!issuer) return chain.map(({ der }) => der);
    chain.push(issuer);
    current = issuer;
  }
}

function parseAll(certificates: readonly DerBytes[]): readonly CertificateInfo[] {
  return certificates.flatMap((der) => {
    try {
      return parseCertificate(der);
    } catch (error) {
      if (error instanceof DerError) return [];
      throw error;
    }
  });
}

function matching({ privateKeys, certificates }: ContainerContents): {
  readonly key: KeyWithCertificate;
  readonly certificates: readonly CertificateInfo[];
} {
  const readable = parseAll(certificates);
  for (const privateKey of privateKeys) {
    const key = withCertificate(privateKey, readable);
    if (key) return { key, certificates: readable };
  }
  if (certificates.length === 0) throw wrongContainer('no-certificate');
  // The key may well belong to one that can not be read.
  throw wrongContainer(readable.length < certificates.length ? 'damaged' : 'key-mismatch');
}

const infoOf = (certificate: CertificateInfo): InitialKeyInfo => {
  const { subject, issuer, serialNumber, notBefore, notAfter } = certificate;
  return {
    subjectName: subjectNameOf(certificate),
    issuerName: issuerNameOf(certificate),
    subject,
    issuer,
    serialNumber,
    notBefore,
    notAfter,
  };
};

/**
 * Opens a key container («Key.pfx», «GOST.pfx», PKCS#12, RFC 7292): RSA keys and those of the GOST dialects; triple DES,
 * RC2, AES and GOST 28147-89 (both PBES2) encryption; SHA-1, SHA-2 and Streebog MAC; DER and BER; the password in UTF-8,
 * which may be empty or Cyrillic.
 *
 * The event loop keeps turning while keys are derived, however many iterations a file asks for.
 *
 * Where the secrets are: the password is copied before the function first waits, so the caller may wipe its own at once.
 * The copy and what is derived from it live in buffers that are wiped before the promise settles, whether somebody still
 * waits for it or not. The decrypted key is wiped as soon as a signer has it. Of an RSA key that is a KeyObject, out of JavaScript's
 * reach, and OpenSSL clears it when the object goes; of a GOST key see {@link GostSigner}. Two exceptions, neither met in
 * files of the two CAs: a *key* under RC2, and a key in an unencrypted bag, pass through forge's strings, which can not
 * be wiped.
 *
 * Whether the key is still valid is a question of its own: {@link checkInitialKeyValidity}.
 *
 * @throws KiltError `key-container-wrong` {likelyCause: not-a-key-container | password | damaged | no-key |
 *   no-certificate | key-mismatch}, `key-container-unsupported` {reason} for keys of other algorithms
 */
export async function openKeyContainer(pfx: Uint8Array, password: SecretBytes): Promise<InitialKey> {
  const forms = new ContainerPassword(password);
  let keys: readonly Uint8Array[] = [];
  try {
    const contents = await openContainer(pfx, forms);
    keys = contents.privateKeys;
    if (keys.length === 0) throw wrongContainer('no-key');
    const { key, certificates } = matching(contents);
    return initialKey(key, certificates);
  } finally {
    forms.dispose();
    keys.forEach(wipe);
  }
}

function initialKey(
  { signer, leaf, forget }: KeyWithCertificate,
  certificates: readonly CertificateInfo[],
): InitialKey {
  let open: Signer | undefined = signer;
  return {
    algorithm: signer.algorithm,
    publicKeyInfo: signer.publicKeyInfo,
    certificate: leaf.der,
    chain: chainOf(leaf, certificates),
    info: infoOf(leaf),
    sign(data) {
      return open
        ? open.sign(data)
        : Promise.reject(new KiltError('internal', { reason: 'the initial key has been disposed of' }));
    },
    dispose() {
      open = undefined;
      forget();
    },
  };
}

/**
 * Whether an initial key may be used now: banks issue them for days or weeks.
 *
 * @throws KiltError `key-container-expired` {notBefore, notAfter}, ISO 8601
 */
export function checkInitialKeyValidity({ info }: Pick<InitialKey, 'info'>, now: Date): void {
  if (now < info.notBefore || now > info.notAfter) {
    throw new KiltError('key-container-expired', {
      notBefore: info.notBefore.toISOString(),
      notAfter: info.notAfter.toISOString(),
    });
  }
}
