import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isKiltError } from '#shared/errors.ts';
import { encode, octetString, oid, sequence, tag, utf8String } from '#main/pki/asn1.ts';
import { oids } from '#main/pki/oids.ts';
import {
  attribute,
  cms,
  flipped,
  followedBy,
  goodAttributes,
  goodParts,
  rsaSignature,
  signerIdOf,
  type CmsParts,
} from './hand-made-cms.ts';
import { SigningDesk } from './signing-desk.ts';

const document = new TextEncoder().encode('Оплатить 100 000 тенге ТОО «Ромашка»');
const other = new TextEncoder().encode('Оплатить 900 000 тенге ТОО «Ромашка»');

let desk: SigningDesk;
beforeAll(() => {
  desk = new SigningDesk();
  // A stranger who calls himself what aigul's certificate is called, number and all.
  desk.openssl.rsaKey('double');
  desk.openssl.rsaKey('double-ca');
  desk.openssl.root('double-ca', '/C=KZ/O=Demo/CN=Demo CA');
  const number = BigInt(
    `0x${desk.openssl.run('x509', '-in', 'aigul.crt', '-noout', '-serial').trim().replace('serial=', '')}`,
  );
  desk.openssl.run('req', '-new', '-key', 'double.key', '-subj', '/C=KZ/CN=aigul', '-out', 'double.csr');
  desk.openssl.run(
    ...['x509', '-req', '-in', 'double.csr', '-CA', 'double-ca.crt', '-CAkey', 'double-ca.key'],
    ...['-set_serial', String(number), '-days', '3', '-out', 'double.crt'],
  );
});
afterAll(() => desk.remove());

/** What comes of a signature laid beside a document: its verdict, or why it is no signature. */
async function outcome(signature: Uint8Array, beside: Uint8Array): Promise<string> {
  desk.openssl.write('forged.p7s', signature);
  desk.openssl.write('forged', beside);
  try {
    const { verdict, signers } = await desk.check('forged.p7s');
    return `${verdict}: ${signers.map(({ problem }) => problem).join()}`;
  } catch (error) {
    if (!isKiltError(error)) throw error;
    return `${error.id}: ${error.data['reason']}`;
  }
}

interface Forgery {
  readonly signature: Uint8Array;
  readonly document?: Uint8Array;
}

const parts =
  (changes: (good: CmsParts) => Partial<CmsParts>) =>
  (good: CmsParts): Forgery => ({
    signature: cms({ ...good, ...changes(good) }),
  });
/** Attributes changed and signed anew by whoever forges, with the key of the certificate that goes along. */
const resigned = (attributes: (good: CmsParts) => readonly Uint8Array[]) =>
  parts((good) => {
    const changed = attributes(good).map((one) => one as NonNullable<CmsParts['attributes']>[number]);
    return { attributes: changed, signature: rsaSignature(desk, 'aigul', encode(tag.set, ...changed)) };
  });
const without = (good: CmsParts, index: number) => good.attributes?.toSpliced(index, 1) ?? [];
const replaced = (good: CmsParts, index: number, by: Uint8Array) =>
  good.attributes?.toSpliced(index, 1, by as NonNullable<CmsParts['attributes']>[number]) ?? [];

