import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DerError } from '#main/pki/asn1.ts';
import { checkCrl, findInCrl } from '#main/pki/revocation/crl-check.ts';
import { crlBytes, parseCrl } from '#main/pki/revocation/crl.ts';
import { parseCertificate } from '#main/pki/x509.ts';
import { OpensslRegistry } from './openssl-registry.ts';

const openssl = new OpensslRegistry();
const list = 'http://crl.bank.kz/a.crl';

beforeAll(() => {
  openssl.ecKey('ca');
  openssl.root('ca', '/C=KZ/O=Bank/CN=CA');
  openssl.ecKey('other');
  openssl.root('other', '/C=KZ/O=Bank/CN=CA');
  for (const name of ['good', 'stolen', 'held', 'released', 'listed', 'below']) {
    openssl.ecKey(name);
    const extensions = name === 'listed' ? 'with_list' : name === 'below' ? 'ca' : 'ee';
    openssl.certificate(name, 'ca', `/CN=${name}`, { extensions });
    openssl.record('ca', name);
  }
  openssl.revoke('ca', 'stolen', 'keyCompromise');
  openssl.revoke('ca', 'held', 'certificateHold');
  openssl.revoke('ca', 'released', 'removeFromCRL');
});
afterAll(() => openssl.remove());

const certificate = (name: string) => parseCertificate(openssl.der(name));

/** Kilt's verdict in one word, and since when. */
async function verdict(
  crl: Uint8Array,
  name: string,
  over: { issuer?: string; at?: Date } = {},
): Promise<string> {
  const parsed = parseCrl(crl);
  const fault = await checkCrl(parsed, certificate(over.issuer ?? 'ca'), over.at ?? new Date());
  if (fault) return fault;
  const found = findInCrl(parsed, certificate(name));
  if (found.state === 'revoked') return found.reason;
  return found.state === 'good' ? 'good' : found.fault;
}

