import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyPath, type PathUsage } from '#main/pki/x509.ts';
import { OpensslWorkshop } from './openssl-workshop.ts';

/**
 * Chains good and bad, each judged by Kilt and by `openssl verify`. Where the two may differ the row says why; Kilt is
 * then the stricter one, but for key identifiers, which RFC 5280 §4.2.1.1 makes a hint.
 */

interface Certificate {
  readonly subject: string;
  /** Extension lines of an OpenSSL configuration. */
  readonly extensions: readonly string[];
  readonly args?: readonly string[];
  /** The key of another certificate of the chain, by its place. */
  readonly keyOf?: number;
}

interface Row {
  readonly name: string;
  /** From the root to the leaf; each is issued by the one before it. */
  readonly chain: readonly Certificate[];
  readonly usage?: PathUsage;
  /** What openssl is told in place of `usage`. */
  readonly purpose?: string;
  /** `OK`, or why Kilt refuses. */
  readonly expected: string;
  readonly differs?: string;
}

const caLines = ['keyUsage=critical,keyCertSign,cRLSign', 'subjectKeyIdentifier=hash'];
const root = (...more: string[]): Certificate => ({
  subject: '/C=KZ/O=Bank/CN=Root',
  extensions: ['basicConstraints=critical,CA:TRUE', ...caLines, ...more],
});
const ca = (...more: string[]): Certificate => ({
  subject: '/C=KZ/O=Bank/CN=Issuing',
  extensions: ['basicConstraints=critical,CA:TRUE', ...caLines, 'authorityKeyIdentifier=keyid', ...more],
});
const leaf = (...more: string[]): Certificate => ({
  subject: '/C=KZ/O=Bank/CN=Customer',
  extensions: ['basicConstraints=CA:FALSE', 'authorityKeyIdentifier=keyid', ...more],
});
const named = (certificate: Certificate, subject: string): Certificate => ({ ...certificate, subject });
const under = (constraint: string, ...below: Certificate[]): Certificate[] => [
  root(),
  ca(`nameConstraints=critical,${constraint}`),
  ...below,
];
const signIn: PathUsage = { extendedKeyUsage: '1.3.6.1.5.5.7.3.2' };