const table: readonly (readonly [string, (good: CmsParts) => Forgery, string])[] = [
  [
    'one bit of the document is another',
    (good) => ({ signature: cms(good), document: flipped(document, 9) }),
    'wrong: document-changed',
  ],
  [
    'a line stands below the document',
    (good) => ({ signature: cms(good), document: followedBy(document, '\n') }),
    'wrong: document-changed',
  ],
  [
    'the document ends earlier',
    (good) => ({ signature: cms(good), document: document.subarray(0, -1) }),
    'wrong: document-changed',
  ],
  [
    'the document is empty',
    (good) => ({ signature: cms(good), document: new Uint8Array() }),
    'wrong: document-changed',
  ],
  ['the document inside is another', parts(() => ({ content: other })), 'wrong: document-changed'],
  [
    'the digest was exchanged together with the document',
    (good) => ({
      signature: cms({
        ...good,
        attributes: replaced(good, 2, goodAttributes(other, desk.openssl.der('aigul'))[2] ?? other),
      }),
      document: other,
    }),
    'wrong: signature-wrong',
  ],
  [
    'the first bit of the signature is another',
    parts((good) => ({ signature: flipped(good.signature, 0) })),
    'wrong: signature-wrong',
  ],
  [
    'the last bit of the signature is another',
    parts((good) => ({ signature: flipped(good.signature, -1) })),
    'wrong: signature-wrong',
  ],
  [
    'the signature is nothing but zeros',
    parts((good) => ({ signature: new Uint8Array(good.signature.length) })),
    'wrong: signature-wrong',
  ],
  ['the signature is empty', parts(() => ({ signature: new Uint8Array() })), 'wrong: signature-wrong'],
  [
    'the time of signing is another',
    parts((good) => ({
      attributes: replaced(
        good,
        1,
        attribute(oids.signingTime, encode(tag.utcTime, Buffer.from('260101000000Z'))),
      ),
    })),
    'wrong: signature-wrong',
  ],
  [
    'the attributes stand in another order',
    parts((good) => ({ attributes: good.attributes?.toReversed() })),
    'wrong: signature-wrong',
  ],
  [
    'an attribute was added',
    parts((good) => ({ attributes: [...(good.attributes ?? []), attribute('1.2.3.4', utf8String('x'))] })),
    'wrong: signature-wrong',
  ],
  [
    'the reference to the certificate was taken out',
    parts((good) => ({ attributes: without(good, 3) })),
    'wrong: signature-wrong',
  ],
  [
    'somebody else signed and put the certificate of aigul beside',
    parts((good) => ({ signature: rsaSignature(desk, 'dana', encode(tag.set, ...(good.attributes ?? []))) })),
    'wrong: signature-wrong',
  ],
  [
    'the signer is said to be dana',
    parts(() => ({
      signerId: signerIdOf(desk.openssl.der('dana')),
      certificates: [desk.openssl.der('dana')],
    })),
    'wrong: certificate-differs',
  ],
  [
    'a double of the certificate, with its name and number, stands in its place',
    parts(() => ({ certificates: [desk.openssl.der('double')] })),
    'wrong: certificate-differs',
  ],
  [
    'a double signed for itself',
    (good) => {
      const attributes = goodAttributes(document, desk.openssl.der('double'));
      return {
        signature: cms({
          ...good,
          certificates: [desk.openssl.der('double')],
          attributes,
          signature: rsaSignature(desk, 'double', encode(tag.set, ...attributes)),
        }),
      };
    },
    'doubtful: chain-wrong',
  ],
  [
    'a double signed for itself and brought its own authority',
    (good) => {
      const attributes = goodAttributes(document, desk.openssl.der('double'));
      return {
        signature: cms({
          ...good,
          certificates: [desk.openssl.der('double'), desk.openssl.der('double-ca')],
          attributes,
          signature: rsaSignature(desk, 'double', encode(tag.set, ...attributes)),
        }),
      };
    },
    'doubtful: chain-wrong',
  ],
  [
    'a name in the certificate is another',
    parts((good) => ({
      certificates: good.certificates.map(
        (der) => flipped(der, Buffer.from(der).lastIndexOf('aigul')) as typeof der,
      ),
    })),
    'wrong: certificate-differs',
  ],
  ['the certificate is missing', parts(() => ({ certificates: [] })), 'wrong: certificate-missing'],
  [
    'another hash is named',
    parts(() => ({ digest: oids.sha512, digests: [oids.sha512] })),
    'wrong: document-changed',
  ],
  [
    'a hash is used that was not announced',
    parts(() => ({ digests: [oids.sha512], digest: oids.sha384 })),
    'wrong: attributes-wrong',
  ],
  [
    'a signature algorithm of another hash is named',
    parts(() => ({ signatureAlgorithm: oids.sha512WithRSA })),
    'doubtful: algorithm-unsupported',
  ],
  [
    'the content is said to be of another kind',
    parts(() => ({ contentType: oids.timeStampInfo })),
    'wrong: attributes-wrong',
  ],
  [
    'the digest stands twice, signed so',
    resigned((good) => [
      ...(good.attributes ?? []),
      goodAttributes(other, desk.openssl.der('aigul'))[2] ?? other,
    ]),
    'signature-unreadable: not-cms',
  ],
  [
    'the digest has two values, signed so',
    resigned((good) =>
      replaced(
        good,
        2,
        attribute(oids.messageDigest, octetString(new Uint8Array(32)), octetString(new Uint8Array(32))),
      ),
    ),
    'wrong: attributes-wrong',
  ],
  ['the digest is missing, signed so', resigned((good) => without(good, 2)), 'wrong: attributes-wrong'],
  [
    'the kind of content is missing, signed so',
    resigned((good) => without(good, 0)),
    'wrong: attributes-wrong',
  ],
  [
    'the reference is to nothing, signed so',
    resigned((good) => replaced(good, 3, attribute(oids.signingCertificateV2, sequence(sequence())))),
    'wrong: attributes-wrong',
  ],
  [
    'the attributes are passed off as the document',
    (good) => ({
      signature: cms({ ...good, attributes: undefined }),
      document: encode(tag.set, ...(good.attributes ?? [])),
    }),
    'doubtful: no-signed-attributes',
  ],
  ['nobody signed', parts(() => ({ signers: 'none' })), 'signature-unreadable: not-signed'],
  [
    'the file ends early',
    (good) => ({ signature: cms(good).subarray(0, -20) }),
    'signature-unreadable: cut-off',
  ],
  [
    'something follows the signature',
    (good) => ({ signature: followedBy(cms(good), 'more') }),
    'signature-unreadable: not-cms',
  ],
  [
    'it is a sequence of something else',
    () => ({ signature: sequence(oid(oids.data)) }),
    'signature-unreadable: not-signed',
  ],
];

describe('a signature in order', () => {
  it('is valid, so that what follows is refused for its forgery alone', async () => {
    expect(await outcome(cms(goodParts(desk, document)), document)).toBe('valid: ');
    expect(await outcome(cms({ ...goodParts(desk, document), content: document }), other)).toBe('valid: ');
  });
});

describe('a forged signature is not valid when', () => {
  it.each(table)('%s', async (_, forge, expected) => {
    const { signature, document: beside = document } = forge(goodParts(desk, document));
    expect(await outcome(signature, beside)).toBe(expected);
  });
});
