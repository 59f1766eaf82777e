import type { DerBytes, SecretBytes, TokenSerial } from '#shared/bytes.ts';

export type PinRole = 'user' | 'administrator';

/** What can be told of a PIN without trying it. */
export interface PinStatus {
  /** `null` when the card does not say. */
  readonly attemptsLeft: number | null;
  readonly maxAttempts: number | null;
  readonly minLength: number | null;
  readonly blocked: boolean;
  /** Who may change this PIN, `null` when the card does not say. */
  readonly changedBy: 'administrator' | 'user' | 'both' | null;
}

export interface TokenInfo {
  readonly serial: TokenSerial;
  readonly model: string;
  /** `null`: the token has no label (no PKCS#15 application or an empty label). */
  readonly label: string | null;
  readonly userPin: PinStatus;
  readonly administratorPin: PinStatus;
  /** Total memory in bytes; `null` when the card does not say. */
  readonly totalMemory: number | null;
  /** Free memory in bytes; `null` when the card does not say. */
  readonly freeMemory: number | null;
  readonly firmware: string | null;
  /** Version of the protocol the token speaks; `null` when the card does not say. */
  readonly protocol: string | null;
  /** Answer to reset, upper-case hexadecimal. */
  readonly atr: string;
  /**
   * `complete`: holds the PKCS#15 application · `none`: has none · `half-formatted`: a format was interrupted, so that
   * master file, PINs or layout are missing and everything has to be made anew.
   */
  readonly layout: 'complete' | 'none' | 'half-formatted';
}

/** What a format makes of a token (facts §3.2, §6). The buffers stay the caller's. */
export interface NewTokenLayout {
  /** Printable ASCII, at most 32 bytes; empty: no name. */
  readonly label: string;
  readonly userPinChangedBy: 'administrator' | 'user' | 'both';
  readonly userPin: SecretBytes;
  readonly administratorPin: SecretBytes;
  readonly userMinLength: number;
  readonly administratorMinLength: number;
  readonly userAttempts: number;
  readonly administratorAttempts: number;
}

/** What is done when a format has come so far; see `formatStages`. */
export type FormatProgress =
  'wiped' | 'folders' | 'administrator-pin' | 'user-pin' | 'application' | 'closed';

/** An RSA private key in its parts, big-endian (RFC 8017 §3.2). The holder wipes them. */
export interface RsaPrivateKeyParts {
  readonly modulus: Uint8Array;
  readonly publicExponent: Uint8Array;
  readonly prime1: Uint8Array;
  readonly prime2: Uint8Array;
  readonly exponent1: Uint8Array;
  readonly exponent2: Uint8Array;
  readonly coefficient: Uint8Array;
}

/** PKCS#15 object identifier (CKA_ID), 1 to 255 bytes, as lower-case hexadecimal. */
export type ObjectId = string;

export interface TokenKey {
  readonly id: ObjectId;
  readonly label: string;
  readonly algorithm: 'rsa' | 'gost';
  readonly bits: number;
  /** Key reference on the card, 1…255. */
  readonly reference: number;
  readonly usage: readonly KeyUsage[];
}

export type KeyUsage = 'sign' | 'signRecover' | 'decrypt' | 'nonRepudiation';

export interface TokenCertificate {
  readonly id: ObjectId;
  readonly label: string;
  readonly der: DerBytes;
}

export interface DataObjectName {
  readonly application: string;
  readonly label: string;
}

export interface TokenDataObject extends DataObjectName {
  readonly content: Uint8Array;
}

/** A data object that the card shows to its user only. Whoever holds it wipes its content. */
export interface PrivateDataObject extends DataObjectName {
  readonly content: SecretBytes;
}

export interface TokenObjects {
  readonly keys: readonly TokenKey[];
  readonly certificates: readonly TokenCertificate[];
  readonly dataObjects: readonly TokenDataObject[];
  /** Names of private data objects, which everybody can read; what is in them never stands here. Absent: there are none. */
  readonly privateData?: readonly DataObjectName[];
}

/**
 * A token while nobody else may talk to it: one PC/SC transaction, one login at most. Made by `withTokenSession`,
 * which logs out and ends the transaction whatever happens.
 *
 * Objects are PKCS#15 as OpenSC's `rtecp` driver writes and reads them. Every write can be repeated: writing what
 * is already there changes nothing and leaves no orphan file.
 *
 * All methods throw `KiltError`: `token-removed`, `token-in-use`, `token-mute`, `token-answer-unexpected`,
 * `pin-needed` (right not granted), `token-memory-full`, and what each adds.
 */
export interface TokenSession {
  readonly serial: TokenSerial;

  info(): Promise<TokenInfo>;

  /** What is on the token for everybody to see. */
  objects(): Promise<TokenObjects>;

  /**
   * The one place that sends VERIFY with a PIN. Exactly one try; never repeated.
   *
   * @throws KiltError `wrong-pin` {role, attemptsLeft}, `pin-blocked` {role}
   */
  login(role: PinRole, pin: SecretBytes): Promise<void>;

  logout(): Promise<void>;

