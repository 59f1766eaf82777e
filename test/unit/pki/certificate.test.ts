import { X509Certificate } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asDer, type DerBytes } from '#shared/bytes.ts';
import { DerError } from '#main/pki/asn1.ts';
import { certificatesFromPem, certificateToPem, parseCertificate, verifyPath } from '#main/pki/x509.ts';
import { OpensslWorkshop } from './openssl-workshop.ts';

const openssl = new OpensslWorkshop();
const now = (): Date => new Date();
const days = (n: number): Date => new Date(Date.now() + n * 24 * 3600 * 1000);

async function judge(
  leaf: string,
  anchor: string,
  intermediates: readonly string[] = [],
  at = now(),
): Promise<string> {
  const answer = await verifyPath({
    leaf: openssl.der(leaf),
    intermediates: intermediates.map((name) => openssl.der(name)),
    anchors: [openssl.der(anchor)],
    at,
  });
  return answer.trusted ? answer.path.map(({ commonName }) => commonName).join(' < ') : answer.reason;
}

beforeAll(() => {
  openssl.ecKey('root', 'secp384r1');
  openssl.root('root', '/C=KZ/O=Demo/CN=Root');
  openssl.rsaKey('issuing');
  openssl.certificate('issuing', 'root', '/C=KZ/O=Demo/CN=Issuing', { extensions: 'ca_pathlen0' });
  openssl.ecKey('leaf');
  openssl.certificate('leaf', 'issuing', '/C=KZ/CN=Leaf');
});
afterAll(() => {
  openssl.remove();
});

describe('a certificate', () => {
  it('is read as Node reads it', () => {
    for (const name of ['root', 'issuing', 'leaf']) {
      const info = parseCertificate(openssl.der(name));
      const node = new X509Certificate(openssl.pem(name));
      expect(info.serialNumber.replace(/^0+/, '')).toBe(node.serialNumber.toLowerCase().replace(/^0+/, ''));
      expect(info.notBefore).toEqual(new Date(node.validFrom));
      expect(info.notAfter).toEqual(new Date(node.validTo));
      expect(Buffer.from(info.publicKeyInfo)).toEqual(node.publicKey.export({ type: 'spki', format: 'der' }));
      expect(info.basicConstraints?.ca ?? false).toBe(node.ca);
      expect(info.extendedKeyUsage).toEqual(node.keyUsage);
    }
  });

  it('shows names, key usage and key identifiers', () => {
    const issuing = parseCertificate(openssl.der('issuing'));
    const leaf = parseCertificate(openssl.der('leaf'));
    expect(leaf.subject).toBe('CN=Leaf,C=KZ');
    expect(leaf.issuer).toBe('CN=Issuing,O=Demo,C=KZ');
    expect(leaf.commonName).toBe('Leaf');
    expect(leaf.keyUsage).toEqual(['digitalSignature', 'nonRepudiation']);
    expect(leaf.authorityKeyIdentifier).toEqual(issuing.subjectKeyIdentifier);
    expect(issuing.basicConstraints).toEqual({ ca: true, pathLength: 0 });
    expect(leaf.criticalExtensions).toEqual(['2.5.29.19', '2.5.29.15']);
  });

  it('may have a negative serial number of 32 bytes, as KISC gives out', () => {
    const serial = `9f${'ab'.repeat(31)}`;
    const negative = -((1n << 256n) - BigInt(`0x${serial}`));
    openssl.ecKey('kisc');
    openssl.certificate('kisc', 'root', '/CN=KISC', { args: ['-set_serial', negative.toString()] });
    expect(parseCertificate(openssl.der('kisc')).serialNumber).toBe(serial);
  });

  it('may have a serial number that is not in DER’s shortest form; the same number is the same text', () => {
    openssl.certificate('kisc', 'root', '/CN=KISC', { args: ['-set_serial', '0x1fabcd'] });
    const whole = Buffer.from(openssl.der('kisc'));
    const at = whole.indexOf(Buffer.from('02031fabcd', 'hex'));
    const withSerial = (content: string): string => {
      const changed = Buffer.from(whole);
      Buffer.from(`0203${content}`, 'hex').copy(changed, at);
      return parseCertificate(changed).serialNumber;
    };
    expect(parseCertificate(whole).serialNumber).toBe('1fabcd');
    expect(withSerial('001fab')).toBe('1fab');
    expect(withSerial('00001f')).toBe('1f');
    expect(withSerial('000000')).toBe('00');
    expect(withSerial('ff9acd')).toBe('9acd');
    expect(withSerial('ff7acd')).toBe('ff7acd');
    expect(withSerial('00facd')).toBe('facd');
  });

  it('goes through PEM unchanged, also among other text', () => {
    const chain = `root of the bank\n${openssl.pem('root')}\n# issuing\n${certificateToPem(openssl.der('issuing'))}`;
    expect(certificatesFromPem(chain).map((der) => Buffer.from(der))).toEqual(
      ['root', 'issuing'].map((name) => Buffer.from(openssl.der(name))),
    );
  });

  it('that is damaged is a DerError or another certificate, never a crash', async () => {
    const whole = openssl.der('leaf');
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.nat(255), async (at, value) => {
        const damaged = Uint8Array.from(whole);
        damaged[at] = value;
        try {
          parseCertificate(damaged);
        } catch (error) {
          expect(error).toBeInstanceOf(DerError);
        }
        const answer = await verifyPath({
          leaf: asDer(damaged),
          intermediates: [openssl.der('issuing')],
          anchors: [openssl.der('root')],
          at: now(),
        });
        expect(answer.trusted).toBe(Buffer.compare(damaged, whole) === 0);
      }),
      { numRuns: 500 },
    );
  });

  it('that is random bytes is a DerError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(() => parseCertificate(bytes)).toThrow(DerError);
      }),
    );
  });
});

