import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { asDer, secretFromText } from '#shared/bytes.ts';
import { readAlgorithm } from '#main/pki/algorithm-identifier.ts';
import { parseDer } from '#main/pki/asn1.ts';
import {
  buildCertificateRequest,
  parseCertificateRequest,
  verifyProofOfPossession,
} from '#main/pki/cmp/certificate-request.ts';
import { certificateHash } from '#main/pki/cmp/issued-certificate.ts';
import { gostContainerKey } from '#main/pki/gost/container-key.ts';
import { gostDigest } from '#main/pki/gost/gost-hash.ts';
import { gost341195 } from '#main/pki/gost/gost341195.ts';
import { streebog256, streebog512 } from '#main/pki/gost/streebog.ts';
import { createJws } from '#main/pki/jws.ts';
import { buildCertificationRequest, readCertificationRequest } from '#main/pki/pkcs10.ts';
import { openKeyContainer } from '#main/pki/pkcs12.ts';
import { signatureIdentifier } from '#main/pki/signature.ts';
import { distinguishedName, parseCertificate, verifyPath } from '#main/pki/x509.ts';
import { gostDialect, type GostDialect } from '#test/bank/gost/dialects.ts';
import { privateKeyInfo } from '#test/bank/gost/key-pair.ts';
import { gostPfx, password } from './gost-pfx.ts';
import { kiscTestRoot } from './published-objects.ts';

const opened = (dialect: GostDialect) => openKeyContainer(gostPfx(dialect).file, secretFromText(password));
const subject = distinguishedName('CN=Клиент 1,C=KZ');

describe('a GOST key proves possession', () => {
  it.each(gostDialect.options)('in a CMP request (%s)', async (dialect) => {
    const request = parseCertificateRequest(
      await buildCertificateRequest({ certReqId: 0, subject }, await opened(dialect)),
    );
    expect(await verifyProofOfPossession(request)).toBe('valid');
    const changed = { ...request, requestDer: asDer(Uint8Array.from([...request.requestDer, 0])) };
    expect(await verifyProofOfPossession(changed)).toBe('invalid');
  });

  it.each(gostDialect.options)('in a PKCS#10 request (%s)', async (dialect) => {
    const request = await buildCertificationRequest(subject, await opened(dialect));
    expect(await readCertificationRequest(request)).toMatchObject({ signature: 'valid' });
  });
});

it('Kazakh signature algorithms are written with NULL, Russian ones without (RFC 9215 §3)', () => {
  for (const dialect of gostDialect.options) {
    const { parameters } = readAlgorithm(parseDer(signatureIdentifier(dialect)));
    expect(parameters?.length).toBe(dialect.startsWith('ru-') ? undefined : 2);
  }
});

it('a certificate is confirmed by the hash of its own signature algorithm (RFC 4210 §5.3.18)', () => {
  const hashes = {
    'kz-2015-512': streebog512,
    'kz-2015-256': streebog256,
    'kz-2004': gost341195,
    'gamma-2004': gost341195,
    'ru-2012-512': streebog512,
    'ru-2012-256': streebog256,
  };
  for (const dialect of gostDialect.options) {
    const certificate = asDer(gostPfx(dialect).certificate);
    expect(certificateHash(certificate)).toEqual(gostDigest(hashes[dialect], certificate));
  }
  const damaged = kiscTestRoot.subarray(1);
  expect(Buffer.from(certificateHash(asDer(damaged)))).toEqual(createHash('sha256').update(damaged).digest());
});

it('a signer does not sign after it has been disposed of', async () => {
  const { certificate, key } = gostPfx('kz-2015-512');
  const found = gostContainerKey(privateKeyInfo(key), [parseCertificate(certificate)]);
  if (found.outcome !== 'signer') throw new Error(found.outcome);
  expect(await found.signer.sign(new Uint8Array(1))).toHaveLength(128);
  found.signer.dispose();
  found.signer.dispose();
  await expect(found.signer.sign(new Uint8Array(1))).rejects.toMatchObject({ id: 'internal' });
});

it('no JWS is signed with a GOST key, which JOSE has no name for', async () => {
  await expect(createJws({}, await opened('kz-2015-512'))).rejects.toMatchObject({ id: 'internal' });
});

it('a certificate does not become somebody else’s by its issuer’s name alone', async () => {
  const [mine, theirs] = [gostPfx('kz-2015-512'), gostPfx('kz-2015-512')];
  const question = { leaf: asDer(mine.certificate), intermediates: [], at: new Date() };
  expect(await verifyPath({ ...question, anchors: [asDer(mine.issuer)] })).toMatchObject({ trusted: true });
  expect(await verifyPath({ ...question, anchors: [asDer(theirs.issuer)] })).toMatchObject({
    trusted: false,
    reason: 'signature-invalid',
  });
  const otherFamily = gostPfx('kz-2015-256');
  expect(await verifyPath({ ...question, anchors: [asDer(otherFamily.issuer)] })).toMatchObject({
    trusted: false,
    reason: 'algorithm-unsupported',
  });
});