describe('a CRL of openssl ca', () => {
  it('says of each certificate what openssl verify -crl_check says', async () => {
    const crl = openssl.crl('ca', 'plain');
    const ours = {
      good: await verdict(crl, 'good'),
      stolen: await verdict(crl, 'stolen'),
      held: await verdict(crl, 'held'),
      released: await verdict(crl, 'released'),
    };
    expect(ours).toEqual({
      good: 'good',
      stolen: 'keyCompromise',
      held: 'certificateHold',
      released: 'good',
    });
    for (const [name, verdict] of Object.entries(ours)) {
      expect(openssl.verdictWithCrl(name, 'ca', 'plain') === 'OK', name).toBe(verdict === 'good');
    }
  });

  it('gives dates and entries as openssl crl prints them', () => {
    const crl = parseCrl(openssl.crl('ca', 'dates'));
    const printed = openssl.run('crl', '-in', 'dates.crl', '-noout', '-lastupdate', '-nextupdate');
    const [last = '', next = ''] = printed.split('\n').map((line) => line.split('=')[1] ?? '');
    expect(crl.thisUpdate).toEqual(new Date(last));
    expect(crl.nextUpdate).toEqual(new Date(next));
    expect(crl.size).toBe(3);
  });

  it('counts until its nextUpdate and not before its thisUpdate', async () => {
    const crl = openssl.crl('ca', 'short', { args: ['-crlhours', '1'] });
    const hours = (n: number) => new Date(Date.now() + n * 3600_000);
    expect(await verdict(crl, 'good', { at: hours(2) })).toBe('stale');
    expect(await verdict(crl, 'good', { at: hours(-1) })).toBe('not-yet-valid');
    // A clock that is a few minutes slow refuses nothing.
    expect(await verdict(crl, 'good', { at: hours(-0.1) })).toBe('good');
  });

  it('comes as PEM from some servers', () => {
    openssl.crl('ca', 'pem');
    expect(parseCrl(crlBytes(openssl.read('pem.crl'))).size).toBe(3);
  });

  it('of a CA with the same name and another key is refused', async () => {
    const crl = openssl.crl('other', 'foreign');
    expect(await verdict(crl, 'good')).toBe('signature-invalid');
    expect(openssl.verdictWithCrl('good', 'ca', 'foreign')).not.toBe('OK');
  });

  it('of another CA is told apart', async () => {
    openssl.ecKey('stranger');
    openssl.root('stranger', '/CN=Stranger');
    expect(await verdict(openssl.crl('stranger', 'strange'), 'good')).toBe('other-issuer');
  });

  it('signed by a CA that may not sign lists is refused', async () => {
    openssl.ecKey('nolist');
    openssl.root('nolist', '/CN=No list', 'ca_no_crl');
    openssl.ecKey('under');
    openssl.certificate('under', 'nolist', '/CN=Under');
    const crl = openssl.crl('nolist', 'nolist');
    expect(await verdict(crl, 'under', { issuer: 'nolist' })).toBe('signer-not-entitled');
    expect(openssl.verdictWithCrl('under', 'nolist', 'nolist')).toContain('CRL');
  });

  it.each([
    ['a delta', ['2.5.29.27=critical,DER:020101'], 'good', 'kind-unsupported'],
    ['an indirect list', ['2.5.29.28=critical,DER:30038401FF'], 'good', 'kind-unsupported'],
    ['an unknown critical extension', ['1.2.3.4=critical,ASN1:NULL'], 'good', 'critical-extension'],
    [
      'a list of CAs alone, asked about a customer',
      ['2.5.29.28=critical,DER:30038201FF'],
      'good',
      'out-of-scope',
    ],
    [
      'a list of customers alone, asked about a customer',
      ['2.5.29.28=critical,DER:30038101FF'],
      'good',
      'good',
    ],
    [
      'a list of customers alone, asked about a CA',
      ['2.5.29.28=critical,DER:30038101FF'],
      'below',
      'out-of-scope',
    ],
    ['a list of some reasons, silent', ['2.5.29.28=critical,DER:300483020640'], 'good', 'out-of-scope'],
    ['a list of some reasons, naming it', ['2.5.29.28=critical,DER:300483020640'], 'stolen', 'keyCompromise'],
    [
      'the list the certificate names',
      [`issuingDistributionPoint=critical,fullname:URI:${list}`],
      'listed',
      'good',
    ],
    [
      'another of the CA’s lists',
      ['issuingDistributionPoint=critical,fullname:URI:http://x/b'],
      'listed',
      'out-of-scope',
    ],
    [
      'one of several lists, of a certificate that names none',
      [`issuingDistributionPoint=critical,fullname:URI:${list}`],
      'good',
      'out-of-scope',
    ],
  ])('%s is known for what it is', async (_, extensions, name, expected) => {
    expect(await verdict(openssl.crl('ca', 'special', { extensions }), name)).toBe(expected);
  });

  it('finds a negative serial number of 32 bytes, as KISC gives out', async () => {
    openssl.ecKey('kisc');
    openssl.certificate('kisc', 'ca', '/CN=KISC', { args: ['-set_serial', `-0x60${'54'.repeat(31)}`] });
    openssl.revoke('ca', 'kisc', 'superseded');
    const crl = openssl.crl('ca', 'kisc');
    expect(await verdict(crl, 'kisc')).toBe('superseded');
    expect(openssl.verdictWithCrl('kisc', 'ca', 'kisc')).toContain('certificate revoked');
  });

  it('that is damaged anywhere never makes a certificate good that was not', async () => {
    const whole = openssl.crl('ca', 'whole');
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.nat(255), async (at, value) => {
        const damaged = Uint8Array.from(whole);
        damaged[at] = value;
        fc.pre(whole[at] !== value);
        try {
          expect(await verdict(damaged, 'stolen')).not.toBe('good');
          expect(await verdict(damaged, 'good')).not.toBe('good');
        } catch (error) {
          expect(error).toBeInstanceOf(DerError);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('that is random bytes is a DerError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(() => parseCrl(bytes)).toThrow(DerError);
      }),
    );
  });
});
