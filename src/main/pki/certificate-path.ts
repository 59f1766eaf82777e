import { equalBytes, type DerBytes } from '#shared/bytes.ts';
import { DerError } from './asn1.ts';
import { sameName } from './distinguished-name.ts';
import { oids } from './oids.ts';
import { verifySignature } from './signature.ts';
import { parseCertificate, type CertificateInfo, type KeyUsage } from './certificate.ts';
import { outsideNameConstraints } from './name-constraints.ts';

export type PathFailure =
  /** A certificate of the path can not be read. */
  | 'malformed'
  | 'not-yet-valid'
  | 'expired'
  /** Nobody among the intermediates and anchors has the issuer's name. */
  | 'issuer-unknown'
  /** The issuer has no basicConstraints with cA (RFC 5280 §4.2.1.9). */
  | 'issuer-not-ca'
  | 'path-too-long'
  /** The issuer's keyUsage leaves keyCertSign out. */
  | 'issuer-key-usage'
  | 'signature-invalid'
  /** Hash, key kind or key size that is not accepted. */
  | 'algorithm-unsupported'
  /** An extension marked critical that this program does not know (RFC 5280 §4.2). */
  | 'critical-extension'
  /** A name that an issuer above may not give (RFC 5280 §4.2.1.10). */
  | 'name-constraints'
  /** Leaf or issuer is not for what it is to be used for: keyUsage or extendedKeyUsage. */
  | 'usage';

/** What a leaf is to be used for. */
export interface PathUsage {
  /** One of these must be in its keyUsage, if it has one. */
  readonly keyUsage?: readonly KeyUsage[];
  /**
   * Object identifier that every extendedKeyUsage of the path must hold, if there is one: an issuer that is restricted
   * to a purpose restricts what stands below it.
   */
  readonly extendedKeyUsage?: string;
}

export type PathAnswer =
  /** From the leaf to the anchor; the leaf alone if it is an anchor itself. */
  | { readonly trusted: true; readonly path: readonly CertificateInfo[] }
  | {
      readonly trusted: false;
      readonly reason: PathFailure;
      /** Subject of the certificate at fault, where it could be read. */
      readonly subject?: string;
    };

const understoodExtensions: ReadonlySet<string> = new Set([
  oids.basicConstraints,
  oids.keyUsage,
  oids.extendedKeyUsage,
  oids.subjectAltName,
  // Policies are shown, never required; a path that requires them is refused, see ownFault.
  oids.certificatePolicies,
  oids.nameConstraints,
  oids.subjectKeyIdentifier,
  oids.authorityKeyIdentifier,
]);

/** Issuers above a leaf. Real paths have one to three. */
const longestPath = 6;
/** The other side chooses the intermediates: this bounds the work they can cause. */
const mostSignatureChecks = 40;

function ownFault(certificate: CertificateInfo, at: Date): PathFailure | undefined {
  if (at < certificate.notBefore) return 'not-yet-valid';
  if (at > certificate.notAfter) return 'expired';
  if (certificate.criticalExtensions.some((type) => !understoodExtensions.has(type)))
    return 'critical-extension';
  // RFC 5280 §4.2.1.11 has it always critical: one that is not marked so asks for no less.
  return certificate.extensions.has(oids.policyConstraints) ? 'critical-extension' : undefined;
}

function usageFault(certificate: CertificateInfo, { keyUsage, extendedKeyUsage }: PathUsage, leaf: boolean) {
  const usages = certificate.keyUsage;
  if (leaf && keyUsage && usages && !keyUsage.some((usage) => usages.includes(usage))) return 'usage';
  const purposes = certificate.extendedKeyUsage;
  if (extendedKeyUsage === undefined || purposes === undefined) return undefined;
  return purposes.includes(extendedKeyUsage) || purposes.includes(oids.anyExtendedKeyUsage)
    ? undefined
    : 'usage';
}

/** What can only be said of a path as a whole. */
function pathFault(path: readonly CertificateInfo[], usage: PathUsage): Failure | undefined {
  const misused = path.find((certificate, place) => usageFault(certificate, usage, place === 0));
  if (misused) return { reason: 'usage', certificate: misused };
  try {
    const outside = outsideNameConstraints(path);
    return outside && { reason: 'name-constraints', certificate: outside };
  } catch (error) {
    // Names or constraints that can not be read: nothing says whether they fit.
    const [leaf] = path;
    if (error instanceof DerError && leaf) return { reason: 'name-constraints', certificate: leaf };
    throw error;
  }
}

/** Certificates between this issuer and the leaf that count against its path length: all but self-issued ones. */
const intermediatesBelow = (path: readonly CertificateInfo[]): number =>
  path.slice(1).filter(({ subjectName, issuerName }) => !sameName(subjectName, issuerName)).length;

function issuerFault(
  issuer: CertificateInfo,
  path: readonly CertificateInfo[],
  at: Date,
): PathFailure | undefined {
  const own = ownFault(issuer, at);
  if (own) return own;
  if (!issuer.basicConstraints?.ca) return 'issuer-not-ca';
  if (issuer.keyUsage && !issuer.keyUsage.includes('keyCertSign')) return 'issuer-key-usage';
  const limit = issuer.basicConstraints.pathLength;
  return limit !== undefined && intermediatesBelow(path) > limit ? 'path-too-long' : undefined;
}

/**
 * Whether key identifiers speak against this issuer: then it has the name but another key. They are a hint for the
 * search alone (RFC 5280 §4.2.1.1): the signature decides.
 */
