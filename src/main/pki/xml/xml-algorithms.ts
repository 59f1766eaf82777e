import type { SignatureAlgorithm } from '../algorithm-profile.ts';
import { digestAlgorithm, type DigestAlgorithm } from '../digest-algorithms.ts';
import { gostAlgorithms } from '../gost/gost-algorithms.ts';
import { oids } from '../oids.ts';
import type { CanonicalForm } from './canonical-xml.ts';

/**
 * Names of algorithms in XML signatures (XMLDSig §6, RFC 6931). Those of Kazakhstan are the NCA's own; KISC writes those of
 * 34.310-2004 too.
 */
export const dsigNamespace = 'http://www.w3.org/2000/09/xmldsig#';
export const envelopedSignature = `${dsigNamespace}enveloped-signature`;

const canonical10 = 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315';
const exclusive10 = 'http://www.w3.org/2001/10/xml-exc-c14n#';
export const exclusiveNamespace = exclusive10;
export const canonicalForms: Readonly<Record<string, CanonicalForm>> = {
  [canonical10]: { exclusive: false, comments: false },
  [`${canonical10}#WithComments`]: { exclusive: false, comments: true },
  [exclusive10]: { exclusive: true, comments: false },
  [`${exclusive10}WithComments`]: { exclusive: true, comments: true },
};
export const canonicalName = {
  inclusive: canonical10,
  inclusiveWithComments: `${canonical10}#WithComments`,
  exclusive: exclusive10,
} as const;

const more = 'http://www.w3.org/2001/04/xmldsig-more#';
const nca = 'urn:ietf:params:xml:ns:pkigovkz:xmlsec:algorithms:';
const tc26 = 'urn:ietf:params:xml:ns:cpxmlsec:algorithms:';

interface XmlAlgorithm {
  readonly signature: string;
  readonly digest: string;
}

/** What a signer writes. */
export const xmlAlgorithms: Readonly<Record<SignatureAlgorithm, XmlAlgorithm>> = {
  'rsa-sha256': { signature: `${more}rsa-sha256`, digest: 'http://www.w3.org/2001/04/xmlenc#sha256' },
  'kz-2015-512': {
    signature: `${nca}gostr34102015-gostr34112015-512`,
    digest: `${nca}gostr34112015-512`,
  },
  'kz-2015-256': {
    signature: `${nca}gostr34102015-gostr34112015-256`,
    digest: `${nca}gostr34112015-256`,
  },
  'kz-2004': { signature: `${more}gost34310-gost34311`, digest: `${more}gost34311` },
  'gamma-2004': { signature: `${more}gost34310-gost34311`, digest: `${more}gost34311` },
  'ru-2012-512': {
    signature: `${tc26}gostr34102012-gostr34112012-512`,
    digest: `${tc26}gostr34112012-512`,
  },
  'ru-2012-256': {
    signature: `${tc26}gostr34102012-gostr34112012-256`,
    digest: `${tc26}gostr34112012-256`,
  },
};

const shaDigests: Readonly<Record<string, string>> = {
  'http://www.w3.org/2001/04/xmlenc#sha256': oids.sha256,
  [`${more}sha384`]: oids.sha384,
  'http://www.w3.org/2001/04/xmlenc#sha512': oids.sha512,
  [`${dsigNamespace}sha1`]: oids.sha1,
};

/** Undefined for a hash that this program does not know. */
export function xmlDigest(name: string): DigestAlgorithm | undefined {
  const sha = shaDigests[name];
  if (sha !== undefined) return digestAlgorithm(sha);
  const gost = gostAlgorithms.find((one) => xmlAlgorithms[one.name].digest === name);
  return gost && digestAlgorithm(gost.hashOid);
}

const rsaSignatures: Readonly<Record<string, { readonly oid: string; readonly weak: boolean }>> = {
  [`${more}rsa-sha256`]: { oid: oids.sha256WithRSA, weak: false },
  [`${more}rsa-sha384`]: { oid: oids.sha384WithRSA, weak: false },
  [`${more}rsa-sha512`]: { oid: oids.sha512WithRSA, weak: false },
  [`${dsigNamespace}rsa-sha1`]: { oid: oids.sha1WithRSA, weak: true },
};

/** What a signature method stands for: RSA by its own identifier, GOST by the dialects that share the name. */
export type XmlSignatureMethod =
  | { readonly kind: 'rsa'; readonly oid: string; readonly weak: boolean }
  | { readonly kind: 'gost'; readonly names: readonly SignatureAlgorithm[] };

export function xmlSignatureMethod(name: string): XmlSignatureMethod | undefined {
  const rsa = Object.hasOwn(rsaSignatures, name) ? rsaSignatures[name] : undefined;
  if (rsa) return { kind: 'rsa', ...rsa };
  const names = gostAlgorithms.map((one) => one.name).filter((one) => xmlAlgorithms[one].signature === name);
  return names.length > 0 ? { kind: 'gost', names } : undefined;
}
