import { rootCertificates } from 'node:tls';
import path from 'node:path';
import type { DerBytes, SecretBytes } from '#shared/bytes.ts';
import { KiltError } from '#shared/errors.ts';
import type {
  CheckedSignatureView,
  SignatureForm,
  SignedDocumentView,
  SigningKeyView,
  SigningView,
} from '#shared/signing-views.ts';
import type { BankDirectory } from '#main/enrolment/bank-files.ts';
import { assertMeantToken } from '#main/enrolment/user-session.ts';
import { createHttpClient, type HttpClient } from '#main/enrolment/http.ts';
import type { DigestAlgorithm } from '#main/pki/digest-algorithms.ts';
import { checkInitialKeyValidity, type InitialKey } from '#main/pki/pkcs12.ts';
import { requestTimestamp } from '#main/pki/timestamp/client.ts';
import { certificatesFromPem, parseCertificate } from '#main/pki/x509.ts';
import type { AuditDetail, AuditLog, AuditSubject } from '#main/store/audit-log.ts';
import type { KnownToken, TokenWatch } from '#main/token/token-watch.ts';
import { intermediatesAbove } from './known-issuers.ts';
import { checkSignature } from './signature-check.ts';
import { signBatch, type BatchOrder, type DocumentToSign } from './signing-batch.ts';
import { signingKeysOn, signingKeyView, type SigningKey } from './signing-keys.ts';

/** Who asked for a signature. */
export type SigningOrigin = 'desktop' | 'command-line';

export interface SigningRequest {
  readonly documents: readonly DocumentToSign[];
  readonly form: SignatureForm;
  /** Where a time-stamping authority (RFC 3161) answers; undefined: no time-stamp. */
  readonly timestampUrl?: string | undefined;
  readonly origin: SigningOrigin;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((view: SigningView) => void) | undefined;
}

export interface SigningServices {
  readonly tokens: TokenWatch;
  readonly banks: BankDirectory;
  readonly audit: AuditLog;
  /** Certificates of authorities that are known, trusted or not: to lead from a signer to an anchor. */
  readonly issuers: () => readonly DerBytes[];
  readonly now: () => Date;
}

/** Longest value that fits the one command that carries a PIN. */
const longestPin = 249;

/** Signs documents and checks signatures. Each signature and each refusal leaves a line in the audit. */
export class SigningService {
  readonly #services: SigningServices;

  constructor(services: SigningServices) {
    this.#services = services;
  }

  /** Certificates on the token whose keys may sign documents. @throws KiltError as the token could not be read */
  keys(tokenId: string): SigningKeyView[] {
    const now = this.#services.now();
    return this.#signingKeys(tokenId).keys.map((key) => signingKeyView(key, now));
  }

