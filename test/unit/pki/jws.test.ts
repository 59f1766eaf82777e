import { createPublicKey, verify, X509Certificate } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CertifiedSigner } from '#main/pki/signer.ts';
import { createJws, JwsError, verifyJws } from '#main/pki/jws.ts';
import { fileSigner } from './cmp-authority.ts';
import { OpensslWorkshop } from './openssl-workshop.ts';

const openssl = new OpensslWorkshop();
let signer: CertifiedSigner;
beforeAll(() => {
  openssl.ecKey('ca');
  openssl.root('ca', '/CN=CA');
  openssl.rsaKey('user');
  openssl.certificate('user', 'ca', '/CN=User');
  signer = { ...fileSigner(openssl, 'user'), certificate: openssl.der('user'), chain: [openssl.der('ca')] };
});
afterAll(() => {
  openssl.remove();
});

const decode = (part = ''): unknown => JSON.parse(Buffer.from(part, 'base64url').toString());
const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('a JWS', () => {
  it('is RFC 7515 compact with RS256 and x5c, as another program reads it', async () => {
    const compact = await createJws({ user: 'Қайрат', n: 1 }, signer);
    const [header, claims, signature] = compact.split('.');
    expect(decode(claims)).toEqual({ user: 'Қайрат', n: 1 });
    const { alg, x5c } = decode(header) as { alg: string; x5c: string[] };
    expect(alg).toBe('RS256');
    const certificate = new X509Certificate(Buffer.from(x5c[0] ?? '', 'base64'));
    const key = createPublicKey(certificate.publicKey.export({ type: 'spki', format: 'pem' }));
    const input = Buffer.from(`${header ?? ''}.${claims ?? ''}`);
    expect(verify('sha256', input, key, Buffer.from(signature ?? '', 'base64url'))).toBe(true);
    expect(x5c).toHaveLength(2);
  });

  it('comes back with its claims and certificates', async () => {
    const jws = await verifyJws(await createJws({ a: [1] }, signer));
    expect(jws.claims).toEqual({ a: [1] });
    expect(Buffer.from(jws.certificate)).toEqual(Buffer.from(openssl.der('user')));
    expect(jws.chain).toHaveLength(1);
  });

  it.each([
    ['says another algorithm', { alg: 'none' }],
    ['wants to be checked as HMAC', { alg: 'HS256' }],
    ['has extensions that must be understood', { crit: ['exp'] }],
    ['has no certificate', { x5c: [] }],
    ['has a certificate that is none', { x5c: ['AAAA'] }],
  ])('is refused when its header %s', async (_, change) => {
    const [header, claims] = (await createJws({}, signer)).split('.');
    const changed = encode({ ...(decode(header) as object), ...change });
    const input = `${changed}.${claims ?? ''}`;
    const signature = Buffer.from(await signer.sign(Buffer.from(input))).toString('base64url');
    await expect(verifyJws(`${input}.${signature}`)).rejects.toBeInstanceOf(JwsError);
  });

  it('is refused after any change', async () => {
    const compact = await createJws({ amount: 100 }, signer);
    await fc.assert(
      fc.asyncProperty(
        fc.nat(compact.length - 1),
        fc.constantFrom('A', 'Z', 'a', 'z', '0', '9', '-', '_', '.', '='),
        async (at, character) => {
          const changed = compact.slice(0, at) + character + compact.slice(at + 1);
          fc.pre(changed !== compact);
          // The last character of a part has bits that stand for nothing.
          fc.pre(compact[at + 1] !== '.' && at !== compact.length - 1);
          await expect(verifyJws(changed)).rejects.toBeInstanceOf(JwsError);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('is not random text', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string(),
          fc.array(fc.base64String(), { maxLength: 4 }).map((p) => p.join('.')),
        ),
        async (text) => {
          await expect(verifyJws(text)).rejects.toBeInstanceOf(JwsError);
        },
      ),
    );
  });
});
