import type { DerBytes } from '#shared/bytes.ts';
import { isKiltError, KiltError } from '#shared/errors.ts';
import { parseCertificate } from '#main/pki/x509.ts';
import type { AuditLog } from '#main/store/audit-log.ts';
import type { TokenWatch } from '#main/token/token-watch.ts';
import { checkedSignature } from './checked-signature.ts';
import { prepareSignature, type PageDocument, type PageSignature } from './prepared-signature.ts';
import { Receipts, type SigningOrigin } from './receipts.ts';
import { withStamp } from './time-stamping.ts';
import { tokenBatchKey, type BatchKey, type TokenKeyChoice } from './token-key.ts';

export type { PageDocument, PageSignature } from './prepared-signature.ts';

export interface PageSigningRequest {
  readonly documents: readonly PageDocument[];
  /** Where a time-stamping authority answers: CMS then become CAdES-T. XML gets none. */
  readonly timestampUrl?: string | undefined;
  readonly origin: SigningOrigin;
  /** Origin of the page, `https://bank.kz`. */
  readonly site?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** After each signature. */
  readonly onSigned?: ((done: number, of: number) => void) | undefined;
}

/**
 * Signs documents that are in memory and gives the signatures back, all of them or none: what a page that asked for five
 * would do with four is not known. Everything about the documents is settled before the PIN is used. Each signature leaves
 * a receipt, also where a later one failed.
 */
export class PageSigning {
  readonly #services: {
    readonly tokens: TokenWatch;
    readonly audit: AuditLog;
    readonly issuers: () => readonly DerBytes[];
    readonly now: () => Date;
  };

  constructor(services: {
    readonly tokens: TokenWatch;
    readonly audit: AuditLog;
    /** Certificates of authorities that are known, trusted or not. */
    readonly issuers: () => readonly DerBytes[];
    readonly now: () => Date;
  }) {
    this.#services = services;
  }

  /**
   * Whether these documents can be signed at all, before anybody is asked for consent or a PIN.
   *
   * @throws KiltError `xml-unusable` {reason}, `input-invalid` {field: `digest`}
   */
  check(documents: readonly PageDocument[], signer: BatchKey['signer']): void {
    for (const document of documents) prepareSignature(document, signer, this.#services.now());
  }

  /**
   * Signs with a key on a token: one VERIFY and one session for all documents.
   *
   * @returns one signature for each document, in their order
   * @throws KiltError `key-not-found`, `signing-certificate-ended`, `input-invalid` {field: `pin` or `digest`},
   *   `xml-unusable` {reason} without a try; `wrong-pin`, `pin-blocked`, `token-…`, `operation-cancelled`, `timestamp-…`
   */
  async signWithToken(key: TokenKeyChoice, request: PageSigningRequest): Promise<readonly PageSignature[]> {
    return this.sign(tokenBatchKey(key, this.#services), request);
  }

  /** The same with any key that can be opened for a batch. */
  async sign(key: BatchKey, request: PageSigningRequest): Promise<readonly PageSignature[]> {
    const { audit, now } = this.#services;
    const { documents, origin, site, signal, timestampUrl } = request;
    const { signer, subject, withKey } = key;
    const certificate = parseCertificate(signer.certificate);
    const form = documents.some(({ kind }) => kind === 'xml') ? 'xml' : 'cms';
    const receipts = new Receipts(audit, subject, {
      origin,
      form,
      certificate: certificate.serialNumber,
      site,
    });
    const prepared = documents.map((document) => prepareSignature(document, signer, now()));
    return withStamp(timestampUrl, (stamp) =>
      receipts.batch(documents.length, async (learn) => {
        const signatures: Uint8Array[] = [];
        await withKey(async (sign) => {
          for (const { toSign, receipt } of prepared) {
            if (signal?.aborted) throw new KiltError('operation-cancelled');
            try {
              const { publicKeyInfo } = certificate;
              signatures.push(
                await checkedSignature({ algorithm: signer.algorithm, publicKeyInfo, sign }, toSign),
              );
            } catch (error) {
              if (isKiltError(error)) receipts.document(receipt, error);
              throw error;
            }
            receipts.document(receipt);
            learn({ signed: signatures.length });
            request.onSigned?.(signatures.length, prepared.length);
          }
        });
        const finished: PageSignature[] = [];
        for (const [place, one] of prepared.entries())
          finished.push(await one.finish(signatures[place] ?? new Uint8Array(), stamp));
        return finished;
      }),
    );
  }
}
