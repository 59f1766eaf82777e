import type { DerBytes, SecretBytes } from '#shared/bytes.ts';
import type {
  CertificateCheckView,
  ImportView,
  PanelAction,
  StoredObjectsView,
} from '#shared/control-panel-views.ts';
import { KiltError } from '#shared/errors.ts';
import type { Language } from '#shared/views.ts';
import type { BankDirectory } from '#main/enrolment/bank-files.ts';
import { certificateViewOf } from '#main/enrolment/token-views.ts';
import { certificateToPem } from '#main/pki/certificate.ts';
import type { AuditLog } from '#main/store/audit-log.ts';
import type { RegistrationJournal } from '#main/store/registration-journal.ts';
import type { RenewalJournal } from '#main/store/renewal-journal.ts';
import type { TokenObjects } from '#main/token/token-session.ts';
import type { CertificateTrust } from '#main/trust/certificate-trust.ts';
import type { TokenWatch } from '#main/token/token-watch.ts';
import { checkCertificate } from './certificate-check.ts';
import { holdsCertificate, idWith, publicKeys, writeImport } from './certificate-import.ts';
import { checkRemoval, checkRenewalKeys, findRemoval, type RemovalTarget } from './certificate-removal.ts';
import { needsPassword, openImportFile } from './import-file.ts';
import { obstacleError } from './obstacle-error.ts';
import { PendingImports } from './pending-imports.ts';
import type { PanelRights } from './panel-rights.ts';
import { obstacles } from './panel-view.ts';
import { fingerprintOf, parsedOrUndefined, storedObjectsView } from './stored-objects-view.ts';
import type { TokenActions } from './token-actions.ts';
import type { PresentToken, TokensSeen } from './tokens-seen.ts';

export interface CertificateServices {
  readonly tokens: TokenWatch;
  readonly seen: TokensSeen;
  readonly rights: PanelRights;
  readonly actions: TokenActions;
  readonly audit: AuditLog;
  readonly registrations: Pick<RegistrationJournal, 'unfinishedOnToken'>;
  readonly renewals: Pick<RenewalJournal, 'heldOnToken'>;
  readonly banks: BankDirectory;
  readonly trust: Pick<CertificateTrust, 'judge'>;
  readonly language: () => Language;
  readonly now: () => Date;
  readonly onChanged: (tokenId: string) => void;
}

export interface CertificateFile {
  readonly suggestedName: string;
  readonly contents: Uint8Array;
}

/** Tab «Сертификаты»: what is on a token, and bringing certificates and keys onto it and off it. */
export class CertificateService {
  readonly #services: CertificateServices;
  readonly #imports = new PendingImports();

  constructor(services: CertificateServices) {
    this.#services = services;
  }