  /**
   * Signs with a key on a token: one VERIFY and one session for all documents.
   *
   * @param key.fingerprint of the certificate; undefined: the only one there is
   * @returns what became of each document
   * @throws KiltError `key-not-found`, `signing-certificate-ended` {notBefore, notAfter}, `input-invalid` {field: `pin`}
   *   without a try; `wrong-pin`, `pin-blocked`, `token-…` when nothing was signed
   */
  async signWithToken(
    key: {
      readonly tokenId: string;
      readonly pin: SecretBytes;
      readonly fingerprint?: string | undefined;
    },
    request: SigningRequest,
  ): Promise<SigningView> {
    const { token, keys } = this.#signingKeys(key.tokenId);
    const found =
      key.fingerprint === undefined
        ? keys[0]
        : keys.find(({ fingerprint }) => fingerprint === key.fingerprint);
    if (!found) throw new KiltError('key-not-found', { reason: 'signature certificate' });
    checkValidity(found, this.#services.now());
    const stored = (token.objects?.certificates ?? []).map(({ der }) => der);
    const { minLength } = token.info.userPin;
    if (key.pin.length < Math.max(1, minLength ?? 1) || key.pin.length > longestPin)
      throw new KiltError('input-invalid', { field: 'pin' });
    return this.#sign(request, {
      signer: {
        algorithm: 'rsa-sha256',
        certificate: found.certificate.der,
        chain: intermediatesAbove(found.certificate, [...this.#services.issuers(), ...stored]),
      },
      subject: { tokenSerial: token.info.serial, tokenLabel: token.info.label, role: 'user' },
      withKey: (work) =>
        this.#services.tokens.withSession(token.id, async (session) => {
          assertMeantToken(session, token.info.serial);
          await session.login('user', key.pin);
          await work((data) => session.signSha256(found.id, data));
        }),
    });
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
    const banks = this.#services.banks.all().flatMap(({ ca }) => ca.anchors.flatMap(certificatesFromPem));
    const anchors = [...(order.anchors ?? []), ...banks];
    return checkSignature({
      file: path.resolve(order.file),
      document: order.document === undefined ? undefined : path.resolve(order.document),
      anchors,
      issuers: this.#services.issuers(),
      now: this.#services.now(),
    });
  }

  #signingKeys(tokenId: string): {
    readonly token: KnownToken & Required<Pick<KnownToken, 'info'>>;
    readonly keys: readonly SigningKey[];
  } {
    const token = this.#services.tokens.tokens().find(({ id }) => id === tokenId);
    if (!token?.info) throw token?.error ?? new KiltError('token-removed');
    if (token.info.layout === 'half-formatted') throw new KiltError('format-interrupted');
    if (!token.objects) throw token.error ?? new KiltError('token-removed');
    return { token: { ...token, info: token.info }, keys: signingKeysOn(token.objects) };
  }

  /** One line of the audit before the key is used, one for each document, and one that says how it ended. */
  async #sign(
    request: SigningRequest,
    key: {
      readonly signer: BatchOrder['signer'];
      readonly subject: Pick<AuditSubject, 'tokenSerial' | 'tokenLabel' | 'role'>;
      readonly withKey: BatchOrder['withKey'];
    },
  ): Promise<SigningView> {
    const { documents, form, origin, signal, onProgress, timestampUrl } = request;
    const { audit, now } = this.#services;
    const certificate = parseCertificate(key.signer.certificate).serialNumber;
    const common = { origin, form, certificate };
    const note = (document: SignedDocumentView, error?: KiltError): void =>
      audit.note(
        { ...key.subject, action: 'sign-document', detail: { ...common, ...receipt(document) } },
        error ? 'failed' : 'done',
        error,
      );
    const http = timestampUrl === undefined ? undefined : createHttpClient(rootCertificates);
    try {
      const subject: AuditSubject = {
        ...key.subject,
        action: 'sign-documents',
        detail: { ...common, documents: documents.length },
      };
      return await audit.record(subject, async (learn) => {
        const view = await signBatch({
          documents,
          form,
          signer: key.signer,
          withKey: key.withKey,
          stamp: http && timestampUrl !== undefined ? stampFrom(http, timestampUrl) : undefined,
          now,
          signal,
          onProgress,
          onEnd: note,
        });
        learn({ signed: view.documents.filter(({ outcome }) => outcome === 'signed').length });
        return view;
      });
    } finally {
      await http?.close();
    }
  }
}

/**
 * What the audit keeps of a document: enough to recognise one that is laid beside it, nothing that tells what it is about.
 * The audit is exported and sent to others, and names of files tell of customers, amounts and people.
 */
const receipt = ({ fileName, bytes, sha256 }: SignedDocumentView): AuditDetail => ({
  extension: path.extname(fileName).slice(0, 16).toLowerCase(),
  ...(bytes === undefined ? {} : { bytes }),
  ...(sha256 === undefined ? {} : { sha256 }),
});

const stampFrom =
  (http: HttpClient, url: string) =>
  (signature: Uint8Array, digest: DigestAlgorithm): Promise<DerBytes> =>
    requestTimestamp({ url, post: http.post, stamped: signature, digest });

function checkValidity({ certificate }: SigningKey, now: Date): void {
  const { notBefore, notAfter } = certificate;
  if (now < notBefore || now > notAfter) {
    throw new KiltError('signing-certificate-ended', {
      notBefore: notBefore.toISOString(),
      notAfter: notAfter.toISOString(),
    });
  }
}