const rows: readonly Row[] = [
  { name: 'root, issuing CA, customer', chain: [root(), ca(), leaf()], expected: 'OK' },
  {
    name: 'four CAs below the root',
    chain: [root(), ...['A', 'B', 'C', 'D'].map((name) => named(ca(), `/CN=${name}`)), leaf()],
    expected: 'OK',
  },
  {
    name: 'seven CAs below the root',
    chain: [root(), ...['A', 'B', 'C', 'D', 'E', 'F', 'G'].map((name) => named(ca(), `/CN=${name}`)), leaf()],
    expected: 'path-too-long',
    differs: 'no real path is so long, and the other side chooses how much there is to check',
  },
  {
    name: 'a negative serial number of 32 bytes',
    chain: [root(), ca(), { ...leaf(), args: ['-set_serial', `-0x60${'54'.repeat(31)}`] }],
    expected: 'OK',
  },
  {
    name: 'a CA without basicConstraints',
    chain: [root(), { ...ca(), extensions: caLines }, leaf()],
    expected: 'issuer-not-ca',
  },
  {
    name: 'an issuer that says it is no CA',
    chain: [root(), { ...ca(), extensions: ['basicConstraints=critical,CA:FALSE'] }, leaf()],
    expected: 'issuer-not-ca',
  },
  {
    name: 'a CA without keyCertSign',
    chain: [
      root(),
      { ...ca(), extensions: ['basicConstraints=critical,CA:TRUE', 'keyUsage=critical,cRLSign'] },
      leaf(),
    ],
    expected: 'issuer-key-usage',
  },
  {
    name: 'a CA without any keyUsage',
    chain: [root(), { ...ca(), extensions: ['basicConstraints=critical,CA:TRUE'] }, leaf()],
    expected: 'OK',
  },
  {
    name: 'path length 0 with a CA below',
    chain: [
      root(),
      { ...ca(), extensions: ['basicConstraints=critical,CA:TRUE,pathlen:0', ...caLines] },
      named(ca(), '/CN=Below'),
      leaf(),
    ],
    expected: 'path-too-long',
  },
  {
    name: 'path length 0 with a self-issued CA below, which does not count',
    chain: [
      root(),
      {
        ...ca(),
        extensions: ['basicConstraints=critical,CA:TRUE,pathlen:0', ...caLines],
      },
      ca(),
      leaf(),
    ],
    expected: 'OK',
  },
  {
    name: 'path length 1 of the root with two CAs below',
    chain: [
      { ...root(), extensions: ['basicConstraints=critical,CA:TRUE,pathlen:1', ...caLines] },
      named(ca(), '/CN=A'),
      named(ca(), '/CN=B'),
      leaf(),
    ],
    expected: 'path-too-long',
  },
  {
    name: 'an unknown critical extension in the customer’s certificate',
    chain: [root(), ca(), leaf('1.2.3.4.5=critical,ASN1:NULL')],
    expected: 'critical-extension',
  },
  {
    name: 'an unknown critical extension in the CA’s certificate',
    chain: [root(), ca('1.2.3.4.5=critical,ASN1:NULL'), leaf()],
    expected: 'critical-extension',
  },
  {
    name: 'an unknown extension that is not critical',
    chain: [root(), ca(), leaf('1.2.3.4.5=ASN1:NULL')],
    expected: 'OK',
  },
  {
    name: 'certificate policies of the NCA, critical',
    chain: [root(), ca(), leaf('certificatePolicies=critical,1.2.398.3.3.2')],
    expected: 'OK',
  },
  {
    name: 'a CA that requires an explicit policy',
    chain: [root(), ca('policyConstraints=critical,requireExplicitPolicy:0'), leaf()],
    expected: 'critical-extension',
    differs: 'openssl processes policies only when asked to (-policy_check), Kilt never',
  },
  {
    name: 'the same, not marked critical',
    chain: [root(), ca('policyConstraints=requireExplicitPolicy:0'), leaf()],
    expected: 'critical-extension',
    differs: 'as above',
  },
  {
    name: 'a host in the permitted domain',
    chain: under('permitted;DNS:bank.kz', leaf('subjectAltName=DNS:api.bank.kz')),
    expected: 'OK',
  },
  {
    name: 'a host that only ends like the permitted domain',
    chain: under('permitted;DNS:bank.kz', leaf('subjectAltName=DNS:evilbank.kz')),
    expected: 'name-constraints',
  },
  {
    name: 'a permitted and a foreign host in one certificate',
    chain: under('permitted;DNS:bank.kz', leaf('subjectAltName=DNS:api.bank.kz,DNS:evil.kz')),
    expected: 'name-constraints',
  },
  {
    name: 'a host in the excluded domain, in capitals',
    chain: under('excluded;DNS:bank.kz', leaf('subjectAltName=DNS:API.BANK.KZ')),
    expected: 'name-constraints',
  },
  {
    name: 'constraints that are not marked critical hold as well',
    chain: [root(), ca('nameConstraints=permitted;DNS:bank.kz'), leaf('subjectAltName=DNS:evil.kz')],
    expected: 'name-constraints',
  },
  {
    name: 'constraints of a CA two above the customer',
    chain: under('permitted;DNS:bank.kz', named(ca(), '/CN=Below'), leaf('subjectAltName=DNS:evil.kz')),
    expected: 'name-constraints',
  },
  {
    name: 'constraints of the root itself',
    chain: [root('nameConstraints=critical,excluded;DNS:evil.kz'), ca(), leaf('subjectAltName=DNS:evil.kz')],
    expected: 'name-constraints',
  },
  {
    name: 'a subject in the permitted directory',
    chain: under('permitted;dirName:dir', leaf()),
    expected: 'OK',
  },
  {
    name: 'a subject outside the permitted directory',
    chain: under('permitted;dirName:dir', named(leaf(), '/C=KZ/O=Other/CN=Customer')),
    expected: 'name-constraints',
  },
  {
    name: 'a subject in the excluded directory',
    chain: under('excluded;dirName:dir', leaf()),
    expected: 'name-constraints',
  },
  {
    name: 'a mailbox at the permitted host',
    chain: under('permitted;email:bank.kz', leaf('subjectAltName=email:a@bank.kz')),
    expected: 'OK',
  },
  {
    name: 'a mailbox at a host below the permitted host',
    chain: under('permitted;email:bank.kz', leaf('subjectAltName=email:a@mail.bank.kz')),
    expected: 'name-constraints',
  },
  {
    name: 'a mailbox in the permitted domain',
    chain: under('permitted;email:.bank.kz', leaf('subjectAltName=email:a@mail.bank.kz')),
    expected: 'OK',
  },
  {
    name: 'a foreign mailbox inside the distinguished name',
    chain: under('permitted;email:bank.kz', named(leaf(), '/C=KZ/O=Bank/CN=Customer/emailAddress=a@evil.kz')),
    expected: 'name-constraints',
  },
  {
    name: 'an address in the permitted network',
    chain: under('permitted;IP:10.1.0.0/255.255.0.0', leaf('subjectAltName=IP:10.1.2.3')),
    expected: 'OK',
  },
  {
    name: 'an address outside the permitted network',
    chain: under('permitted;IP:10.1.0.0/255.255.0.0', leaf('subjectAltName=IP:10.2.2.3')),
    expected: 'name-constraints',
  },
  {
    name: 'a name of a form that is not compared, under a constraint on it',
    chain: under('permitted;RID:1.2.3', leaf('subjectAltName=RID:1.2.3.4')),
    expected: 'name-constraints',
  },
  {
    name: 'such a name, under a constraint on another form',
    chain: under('permitted;DNS:bank.kz', leaf('subjectAltName=RID:1.2.3.4')),
    expected: 'OK',
  },
  {
    name: 'a certificate for signing in, used for that',
    chain: [root(), ca(), leaf('extendedKeyUsage=clientAuth')],
    usage: signIn,
    purpose: 'sslclient',
    expected: 'OK',
  },
  {
    name: 'a server’s certificate, used to sign in',
    chain: [root(), ca(), leaf('extendedKeyUsage=serverAuth')],
    usage: signIn,
    purpose: 'sslclient',
    expected: 'usage',
  },
  {
    name: 'a CA restricted to servers, above a certificate for signing in',
    chain: [root(), ca('extendedKeyUsage=serverAuth'), leaf('extendedKeyUsage=clientAuth')],
    usage: signIn,
    purpose: 'sslclient',
    expected: 'usage',
  },
  {
    name: 'no extendedKeyUsage at all',
    chain: [root(), ca(), leaf('keyUsage=digitalSignature')],
    usage: signIn,
    purpose: 'sslclient',
    expected: 'OK',
  },
  {
    name: 'a key that may only encipher, used to sign in',
    chain: [root(), ca(), leaf('keyUsage=keyEncipherment')],
    usage: { ...signIn, keyUsage: ['digitalSignature'] },
    purpose: 'sslclient',
    expected: 'usage',
  },
  {
    name: 'an issuer identifier that fits no issuer, with a signature that does',
    chain: [root(), ca(), { ...leaf(), extensions: ['2.5.29.35=DER:300480020102'] }],
    expected: 'OK',
    differs: 'identifiers are a hint for the search (RFC 5280 §4.2.1.1)',
  },
];

