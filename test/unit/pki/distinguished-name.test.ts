import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toHex, type DerBytes } from '#shared/bytes.ts';
import { isKiltError } from '#shared/errors.ts';
import { encode, integer, oid, sequence, setOf, tag, utf8String } from '#main/pki/asn1.ts';
import { oids } from '#main/pki/oids.ts';
import { keyObjectSigner } from '#main/pki/key-object-signer.ts';
import { buildCertificationRequest } from '#main/pki/pkcs10.ts';
import { distinguishedName, escapeAttributeValue, nameText, sameName } from '#main/pki/x509.ts';
import { OpensslWorkshop } from './openssl-workshop.ts';

const openssl = new OpensslWorkshop();
beforeAll(() => {
  openssl.rsaKey('key');
});
afterAll(() => {
  openssl.remove();
});

/** How openssl reads a Name, in its RFC 2253 form. */
async function asOpensslReads(name: DerBytes): Promise<string> {
  const signer = keyObjectSigner(createPrivateKey(readFileSync(openssl.path('key.key'))));
  openssl.write('name.csr', await buildCertificationRequest(name, signer));
  const options = ['-nameopt', 'RFC2253,-esc_msb,utf8'];
  return openssl
    .run('req', '-in', 'name.csr', '-inform', 'DER', '-noout', '-subject', ...options)
    .replace(/^subject=/, '')
    .replace(/\n$/, '');
}

describe('a distinguished name', () => {
  it.each([
    'CN=Demo KISC CA,O=Demo KISC,C=KZ',
    'CN=Иванов Иван,UID=00012345,O=ТОО «Ромашка»,L=Алматы,C=KZ',
    'CN=Smith\\, John \\+ Sons \\"Ltd\\"\\; \\<x\\>\\\\',
    'CN=\\#1 in the world,OU=\\ leading and trailing\\ ',
    'CN=Қазақ ұлттық 🔑,serialNumber=IIN123456789012',
    'CN=a=b',
  ])('%s is read by openssl as it was written', async (text) => {
    const name = distinguishedName(text);
    const read = await asOpensslReads(name);
    expect(read).toBe(text);
    expect(nameText(name)).toBe(text);
  });

  it('may have several attributes on one level, which have no order', async () => {
    const text = 'OU=Sales+CN=J. Smith,DC=example,DC=net';
    expect(await asOpensslReads(distinguishedName(text))).toBe('CN=J. Smith+OU=Sales,DC=example,DC=net');
    expect(nameText(distinguishedName(text))).toBe(text);
    const reversed = distinguishedName('CN=J. Smith+OU=Sales,DC=example,DC=net');
    expect(toHex(reversed)).toBe(toHex(distinguishedName(text)));
  });

  it('stands in the encoding from the country down', () => {
    const name = distinguishedName('CN=Клиент,C=KZ');
    const attribute = (type: string, value: Uint8Array) => setOf(sequence(oid(type), value));
    expect(toHex(name)).toBe(
      toHex(
        sequence(
          attribute(oids.country, encode(tag.printableString, Buffer.from('KZ'))),
          attribute(oids.commonName, utf8String('Клиент')),
        ),
      ),
    );
  });

  it.each([
    ['cn=x', 'CN=x'],
    ['  CN = x , O = y ', 'CN=x,O=y'],
    ['2.5.4.3=x', 'CN=x'],
    ['CN=\\d0\\9a\\D0\\b0', 'CN=Ка'],
    ['CN=#0c0178', 'CN=x'],
    ['1.2.3.4=#0c0178', '1.2.3.4=#0c0178'],
    ['CN=', 'CN='],
    ['', ''],
    ['CN=x;O=y', 'CN=x,O=y'],
  ])('%j means %j', (text, canonical) => {
    expect(nameText(distinguishedName(text))).toBe(canonical);
  });

  it.each([
    'CN',
    'CN=x,',
    '=x',
    'NOPE=x',
    'CN=a"b',
    'CN=a\\',
    'CN=a\\zz',
    'CN=#zz',
    'CN=\\ff',
    'CN=a<b',
    'CN=x,,O=y',
    '9.9=x',
  ])('%j is refused as input', (text) => {
    expect(() => distinguishedName(text)).toThrow(expect.objectContaining({ id: 'input-invalid' }));
  });

  it('holds any value after escaping, and nothing but that value', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (value) => {
        const name = distinguishedName(`UID=${escapeAttributeValue(value)},C=KZ`);
        expect(toHex(name)).toBe(
          toHex(
            sequence(
              setOf(sequence(oid(oids.country), encode(tag.printableString, Buffer.from('KZ')))),
              setOf(sequence(oid(oids.userId), utf8String(value))),
            ),
          ),
        );
        expect(toHex(distinguishedName(nameText(name)))).toBe(toHex(name));
      }),
    );
  });

  it('a user ID can not smuggle in another attribute', () => {
    const subject = `CN=${escapeAttributeValue('x,O=Bank+C=KZ')}`;
    expect(nameText(distinguishedName(subject))).toBe('CN=x\\,O=Bank\\+C=KZ');
  });

  it('random text is read or refused, never crashes', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          distinguishedName(text);
        } catch (error) {
          expect(isKiltError(error, 'input-invalid')).toBe(true);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('is the same in another alphabet, case and spacing, and not in another order', () => {
    const printable = setOf(
      sequence(oid(oids.commonName), encode(tag.printableString, Buffer.from('demo  ca '))),
    );
    expect(sameName(sequence(printable), distinguishedName('CN=Demo CA'))).toBe(true);
    expect(sameName(distinguishedName('CN=a,O=b'), distinguishedName('O=b,CN=a'))).toBe(false);
    expect(sameName(distinguishedName('CN=a+O=b'), distinguishedName('O=b+CN=a'))).toBe(true);
    expect(sameName(distinguishedName('CN=a'), distinguishedName('O=a'))).toBe(false);
  });

  it('that can not be read is the same as nothing but itself', () => {
    const broken = sequence(sequence(integer(1)));
    expect(sameName(broken, distinguishedName('CN=a'))).toBe(false);
    expect(sameName(distinguishedName('CN=a'), broken)).toBe(false);
    expect(sameName(broken, broken)).toBe(true);
  });
});
