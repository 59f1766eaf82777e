import { describe, expect, it } from 'vitest';
import { asDer, type DerBytes } from '#shared/bytes.ts';
import { readAlgorithm } from '#main/pki/algorithm-identifier.ts';
import { DerReader, members, parseDer, retag, tag, type DerValue } from '#main/pki/asn1.ts';
import { parseCertificate } from '#main/pki/certificate.ts';
import { readCertificationRequest } from '#main/pki/pkcs10.ts';
import { verifySignature } from '#main/pki/signature.ts';
import { verifyPath } from '#main/pki/x509.ts';
import {
  kiscClientRequest,
  kiscTestCa,
  kiscTestCustomer,
  kiscTestRoot,
  ncaSignedDocument,
} from './published-objects.ts';

const path = (over: Partial<Parameters<typeof verifyPath>[0]> = {}) =>
  verifyPath({
    leaf: kiscTestCustomer,
    intermediates: [kiscTestCa],
    anchors: [kiscTestRoot],
    at: new Date('2018-01-01'),
    ...over,
  });

/** The same certificate with the last byte of its signature changed. */
const tampered = (der: DerBytes): DerBytes =>
  asDer(der.map((byte, at) => (at === der.length - 1 ? byte ^ 1 : byte)));

describe('certificates of KISC, as the settlement centre’s test CA has issued them', () => {
  it('lead from a customer to the root', async () => {
    const answer = await path();
    expect(answer.trusted && answer.path.map(({ commonName }) => commonName)).toEqual([
      'Прореллеров Карлсон',
      'KISC Test CA',
      'KISC Test CA Head of ALL',
    ]);
  });

  it.each([
    ['the customer’s signature', { leaf: tampered(kiscTestCustomer) }, 'signature-invalid'],
    ['the CA’s signature', { intermediates: [tampered(kiscTestCa)] }, 'signature-invalid'],
    ['no CA in between', { intermediates: [] }, 'issuer-unknown'],
    ['a date after the customer’s year', { at: new Date('2019-01-01') }, 'expired'],
  ])('lead nowhere with %s', async (_, over, reason) => {
    expect(await path(over)).toMatchObject({ trusted: false, reason });
  });

  it('have serial numbers of 32 bytes that may be negative', () => {
    expect(parseCertificate(kiscTestRoot).serialNumber).toMatch(/^dda44d4f[0-9a-f]{56}$/);
  });
});

it('a PKCS#10 request of a KISC client is signed the other way round, and that is accepted', async () => {
  const request = await readCertificationRequest(kiscClientRequest);
  expect(request).toMatchObject({ subject: 'CN=Прореллеров Карлсон,O=GAMMA,C=KZ', signature: 'valid' });
  expect((await readCertificationRequest(tampered(kiscClientRequest))).signature).toBe('invalid');
});

/** What CMS signs with signed attributes (RFC 5652 §5.4), in the order of its fields. */
function signedAttributes(cms: DerBytes) {
  const contentInfo = new DerReader(parseDer(cms).content);
  contentInfo.oid();
  const signedData = contentInfo.optionalExplicit(0);
  const fields = members(signedData as DerValue);
  const certificates = fields.find((field) => field.tag === tag.context(0));
  const signer = members(members(fields.at(-1) as DerValue)[0] as DerValue);
  const attributes = signer.find((field) => field.tag === tag.context(0)) as DerValue;
  const [algorithm, signature, unsigned] = signer.slice(signer.indexOf(attributes) + 1);
  const { publicKeyInfo } = parseCertificate(members(certificates as DerValue)[0]?.der ?? cms);
  return {
    signed: {
      algorithm: readAlgorithm(algorithm as DerValue),
      publicKeyInfo,
      data: retag(tag.set, attributes),
      signature: signature?.content ?? new Uint8Array(),
    },
    unsigned,
  };
}

describe('a document that NCA’s test customer has signed', () => {
  const document = signedAttributes(ncaSignedDocument);

  it('has a signature of KZ-2015 over its attributes', async () => {
    expect(await verifySignature(document.signed)).toBe('valid');
    const data = Uint8Array.from([...document.signed.data, 0]);
    expect(await verifySignature({ ...document.signed, data })).toBe('invalid');
  });

  it('has a time stamp with a signature of KZ-2004', async () => {
    const attribute = members(members(document.unsigned as DerValue)[0] as DerValue);
    const token = members(attribute[1] as DerValue)[0];
    const stamp = signedAttributes(token?.der ?? ncaSignedDocument);
    expect(stamp.signed.algorithm.oid).toBe('1.2.398.3.10.1.1.1.2');
    expect(await verifySignature(stamp.signed)).toBe('valid');
  });

  it('has a signature that no other family’s identifier makes valid', async () => {
    const { signed } = document;
    const { algorithm } = signedAttributes(ncaSignedDocument).signed;
    const asRussian = { ...algorithm, oid: '1.2.643.7.1.1.3.3' };
    expect(await verifySignature({ ...signed, algorithm: asRussian })).toBe('unsupported');
  });
});
