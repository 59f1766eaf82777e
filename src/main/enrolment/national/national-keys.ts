import type { DerBytes } from '#shared/bytes.ts';
import type { Signer } from '#main/pki/signer.ts';
import type { KnownToken } from '#main/token/token-watch.ts';
import { readNationalSignature, type NationalSignature } from './national-signature.ts';

/** A certificate whose private key is on the token, as a {@link NationalKeySource} has found it. */
export interface FoundKey {
  readonly certificate: DerBytes;
  /** False: the key is there, but this source can not sign with it (a longer GOST key than the card's own, for one). */
  readonly canSign: boolean;
}

/** Where on a token the keys of certificates are looked for, and by which way they sign. */
export interface NationalKeySource {
  /**
   * Certificates with their key present, in the token's order. Synchronous and without a PIN: what has to be read first
   * is read beforehand, and {@link NationalKeySource.onChange} tells when there is more.
   */
  keysOn(token: KnownToken): readonly FoundKey[];

  /**
   * The key of a certificate that {@link keysOn} has found. Each signature is one piece of work of its own, under the user
   * PIN in custody.
   *
   * @param token of this insertion; another one in its place is refused before any PIN is sent
   * @throws KiltError on `sign`: `token-swapped`, `token-removed`, `pin-needed`, `wrong-pin`, `key-not-found`, …
   */
  signer(token: { readonly id: string; readonly serial: string }, key: FoundKey): Signer;

  onChange?(listener: () => void): () => void;
}

/** A NUC signature on a token, and who can sign with it. */
export interface NationalKey extends NationalSignature {
  readonly canSign: boolean;
  signer(): Signer;
}

/** The NUC signatures on tokens, from all sources; the first source that has a key is asked to sign with it. */
export class NationalKeys {
  readonly #sources: readonly NationalKeySource[];
  /** Certificates do not change; they are looked at with every view of the token. */
  readonly #read = new WeakMap<DerBytes, NationalSignature | 'other'>();

  constructor(sources: readonly NationalKeySource[]) {
    this.#sources = sources;
  }

  on(token: KnownToken): readonly NationalKey[] {
    const { info } = token;
    if (!info) return [];
    const place = { id: token.id, serial: info.serial };
    const found = new Map<string, NationalKey>();
    for (const source of this.#sources) {
      for (const key of source.keysOn(token)) {
        const signature = this.#signatureOf(key.certificate);
        if (!signature) continue;
        const { serialNumber } = signature.certificate;
        const before = found.get(serialNumber);
        if (before && (before.canSign || !key.canSign)) continue;
        found.set(serialNumber, {
          ...signature,
          canSign: key.canSign,
          signer: () => source.signer(place, key),
        });
      }
    }
    return [...found.values()];
  }

  onChange(listener: () => void): () => void {
    const ends = this.#sources.map((source) => source.onChange?.(listener));
    return () => {
      for (const end of ends) end?.();
    };
  }

  #signatureOf(der: DerBytes): NationalSignature | undefined {
    const known = this.#read.get(der) ?? readNationalSignature(der) ?? 'other';
    this.#read.set(der, known);
    return known === 'other' ? undefined : known;
  }
}
