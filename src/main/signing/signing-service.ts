import path from 'node:path';
import type { DerBytes } from '#shared/bytes.ts';
import type {
  CheckedSignatureView,
  SignatureForm,
  SignedDocumentView,
  SigningKeyView,
  SigningView,
} from '#shared/signing-views.ts';
import type { BankDirectory } from '#main/enrolment/bank-files.ts';
import { checkInitialKeyValidity, type InitialKey } from '#main/pki/pkcs12.ts';
import { certificatesFromPem, parseCertificate } from '#main/pki/x509.ts';
import type { AuditDetail, AuditLog } from '#main/store/audit-log.ts';
import type { TokenWatch } from '#main/token/token-watch.ts';
import type { CertificateTrust } from '#main/trust/certificate-trust.ts';
import { revocationUnderBanks } from './bank-revocation.ts';
import { Receipts, type SigningOrigin } from './receipts.ts';
import { checkSignature } from './signature-check.ts';
import { signBatch, type DocumentToSign } from './signing-batch.ts';
import { signingKeyView } from './signing-keys.ts';
import { withStamp } from './time-stamping.ts';
import { signingKeysOfToken, tokenBatchKey, type BatchKey, type TokenKeyChoice } from './token-key.ts';

export interface SigningRequest {
  readonly documents: readonly DocumentToSign[];
  readonly form: SignatureForm;
  /** Where a time-stamping authority (RFC 3161) answers; undefined: no time-stamp. An XML signature has no place for one. */
  readonly timestampUrl?: string | undefined;
  readonly origin: SigningOrigin;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((view: SigningView) => void) | undefined;
}

export interface SigningServices {
  readonly tokens: TokenWatch;
  readonly banks: BankDirectory;
  readonly audit: AuditLog;
  readonly trust: Pick<CertificateTrust, 'judge'>;
  /** Certificates of authorities that are known, trusted or not: to lead from a signer to an anchor. */
  readonly issuers: () => readonly DerBytes[];
  readonly now: () => Date;
}

/** Signs documents and checks signatures. Each signature and each refusal leaves a line in the audit. */
export class SigningService {
  readonly #services: SigningServices;

  constructor(services: SigningServices) {
    this.#services = services;
  }

  /** Certificates on the token whose keys may sign documents. @throws KiltError as the token could not be read */
  keys(tokenId: string): SigningKeyView[] {
    const now = this.#services.now();
    return signingKeysOfToken(this.#services.tokens, tokenId).keys.map((key) => signingKeyView(key, now));
  }

  /**
   * Signs with a key on a token: one VERIFY and one session for all documents.
   *
   * @returns what became of each document
   * @throws KiltError `key-not-found`, `signing-certificate-ended` {notBefore, notAfter}, `input-invalid` {field: `pin`}
   *   without a try; `wrong-pin`, `pin-blocked`, `token-…` when nothing was signed
   */
  async signWithToken(key: TokenKeyChoice, request: SigningRequest): Promise<SigningView> {
    return this.#sign(request, tokenBatchKey(key, this.#services));
  }

  /**
   * Signs with a key container, for keys that no token takes: those of the GOST dialects.
   *
   * @param key opened; stays the caller's to dispose of
   * @throws KiltError `key-container-expired`
   */
  async signWithKeyFile(key: InitialKey, request: SigningRequest): Promise<SigningView> {
    checkInitialKeyValidity(key, this.#services.now());
    return this.#sign(request, {
      signer: key,
      subject: { tokenSerial: '', tokenLabel: null, role: null },
      withKey: (work) => work((data) => key.sign(data)),
    });
  }

  /**
   * Who signed, when, and what is wrong.
   *
   * @param order.anchors trusted beside those of the banks
   * @throws KiltError `signature-unreadable`, `document-unreadable`, `signed-document-missing`
   */
  check(order: {
    readonly file: string;
    readonly document?: string | undefined;
    readonly anchors?: readonly DerBytes[];
  }): Promise<CheckedSignatureView> {
    const banks = this.#services.banks.all();
    const anchors = [
      ...(order.anchors ?? []),
      ...banks.flatMap(({ ca }) => ca.anchors.flatMap(certificatesFromPem)),
    ];
    // A signature need not bring the authorities between its signer and the root along.
    const authorities = banks.flatMap(({ revocation }) =>
      (revocation?.authorities ?? []).flatMap(certificatesFromPem),
    );
    return checkSignature({
      file: path.resolve(order.file),
      document: order.document === undefined ? undefined : path.resolve(order.document),
      anchors,
      issuers: [...this.#services.issuers(), ...authorities],
      revocation: revocationUnderBanks(this.#services),
      now: this.#services.now(),
    });
  }

  async #sign(request: SigningRequest, { signer, subject, withKey }: BatchKey): Promise<SigningView> {
    const { documents, form, origin, signal, onProgress, timestampUrl } = request;
    const { audit, now } = this.#services;
    const certificate = parseCertificate(signer.certificate).serialNumber;
    const receipts = new Receipts(audit, subject, { origin, form, certificate });
    return withStamp(form === 'xml' ? undefined : timestampUrl, (stamp) =>
      receipts.batch(documents.length, async (learn) => {
        const view = await signBatch({
          documents,
          form,
          signer,
          withKey,
          stamp,
          now,
          signal,
          onProgress,
          onEnd: (document, error) => receipts.document(receipt(document), error),
        });
        learn({ signed: view.documents.filter(({ outcome }) => outcome === 'signed').length });
        return view;
      }),
    );
  }
}

const receipt = ({ fileName, bytes, sha256 }: SignedDocumentView): AuditDetail => ({
  extension: path.extname(fileName).slice(0, 16).toLowerCase(),
  ...(bytes === undefined ? {} : { bytes }),
  ...(sha256 === undefined ? {} : { sha256 }),
});
