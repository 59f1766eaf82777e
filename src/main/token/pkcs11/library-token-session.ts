import { createPublicKey, verify } from 'node:crypto';
import { asDer, type DerBytes, type SecretBytes, type TokenSerial } from '#shared/bytes.ts';
import { isKiltError, KiltError } from '#shared/errors.ts';
import type {
  KeyUsage,
  ObjectId,
  PinRole,
  PinStatus,
  TokenCertificate,
  TokenKey,
  TokenSession,
} from '../token-session.ts';
import { askLogin, type LibraryConversation } from './library-conversation.ts';
import type { LibraryToken } from './library-protocol.ts';
import { isSameSerial } from './same-serial.ts';
import { pinStatusFrom } from './token-flags.ts';

/** A key as a library shows it. Before a login mostly only its public half is seen. */
export interface LibraryTokenKey extends Omit<TokenKey, 'reference'> {
  readonly privateSeen: boolean;
}

export interface LibraryObjects {
  readonly keys: readonly LibraryTokenKey[];
  readonly certificates: readonly TokenCertificate[];
}

type SharedWithCard =
  | 'serial'
  | 'login'
  | 'logout'
  | 'publicKey'
  | 'signSha256'
  | 'generateRsaKeyPair'
  | 'storeCertificate'
  | 'deleteCertificate'
  | 'deleteKeyPair';

/**
 * A token reached through its vendor's PKCS#11 library: the second provider beside the card itself. It does what a
 * library can do for keys and certificates; PINs, labels and formats stay with the card's own commands.
 *
 * Methods throw what {@link TokenSession}'s do, and `driver-failed`.
 */
export class LibraryTokenSession implements Pick<TokenSession, SharedWithCard> {
  readonly serial: TokenSerial;
  readonly #conversation: LibraryConversation;
  #token: LibraryToken;

  private constructor(serial: TokenSerial, conversation: LibraryConversation, token: LibraryToken) {
    this.serial = serial;
    this.#conversation = conversation;
    this.#token = token;
  }

  /**
   * Opens the token with this serial number, and no other.
   *
   * @throws KiltError `token-unsupported` when the library sees no such token
   */
  static async open(
    conversation: LibraryConversation,
    wanted: { readonly library: string; readonly serial: TokenSerial; readonly toWrite: boolean },
  ): Promise<LibraryTokenSession> {
    await conversation.ask<'load'>({ do: 'load', library: wanted.library });
    const token = await findToken(conversation, wanted.serial);
    await conversation.ask<'open'>({ do: 'open', slot: token.slot, toWrite: wanted.toWrite });
    return new LibraryTokenSession(wanted.serial, conversation, token);
  }

  /** What the library tells of the user PIN without trying it. */
  get userPin(): PinStatus {
    return pinStatusFrom(this.#token);
  }

  /** What can be seen now: certificates and public keys, private keys after `login`. */
  async objects(): Promise<LibraryObjects> {
    const { keys, certificates } = await this.#conversation.ask<'objects'>({ do: 'objects' });
    return {
      keys: keys.flatMap(({ algorithm, id, label, bits, usage, privateSeen }) =>
        algorithm === 'other' ? [] : [{ id, label, algorithm, bits, usage, privateSeen }],
      ),
      certificates: certificates.map(({ id, label, der }) => ({ id, label, der: asDer(der) })),
    };
  }

  /**
   * The one place that gives a library a PIN. Exactly one try; a PIN that the library calls locked is not tried.
   *
   * @throws KiltError `wrong-pin` {role, attemptsLeft where it is the last}, `pin-blocked` {role}
   */
  async login(role: PinRole, pin: SecretBytes): Promise<void> {
    if (role !== 'user')
      throw new KiltError('internal', { reason: 'a library logs the user in, nobody else' });
    if (this.userPin.blocked) throw new KiltError('pin-blocked', { role, step: 'login' });
    try {
      await askLogin(this.#conversation, pin);
    } catch (error) {
      throw isKiltError(error, 'wrong-pin') ? await this.#afterWrongPin(error) : error;
    }
  }

  async logout(): Promise<void> {
    await this.#conversation.ask<'logout'>({ do: 'logout' });
  }

  /** SubjectPublicKeyInfo of an RSA key; `null` for another kind, and where there is none. */
  async publicKey(id: ObjectId): Promise<DerBytes | null> {
    const { keys } = await this.#conversation.ask<'objects'>({ do: 'objects' });
    const found = keys.find((key) => key.id === id)?.publicKeyInfo;
    return found ? asDer(found) : null;
  }

  /** RSASSA-PKCS1-v1_5 with SHA-256, checked with the public key where the library shows it. */
  async signSha256(id: ObjectId, data: Uint8Array): Promise<Uint8Array> {
    const signature = await this.#sign(id, 'rsa-sha256', data);
    const publicKey = await this.publicKey(id);
    if (publicKey !== null) {
      const verifier = createPublicKey({ key: Buffer.from(publicKey), format: 'der', type: 'spki' });
      if (!verify('sha256', data, verifier, signature))
        throw new KiltError('token-answer-unexpected', { step: 'sign' });
    }
    return signature;
  }

  /** GOST R 34.10 over a finished hash of 32 or 64 bytes: the token's own order of bytes, which its caller finds out. */
  signGostHash(id: ObjectId, hash: Uint8Array): Promise<Uint8Array> {
    return this.#sign(id, 'gost', hash);
  }

  async generateRsaKeyPair(options: {
    id: ObjectId;
    label: string;
    bits: 2048 | 4096;
    usage: readonly KeyUsage[];
  }): Promise<DerBytes> {
    const { id: keyId, label, bits } = options;
    const made = await this.#conversation.ask<'generate'>({
      do: 'generate',
      keyId,
      label,
      bits,
      usage: [...options.usage],
    });
    return asDer(made);
  }

  async storeCertificate({ id, label, der }: { id: ObjectId; label: string; der: DerBytes }): Promise<void> {
    await this.#conversation.ask<'store-certificate'>({ do: 'store-certificate', keyId: id, label, der });
  }

  async deleteCertificate(der: DerBytes): Promise<void> {
    await this.#conversation.ask<'remove-certificate'>({ do: 'remove-certificate', der });
  }

  async deleteKeyPair(id: ObjectId): Promise<void> {
    await this.#conversation.ask<'remove-key'>({ do: 'remove-key', keyId: id });
  }

  #sign(keyId: ObjectId, how: 'rsa-sha256' | 'gost', data: Uint8Array): Promise<Uint8Array> {
    return this.#conversation.ask<'sign'>({ do: 'sign', keyId, how, data });
  }

  /** The library says afterwards whether that was the last try but one, or the last. */
  async #afterWrongPin(error: KiltError): Promise<KiltError> {
    try {
      this.#token = await findToken(this.#conversation, this.serial);
    } catch {
      return error;
    }
    const { blocked, attemptsLeft } = this.userPin;
    if (blocked) return new KiltError('pin-blocked', error.data, { cause: error });
    return attemptsLeft === null
      ? error
      : new KiltError('wrong-pin', { ...error.data, attemptsLeft }, { cause: error });
  }
}

async function findToken(conversation: LibraryConversation, serial: TokenSerial): Promise<LibraryToken> {
  const tokens = await conversation.ask<'tokens'>({ do: 'tokens' });
  const found = tokens.find((token) => isSameSerial(token.serial, serial));
  if (found === undefined)
    throw new KiltError('token-unsupported', { step: 'tokens', reason: 'not-in-driver' });
  return found;
}
