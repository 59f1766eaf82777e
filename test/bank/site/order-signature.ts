import { createHash, createPublicKey, timingSafeEqual, verify, X509Certificate } from 'node:crypto';
import {
  contextTag,
  DerError,
  expectTag,
  membersOf,
  nullValue,
  oid,
  oidText,
  readDer,
  sequence,
  tags,
  type DerValue,
} from '../asn1/der.ts';
import { oids } from '../asn1/oids.ts';
import { certificateParts } from '../authority/certificate.ts';

const id = {
  signedData: '1.2.840.113549.1.7.2',
  data: '1.2.840.113549.1.7.1',
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  signingCertificateV2: '1.2.840.113549.1.9.16.2.47',
  sha256: '2.16.840.1.101.3.4.2.1',
} as const;

/** Key or signature algorithm, both of which writers put there (RFC 3370 §3.2); parameters NULL. */
const signatureAlgorithms = ['1.2.840.113549.1.1.1', oids.sha256WithRsa].map((name) =>
  Buffer.from(sequence(oid(name), nullValue())),
);

/** Why a signature is not taken; for the bank's log and its developers, not for the customer. */
export class OrderSignatureError extends Error {
  override readonly name = 'OrderSignatureError';
}

/**
 * Checks a detached CMS signature (RFC 5652; CAdES-BES as RFC 5126 has it) over a document: one signer, RSA with SHA-256, signed
 * attributes. The bank's own code, so that two programs agree about what a signature is and not one with itself.
 *
 * @returns the signer's certificate, DER: whose it is, is for the caller to say
 * @throws OrderSignatureError
 */
export function checkOrderSignature(cms: Uint8Array, document: Uint8Array): Uint8Array {
  try {
    return check(cms, document);
  } catch (error) {
    if (error instanceof DerError || error instanceof RangeError)
      throw new OrderSignatureError(error.message);
    throw error;
  }
}

function check(cms: Uint8Array, document: Uint8Array): Uint8Array {
  const [outerType, explicit] = membersOf(readDer(cms), tags.sequence);
  must(oidText(outerType) === id.signedData, 'not SignedData');
  const [signedData] = membersOf(expectTag(explicit, contextTag(0)));
  const [, , encapsulated, ...rest] = membersOf(expectTag(signedData, tags.sequence));
  const [contentType, content] = membersOf(expectTag(encapsulated, tags.sequence));
  must(oidText(contentType) === id.data && content === undefined, 'not a detached signature over data');
  const certificates = rest.find(({ tag }) => tag === contextTag(0));
  const signers = membersOf(expectTag(rest.at(-1), tags.set));
  const [signer] = signers;
  must(signers.length === 1 && signer !== undefined, 'one signer expected');

  const [, identifier, digestAlgorithm, attributes, algorithm, signature] = membersOf(signer, tags.sequence);
  must(oidText(membersOf(expectTag(digestAlgorithm, tags.sequence))[0]) === id.sha256, 'SHA-256 expected');
  must(
    signatureAlgorithms.some((known) => known.equals(expectTag(algorithm, tags.sequence).whole)),
    'RSA expected',
  );
  const certificate = certificateOf(identifier, certificates);
  const digest = createHash('sha256').update(document).digest();
  checkAttributes(expectTag(attributes, contextTag(0)), digest, certificate);

  // Signed is the SET OF, whatever tag stands in the message (RFC 5652 §5.4).
  const signed = Uint8Array.from(attributes?.whole ?? []);
  signed[0] = tags.set;
  const spki = Buffer.from(certificateParts(certificate).publicKey);
  const key = createPublicKey({ key: spki, format: 'der', type: 'spki' });
  const { content: value } = expectTag(signature, tags.octetString);
  must(key.asymmetricKeyType === 'rsa' && verify('sha256', signed, key, value), 'the signature is wrong');
  return certificate;
}

function checkAttributes(set: DerValue, digest: Uint8Array, certificate: Uint8Array): void {
  const found = new Map<string, DerValue>();
  for (const attribute of membersOf(set)) {
    const [type, values] = membersOf(attribute, tags.sequence);
    const [value, ...others] = membersOf(expectTag(values, tags.set));
    const name = oidText(type);
    must(value !== undefined && others.length === 0 && !found.has(name), 'an attribute has one value, once');
    found.set(name, value);
  }
  must(oidText(found.get(id.contentType)) === id.data, 'another content type was signed');
  const { content } = expectTag(found.get(id.messageDigest), tags.octetString);
  must(content.length === digest.length && timingSafeEqual(content, digest), 'another document was signed');
  // SigningCertificateV2 (RFC 5035): SEQUENCE of certs, the first ESSCertIDv2 with its hash; SHA-256 where it names none.
  const [certs] = membersOf(expectTag(found.get(id.signingCertificateV2), tags.sequence));
  const [first] = membersOf(expectTag(certs, tags.sequence));
  const [hash] = membersOf(expectTag(first, tags.sequence));
  const own = createHash('sha256').update(certificate).digest();
  must(
    own.equals(Buffer.from(expectTag(hash, tags.octetString).content)),
    'the signature names another certificate',
  );
}

function certificateOf(identifier: DerValue | undefined, certificates: DerValue | undefined): Uint8Array {
  const [issuer, serialNumber] = membersOf(expectTag(identifier, tags.sequence));
  const found = (certificates ? membersOf(certificates) : []).find(({ whole }) => {
    const parts = certificateParts(whole);
    return same(parts.issuer, issuer?.whole) && same(parts.serialNumber, serialNumber?.whole);
  });
  must(found !== undefined, 'the signer’s certificate is not in the message');
  // Its own form is checked by the library that reads it next.
  return new Uint8Array(new X509Certificate(found.whole).raw);
}

const same = (one: Uint8Array, other: Uint8Array | undefined): boolean =>
  other !== undefined && Buffer.from(one).equals(Buffer.from(other));

function must(fact: boolean, otherwise: string): asserts fact {
  if (!fact) throw new OrderSignatureError(otherwise);
}
