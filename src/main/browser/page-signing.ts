import { concatBytes, type DerBytes, type SecretBytes } from '#shared/bytes.ts';
import { isKiltError, KiltError } from '#shared/errors.ts';
import { readAlgorithm } from '#main/pki/algorithm-identifier.ts';
import { parseDer } from '#main/pki/asn1.ts';
import { signedAttributes, signedDataFrame } from '#main/pki/cms/signed-data-writer.ts';
import { digestOf, digestOfSigner, type DigestAlgorithm } from '#main/pki/digest-algorithms.ts';
import { signatureIdentifier, verifySignature } from '#main/pki/signature.ts';
import { parseCertificate } from '#main/pki/x509.ts';
import type { AuditDetail, AuditLog, AuditSubject } from '#main/store/audit-log.ts';
import type { OfferedKey } from './offered-keys.ts';
import type { AskedDocument } from './page-documents.ts';
import { certificateName, type OpenKey, type PageKeys } from './page-keys.ts';
import type { SignedForm, SignHashRequest, SignRequest } from './page-request.ts';

/** What a token's key makes. */
const algorithm = 'rsa-sha256';

export interface PageSigningServices {
  readonly keys: PageKeys;
  readonly audit: AuditLog;
  readonly now: () => Date;
  /** Time-stamp over a signature. @throws KiltError `timestamp-…`, `network-…` */
  readonly stamp: (signature: Uint8Array, digest: DigestAlgorithm) => Promise<DerBytes>;
}

/**
 * Signs the documents of a page, all of them or none: one consent, one VERIFY. Each signature leaves its line in the
 * audit, with the site that has asked for it.
 *
 * @throws KiltError as {@link PageKeys.withSignatureKey}; `timestamp-…`; `operation-cancelled` when the page went away
 */
export async function signForPage(
  { keys, audit, now, stamp }: PageSigningServices,
  order: {
    readonly request: SignRequest | SignHashRequest;
    readonly documents: readonly AskedDocument[];
    readonly key: OfferedKey;
    readonly pin: SecretBytes;
    readonly signal: AbortSignal;
  },
): Promise<readonly Uint8Array[]> {
  const { request, documents, key, pin, signal } = order;
  const { digest } = digestOfSigner(algorithm);
  const form = formOf(request);
  const subject = pageSubject(key);
  const common = {
    origin: 'page',
    site: request.origin,
    way: request.way,
    form: form.kind === 'xml' ? 'xml' : form.attached ? 'attached' : 'detached',
    certificate: certificateName(key),
  };
  const note = ({ view }: AskedDocument, error?: KiltError): void =>
    audit.note(
      { ...subject, action: 'sign-document', detail: { ...common, ...receipt(view) } },
      error ? 'failed' : 'done',
      error,
    );
  return audit.record(
    { ...subject, action: 'sign-documents', detail: { ...common, documents: documents.length } },
    async (learn) => {
      const made = await keys.withSignatureKey(key, pin, async (open) => {
        const signatures: Uint8Array[] = [];
        for (const document of documents) {
          if (signal.aborted) throw new KiltError('operation-cancelled');
          try {
            signatures.push(await signOne(open, document, form, { digest, now, stamp }));
          } catch (error) {
            if (isKiltError(error)) note(document, error);
            throw error;
          }
          note(document);
        }
        return signatures;
      });
      learn({ signed: made.length });
      return made;
    },
  );
}

const formOf = (request: SignRequest | SignHashRequest): SignedForm =>
  request.kind === 'sign' ? request.form : { kind: 'cms', attached: false, timestamp: request.timestamp };

export const pageSubject = (key: OfferedKey): Pick<AuditSubject, 'tokenSerial' | 'tokenLabel' | 'role'> => ({
  tokenSerial: key.token.info.serial,
  tokenLabel: key.token.info.label,
  role: 'user',
});

const receipt = ({ bytes, sha256 }: AskedDocument['view']): AuditDetail => ({
  ...(bytes === undefined ? {} : { bytes }),
  sha256,
});

async function signOne(
  open: OpenKey,
  { content, view }: AskedDocument,
  form: SignedForm,
  tools: Pick<PageSigningServices, 'now' | 'stamp'> & { readonly digest: DigestAlgorithm },
): Promise<Uint8Array> {
  if (form.kind === 'xml') throw new KiltError('internal', { step: 'xml signature' });
  const hash = content ? digestOf(tools.digest, content) : Buffer.from(view.sha256, 'hex');
  const signer = { algorithm, certificate: open.certificate } as const;
  const attributes = signedAttributes(signer, hash, tools.now());
  const signature = await open.sign(attributes);
  await checkOwn(open.certificate, attributes, signature);
  const timestampToken = form.timestamp ? await tools.stamp(signature, tools.digest) : undefined;
  const { head, tail } = signedDataFrame(
    { ...signer, chain: open.chain, attributes, signature, timestampToken },
    form.attached && content ? content.length : undefined,
  );
  return concatBytes(head, form.attached && content ? content : new Uint8Array(), tail);
}

/** A certificate stored beside another key, or a key that signs wrongly: nobody would accept it. */
async function checkOwn(certificate: DerBytes, data: Uint8Array, signature: Uint8Array): Promise<void> {
  const check = await verifySignature({
    algorithm: readAlgorithm(parseDer(signatureIdentifier(algorithm))),
    publicKeyInfo: parseCertificate(certificate).publicKeyInfo,
    data,
    signature,
  });
  if (check !== 'valid') throw new KiltError('token-answer-unexpected', { step: 'sign-document' });
}
