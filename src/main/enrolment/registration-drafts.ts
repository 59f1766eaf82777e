import { randomUUID } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { asSecret, wipe, type SecretBytes } from '#shared/bytes.ts';
import { KiltError, isKiltError } from '#shared/errors.ts';
import type { KeyContainerView, NationalSignatureView } from '#shared/views.ts';
import { checkInitialKeyValidity, openKeyContainer, type InitialKey } from '#main/pki/pkcs12.ts';
import type { KnownToken } from '#main/token/token-watch.ts';
import type { CertificateTrust } from '#main/trust/certificate-trust.ts';
import { revocationError, underBank } from './certificate-question.ts';
import type { BankSystem } from './bank-system.ts';
import { belongsToUser } from './initial-key-owner.ts';
import { chooseNationalKey } from './national/national-fit.ts';
import type { NationalKey, NationalKeys } from './national/national-keys.ts';
import { nationalSigner } from './national/national-signer.ts';
import { nationalSignatureView } from './national/national-view.ts';
import { forgetCredentials, type CaCredentials } from './registration-secrets.ts';
import { typedSuspicions } from './typed-suspicions.ts';

/** Larger than any key container; a wrong file is refused before it is read. */
const maxContainerBytes = 256 * 1024;

export interface RegistrationData {
  readonly userId: string;
  readonly registrationPin: SecretBytes;
  readonly keyFile?: { readonly path: string; readonly password: SecretBytes } | undefined;
  /** Where the bank takes a NUC signature: the token it is on, and which one where several fit. */
  readonly national?: { readonly token: KnownToken; readonly serialNumber?: string | undefined } | undefined;
}

export interface RegistrationDraft {
  readonly id: string;
  readonly bank: BankSystem;
  readonly userId: string;
  readonly credentials: CaCredentials;
  readonly keyContainer?: KeyContainerView;
  readonly national?: NationalSignatureView;
}

/**
 * What was typed in step 2 of the wizard, checked as far as this computer alone can, and kept in memory until the
 * user confirms or leaves.
 */
export class RegistrationDrafts {
  readonly #now: () => Date;
  readonly #national: NationalKeys;
  readonly #trust: Pick<CertificateTrust, 'judge'>;
  readonly #drafts = new Map<string, RegistrationDraft>();
  /** Grows whenever all drafts are forgotten. */
  #generation = 0;

  constructor(now: () => Date, national: NationalKeys, trust: Pick<CertificateTrust, 'judge'>) {
    this.#now = now;
    this.#national = national;
    this.#trust = trust;
  }

  /**
   * Opens the key container, or finds the NUC signature. No token is touched, and nothing is sent but the question whether
   * the certificate in a key container or of a NUC signature has been revoked, where the bank's file wants that asked.
   *
   * @throws KiltError `key-container-wrong` (0200040) {likelyCause, suspicions?}, `key-container-expired`,
   *   `key-container-unsupported`, `national-signature-missing`, `national-signature-unusable` {likelyCause},
   *   `input-invalid`, `certificate-revoked`, `certificate-suspended`, `revocation-unknown`
   */
  async check(bank: BankSystem, data: RegistrationData): Promise<RegistrationDraft> {
    const generation = this.#generation;
    const draft: RegistrationDraft = { id: randomUUID(), ...(await this.open(bank, data)) };
    if (generation !== this.#generation) {
      // All was forgotten while the key file was being opened or somebody asked: nobody would forget this one.
      forgetCredentials(draft.credentials);
      throw new KiltError('input-invalid', { field: 'draftId' });
    }
    this.#drafts.set(draft.id, draft);
    return draft;
  }

