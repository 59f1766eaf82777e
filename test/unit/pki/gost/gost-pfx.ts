import { issueGostCertificate } from '#test/bank/authority/gost-certificate.ts';
import { keyContainer, type ContainerCipher } from '#test/bank/authority/key-container.ts';
import type { GostDialect } from '#test/bank/gost/dialects.ts';
import { newGostKey, privateKeyPem, publicKeyInfo } from '#test/bank/gost/key-pair.ts';

/** Of every container made here. */
export const password = 'ABCDEFGHJK2';
const day = 24 * 3600 * 1000;

/**
 * A customer’s GOST.pfx, written by the demo bank’s own code.
 *
 * @param serial content of the INTEGER that is the certificate’s serial number, also where DER forbids it
 */
export function gostPfx(dialect: GostDialect, cipher: ContainerCipher = 'rc2', serial?: Uint8Array) {
  const [ca, key] = [newGostKey(dialect), newGostKey(dialect)];
  const validity = { notBefore: new Date(Date.now() - day), notAfter: new Date(Date.now() + day) };
  const issuer = issueGostCertificate(
    { kind: 'issuing', subject: { commonName: 'Демо-УЦ' }, publicKey: publicKeyInfo(ca), ...validity },
    { key: ca },
  );
  const subject = { country: 'KZ', commonName: 'ТОО «Ромашка»', userId: '00012345' };
  const certificate = issueGostCertificate(
    { kind: 'initial-key', subject, publicKey: publicKeyInfo(key), ...validity, ...(serial && { serial }) },
    { key: ca, certificate: issuer },
  );
  const file = keyContainer({
    privateKeyPem: privateKeyPem(key),
    certificate,
    issuers: [issuer],
    friendlyName: '00012345',
    password,
    cipher,
  });
  return { file, key, certificate, issuer };
}
