import { isKiltError, KiltError } from '#shared/errors.ts';
import { gostCardSigner } from '#main/pki/gost/card-signer.ts';
import type { Signer } from '#main/pki/signer.ts';
import { DerError } from '#main/pki/asn1.ts';
import { parseCertificate } from '#main/pki/x509.ts';
import type { PinCustody } from '#main/token/pin-custody.ts';
import type { LibraryObjects, LibraryTokenSession } from '#main/token/pkcs11/library-token-session.ts';
import type { TokenDriver } from '#main/token/pkcs11/token-driver.ts';
import type { PinStatus } from '#main/token/token-session.ts';
import type { KnownToken, TokenRelease, TokenWatch } from '#main/token/token-watch.ts';
import { readNationalSignature } from './national-signature.ts';
import type { FoundKey, NationalKeySource } from './national-keys.ts';

interface DriverKey extends FoundKey {
  readonly keyId: string;
}

/** What the driver has shown of one insertion of a token. */
export interface DriverLook {
  readonly state: 'looking' | 'seen' | 'failed';
  readonly keys: readonly DriverKey[];
  /** What it says of the user PIN. */
  readonly userPin?: PinStatus;
  readonly error?: KiltError;
}

interface Services {
  readonly tokens: TokenWatch & TokenRelease;
  readonly pins: PinCustody;
  readonly driver: TokenDriver;
}

/**
 * Keys in the layout of the token's maker, through the maker's own PKCS#11 library, where the settings name one. Each
 * token is looked at once when it has been read: certificates are public, no PIN is needed.
 */
export class DriverNationalKeys implements NationalKeySource {
  readonly #services: Services;
  readonly #looks = new Map<string, DriverLook>();
  /** The library with which the looks were made. */
  #chosen = '';

  constructor(services: Services) {
    this.#services = services;
    services.tokens.onChange(() => this.follow());
  }

  lookAt(tokenId: string): DriverLook | undefined {
    return this.#looks.get(tokenId);
  }

  keysOn({ id }: KnownToken): readonly DriverKey[] {
    return this.#looks.get(id)?.keys ?? [];
  }

  /** @throws KiltError on `sign`, beside those of the interface: `driver-not-allowed`, `driver-failed` */
  signer(token: { readonly id: string; readonly serial: string }, { certificate }: FoundKey): Signer {
    const found = this.#looks.get(token.id)?.keys.find((key) => key.certificate === certificate);
    if (!found) throw new KiltError('key-not-found', { step: 'national-signature' });
    const { keyId } = found;
    const { publicKeyInfo } = parseCertificate(certificate);
    if (readNationalSignature(certificate)?.algorithm === 'gost')
      return gostCardSigner(publicKeyInfo, (hash) =>
        this.#asUser(token, (session) => session.signGostHash(keyId, hash)),
      );
    return {
      algorithm: 'rsa-sha256',
      publicKeyInfo,
      sign: (data) => this.#asUser(token, (session) => session.signSha256(keyId, data)),
    };
  }

  /** Looks at tokens that have come, or at all of them where another library has been chosen. */
  follow(): void {
    const { tokens, driver } = this.#services;
    if (driver.chosen !== this.#chosen) this.#looks.clear();
    this.#chosen = driver.chosen;
    const present = tokens.tokens();
    for (const id of [...this.#looks.keys()])
      if (!present.some((token) => token.id === id)) this.#looks.delete(id);
    if (this.#chosen === '') return;
    for (const { id, state, info } of present)
      if (state === 'ready' && info && info.layout !== 'half-formatted' && !this.#looks.has(id))
        this.#look(id);
  }

  /** What was on the token is gone. */
  forget(tokenId: string): void {
    this.#looks.delete(tokenId);
  }

  #look(tokenId: string): void {
    const { tokens, driver } = this.#services;
    const looking: DriverLook = { state: 'looking', keys: [] };
    this.#looks.set(tokenId, looking);
    const learn = (look: DriverLook): void => {
      // Another library was chosen, or the token is gone.
      if (this.#looks.get(tokenId) === looking) this.#looks.set(tokenId, look);
    };
    void tokens
      .whileReleased(tokenId, { changes: false }, async (serial, signal) => {
        try {
          learn(await driver.withToken(serial, { signal }, seen));
        } catch (error) {
          learn(failed(error));
        }
      })
      // The token went before its turn came.
      .catch((error: unknown) => learn(failed(error)));
  }

  /** One login, with the PIN in custody, and one piece of work. */
  async #asUser<T>(
    token: { readonly id: string; readonly serial: string },
    work: (session: LibraryTokenSession) => Promise<T>,
  ): Promise<T> {
    const { tokens, driver, pins } = this.#services;
    if (!pins.has(token.id, 'user')) throw new KiltError('pin-needed', { role: 'user' });
    return tokens.whileReleased(token.id, { changes: true }, async (serial, signal) => {
      if (serial !== token.serial) throw new KiltError('token-swapped');
      return driver.withToken(serial, { signal }, async (session) => {
        await pins.use(token.id, 'user', (pin) => session.login('user', pin));
        return work(session);
      });
    });
  }
}

async function seen(session: LibraryTokenSession): Promise<DriverLook> {
  return { state: 'seen', keys: keysOf(await session.objects()), userPin: session.userPin };
}

/** A token of another kind, which the library does not know, is nothing to tell anybody of. */
function failed(error: unknown): DriverLook {
  if (isKiltError(error, 'token-unsupported') || isKiltError(error, 'token-removed'))
    return { state: 'seen', keys: [] };
  return {
    state: 'failed',
    keys: [],
    error: isKiltError(error) ? error : new KiltError('internal', { step: 'driver' }, { cause: error }),
  };
}

/**
 * Certificates whose key is there: its public half at least, for the private one is mostly hidden before a login. A
 * library that shows no keys at all is believed.
 */
function keysOf({ keys, certificates }: LibraryObjects): DriverKey[] {
  return certificates.flatMap(({ id, der }) =>
    keys.length === 0 || keys.some((key) => key.id === id)
      ? [{ certificate: der, canSign: isReadable(der), keyId: id }]
      : [],
  );
}

function isReadable(der: Uint8Array): boolean {
  try {
    return parseCertificate(der).publicKeyInfo.length > 0;
  } catch (error) {
    if (error instanceof DerError) return false;
    throw error;
  }
}