const otherKey = (subject: CertificateInfo, issuer: CertificateInfo): boolean =>
  subject.authorityKeyIdentifier !== undefined &&
  issuer.subjectKeyIdentifier !== undefined &&
  !equalBytes(subject.authorityKeyIdentifier, issuer.subjectKeyIdentifier);

interface Failure {
  readonly reason: PathFailure;
  readonly certificate: CertificateInfo;
}

class PathSearch {
  readonly #anchors: readonly CertificateInfo[];
  readonly #intermediates: readonly CertificateInfo[];
  readonly #at: Date;
  readonly #usage: PathUsage;
  #checksLeft = mostSignatureChecks;
  /** The failure that came nearest to an anchor: the one worth telling. */
  #best: { readonly failure: Failure; readonly depth: number } | undefined;

  constructor(
    anchors: readonly CertificateInfo[],
    intermediates: readonly CertificateInfo[],
    at: Date,
    usage: PathUsage,
  ) {
    this.#anchors = anchors;
    this.#intermediates = intermediates;
    this.#at = at;
    this.#usage = usage;
  }

  async from(leaf: CertificateInfo): Promise<readonly CertificateInfo[] | Failure> {
    const reason = ownFault(leaf, this.#at);
    if (reason) return { reason, certificate: leaf };
    if (this.#isAnchor(leaf)) return pathFault([leaf], this.#usage) ?? [leaf];
    const found = await this.#extend([leaf]);
    return found ?? this.#best?.failure ?? { reason: 'issuer-unknown', certificate: leaf };
  }

  #isAnchor(certificate: CertificateInfo): boolean {
    return this.#anchors.some(({ der }) => equalBytes(der, certificate.der));
  }

  #fail(depth: number, reason: PathFailure, certificate: CertificateInfo): void {
    // Equal depth: a found but faulty issuer says more than a missing one, and the first one found is as good as the next.
    if (!this.#best || depth > this.#best.depth) this.#best = { failure: { reason, certificate }, depth };
  }

  async #extend(path: readonly CertificateInfo[]): Promise<readonly CertificateInfo[] | undefined> {
    const subject = path[path.length - 1];
    if (!subject) return undefined;
    if (path.length > longestPath) {
      this.#fail(path.length, 'path-too-long', subject);
      return undefined;
    }
    const candidates = [...this.#anchors, ...this.#intermediates]
      .filter((issuer) => sameName(issuer.subjectName, subject.issuerName))
      .filter((issuer) => !path.some(({ der }) => equalBytes(der, issuer.der)))
      .toSorted((a, b) => Number(otherKey(subject, a)) - Number(otherKey(subject, b)));
    if (candidates.length === 0) {
      this.#fail(path.length, 'issuer-unknown', subject);
      return undefined;
    }
    for (const issuer of candidates) {
      const found = await this.#through(issuer, subject, path);
      if (found) return found;
    }
    return undefined;
  }

  async #through(
    issuer: CertificateInfo,
    subject: CertificateInfo,
    path: readonly CertificateInfo[],
  ): Promise<readonly CertificateInfo[] | undefined> {
    const depth = path.length + 0.5;
    if (this.#checksLeft-- <= 0) {
      this.#fail(depth, 'path-too-long', subject);
      return undefined;
    }
    const signature = await verifySignature({
      algorithm: subject.signatureAlgorithm,
      publicKeyInfo: issuer.publicKeyInfo,
      data: subject.tbs,
      signature: subject.signature,
    });
    if (signature === 'invalid') {
      this.#fail(depth, 'signature-invalid', subject);
      return undefined;
    }
    if (signature === 'unsupported') {
      this.#fail(depth, 'algorithm-unsupported', subject);
      return undefined;
    }
    const fault = issuerFault(issuer, path, this.#at);
    if (fault) {
      this.#fail(depth, fault, issuer);
      return undefined;
    }
    const longer = [...path, issuer];
    if (!this.#isAnchor(issuer)) return this.#extend(longer);
    const wrong = pathFault(longer, this.#usage);
    if (!wrong) return longer;
    this.#fail(longer.length, wrong.reason, wrong.certificate);
    return undefined;
  }
}

function readAll(ders: readonly DerBytes[]): readonly CertificateInfo[] {
  return ders.flatMap((der) => {
    try {
      return parseCertificate(der);
    } catch (error) {
      if (error instanceof DerError) return [];
      throw error;
    }
  });
}

/**
 * Looks for a path from a certificate to one of the anchors and checks it at the given moment (RFC 5280 §6.1):
 * validity, names, signatures (RSA, ECDSA, GOST), basicConstraints with path length, keyCertSign, name constraints,
 * usage, critical extensions. Policies are not processed, so a path that demands one is refused.
 *
 * Whether a certificate of the path has been revoked is for `judgeCertificate` to find out. Intermediates and anchors
 * that can not be read are passed over. Never throws on bad input.
 */
export async function verifyPath(question: {
  readonly leaf: DerBytes;
  /** Unordered and untrusted. */
  readonly intermediates: readonly DerBytes[];
  readonly anchors: readonly DerBytes[];
  readonly at: Date;
  readonly usage?: PathUsage;
}): Promise<PathAnswer> {
  let leaf: CertificateInfo;
  try {
    leaf = parseCertificate(question.leaf);
  } catch (error) {
    if (error instanceof DerError) return { trusted: false, reason: 'malformed' };
    throw error;
  }
  const search = new PathSearch(
    readAll(question.anchors),
    readAll(question.intermediates),
    question.at,
    question.usage ?? {},
  );
  const found = await search.from(leaf);
  return 'reason' in found
    ? { trusted: false, reason: found.reason, subject: found.certificate.subject }
    : { trusted: true, path: found };
}
