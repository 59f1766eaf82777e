import { asDer, type DerBytes } from '#shared/bytes.ts';
import { KiltError } from '#shared/errors.ts';
import { algorithmWithNull, readAlgorithm } from './algorithm-identifier.ts';
import { DerError, parseDer } from './asn1.ts';
import { parseCertificate } from './certificate.ts';
import { oids } from './oids.ts';
import { verifySignature } from './signature.ts';
import type { CertifiedSigner } from './signer.ts';

const base64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');
const rs256 = readAlgorithm(parseDer(algorithmWithNull(oids.sha256WithRSA)));

/**
 * Signs an object as JWS in compact form (RFC 7515 §7.1): `alg` RS256, `x5c` with the signer's certificate and chain.
 *
 * @param claims JSON-able
 * @throws KiltError `internal` for a signer of another algorithm: none of the others has a name in JOSE
 */
export async function createJws(claims: object, signer: CertifiedSigner): Promise<string> {
  if (signer.algorithm !== 'rsa-sha256') {
    throw new KiltError('internal', { reason: `no JWS is signed with ${signer.algorithm}` });
  }
  const header = {
    alg: 'RS256',
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

export interface VerifiedJws {
  readonly claims: unknown;
  /** Whose key signed. Whether the certificate is to be trusted is for `verifyPath` to say. */
  readonly certificate: DerBytes;
  readonly chain: readonly DerBytes[];
}

const part = /^[A-Za-z0-9_-]+$/;

function readJson(encoded: string): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(encoded, 'base64url')));
  } catch (cause) {
    throw new JwsError('not JSON', { cause });
  }
}

function readX5c(header: unknown): readonly DerBytes[] {
  if (typeof header !== 'object' || header === null) throw new JwsError('not a header');
  const { alg, crit, x5c } = header as Record<string, unknown>;
  // The algorithm is ours to choose, never the message's (RFC 8725 §3.1).
  if (alg !== 'RS256') throw new JwsError('not RS256');
  if (crit !== undefined) throw new JwsError('an extension that is not understood');
  if (!Array.isArray(x5c) || x5c.length === 0 || !x5c.every((entry) => typeof entry === 'string')) {
    throw new JwsError('without a certificate');
  }
  return x5c.map((entry: string) => asDer(Buffer.from(entry, 'base64')));
}

/**
 * Reads a compact JWS and checks its signature against the first certificate in `x5c`.
 *
 * @throws JwsError
 */
export async function verifyJws(compact: string): Promise<VerifiedJws> {
  const parts = compact.split('.');
  const [header = '', claims = '', signature = ''] = parts;
  if (parts.length !== 3 || !parts.every((text) => part.test(text))) throw new JwsError('not a compact JWS');
  const [certificate, ...chain] = readX5c(readJson(header));
  if (!certificate) throw new JwsError('without a certificate');
  let publicKeyInfo: DerBytes;
  try {
    ({ publicKeyInfo } = parseCertificate(certificate));
  } catch (cause) {
    if (cause instanceof DerError) throw new JwsError('without a certificate', { cause });
    throw cause;
  }
  const check = await verifySignature({
    algorithm: rs256,
    publicKeyInfo,
    data: Buffer.from(`${header}.${claims}`, 'ascii'),
    signature: Buffer.from(signature, 'base64url'),
  });
  if (check !== 'valid') throw new JwsError('the signature is wrong');
  return { claims: readJson(claims), certificate, chain };
}
