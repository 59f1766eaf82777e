import { createHash } from 'node:crypto';
import { concatBytes, toHex, type DerBytes } from '#shared/bytes.ts';
import { KiltError } from '#shared/errors.ts';
import { signedAttributes, signedDataFrame } from '#main/pki/cms/signed-data-writer.ts';
import { digestOf, digestOfSigner } from '#main/pki/digest-algorithms.ts';
import { XmlError } from '#main/pki/xml/xml-error.ts';
import { prepareXmlSignature, type XmlSignatureOrder } from '#main/pki/xml/xml-signature-writer.ts';
import type { AuditDetail } from '#main/store/audit-log.ts';
import type { Stamp } from './time-stamping.ts';
import type { BatchKey } from './token-key.ts';

/** A document that is in memory, as a bank's page sends it, and what is to become of it. */
export type PageDocument =
  /** CAdES-BES around the document (`attached`) or apart from it. */
  | { readonly kind: 'cms'; readonly content: Uint8Array; readonly attached: boolean }
  /**
   * CAdES-BES apart from a document of which only the digest is there, by the hash that goes with the key: SHA-256 for
   * RSA. What it is the digest of, nobody can show.
   */
  | { readonly kind: 'cms-of-digest'; readonly digest: Uint8Array }
  /** Enveloped XMLDSig. */
  | ({ readonly kind: 'xml'; readonly text: string } & XmlSignatureOrder);

export type PageSignature =
  /** ContentInfo with SignedData, DER. */
  | { readonly kind: 'cms'; readonly der: DerBytes }
  /** The document with its signature in it. */
  | { readonly kind: 'xml'; readonly text: string };

/** A document for which everything is settled but the signature itself. */
export interface PreparedSignature {
  /** What the key signs. */
  readonly toSign: Uint8Array;
  /** What the audit keeps of the document. */
  readonly receipt: AuditDetail;
  /** @throws KiltError what `stamp` throws */
  readonly finish: (signature: Uint8Array, stamp: Stamp | undefined) => Promise<PageSignature>;
}

/**
 * Prepares a signature over a document in memory, before the key is opened: a document that can not be signed costs no PIN.
 *
 * @throws KiltError `xml-unusable` {reason}, `input-invalid` {field: `digest`} where it is not as long as the hash of the key
 */
export function prepareSignature(
  document: PageDocument,
  signer: BatchKey['signer'],
  signingTime: Date,
): PreparedSignature {
  if (document.kind === 'xml') return preparedXml(document, signer);
  const { digest: hash } = digestOfSigner(signer.algorithm);
  const content = document.kind === 'cms' ? document.content : undefined;
  const digest = document.kind === 'cms' ? digestOf(hash, document.content) : document.digest;
  if (digest.length !== digestOf(hash, new Uint8Array()).length)
    throw new KiltError('input-invalid', { field: 'digest' });
  const attributes = signedAttributes(signer, digest, signingTime);
  const attached = document.kind === 'cms' && document.attached ? document.content : undefined;
  return {
    toSign: attributes,
    receipt: content ? receiptOf(content) : { digest: toHex(digest) },
    async finish(signature, stamp) {
      const timestampToken = await stamp?.(signature, hash);
      const { algorithm, certificate, chain } = signer;
      const made = { algorithm, certificate, chain, attributes, signature, timestampToken };
      const { head, tail } = signedDataFrame(made, attached?.length);
      return { kind: 'cms', der: concatBytes(head, attached ?? new Uint8Array(), tail) as DerBytes };
    },
  };
}

function preparedXml(
  document: Extract<PageDocument, { kind: 'xml' }>,
  signer: BatchKey['signer'],
): PreparedSignature {
  try {
    const { signedInfo, finish } = prepareXmlSignature(document.text, document, signer);
    return {
      toSign: signedInfo,
      receipt: receiptOf(Buffer.from(document.text, 'utf8')),
      finish: async (signature) => ({ kind: 'xml', text: finish(signature) }),
    };
  } catch (error) {
    if (error instanceof XmlError)
      throw new KiltError('xml-unusable', { reason: error.failure }, { cause: error });
    throw error;
  }
}

const receiptOf = (content: Uint8Array): AuditDetail => ({
  bytes: content.length,
  sha256: createHash('sha256').update(content).digest('hex'),
});
