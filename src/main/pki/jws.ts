import { asDer, type DerBytes } from '#shared/bytes.ts';
import { KiltError } from '#shared/errors.ts';
import { algorithmWithNull, readAlgorithm } from './algorithm-identifier.ts';
import { DerError, parseDer } from './asn1.ts';
import { parseCertificate, type CertificateInfo } from './certificate.ts';
import { oids } from './oids.ts';
import { verifySignature } from './signature.ts';
import type { CertifiedSigner } from './signer.ts';
import { parseStrictJson, StrictJsonError } from './strict-json.ts';

const base64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');
const rs256 = readAlgorithm(parseDer(algorithmWithNull(oids.sha256WithRSA)));

/**
 * Signs an object as JWS in compact form (RFC 7515 §7.1): `alg` RS256, `x5c` with the signer's certificate and chain.
 *
 * @param claims JSON-able
 * @param type what is signed (`typ`), so that it can be taken for nothing else (RFC 8725 §3.11)
 * @throws KiltError `internal` for a signer of another algorithm: none of the others has a name in JOSE
 */
export async function createJws(claims: object, signer: CertifiedSigner, type?: string): Promise<string> {
  if (signer.algorithm !== 'rsa-sha256') {
    throw new KiltError('internal', { reason: `no JWS is signed with ${signer.algorithm}` });
  }
  const header = {
    alg: 'RS256',
    ...(type === undefined ? {} : { typ: type }),
    // RFC 7515 §4.1.6: plain base64 of the DER, the signer's certificate first.
    x5c: [signer.certificate, ...signer.chain].map((der) => Buffer.from(der).toString('base64')),
  };
  const signingInput = [header, claims].map((part) => base64url(Buffer.from(JSON.stringify(part)))).join('.');
  return `${signingInput}.${base64url(await signer.sign(Buffer.from(signingInput, 'ascii')))}`;
}

/** The text is no JWS that this program accepts, or its signature is wrong. */
export class JwsError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'JwsError';
  }
}

/** A JWS in its parts. Nothing in it is proven yet. */
export interface UnverifiedJws {
  /** `typ` of the header (RFC 7515 §4.1.9): what the signer meant to sign. */
  readonly type: string | undefined;
  /** The first of `x5c`. */
  readonly signer: CertificateInfo;
  /** Issuers that came along. */
  readonly chain: readonly DerBytes[];
  /** The bytes that {@link signature} is over. */
  readonly signed: Uint8Array;
  readonly signature: Uint8Array;
  /** The claims as encoded. */
  readonly claims: string;
}

export interface VerifiedJws {
  readonly claims: unknown;
  /** Whose key signed. Whether the certificate is to be trusted is for `verifyPath` to say. */
  readonly certificate: DerBytes;
  readonly chain: readonly DerBytes[];
}

const part = /^[A-Za-z0-9_-]+$/;

/**
 * Claims of a {@link UnverifiedJws}, each member once.
 *
 * @throws JwsError
 */
export function jwsClaims(encoded: string): unknown {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(encoded, 'base64url'));
  } catch (cause) {
    throw new JwsError('not UTF-8', { cause });
  }
  try {
    return parseStrictJson(text);
  } catch (cause) {
    if (cause instanceof StrictJsonError) throw new JwsError(cause.message, { cause });
    throw cause;
  }
}

function readHeader(header: unknown): {
  readonly type: string | undefined;
  readonly x5c: readonly DerBytes[];
} {
  if (typeof header !== 'object' || header === null) throw new JwsError('not a header');
  const { alg, crit, typ, x5c } = header as Record<string, unknown>;
  // The algorithm is ours to choose, never the message's (RFC 8725 §3.1).
  if (alg !== 'RS256') throw new JwsError('not RS256');
  if (crit !== undefined) throw new JwsError('an extension that is not understood');
  if (typ !== undefined && typeof typ !== 'string') throw new JwsError('not a header');
  if (!Array.isArray(x5c) || x5c.length === 0 || !x5c.every((entry) => typeof entry === 'string')) {
    throw new JwsError('without a certificate');
  }
  return { type: typ, x5c: x5c.map((entry: string) => asDer(Buffer.from(entry, 'base64'))) };
}

/**
 * Takes a compact JWS apart. Keys in other places than `x5c` (`jwk`, `jku`, `x5u`) are never looked at.
 *
 * @throws JwsError
 */
export function parseJws(compact: string): UnverifiedJws {
  const parts = compact.split('.');
  const [header = '', claims = '', signature = ''] = parts;
  if (parts.length !== 3 || !parts.every((text) => part.test(text))) throw new JwsError('not a compact JWS');
  const { type, x5c } = readHeader(jwsClaims(header));
  const [certificate, ...chain] = x5c;
  if (!certificate) throw new JwsError('without a certificate');
  try {
    return {
      type,
      signer: parseCertificate(certificate),
      chain,
      signed: Buffer.from(`${header}.${claims}`, 'ascii'),
      signature: Buffer.from(signature, 'base64url'),
      claims,
    };
  } catch (cause) {
    if (cause instanceof DerError) throw new JwsError('without a certificate', { cause });
    throw cause;
  }
}

/**
 * Reads a compact JWS and checks its signature against the first certificate in `x5c`.
 *
 * @throws JwsError
 */
export async function verifyJws(compact: string): Promise<VerifiedJws> {
  const { signer, chain, signed, signature, claims } = parseJws(compact);
  const { publicKeyInfo } = signer;
  const check = await verifySignature({ algorithm: rs256, publicKeyInfo, data: signed, signature });
  if (check !== 'valid') throw new JwsError('the signature is wrong');
  return { claims: jwsClaims(claims), certificate: signer.der, chain };
}