  /** @throws KiltError `token-removed`, `token-layout-damaged`, … */
  async list(tokenId: string): Promise<StoredObjectsView> {
    const { banks, language, now } = this.#services;
    const objects = objectsOf(this.#services.seen.get(tokenId));
    return storedObjectsView(tokenId, objects, { banks, language: language(), now: now() });
  }

  /**
   * «Экспортировать…»: certificates only, never a key. Needs no rights.
   *
   * @param save puts the file where the user wants it; `undefined`: the user changed their mind
   * @returns what `save` returned
   * @throws KiltError `input-invalid` {field: `fingerprint`}, and those of `save`
   */
  async export(
    tokenId: string,
    fingerprint: string,
    format: 'pem' | 'der',
    save: (file: CertificateFile) => Promise<string | undefined>,
  ): Promise<string | undefined> {
    const { info, ...token } = this.#services.seen.get(tokenId);
    const found = objectsOf({ info, ...token }).certificates.find(
      ({ der }) => fingerprintOf(der) === fingerprint,
    );
    if (!found) throw new KiltError('input-invalid', { field: 'fingerprint' });
    const parsed = parsedOrUndefined(found.der);
    const name = (parsed?.commonName ?? parsed?.subject ?? found.label) || fingerprint.slice(0, 16);
    const file: CertificateFile =
      format === 'pem'
        ? { suggestedName: `${name}.pem`, contents: new TextEncoder().encode(certificateToPem(found.der)) }
        : { suggestedName: `${name}.cer`, contents: Uint8Array.from(found.der) };
    const subject = {
      action: 'export-certificate',
      tokenSerial: info.serial,
      tokenLabel: info.label,
      role: this.#services.rights.of(tokenId)?.role ?? null,
      detail: { fingerprint, format },
    } as const;
    try {
      const saved = await save(file);
      if (saved !== undefined) this.#services.audit.note(subject, 'done');
      return saved;
    } catch (error) {
      this.#services.audit.note(subject, 'failed', error);
      throw error;
    }
  }

  /**
   * «Проверить»: whether a certificate on the token has been revoked. Asks the network; needs no rights.
   *
   * @throws KiltError `input-invalid` {field: `fingerprint`}, `token-…`
   */
  async check(tokenId: string, fingerprint: string): Promise<CertificateCheckView> {
    const { banks, trust, language, now } = this.#services;
    const { certificates } = objectsOf(this.#services.seen.get(tokenId));
    const found = certificates.find(({ der }) => fingerprintOf(der) === fingerprint);
    if (!found) throw new KiltError('input-invalid', { field: 'fingerprint' });
    const others = certificates.map(({ der }) => der);
    return checkCertificate(found.der, others, { banks, trust, language: language(), now: now() });
  }

  /** Whether a file is a key container, which opens with a password. @throws KiltError `import-file-unreadable` */
  needsPassword(file: string): Promise<boolean> {
    return needsPassword(file);
  }

  /**
   * Opens a file and looks what of it the token has already. Nothing is written; a private key stays in memory until
   * {@link import}, {@link forgetImport} or ten minutes.
   *
   * @throws KiltError `import-file-unreadable` {likelyCause?}, `import-key-unsupported`, `token-…`
   */
  async openImport(
    tokenId: string,
    file: { readonly path: string; readonly password?: SecretBytes | undefined },
  ): Promise<ImportView> {
    const objects = objectsOf(this.#services.seen.get(tokenId));
    const opened = await openImportFile(file.path, file.password);
    try {
      const { key } = opened;
      const keyId = key && idWith(await this.#publicKeys(tokenId, objects), key.publicKeyInfo);
      return {
        importId: this.#imports.keep(tokenId, opened),
        fileName: opened.fileName,
        kind: key ? 'key-container' : 'certificates',
        certificates: opened.certificates.map((certificate) => ({
          ...certificateViewOf({ id: '' }, certificate, objects, []),
          fingerprint: fingerprintOf(certificate.der),
          alreadyOnToken: holdsCertificate(objects, certificate.der),
        })),
        ...(key ? { key: { algorithm: `RSA ${key.bits}`, alreadyOnToken: keyId !== undefined } } : {}),
      };
    } catch (error) {
      opened.forget();
      throw error;
    }
  }

  /**
   * Writes what {@link openImport} has shown, after the user's consent. Where it fails it can be called again.
   *
   * @throws KiltError `pin-needed`, `input-invalid` {field: `importId`}, `token-memory-full`, `import-key-unsupported`
   */
  async import(tokenId: string, importId: string): Promise<StoredObjectsView> {
    this.#allowed(tokenId, 'import');
    await this.#imports.consume(importId, tokenId, (file) =>
      this.#services.actions.run(
        {
          tokenId,
          action: file.key ? 'import-key-pair' : 'import-certificate',
          as: 'user',
          detail: {
            certificates: file.certificates.length,
            subject: file.certificates[0]?.subject ?? '',
            fingerprints: file.certificates.map(({ der }) => fingerprintOf(der)).join(' '),
          },
        },
        (session) => writeImport(session, file),
      ),
    );
    this.#services.onChanged(tokenId);
    return this.list(tokenId);
  }

  /** Lets go of an opened file and overwrites its private key. May be called for one that is gone. */
  forgetImport(importId: string): void {
    this.#imports.forget(importId);
  }

  forgetAllImports(): void {
    this.#imports.forgetAll();
  }

  /** Follows the readers: what was opened for a token that was pulled is let go of. */
  follow(): void {
    this.#imports.keepOnly(new Set(this.#services.tokens.tokens().map(({ id }) => id)));
  }

  /**
   * «Удалить…».
   *
   * @param confirmation the certificate's subject name or label, or the key's label, typed
   * @throws KiltError `pin-needed`, `certificate-in-use` {bank}, `registration-unfinished`, `renewal-unfinished`, `confirmation-differs`,
   *   `input-invalid` {field: `target`}
   */
  async remove(tokenId: string, target: RemovalTarget, confirmation: string): Promise<StoredObjectsView> {
    const token = this.#allowed(tokenId, 'delete');
    const { serial } = token.info;
    const checked = (objects: TokenObjects) => {
      const removal = findRemoval(objects, target);
      const journal = this.#services.registrations.unfinishedOnToken(serial);
      checkRenewalKeys(removal, objects, this.#services.renewals.heldOnToken(serial));
      checkRemoval(removal, confirmation, objects, journal);
      return removal;
    };
    const { objectId, names, certificates } = checked(objectsOf(token));
    const fingerprints = certificates.map(({ der }) => fingerprintOf(der)).join(' ');
    await this.#services.actions.run(
      {
        tokenId,
        action: target.kind === 'certificate' ? 'delete-certificate' : 'delete-key-pair',
        as: 'user',
        detail: { objectId, name: names.at(-1) ?? '', fingerprints },
      },
      async (session) => {
        const removal = checked(await session.objects());
        if (target.kind === 'key-pair') await session.deleteKeyPair(removal.objectId);
        else for (const { der } of removal.certificates) await session.deleteCertificate(der);
      },
    );
    this.#services.onChanged(tokenId);
    return this.list(tokenId);
  }

  #publicKeys(tokenId: string, objects: TokenObjects): Promise<ReadonlyMap<string, DerBytes>> {
    return this.#services.tokens.withSession(tokenId, (session) => publicKeys(session, objects));
  }

  /** @throws KiltError for what stands in the action's way */
  #allowed(tokenId: string, action: PanelAction): PresentToken {
    const token = this.#services.actions.freeToken(tokenId);
    const obstacle = obstacles(token.info, this.#services.rights.of(tokenId)?.role)[action];
    if (obstacle !== null) throw obstacleError(obstacle, action);
    return token;
  }
}

/** @throws KiltError why the token's objects could not be read */
function objectsOf({ objects, error }: PresentToken): TokenObjects {
  if (!objects) throw error ?? new KiltError('operation-busy');
  return objects;
}
