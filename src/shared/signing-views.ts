import { z } from 'zod';
import { paymentOrder } from './payment-order-view.ts';
import { errorView } from './views.ts';

/** What the window and the command line see of documents, signatures and time-stamps. Nothing here is secret. */

/**
 * `detached`: the signature is a file beside the document · `attached`: the document is inside of it · `xml`: the signature
 * is inside the document, which is XML.
 */
export const signatureForm = z.enum(['detached', 'attached', 'xml']);
export type SignatureForm = z.infer<typeof signatureForm>;

/** What is seen of a document before it is signed. */
export const documentPreview = z.discriminatedUnion('kind', [
  /** All of it. Signs that are not seen stand by their names; the encoding is told where it was guessed. */
  z.object({ kind: z.literal('text'), encoding: z.enum(['utf-8', 'windows-1251']), text: z.string() }),
  z.object({ kind: z.literal('image'), type: z.string(), content: z.instanceof(Uint8Array) }),
  /** All members of a JSON document of this type; signs that are not seen stand by their names. */
  z.object({ kind: z.literal('payment-order'), order: paymentOrder }),
  /** To be drawn page by page; what is in it is not looked at before. */
  z.object({ kind: z.literal('pdf'), content: z.instanceof(Uint8Array) }),
  /** It can not be shown, or not in a way that shows all of it. */
  z.object({ kind: z.literal('none'), why: z.enum(['large', 'format']) }),
]);
export type DocumentPreview = z.infer<typeof documentPreview>;

/** A certificate whose key can sign documents. */
export const signingKeyView = z.object({
  /** SHA-256 of the certificate, lower-case hexadecimal. */
  fingerprint: z.string(),
  subjectName: z.string(),
  issuerName: z.string(),
  serialNumber: z.string(),
  notAfter: z.iso.datetime(),
  validity: z.enum(['valid', 'not-yet', 'expired']),
});
export type SigningKeyView = z.infer<typeof signingKeyView>;

export const signedDocumentView = z.object({
  /** Names the document within its batch. */
  id: z.string(),
  fileName: z.string(),
  /** `cancelled`: its turn did not come. */
  outcome: z.enum(['waiting', 'signed', 'failed', 'cancelled']),
  bytes: z.number().int().optional(),
  /** Of the document, lower-case hexadecimal. */
  sha256: z.string().optional(),
  /** What was written beside the document. */
  signatureFileName: z.string().optional(),
  error: errorView.optional(),
});
export type SignedDocumentView = z.infer<typeof signedDocumentView>;

/** `reading`: documents are hashed · `signing`: the token works · `writing`: time-stamps and files. */
export const signingStage = z.enum(['reading', 'signing', 'writing', 'finished']);
export type SigningStage = z.infer<typeof signingStage>;

export const signingView = z.object({
  stage: signingStage,
  /** Documents that the stage is done with. */
  done: z.number().int(),
  documents: z.array(signedDocumentView),
});
export type SigningView = z.infer<typeof signingView>;

/** What is wrong with a signature; each has its sentence in the texts. */
export const signatureProblems = [
  'document-changed',
  'signature-wrong',
  'attributes-wrong',
  'certificate-differs',
  'certificate-missing',
  'hash-weak',
  'algorithm-unsupported',
  'no-signed-attributes',
  /** The certificate is not for signatures. */
  'key-usage',
  'certificate-expired',
  'certificate-not-yet-valid',
  'issuer-unknown',
  'chain-wrong',
  'certificate-revoked',
  'certificate-suspended',
  /** The bank's file wants revocation checked, and it could not be. */
  'revocation-unknown',
  /** Of XML signatures. */
  'structure-wrong',
  'id-twice',
  'element-moved',
  'part-unsigned',
] as const;
export const signatureProblem = z.enum(signatureProblems);
export type SignatureProblem = z.infer<typeof signatureProblem>;

export const signatureNotes = [
  /** Time-stamp from an authority that no anchor leads to: it says when, but nobody vouches for it. */
  'timestamp-untrusted',
  'timestamp-wrong',
  'no-timestamp',
  'countersignature-ignored',
  'certificate-not-named',
  'revocation-not-checked',
  /** XML signatures as the NCA's clients make them say nothing of when. */
  'no-signing-time',
] as const;
export const signatureNote = z.enum(signatureNotes);
export type SignatureNote = z.infer<typeof signatureNote>;

/** `valid`: made by this person, document unchanged · `doubtful`: the bytes fit, who signed is not proven · `wrong`. */
export const signatureVerdict = z.enum(['valid', 'doubtful', 'wrong']);
export type SignatureVerdict = z.infer<typeof signatureVerdict>;

const revocationSource = {
  kind: z.enum(['crl', 'ocsp']),
  /** Who said so. */
  host: z.string(),
  /** The moment that the answer speaks of. */
  asOf: z.iso.datetime(),
};

/** What was learnt about the revocation of a signer's certificate. */
export const revocationView = z.discriminatedUnion('state', [
  z.object({ state: z.literal('good'), ...revocationSource }),
  z.object({
    state: z.enum(['revoked', 'suspended']),
    since: z.iso.datetime(),
    /** After the moment that a time-stamp proves: the signature was good then, and stays so. */
    later: z.boolean(),
    ...revocationSource,
  }),
  z.object({
    state: z.literal('unknown'),
    why: z.enum(['not-asked', 'no-source', 'unreachable', 'answer-invalid', 'not-known', 'ended']),
    host: z.string().optional(),
  }),
]);

export const signerView = z.object({
  verdict: signatureVerdict,
  problem: signatureProblem.optional(),
  notes: z.array(signatureNote),
  certificate: z
    .object({
      subjectName: z.string(),
      subject: z.string(),
      issuerName: z.string(),
      serialNumber: z.string(),
      notBefore: z.iso.datetime(),
      notAfter: z.iso.datetime(),
    })
    .optional(),
  /** Names from the signer's issuer up to the anchor; empty when no path leads to one. */
  chain: z.array(z.string()),
  /** By the signer's own clock. */
  claimedAt: z.iso.datetime().optional(),
  timestamp: z.object({ at: z.iso.datetime(), authorityName: z.string(), trusted: z.boolean() }).optional(),
  /** Hash, as `SHA-256`. */
  digest: z.string().optional(),
  form: z.enum(['cms', 'cades-bes', 'cades-t', 'xmldsig']),
  /** Path of the one element that is signed, as `/order/body`; absent when the whole document is. */
  signedPart: z.string().optional(),
  /** Absent: nobody was asked, because the signature or its chain does not hold or no bank's file says whom to ask. */
  revocation: revocationView.optional(),
});
export type SignerView = z.infer<typeof signerView>;

export const checkedSignatureView = z.object({
  fileName: z.string(),
  /** Of the worst signature in it. */
  verdict: signatureVerdict,
  form: signatureForm,
  /** Name of the file that the document was read from: the signature itself where it is attached. */
  documentName: z.string(),
  documentBytes: z.number().int(),
  documentSha256: z.string(),
  signers: z.array(signerView),
});
export type CheckedSignatureView = z.infer<typeof checkedSignatureView>;
