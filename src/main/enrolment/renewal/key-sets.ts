import { isKiltError } from '#shared/errors.ts';
import { isProfileOf } from '#shared/views.ts';
import { parseCertificate } from '#main/pki/x509.ts';
import type { KnownKeySet, KnownKeySetStore } from '#main/store/known-key-sets.ts';
import type { TokenInfo, TokenObjects } from '#main/token/token-session.ts';
import type { KnownToken, TokenWatch } from '#main/token/token-watch.ts';
import type { CertificateTrust } from '#main/trust/certificate-trust.ts';
import type { BankDirectory } from '../bank-files.ts';
import { underBank } from '../certificate-question.ts';
import { fromBase64, toBase64 } from '../enrolment-context.ts';
import { readProfiles, registeredProfiles } from '../profile-record.ts';

/** The key sets of all tokens that this computer has seen, and whether their certificates still stand. */
export class KeySets {
  readonly #store: KnownKeySetStore;
  readonly #tokens: TokenWatch;
  readonly #banks: BankDirectory;
  readonly #trust: Pick<CertificateTrust, 'judge'>;
  readonly #seen = new Map<string, string>();
  #closed = false;

  constructor(parts: {
    readonly store: KnownKeySetStore;
    readonly tokens: TokenWatch;
    readonly banks: BankDirectory;
    readonly trust: Pick<CertificateTrust, 'judge'>;
  }) {
    this.#store = parts.store;
    this.#tokens = parts.tokens;
    this.#banks = parts.banks;
    this.#trust = parts.trust;
  }

  all(): readonly KnownKeySet[] {
    return this.#store.all();
  }

  /** Answers that come later are not written down any more. */
  close(): void {
    this.#closed = true;
  }

  /** The token with this serial number, while it is in a reader and was read. */
  tokenOf(tokenSerial: string): KnownToken | undefined {
    return this.#tokens.tokens().find(({ info, state }) => state === 'ready' && info?.serial === tokenSerial);
  }

  /**
   * Takes in what the tokens in the readers hold now.
   *
   * @returns the serial numbers of those on which a key set is another than before
   */
  follow(): readonly string[] {
    return this.#tokens.tokens().flatMap((token) => {
      try {
        return this.#take(token) ? [token.info?.serial ?? ''] : [];
      } catch (error) {
        // A full disk: taken in at the next change.
        if (!isKiltError(error)) throw error;
        return [];
      }
    });
  }

  #take({ state, info, objects }: KnownToken): boolean {
    if (state !== 'ready' || !info || !objects || info.layout === 'half-formatted') return false;
    const present = keySetsOn(info, objects);
    const { damaged } = readProfiles(objects);
    const content = JSON.stringify({ present, damaged });
    if (this.#seen.get(info.serial) === content) return false;
    for (const keySet of present) this.#store.remember(keySet);
    for (const known of this.all()) {
      if (known.tokenSerial !== info.serial || present.some((one) => isProfileOf(one, known))) continue;
      // What can not be read says nothing of whether it is gone.
      if (!damaged) this.#store.forget(known);
    }
    this.#seen.set(info.serial, content);
    return true;
  }

  /**
   * Asks CRLs and responders about all certificates, or those of some tokens.
   *
   * @param options.fresh asks anew even where the last answer still counts
   * @returns whether anything is known now that was not
   */
  async ask(options: {
    readonly fresh: boolean;
    readonly tokenSerials?: readonly string[];
  }): Promise<boolean> {
    let changed = false;
    for (const keySet of this.all()) {
      if (options.tokenSerials && !options.tokenSerials.includes(keySet.tokenSerial)) continue;
      const standing = await this.#standing(keySet, options.fresh);
      if (this.#closed) return false;
      if (standing === 'unknown' || JSON.stringify(standing) === JSON.stringify(keySet.standing)) continue;
      this.#store.setStanding(keySet, standing);
      changed = true;
    }
    return changed;
  }

  async #standing(keySet: KnownKeySet, fresh: boolean): Promise<KnownKeySet['standing'] | 'unknown'> {
    const bank = this.#banks.find(keySet.bankId);
    if (!bank?.revocation || bank.revocation.check === 'off') return 'unknown';
    let isKnown = true;
    for (const certificate of [keySet.signatureCertificate, keySet.signInCertificate]) {
      const { revocation } = await this.#trust.judge({ ...underBank(bank, fromBase64(certificate)), fresh });
      if (revocation.state === 'revoked' || revocation.state === 'suspended')
        return { state: revocation.state, since: revocation.since.toISOString() };
      isKnown &&= revocation.state === 'good';
    }
    // Nobody could be asked: what was known before still is.
    return isKnown ? undefined : 'unknown';
  }
}

/** The profiles on a token that have both their certificates, and these can be read. */
function keySetsOn(info: TokenInfo, objects: TokenObjects): readonly Omit<KnownKeySet, 'standing'>[] {
  const der = (keyId: string) => objects.certificates.find(({ id }) => id === keyId)?.der;
  return registeredProfiles(objects).flatMap(({ bankId, userId, signatureKeyId, signInKeyId }) => {
    const signature = der(signatureKeyId);
    const signIn = der(signInKeyId);
    if (!signature || !signIn || !isReadable(signature) || !isReadable(signIn)) return [];
    return [
      {
        tokenSerial: info.serial,
        tokenName: info.label?.trim() || userId,
        bankId,
        userId,
        signatureCertificate: toBase64(signature),
        signInCertificate: toBase64(signIn),
      },
    ];
  });
}

function isReadable(der: Parameters<typeof parseCertificate>[0]): boolean {
  try {
    parseCertificate(der);
    return true;
  } catch {
    return false;
  }
}