  /** As {@link check}, for credentials that are used at once. The caller owns and wipes them. */
  async open(bank: BankSystem, data: RegistrationData): Promise<Omit<RegistrationDraft, 'id'>> {
    // The caller wipes its buffers whenever it likes; the copy lives as long as the draft.
    const registrationPin = asSecret(Uint8Array.from(data.registrationPin));
    if (bank.authentication === 'id-and-pin') {
      return { bank, userId: data.userId, credentials: { registrationPin } };
    }
    try {
      if (bank.authentication === 'national-signature') {
        const key = await this.#nationalKey(bank, data.national);
        return {
          bank,
          userId: data.userId,
          credentials: { registrationPin, nationalCertificate: key.certificate.der },
          national: nationalSignatureView(key, [bank], this.#now()),
        };
      }
      if (!data.keyFile) throw new KiltError('input-invalid', { field: 'keyFile' });
      const { initialKey, keyContainer } = await this.#openInitialKey(bank, data.keyFile, data.userId);
      return {
        bank,
        userId: data.userId,
        credentials: { registrationPin, initialKey, keyContainer },
        keyContainer: keyContainerView(data.keyFile.path, initialKey),
      };
    } catch (error) {
      wipe(registrationPin);
      throw withSuspicions(error, data);
    }
  }

  async #nationalKey(bank: BankSystem, wanted: RegistrationData['national']): Promise<NationalKey> {
    if (!wanted) throw new KiltError('national-signature-missing');
    const { token, serialNumber } = wanted;
    const key = chooseNationalKey(this.#national.on(token), bank, this.#now(), serialNumber);
    await nationalSigner(key, bank, this.#trust);
    return key;
  }

  async #openInitialKey(
    bank: BankSystem,
    file: NonNullable<RegistrationData['keyFile']>,
    userId: string,
  ): Promise<Required<Pick<CaCredentials, 'initialKey' | 'keyContainer'>>> {
    const password = asSecret(Uint8Array.from(file.password));
    try {
      const content = await readContainer(file.path);
      const initialKey = await openKeyContainer(content, password);
      try {
        checkInitialKeyValidity(initialKey, this.#now());
        if (!belongsToUser(initialKey, userId)) {
          throw new KiltError('key-container-wrong', { likelyCause: 'other-customer' });
        }
        const { certificate, chain } = initialKey;
        const revoked =
          bank.revocation?.initialKey &&
          revocationError(await this.#trust.judge(underBank(bank, certificate, chain)));
        if (revoked) throw revoked;
        return { initialKey, keyContainer: { content, password } };
      } catch (error) {
        initialKey.dispose();
        throw error;
      }
    } catch (error) {
      wipe(password);
      throw error;
    }
  }

  /** @throws KiltError `input-invalid` when the draft is gone */
  get(id: string): RegistrationDraft {
    const draft = this.#drafts.get(id);
    if (!draft) throw new KiltError('input-invalid', { field: 'draftId' });
    return draft;
  }

  /** Lets go of a draft whose secrets somebody else owns from now on. */
  handOver(id: string): void {
    this.#drafts.delete(id);
  }

  forget(id: string): void {
    forgetCredentials(this.#drafts.get(id)?.credentials);
    this.#drafts.delete(id);
  }

  /** Also those that are still being checked. */
  forgetAll(): void {
    this.#generation += 1;
    for (const id of [...this.#drafts.keys()]) this.forget(id);
  }
}

/** The password did not open the file: what the user may have mistyped goes along. */
function withSuspicions(error: unknown, { userId, registrationPin, keyFile }: RegistrationData): unknown {
  if (!keyFile || !isKiltError(error, 'key-container-wrong') || error.data.likelyCause !== 'password')
    return error;
  const suspicions = typedSuspicions({ userId, registrationPin, keyFile }).join(',');
  return suspicions === '' ? error : new KiltError(error.id, { ...error.data, suspicions }, { cause: error });
}

async function readContainer(file: string): Promise<Uint8Array> {
  try {
    const { size } = await stat(file);
    if (size === 0 || size > maxContainerBytes) {
      throw new KiltError('key-container-wrong', { likelyCause: 'not-a-key-container' });
    }
    return new Uint8Array(await readFile(file));
  } catch (error) {
    if (error instanceof KiltError) throw error;
    throw new KiltError('key-container-wrong', { likelyCause: 'unreadable' }, { cause: error });
  }
}

const keyContainerView = (file: string, { info }: InitialKey): KeyContainerView => ({
  fileName: path.basename(file),
  subjectName: info.subjectName,
  issuerName: info.issuerName,
  notAfter: info.notAfter.toISOString(),
});
