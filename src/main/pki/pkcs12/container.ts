import { concatBytes, wipe, type DerBytes } from '#shared/bytes.ts';
import { readAlgorithm } from '../algorithm-identifier.ts';
import {
  berToDer,
  DerError,
  DerReader,
  members,
  parseDer,
  parseSequence,
  readOid,
  readSmallInteger,
  tag,
  type DerValue,
} from '../asn1.ts';
import { oids } from '../oids.ts';
import { DecryptionError } from './decipher.ts';
import { decrypt } from './encryption.ts';
import { unsupportedContainer, wrongContainer } from './failure.ts';
import { macFits } from './mac.ts';
import type { ContainerPassword } from './password.ts';

/** The parts of a PFX (RFC 7292 §4): bags of keys and certificates under a password. */

export interface ContainerContents {
  /** PrivateKeyInfo (PKCS#8), one for every key. The caller wipes them. */
  readonly privateKeys: readonly Uint8Array[];
  /** X.509 certificates in the order of the file. */
  readonly certificates: readonly DerBytes[];
}

/** The only version there is. */
const pfxVersion = 3;

/** Content of an OCTET STRING, which BER may cut into pieces (X.690 §8.7.3); also under IMPLICIT `[0]`. */
function octets(value: DerValue): Uint8Array {
  const whole = [tag.octetString, tag.contextPrimitive(0)];
  return whole.includes(value.tag) ? value.content : concatBytes(...members(value).map(octets));
}

/** Deeper than any key container. */
const deepest = 24;

function isDer(value: DerValue, depth = 0): boolean {
  const constructed = (value.tag & 0x20) !== 0;
  return depth < deepest && (!constructed || members(value).every((member) => isDer(member, depth + 1)));
}

/**
 * Reads what may be DER or BER. Decrypted bags, which may hold a bare key, stay out of the BER reader unless they need
 * it: it works on strings.
 */
function parseDecrypted(bytes: Uint8Array): DerValue {
  try {
    const value = parseDer(bytes);
    if (isDer(value)) return value;
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
  }
  return parseDer(berToDer(bytes));
}

interface Pfx {
  readonly authenticatedSafe: Uint8Array;
  readonly macData: DerValue | undefined;
}

function readPfx(file: Uint8Array): Pfx {
  const [sequenceTag] = file;
  if (sequenceTag !== tag.sequence) throw wrongContainer('not-a-key-container');
  let pfx: DerReader;
  try {
    pfx = new DerReader(parseDer(berToDer(file)).content);
  } catch (cause) {
    throw wrongContainer(beginsLikePfx(file) ? 'damaged' : 'not-a-key-container', cause);
  }
  const version = pfx.optional(tag.integer);
  if (!version || readSmallInteger(version) !== pfxVersion) throw wrongContainer('not-a-key-container');
  const content = pfx.sequence();
  const type = content.oid();
  // id-signedData would be integrity by somebody's signature, which banks do not use.
  if (type !== oids.data) throw unsupportedContainer(`integrity by ${type}`);
  const safe = content.optionalExplicit(0);
  if (!safe) throw wrongContainer('damaged');
  const macData = pfx.optional(tag.sequence);
  pfx.end();
  return { authenticatedSafe: octets(safe), macData };
}

/** SEQUENCE, length, INTEGER 3: a key container whose rest can not be read. */
function beginsLikePfx(file: Uint8Array): boolean {
  const lengthOctet = file[1] ?? 0;
  const start = lengthOctet > 0x80 ? 2 + (lengthOctet & 0x7f) : 2;
  return file[start] === tag.integer && file[start + 1] === 1 && file[start + 2] === pfxVersion;
}