describe('a path', () => {
  it('leads over the issuing CA to the root, and openssl agrees', async () => {
    expect(await judge('leaf', 'root', ['issuing'])).toBe('Leaf < Issuing < Root');
    expect(openssl.verdict('leaf', 'root', ['issuing'])).toBe('OK');
  });

  it('does not care about the order and company of the intermediates', async () => {
    expect(await judge('leaf', 'root', ['leaf', 'root', 'issuing', 'issuing'])).toBe('Leaf < Issuing < Root');
  });

  it('is the anchor alone when the leaf is the anchor', async () => {
    expect(await judge('root', 'root')).toBe('Root');
  });

  it('stops without the issuing CA', async () => {
    expect(await judge('leaf', 'root')).toBe('issuer-unknown');
    expect(openssl.verdict('leaf', 'root')).toContain('unable to get local issuer');
  });

  it('ends with the validity of any of its certificates', async () => {
    expect(await judge('leaf', 'root', ['issuing'], days(31))).toBe('expired');
    expect(await judge('leaf', 'root', ['issuing'], days(-1))).toBe('not-yet-valid');
  });

  it('ends with the validity of an issuer too, while the leaf lives on', async () => {
    openssl.ecKey('short');
    openssl.certificate('short', 'root', '/CN=Short', { extensions: 'ca', args: ['-days', '1'] });
    openssl.ecKey('outliving');
    openssl.certificate('outliving', 'short', '/CN=Outliving');
    expect(await judge('outliving', 'root', ['short'])).toBe('Outliving < Short < Root');
    expect(await judge('outliving', 'root', ['short'], days(2))).toBe('expired');
  });

  it('does not lead through a certificate that is no CA', async () => {
    openssl.ecKey('victim');
    openssl.certificate('victim', 'leaf', '/CN=Victim');
    expect(await judge('victim', 'root', ['leaf', 'issuing'])).toBe('issuer-not-ca');
    expect(openssl.verdict('victim', 'root', ['leaf', 'issuing'])).not.toBe('OK');
  });

  it('is no longer than the CA above allows', async () => {
    openssl.ecKey('third');
    openssl.certificate('third', 'issuing', '/CN=Third CA', { extensions: 'ca' });
    openssl.ecKey('below');
    openssl.certificate('below', 'third', '/CN=Below');
    expect(await judge('below', 'root', ['third', 'issuing'])).toBe('path-too-long');
    expect(openssl.verdict('below', 'root', ['third', 'issuing'])).toContain(
      'path length constraint exceeded',
    );
  });

  it('needs keyCertSign at every issuer', async () => {
    openssl.ecKey('nosign');
    openssl.certificate('nosign', 'root', '/CN=No sign', { extensions: 'ca_without_cert_sign' });
    openssl.ecKey('unsigned');
    openssl.certificate('unsigned', 'nosign', '/CN=Unsigned');
    expect(await judge('unsigned', 'root', ['nosign'])).toBe('issuer-key-usage');
    expect(openssl.verdict('unsigned', 'root', ['nosign'])).not.toBe('OK');
  });

  it('needs the key of the issuer, not only its name', async () => {
    openssl.ecKey('false', 'secp384r1');
    openssl.root('false', '/C=KZ/O=Demo/CN=Root');
    expect(await judge('issuing', 'false')).toBe('signature-invalid');
    // Both roots at hand: the right one is found behind the wrong one.
    const answer = await verifyPath({
      leaf: openssl.der('issuing'),
      intermediates: [],
      anchors: [openssl.der('false'), openssl.der('root')],
      at: now(),
    });
    expect(answer.trusted).toBe(true);
  });

  it('stops at a critical extension that nobody here understands', async () => {
    openssl.ecKey('strange');
    openssl.certificate('strange', 'root', '/CN=Strange', { extensions: 'critical_unknown' });
    expect(await judge('strange', 'root')).toBe('critical-extension');
    expect(openssl.verdict('strange', 'root')).toContain('unhandled critical extension');
  });

  it('does not stand on SHA-1, nor on a key of 1024 bits', async () => {
    openssl.ecKey('old');
    openssl.certificate('old', 'issuing', '/CN=Old', { args: ['-sha1'] });
    expect(await judge('old', 'root', ['issuing'])).toBe('algorithm-unsupported');
    openssl.run('genpkey', '-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:1024', '-out', 'weak.key');
    openssl.root('weak', '/CN=Weak');
    openssl.ecKey('under-weak');
    openssl.certificate('under-weak', 'weak', '/CN=Under weak');
    expect(await judge('under-weak', 'weak')).toBe('algorithm-unsupported');
  });

  it('is found by openssl where we find it, whatever is left out or exchanged', async () => {
    const names = ['root', 'issuing', 'leaf', 'third', 'below', 'false', 'nosign', 'unsigned', 'victim'];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...names),
        fc.constantFrom('root', 'false'),
        fc.subarray(names),
        async (leaf, anchor, intermediates) => {
          const ours = await judge(leaf, anchor, intermediates);
          const theirs = openssl.verdict(leaf, anchor, intermediates);
          expect(ours.includes('Root'), `${ours} / ${theirs}`).toBe(theirs === 'OK');
        },
      ),
      { numRuns: 40 },
    );
  });

  it('is not searched forever among certificates that issue each other', async () => {
    // One name, one key, many certificates: every order of them is a path whose signatures are right.
    openssl.ecKey('ring');
    const ring: DerBytes[] = [];
    for (let i = 0; i < 16; i++) {
      openssl.root('ring', '/CN=Ring');
      ring.push(openssl.der('ring'));
    }
    openssl.ecKey('lost');
    openssl.certificate('lost', 'ring', '/CN=Lost');
    const answer = await verifyPath({
      leaf: openssl.der('lost'),
      intermediates: ring,
      anchors: [openssl.der('root')],
      at: now(),
    });
    expect(answer.trusted).toBe(false);
  });
});
