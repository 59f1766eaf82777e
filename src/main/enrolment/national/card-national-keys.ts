import { equalBytes } from '#shared/bytes.ts';
import { KiltError } from '#shared/errors.ts';
import { gostCardSigner, isGostKeyForCard } from '#main/pki/gost/card-signer.ts';
import type { Signer } from '#main/pki/signer.ts';
import { parseCertificate } from '#main/pki/x509.ts';
import { DerError } from '#main/pki/asn1.ts';
import type { PinCustody } from '#main/token/pin-custody.ts';
import type { TokenKey, TokenObjects } from '#main/token/token-session.ts';
import type { KnownToken, TokenWatch } from '#main/token/token-watch.ts';
import { openUserSession } from '../user-session.ts';
import type { FoundKey, NationalKeySource } from './national-keys.ts';

interface CardKey extends FoundKey {
  readonly key: TokenKey;
}

/** Keys that lie in the token's PKCS#15 application; the card itself signs with them. */
export class CardNationalKeys implements NationalKeySource {
  readonly #services: { readonly tokens: TokenWatch; readonly pins: PinCustody };

  constructor(services: { readonly tokens: TokenWatch; readonly pins: PinCustody }) {
    this.#services = services;
  }

  keysOn({ objects }: KnownToken): readonly CardKey[] {
    return objects ? cardKeys(objects) : [];
  }

  signer(token: { readonly id: string; readonly serial: string }, { certificate }: FoundKey): Signer {
    const found = this.#find(token.id, certificate);
    if (!found) throw new KiltError('key-not-found', { step: 'national-signature' });
    const { id, algorithm } = found.key;
    const { publicKeyInfo } = parseCertificate(certificate);
    if (algorithm === 'gost') {
      return gostCardSigner(publicKeyInfo, (hash) =>
        openUserSession(this.#services, token.id, token.serial, (session) => session.signGostHash(id, hash)),
      );
    }
    return {
      algorithm: 'rsa-sha256',
      publicKeyInfo,
      sign: (data) =>
        openUserSession(this.#services, token.id, token.serial, (session) => session.signSha256(id, data)),
    };
  }

  #find(tokenId: string, certificate: Uint8Array): CardKey | undefined {
    const token = this.#services.tokens.tokens().find(({ id }) => id === tokenId);
    return token && this.keysOn(token).find((key) => equalBytes(key.certificate, certificate));
  }
}

function cardKeys({ certificates, keys }: TokenObjects): readonly CardKey[] {
  return certificates.flatMap(({ id, der }) => {
    const key = keys.find((one) => one.id === id);
    return key ? { certificate: der, key, canSign: signsOnCard(key, der) } : [];
  });
}

function signsOnCard({ algorithm, usage }: TokenKey, certificate: Uint8Array): boolean {
  if (!usage.some((use) => use === 'sign' || use === 'nonRepudiation')) return false;
  if (algorithm === 'rsa') return true;
  try {
    return isGostKeyForCard(parseCertificate(certificate).publicKeyInfo);
  } catch (error) {
    if (error instanceof DerError) return false;
    throw error;
  }
}