const openssl = new OpensslWorkshop();
const configuration = (lines: readonly string[]): string => `${lines.join('\n')}\n[dir]\nC=KZ\nO=Bank\n`;

function make(row: number, place: number, certificate: Certificate): void {
  const file = (of: number, suffix: string) => `${row}-${of}.${suffix}`;
  openssl.ecKey(`${row}-${place}`);
  openssl.write(file(place, 'ext'), configuration(certificate.extensions));
  openssl.run(
    ...['req', '-new', '-key', file(place, 'key'), '-subj', certificate.subject, '-out', file(place, 'csr')],
  );
  openssl.run(
    ...['x509', '-req', '-in', file(place, 'csr'), '-days', '30', '-extfile', file(place, 'ext')],
    ...(place === 0
      ? ['-signkey', file(0, 'key')]
      : ['-CA', file(place - 1, 'crt'), '-CAkey', file(place - 1, 'key')]),
    ...(certificate.args ?? ['-set_serial', String(1000 * row + place)]),
    ...['-out', file(place, 'crt')],
  );
}

async function ours(row: Row, number: number): Promise<string> {
  const ders = row.chain.map((_, place) => openssl.der(`${number}-${place}`));
  const [anchor, ...rest] = ders;
  const customer = rest.pop();
  if (!anchor || !customer) throw new Error('a chain has two certificates at least');
  const answer = await verifyPath({
    leaf: customer,
    intermediates: rest,
    anchors: [anchor],
    at: new Date(),
    ...(row.usage ? { usage: row.usage } : {}),
  });
  return answer.trusted ? 'OK' : answer.reason;
}

function theirs(row: Row, number: number): string {
  const places = row.chain.map((_, place) => `${number}-${place}.crt`);
  const untrusted = places.slice(1, -1).flatMap((file) => ['-untrusted', file]);
  const purpose = row.purpose === undefined ? [] : ['-purpose', row.purpose];
  const question = ['-CAfile', places[0] ?? '', ...untrusted, ...purpose, places.at(-1) ?? ''];
  try {
    openssl.run('verify', ...question);
    return 'OK';
  } catch (error) {
    return /error \d+ at [^\n]*/.exec(String((error as { stderr?: string }).stderr))?.[0] ?? 'failed';
  }
}

describe('a chain of certificates', () => {
  let verdicts: readonly { row: Row; ours: string; theirs: string }[];

  beforeAll(async () => {
    for (const [number, { chain }] of rows.entries()) {
      for (const [place, certificate] of chain.entries()) make(number, place, certificate);
    }
    verdicts = await Promise.all(
      rows.map(async (row, number) => ({
        row,
        ours: await ours(row, number),
        theirs: theirs(row, number),
      })),
    );
  }, 120_000);
  afterAll(() => openssl.remove());

  it('is judged by Kilt as openssl judges it, and for the expected reason', () => {
    const wrong = verdicts.filter(({ row, ...verdict }) => {
      const agreed = (verdict.ours === 'OK') === (verdict.theirs === 'OK');
      return verdict.ours !== row.expected || agreed === (row.differs !== undefined);
    });
    const table = verdicts.map(
      ({ row, ...verdict }) =>
        `${wrong.some((one) => one.row === row) ? '✗' : ' '} ${row.name.padEnd(76)} ` +
        `${row.expected.padEnd(20)} ${verdict.ours.padEnd(20)} ${verdict.theirs}`,
    );
    expect(
      wrong.map(({ row }) => row.name),
      `expected, Kilt, openssl:\n${table.join('\n')}`,
    ).toEqual([]);
  });
});