  /**
   * Sets the PIN of `role`; needs the login that the card's policy asks for.
   *
   * @throws KiltError `pin-refused` {role, minLength}; `pin-needed` {role: whose login is missing}; `pin-not-allowed`
   *   {role, changedBy} when a login stands, and the token was formatted so that only the others change this PIN
   */
  setPin(role: PinRole, newPin: SecretBytes): Promise<void>;

  /**
   * Gives the user PIN its tries back and leaves its value as it is. Needs administrator login.
   *
   * @throws KiltError `pin-needed` {role: administrator}, `pin-not-allowed` when the token lets nobody unblock
   */
  unblockUserPin(): Promise<void>;

  /**
   * Wipes the token and lays it out anew, as OpenSC's `rtecp` driver does (facts §3.4, §4): folders, PINs with the
   * policy asked for, PKCS#15 application. Ends all logins. Once begun it is carried to the end; where it is
   * interrupted, {@link info} says `half-formatted` and the same call makes the token whole, with no login.
   *
   * A card may want its administrator to be logged in before it lets itself be wiped (not known, facts §7): then, and
   * only then, that login is needed first.
   *
   * @param onProgress called when a stage is done
   * @throws KiltError `input-invalid` {field} before anything is sent. `pin-needed` {role: administrator} with nothing
   *   lost. Any other error as it is, when the wipe itself failed: the token is untouched, or if only the answer was lost
   *   (`token-removed`), half-formatted. After the wipe every failure is `format-interrupted` {stage: the last one done,
   *   cause: id of what happened, such as `token-removed`; its data}.
   */
  format(layout: NewTokenLayout, onProgress?: (stage: FormatProgress) => void): Promise<void>;

  /** True once the PKCS#15 application (DF 5000) is complete enough to hold objects. */
  hasPkcs15(): Promise<boolean>;

  /**
   * Makes the PKCS#15 application with this label, or completes one whose making was interrupted. Needs user login.
   *
   * @throws KiltError `format-interrupted` on a token whose format has to be finished first
   */
  createPkcs15(label: string): Promise<void>;

  /** Changes the label (EF TokenInfo). Needs user login. */
  setLabel(label: string): Promise<void>;

  /**
   * Makes an RSA key pair on the card; the private half never leaves it. If a complete pair with this id is there,
   * it is returned as it is; an incomplete one (interrupted before the card finished) is removed and made anew.
   *
   * @returns SubjectPublicKeyInfo (RFC 5280 §4.1.2.7)
   */
  generateRsaKeyPair(options: {
    id: ObjectId;
    label: string;
    bits: 2048 | 4096;
    usage: readonly KeyUsage[];
  }): Promise<DerBytes>;

  /** SubjectPublicKeyInfo of the pair with this id, or `null`. */
  publicKey(id: ObjectId): Promise<DerBytes | null>;

  /**
   * RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017 §8.2) over `data`, hashed on the computer, padded here, raw on the card.
   *
   * @throws KiltError `key-not-found`
   */
  signSha256(id: ObjectId, data: Uint8Array): Promise<Uint8Array>;

  /**
   * GOST R 34.10-2001 over a hash made on the computer. The card's answer as it is: how the hash is read, and in which
   * order the two numbers stand in the 64 bytes, differs between cards (facts §2 row 25). Who has the public key finds
   * out.
   *
   * @param hash 32 bytes
   * @throws KiltError `key-not-found`
   */
  signGostHash(id: ObjectId, hash: Uint8Array): Promise<Uint8Array>;

  /** Stores a certificate beside its key; replaces the one with the same id. */
  storeCertificate(options: { id: ObjectId; label: string; der: DerBytes }): Promise<void>;

  /**
   * Writes a key pair made elsewhere onto the card. Like {@link generateRsaKeyPair} it can be repeated after an
   * interruption. Needs user login.
   *
   * @throws KiltError `import-key-unsupported` {bits} when the card cannot hold the key or signs wrongly with it, {step:
   *   id-in-use} when another key has this id. Nothing of the pair is left on the card then.
   */
  importRsaKeyPair(options: {
    id: ObjectId;
    label: string;
    usage: readonly KeyUsage[];
    key: RsaPrivateKeyParts;
  }): Promise<void>;

  /** Removes this certificate, and nothing else. One that is not there counts as removed. */
  deleteCertificate(der: DerBytes): Promise<void>;

  /** Removes private key, public key and certificate with this id, and their directory entries. */
  deleteKeyPair(id: ObjectId): Promise<void>;

  /** Removes private and public key with this id. The certificate stays: old documents are read with it. */
  deleteKeys(id: ObjectId): Promise<void>;

  /** Creates or replaces a public data object (readable by everyone, written by the user). */
  writeDataObject(object: TokenDataObject): Promise<void>;

  /**
   * Creates or replaces a data object that is read after the user's login only, as `pkcs15-init --store-data` with
   * `--auth-id` does. Needs user login.
   */
  writePrivateData(object: PrivateDataObject): Promise<void>;

  /** Content of a private data object, for the caller to wipe; `null` when there is none. Needs user login. */
  readPrivateData(name: DataObjectName): Promise<SecretBytes | null>;

  /** Removes a data object, public or private. One that is not there counts as removed. */
  deleteDataObject(application: string, label: string): Promise<void>;
}