/** Whether the password makes the MAC; true where there is none. */
async function passwordFits(
  { authenticatedSafe, macData }: Pfx,
  password: ContainerPassword,
): Promise<boolean> {
  if (!macData) return true;
  const reader = new DerReader(macData.content);
  const digestInfo = reader.sequence();
  const { oid: hashOid } = readAlgorithm(digestInfo.next(tag.sequence));
  const expected = octets(digestInfo.any());
  digestInfo.end();
  const salt = octets(reader.any());
  const iterations = reader.optional(tag.integer);
  reader.end();
  return macFits({ hashOid, expected, salt, iterations }, authenticatedSafe, password);
}

/** SafeContents of each ContentInfo in the AuthenticatedSafe, decrypted where it is encrypted. */
async function* safeContents(
  authenticatedSafe: Uint8Array,
  password: ContainerPassword,
): AsyncGenerator<Uint8Array> {
  for (const { content } of members(parseDer(berToDer(authenticatedSafe)), tag.sequence)) {
    const info = new DerReader(content);
    const type = info.oid();
    const inner = info.optionalExplicit(0);
    if (!inner) throw new DerError('a safe without content');
    if (type === oids.data) {
      yield octets(inner);
    } else if (type === oids.encryptedData) {
      const encrypted = new DerReader(inner.content);
      encrypted.next(tag.integer);
      const encryptedContent = encrypted.sequence();
      encryptedContent.oid();
      const algorithm = readAlgorithm(encryptedContent.next(tag.sequence));
      const plain = await decrypt(algorithm, octets(encryptedContent.any()), password);
      try {
        yield plain;
      } finally {
        wipe(plain);
      }
    } else {
      throw unsupportedContainer(`safe of ${type}`);
    }
  }
}

async function readBags(contents: Uint8Array, password: ContainerPassword, found: FoundBags): Promise<void> {
  for (const { content } of members(parseDecrypted(contents), tag.sequence)) {
    const bag = new DerReader(content);
    const type = bag.oid();
    const value = bag.optionalExplicit(0);
    if (!value) throw new DerError('an empty bag');
    if (type === oids.keyBag) {
      found.privateKeys.push(Uint8Array.from(value.der));
    } else if (type === oids.shroudedKeyBag) {
      const fields = new DerReader(value.content);
      const algorithm = readAlgorithm(fields.next(tag.sequence));
      found.privateKeys.push(await decrypt(algorithm, octets(fields.any()), password));
    } else if (type === oids.certBag) {
      const fields = parseSequence(value.der);
      const kind = readOid(fields.next(tag.oid));
      const certificate = fields.optionalExplicit(0);
      // A copy: the decrypted safe around it is wiped.
      if (kind === oids.x509Certificate && certificate) {
        found.certificates.push(Uint8Array.from(octets(certificate)) as DerBytes);
      }
    }
    // Other bags (CRLs, secrets, nested safes) hold nothing that proves who the customer is.
  }
}

interface FoundBags {
  readonly privateKeys: Uint8Array[];
  readonly certificates: DerBytes[];
}

/**
 * Opens a PFX. The event loop keeps turning meanwhile; the password stays as it is until then.
 *
 * @throws KiltError `key-container-wrong` {likelyCause}, `key-container-unsupported` {reason}
 */
export async function openContainer(
  file: Uint8Array,
  password: ContainerPassword,
): Promise<ContainerContents> {
  const found: FoundBags = { privateKeys: [], certificates: [] };
  let passwordProven = false;
  try {
    const pfx = readPfx(file);
    if (!(await passwordFits(pfx, password))) throw wrongContainer('password');
    passwordProven = pfx.macData !== undefined;
    for await (const contents of safeContents(pfx.authenticatedSafe, password))
      await readBags(contents, password, found);
    return found;
  } catch (error) {
    found.privateKeys.forEach(wipe);
    if (error instanceof DecryptionError || error instanceof DerError) {
      // Without a MAC a wrong password shows as rubbish after decryption.
      const decryptedRubbish = error instanceof DecryptionError && !passwordProven;
      throw wrongContainer(decryptedRubbish ? 'password' : 'damaged', error);
    }
    throw error;
  }
}
