import { createCipheriv, createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import forge from 'node-forge';
import { context, der, integer, nullValue, octetString, oid, sequence, set, tags } from '../asn1/der.ts';
import { oids } from '../asn1/oids.ts';

/**
 * How a key container is encrypted.
 *
 * - `3des`: key and certificate pbeWithSHAAnd3-KeyTripleDES-CBC, HMAC-SHA1; what most programs write
 * - `rc2`: key 3DES, certificate pbeWithSHAAnd40BitRC2-CBC, HMAC-SHA1; what Kazakh CAs write
 * - `aes`: PBES2 with AES-256 and HMAC-SHA256; what OpenSSL 3 writes
 */
export type ContainerCipher = '3des' | 'rc2' | 'aes';

const iterations = 2048;
const macIterations = 1024;
/** Purposes of PKCS#12 key derivation (RFC 7292 §B.3). */
const derive = { key: 1, iv: 2, mac: 3 } as const;

const binary = (bytes: Uint8Array): string => Buffer.from(bytes).toString('binary');
const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'binary'));

function pkcs12Key(
  password: string,
  salt: Uint8Array,
  purpose: number,
  rounds: number,
  length: number,
  hash: 'sha1' | 'sha256',
): Uint8Array {
  const buffer = forge.util.createBuffer(binary(salt));
  const digest = hash === 'sha1' ? forge.md.sha1.create() : forge.md.sha256.create();
  return bytesOf(forge.pkcs12.generateKey(password, buffer, purpose, rounds, length, digest).getBytes());
}

interface Encrypted {
  /** AlgorithmIdentifier. */
  readonly algorithm: Uint8Array;
  readonly bytes: Uint8Array;
}

function encrypt(
  scheme: 'sha1-3des' | 'sha1-rc2-40' | 'pbes2-aes256',
  password: string,
  plain: Uint8Array,
): Encrypted {
  const salt = randomBytes(16);
  if (scheme === 'pbes2-aes256') {
    const iv = randomBytes(16);
    const key = pbkdf2Sync(password, salt, iterations, 32, 'sha256');
    const cipher = createCipheriv('aes-256-cbc', key, iv);
    const derivation = sequence(
      octetString(salt),
      integer(iterations),
      sequence(oid(oids.hmacWithSha256), nullValue()),
    );
    return {
      algorithm: sequence(
        oid(oids.pbes2),
        sequence(sequence(oid(oids.pbkdf2), derivation), sequence(oid(oids.aes256Cbc), octetString(iv))),
      ),
      bytes: Buffer.concat([cipher.update(plain), cipher.final()]),
    };
  }
  const parameters = sequence(octetString(salt), integer(iterations));
  const iv = pkcs12Key(password, salt, derive.iv, iterations, 8, 'sha1');
  if (scheme === 'sha1-3des') {
    const key = pkcs12Key(password, salt, derive.key, iterations, 24, 'sha1');
    const cipher = createCipheriv('des-ede3-cbc', key, iv);
    return {
      algorithm: sequence(oid(oids.pbeSha1TripleDes), parameters),
      bytes: Buffer.concat([cipher.update(plain), cipher.final()]),
    };
  }
  // Neither OpenSSL 3 nor BoringSSL offers RC2 to node:crypto.
  const key = pkcs12Key(password, salt, derive.key, iterations, 5, 'sha1');
  const cipher = forge.rc2.createEncryptionCipher(binary(key), 40);
  cipher.start(binary(iv));
  cipher.update(forge.util.createBuffer(binary(plain)));
  cipher.finish();
  return {
    algorithm: sequence(oid(oids.pbeSha1Rc2With40Bits), parameters),
    bytes: bytesOf(cipher.output.getBytes()),
  };
}

const schemes = {
  '3des': { key: 'sha1-3des', certificate: 'sha1-3des', mac: 'sha1' },
  rc2: { key: 'sha1-3des', certificate: 'sha1-rc2-40', mac: 'sha1' },
  aes: { key: 'pbes2-aes256', certificate: 'pbes2-aes256', mac: 'sha256' },
} as const;

/** What a PEM text holds; not by way of `node:crypto`, which knows no GOST keys. */
const pemContent = (pem: string): Uint8Array => Buffer.from(pem.replace(/-----[^-]+-----/g, ''), 'base64');

/** PFX (RFC 7292) with one private key, its certificate and perhaps issuers, as a bank hands it out. */
export function keyContainer(content: {
  /** PKCS#8 PEM. */
  readonly privateKeyPem: string;
  readonly certificate: Uint8Array;
  readonly issuers?: readonly Uint8Array[];
  readonly friendlyName: string;
  readonly password: string;
  readonly cipher: ContainerCipher;
}): Uint8Array {
  const { password, certificate } = content;
  const scheme = schemes[content.cipher];
  const name = Buffer.from(content.friendlyName, 'utf16le').swap16();
  const attributes = set(
    sequence(oid(oids.friendlyName), set(der(tags.bmp, name))),
    sequence(oid(oids.localKeyId), set(octetString(createHash('sha1').update(certificate).digest()))),
  );
  const bag = (type: string, value: Uint8Array, ...bagAttributes: readonly Uint8Array[]) =>
    sequence(oid(type), context(0, value), ...bagAttributes);
  const certificateBag = (bytes: Uint8Array, ...bagAttributes: readonly Uint8Array[]) => {
    const value = sequence(oid(oids.x509Certificate), context(0, octetString(bytes)));
    return bag(oids.certificateBag, value, ...bagAttributes);
  };
  const data = (bytes: Uint8Array) => sequence(oid(oids.data), context(0, octetString(bytes)));

  const key = encrypt(scheme.key, password, pemContent(content.privateKeyPem));
  const shrouded = sequence(key.algorithm, octetString(key.bytes));
  const keyBag = sequence(bag(oids.shroudedKeyBag, shrouded, attributes));
  const issuers = (content.issuers ?? []).map((issuer) => certificateBag(issuer));
  const certificateBags = sequence(certificateBag(certificate, attributes), ...issuers);
  const sealed = encrypt(scheme.certificate, password, certificateBags);
  const sealedCertificates = sequence(
    oid(oids.encryptedData),
    context(
      0,
      // encryptedContent is [0] IMPLICIT OCTET STRING: the primitive context tag 80.
      sequence(integer(0), sequence(oid(oids.data), sealed.algorithm, der(0x80, sealed.bytes))),
    ),
  );
  const safe = sequence(sealedCertificates, data(keyBag));

  const salt = randomBytes(20);
  const length = scheme.mac === 'sha1' ? 20 : 32;
  const macKey = pkcs12Key(password, salt, derive.mac, macIterations, length, scheme.mac);
  const mac = createHmac(scheme.mac, macKey).update(safe).digest();
  const digestInfo = sequence(sequence(oid(oids[scheme.mac]), nullValue()), octetString(mac));
  return sequence(integer(3), data(safe), sequence(digestInfo, octetString(salt), integer(macIterations)));
}
