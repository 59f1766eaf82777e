import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DerError } from '#main/pki/asn1.ts';
import { buildCertificationRequest, readCertificationRequest } from '#main/pki/pkcs10.ts';
import { distinguishedName } from '#main/pki/x509.ts';
import { fileSigner } from './cmp-authority.ts';
import { OpensslWorkshop } from './openssl-workshop.ts';

const openssl = new OpensslWorkshop();
beforeAll(() => {
  openssl.rsaKey('user');
});
afterAll(() => {
  openssl.remove();
});

const build = () =>
  buildCertificationRequest(distinguishedName('CN=Клиент 1,UID=00012345,C=KZ'), fileSigner(openssl, 'user'));

describe('a certification request', () => {
  it('is accepted by openssl, subject and signature', async () => {
    openssl.write('ours.csr', await build());
    const said = openssl.run(
      ...['req', '-in', 'ours.csr', '-inform', 'DER', '-verify', '-noout', '-subject'],
      ...['-nameopt', 'RFC2253,-esc_msb,utf8'],
    );
    expect(said).toContain('subject=CN=Клиент 1,UID=00012345,C=KZ');
  });

  it('made by openssl is read and found signed', async () => {
    openssl.run(
      'req',
      '-new',
      '-key',
      'user.key',
      '-subj',
      '/C=KZ/CN=User',
      '-outform',
      'DER',
      '-out',
      'their.csr',
    );
    expect(await readCertificationRequest(openssl.read('their.csr'))).toMatchObject({
      subject: 'CN=User,C=KZ',
      signature: 'valid',
    });
  });

  it('that is changed is not signed any more, or can not be read', async () => {
    const request = await build();
    await fc.assert(
      fc.asyncProperty(fc.nat(request.length - 1), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
        const changed = Uint8Array.from(request);
        changed[at] = (changed[at] ?? 0) ^ flip;
        try {
          expect((await readCertificationRequest(changed)).signature).not.toBe('valid');
        } catch (error) {
          expect(error).toBeInstanceOf(DerError);
        }
      }),
      { numRuns: 200 },
    );
  });
});
