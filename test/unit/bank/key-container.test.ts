import forge from 'node-forge';
import { beforeAll, describe, expect, it } from 'vitest';
import { newRsaKey } from '#test/bank/authority/authority.ts';
import { issueCertificate } from '#test/bank/authority/certificate.ts';
import { keyContainer, type ContainerCipher } from '#test/bank/authority/key-container.ts';

describe('Key.pfx', () => {
  let key: Awaited<ReturnType<typeof newRsaKey>>;
  let certificate: Uint8Array;
  beforeAll(async () => {
    key = await newRsaKey();
    const order = {
      kind: 'initial-key' as const,
      subject: { country: 'KZ', commonName: 'Айгерим', userId: 'u1' },
      publicKey: key.publicKey,
      notBefore: new Date('2026-01-01'),
      notAfter: new Date('2027-01-01'),
    };
    certificate = issueCertificate(order, key);
  });
  const open = (cipher: ContainerCipher, password: string) => {
    const bytes = keyContainer({
      privateKeyPem: key.privateKeyPem,
      certificate,
      friendlyName: 'u1',
      password: 'ABCDEFGHJK2',
      cipher,
    });
    return forge.pkcs12.pkcs12FromAsn1(forge.asn1.fromDer(Buffer.from(bytes).toString('binary')), password);
  };

  // forge computes SHA-1 container MACs only, so `aes` is left to openssl (openssl-cmp-client.test.ts).
  it.each(['3des', 'rc2'] as const)(
    'made with %s opens with its password, key and certificate inside',
    (cipher) => {
      const pfx = open(cipher, 'ABCDEFGHJK2');
      const [keyBag] = pfx.getBags({ bagType: forge.pki.oids['pkcs8ShroudedKeyBag'] ?? '' })[
        forge.pki.oids['pkcs8ShroudedKeyBag'] ?? ''
      ] ?? [undefined];
      const [certificateBag] = pfx.getBags({ friendlyName: 'u1' }).friendlyName ?? [];
      expect(keyBag?.key && forge.pki.privateKeyToPem(keyBag.key)).toContain('PRIVATE KEY');
      const inside =
        certificateBag?.cert && forge.asn1.toDer(forge.pki.certificateToAsn1(certificateBag.cert));
      expect(inside?.toHex()).toBe(Buffer.from(certificate).toString('hex'));
    },
  );

  it('does not open with another password', () => {
    expect(() => open('3des', 'ABCDEFGHJK3')).toThrow(/MAC/);
  });
});
