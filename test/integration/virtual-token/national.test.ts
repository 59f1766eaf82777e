import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { bitStringBytes, membersOf, readDer } from '#test/bank/asn1/der.ts';
import { gostHash } from '#test/virtual-token/national/gost-hash.ts';
import { gostSet } from '#test/virtual-token/national/issuing-key.ts';

import { OpenscBench } from './opensc-bench.ts';
import { OpensslGost } from './openssl-gost.ts';

const USER_PIN = '12345678';
const [AUTHENTICATION, RSA_SIGNATURE, GOST_SIGNATURE] = ['01', '02', '03'] as const;

/** A certificate's signed part, its signature, and the bytes of its public key. */
function partsOf(der: Uint8Array): { content: Uint8Array; signature: Uint8Array; key: Uint8Array } {
  const [content, , signature] = membersOf(readDer(der));
  const publicKey = content && membersOf(content)[6];
  const [, key] = publicKey ? membersOf(publicKey) : [];
  if (content === undefined) throw new Error('not a certificate');
  return { content: content.whole, signature: bitStringBytes(signature), key: bitStringBytes(key) };
}

const derOf = (pem: string): Uint8Array =>
  new Uint8Array(Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ''), 'base64'));
/** X‖Y out of the OCTET STRING that a GOST public key is. */
const pointOf = (certificate: Uint8Array): Uint8Array => readDer(partsOf(certificate).key).content;

describe('a token with national keys, in the hands of OpenSC and OpenSSL', () => {
  let authority: string;
  let bench: OpenscBench;
  let openssl: OpensslGost;
  beforeAll(async () => {
    authority = mkdtempSync(join(tmpdir(), 'kilt-national-'));
    const national = ['--profile', 'national', '--authority-data', authority];
    bench = await OpenscBench.start([...national, '--atr', 'rutoken']);
    openssl = new OpensslGost(bench.folder);
  });
  afterAll(async () => {
    await bench.stop();
    rmSync(authority, { recursive: true });
  });

  const readCertificate = async (id: string): Promise<void> => {
    const { stdout } = await bench.must('pkcs15-tool', '--read-certificate', id);
    bench.write(`${id}.pem`, stdout);
  };
  /** OpenSC's tools refuse a certificate with a public key they do not know; its explorer reads any file. */
  const readGostCertificate = async (): Promise<Uint8Array> => {
    await bench.must('opensc-explorer', bench.write('script', 'cd 5000\nget 0302 gost.der\nquit\n'));
    return new Uint8Array(bench.read('gost.der'));
  };
  const chain = (family: 'rsa' | 'gost', place: 'root' | 'issuing'): string =>
    join(authority, `${family}-${place}.pem`);

  it('has three private keys, each with a public key and a certificate of the same number', async () => {
    const { stdout } = await bench.must('pkcs15-tool', '--dump');
    for (const [id, label] of [
      [AUTHENTICATION, 'RSA Key \\[AUTH_RSA256\\]'],
      [RSA_SIGNATURE, 'RSA Key \\[RSA256\\]'],
      [GOST_SIGNATURE, 'GOSTR3410 Key \\[GOSTKNCA\\]'],
    ] as const) {
      for (const half of ['Private', 'Public'])
        expect(stdout).toMatch(new RegExp(`${half} ${label}[^]*?ID +: ${id}\\n`));
      const name = label.replace(/^.* Key /, '');
      expect(stdout).toMatch(new RegExp(`X\\.509 Certificate ${name}[^]*?ID +: ${id}\\n`));
    }
  });

  it.each([AUTHENTICATION, RSA_SIGNATURE])('has certificate %s of the RSA authority', async (id) => {
    await readCertificate(id);
    const trust = ['-CAfile', chain('rsa', 'root'), '-untrusted', chain('rsa', 'issuing')];
    const { stdout } = await bench.must('openssl', 'verify', '-x509_strict', ...trust, `${id}.pem`);
    expect(stdout).toContain('OK');
  });

  it('signs with its RSA key what the certificate verifies', async () => {
    await readCertificate(RSA_SIGNATURE);
    bench.write('digest', createHash('sha256').update('a payment order').digest());
    const raw = ['--raw', '--sign', '--pkcs1', '--sha-256', '--pin', USER_PIN];
    await bench.must(
      'pkcs15-crypt',
      ...[...raw, '--key', RSA_SIGNATURE, '--input', 'digest', '--output', 'signature'],
    );
    const certificate = ['-certin', '-inkey', `${RSA_SIGNATURE}.pem`];
    const signed = ['-in', 'digest', '-sigfile', 'signature', '-pkeyopt', 'digest:sha256'];
    const { output } = await bench.must('openssl', 'pkeyutl', '-verify', ...certificate, ...signed);
    expect(output).toContain('Signature Verified Successfully');
  });

  it('signs with its GOST key what OpenSSL verifies with the key in the certificate', async () => {
    const point = pointOf(await readGostCertificate());
    const digest = await openssl.hash('a payment order');
    bench.write('hash', digest);
    const files = ['--input-file', 'hash', '--output-file', 'gost.sig'];
    await bench.pkcs11(
      ...['--login', '--pin', USER_PIN, '--sign', '-m', 'GOSTR3410', '--id', GOST_SIGNATURE, ...files],
    );
    expect(await openssl.verifies(gostSet, point, digest, bench.read('gost.sig'))).toBe(true);
  });

  it('has a GOST certificate that OpenSSL reads, and whose signature is the authority’s', async () => {
    const certificate = await readGostCertificate();
    const read = ['-inform', 'DER', '-in', 'gost.der', '-noout', '-text', '-nameopt', 'utf8,sep_comma_plus'];
    const { stdout } = await bench.must('openssl', 'x509', ...read);
    expect(stdout).toContain('Issuer: C=KZ,CN=ДЕМО ҰЛТТЫҚ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ (GOST)');
    expect(stdout).toContain('Digital Signature, Non Repudiation');
    expect(stdout).toMatch(/Signature Algorithm: 1\.2\.398\.3\.10\.1\.1\.1\.2/);
    const { content, signature } = partsOf(certificate);
    const issuer = pointOf(derOf(readFileSync(chain('gost', 'issuing'), 'utf8')));
    // The national authority writes r‖s little-endian; RFC 4491 has the same bytes backwards.
    const asInRfc = signature.slice().reverse();
    expect(await openssl.verifies(gostSet, issuer, gostHash(content), asInRfc)).toBe(true);
  });
});
