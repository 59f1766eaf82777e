import { verify, X509Certificate } from 'node:crypto';
import { z } from 'zod';
import { ApiRefusal } from './api-refusal.ts';

const header = z.object({
  alg: z.literal('RS256'),
  x5c: z.array(z.base64()).min(1),
  crit: z.undefined().optional(),
});

/** A verified JWS: what it says, and with which certificate. */
export interface VerifiedJws {
  readonly payload: unknown;
  /** DER. */
  readonly certificate: Uint8Array;
}

const base64url = /^[A-Za-z0-9_-]+$/;

function decodeJson(part: string): unknown {
  return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(part, 'base64url')));
}

/**
 * Reads a JWS in compact form (RFC 7515 §7.1) and verifies it with the first certificate of `x5c`. Whether that
 * certificate is anybody's is the caller's to find out.
 *
 * @throws ApiRefusal `jws-invalid`, `signature-invalid`
 */
export function verifyJws(compact: string): VerifiedJws {
  const [protectedPart = '', payload = '', signature = '', ...others] = compact.split('.');
  const shaped =
    others.length === 0 && [protectedPart, payload, signature].every((part) => base64url.test(part));
  if (!shaped) throw new ApiRefusal(400, 'jws-invalid', 'JWS in compact form expected');
  let certificate: Uint8Array;
  let content: unknown;
  try {
    certificate = new Uint8Array(Buffer.from(header.parse(decodeJson(protectedPart)).x5c[0] ?? '', 'base64'));
    content = decodeJson(payload);
  } catch {
    throw new ApiRefusal(400, 'jws-invalid', 'header with alg RS256 and x5c, and a JSON payload expected');
  }
  let fits: boolean;
  try {
    const key = new X509Certificate(certificate).publicKey;
    const signed = Buffer.from(`${protectedPart}.${payload}`, 'ascii');
    fits =
      key.asymmetricKeyType === 'rsa' && verify('sha256', signed, key, Buffer.from(signature, 'base64url'));
  } catch {
    throw new ApiRefusal(400, 'jws-invalid', 'certificate in x5c is unreadable');
  }
  if (!fits) throw new ApiRefusal(401, 'signature-invalid');
  return { payload: content, certificate };
}
