import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isKiltError } from '#shared/errors.ts';
import { template, XmlDesk } from './xml-desk.ts';

/** Ways to make a signed XML document say something else than was signed; none of them may be taken for valid. */
let desk: XmlDesk;
/** The whole document is signed. */
let whole: string;
/** The element `body` is signed by its Id, as in a SOAP message. */
let part: string;
const dsig = 'http://www.w3.org/2000/09/xmldsig#';
const order = '<order><!-- note --><amount>100000</amount><to>Ромашка</to></order>';
const envelope =
  '<envelope xmlns="urn:e"><header></header><body Id="b1"><amount>100000</amount></body></envelope>';

beforeAll(async () => {
  desk = new XmlDesk();
  whole = await desk.signXml(order, { layout: 'basics' });
  part = await desk.signXml(envelope, {
    layout: 'basics',
    tbsXPath: '//*[@Id="b1"]',
    parentXPath: '/*/*[local-name()="header"]',
  });
});
afterAll(() => desk.remove());

/** What `kilt verify-signature` would say. */
async function outcome(text: string): Promise<string> {
  desk.openssl.write('forged.xml', text);
  try {
    const { verdict, signers } = await desk.check('forged.xml');
    return `${verdict}: ${signers.map(({ problem }) => problem).join()}`;
  } catch (error) {
    if (!isKiltError(error)) throw error;
    return `${error.id}: ${error.data['reason']}`;
  }
}

const body = (): string => /<body .*<\/body>/.exec(part)?.[0] ?? '';
const signature = (text: string): string => /<ds:Signature .*<\/ds:Signature>/.exec(text)?.[0] ?? '';
const forgedBody = '<body Id="b2"><amount>900000</amount></body>';
const value = (name: string): RegExp => new RegExp(`(<ds:${name}>)([^<]+)(</ds:${name}>)`);

const table: readonly (readonly [string, () => string | Promise<string>, string])[] = [
  ['the amount is another', () => whole.replace('100000', '900000'), 'wrong: document-changed'],
  ['an element was added', () => whole.replace('<to>', '<fee>1</fee><to>'), 'wrong: document-changed'],
  ['an element was taken away', () => whole.replace('<to>Ромашка</to>', ''), 'wrong: document-changed'],
  ['an attribute was added', () => whole.replace('<to>', '<to account="2">'), 'wrong: document-changed'],
  [
    'elements changed places',
    () => whole.replace(/(<amount>.*<\/amount>)(<to>.*<\/to>)/, '$2$1'),
    'wrong: document-changed',
  ],
  [
    'the root has another namespace',
    () => whole.replace('<order>', '<order xmlns="urn:x">'),
    'wrong: document-changed',
  ],
  [
    'an instruction was added before the root',
    () => whole.replace('<order>', '<?pay 900000?><order>'),
    'wrong: document-changed',
  ],
  [
    'the text of an element became an instruction, which some programs read as text',
    () => whole.replace('<amount>100000</amount>', '<amount><?x 100000?></amount>'),
    'wrong: document-changed',
  ],
  [
    'the digest was exchanged together with the document',
    async () => {
      const other = await desk.signXml(order.replace('100000', '900000'), { layout: 'basics' });
      const digest = value('DigestValue').exec(other)?.[2] ?? '';
      return whole.replace('100000', '900000').replace(value('DigestValue'), `$1${digest}$3`);
    },
    'wrong: signature-wrong',
  ],
  [
    'one letter of the signature is another',
    () =>
      whole.replace(
        value('SignatureValue'),
        (_, a: string, b: string, c: string) => `${a}${b.startsWith('A') ? 'B' : 'A'}${b.slice(1)}${c}`,
      ),
    'wrong: signature-wrong',
  ],
  ['the signature is empty', () => whole.replace(value('SignatureValue'), '$1$3'), 'wrong: structure-wrong'],
  [
    'another certificate stands in it',
    () =>
      whole.replace(
        value('X509Certificate'),
        `$1${Buffer.from(desk.openssl.der('dana')).toString('base64')}$3`,
      ),
    'wrong: signature-wrong',
  ],
  [
    'no certificate stands in it',
    () => whole.replace(/<ds:KeyInfo>.*<\/ds:KeyInfo>/, ''),
    'wrong: certificate-missing',
  ],
  [
    'it is by somebody whom nobody knows',
    () => desk.signXml(order, { layout: 'basics' }, 'stranger'),
    'doubtful: issuer-unknown',
  ],
  ['there is no signature in it', () => order, 'signature-unreadable: not-signed'],
  [
    'a comment hides the end of the digest from some programs',
    () => whole.replace(value('DigestValue'), '$1$2<!-- -->$3'),
    'wrong: structure-wrong',
  ],
  [
    'the signature has a second SignedInfo',
    () => whole.replace(/(<ds:SignedInfo>.*<\/ds:SignedInfo>)/, '$1$1'),
    'wrong: structure-wrong',
  ],
  [
    'the signature method is a key that everybody knows (HMAC)',
    () => whole.replace('http://www.w3.org/2001/04/xmldsig-more#rsa-sha256', `${dsig}hmac-sha1`),
    'doubtful: algorithm-unsupported',
  ],
  [
    'a style sheet (XSLT) decides what is signed',
    () => whole.replace(`${dsig}enveloped-signature`, 'http://www.w3.org/TR/1999/REC-xslt-19991116'),
    'doubtful: algorithm-unsupported',
  ],
  [
    'what is signed lies on some server',
    () => whole.replace('URI=""', 'URI="http://127.0.0.1:9/order.xml"'),
    'doubtful: algorithm-unsupported',
  ],
  [
    'what is signed is a file of this computer',
    () => whole.replace('URI=""', 'URI="file:///etc/passwd"'),
    'doubtful: algorithm-unsupported',
  ],
  [
    'an entity reads a file of this computer (XXE)',
    () => whole.replace('<order>', '<!DOCTYPE order [<!ENTITY x SYSTEM "file:///etc/passwd">]><order>'),
    'signature-unreadable: document-type',
  ],
  [
    'entities expand to gigabytes (billion laughs)',
    () =>
      `<!DOCTYPE o [<!ENTITY a "ha"><!ENTITY b "${'&a;'.repeat(99)}"><!ENTITY c "${'&b;'.repeat(99)}">]><o>&c;</o>`,
    'signature-unreadable: document-type',
  ],
  [
    'it is nested deeper than any stack',
    () => `${'<a>'.repeat(100_000)}${'</a>'.repeat(100_000)}`,
    'signature-unreadable: too-much',
  ],
  ['it ends in the middle', () => whole.slice(0, -9), 'signature-unreadable: not-xml'],
  ['a second document stands behind it', () => `${whole}<order/>`, 'signature-unreadable: not-xml'],
  [
    'the signed element was wrapped and another took its place',
    () => part.replace(body(), forgedBody).replace('<header>', `<header><old>${body()}</old>`),
    'wrong: element-moved',
  ],
  [
    'the signed element hides in the signature itself',
    () =>
      part
        .replace(body(), forgedBody)
        .replace(
          '</ds:KeyInfo></ds:Signature>',
          `</ds:KeyInfo><ds:Object>${body()}</ds:Object></ds:Signature>`,
        ),
    'wrong: structure-wrong',
  ],
  [
    'the signed element hides in another signature',
    () => {
      const [exclusive, enveloped] = ['http://www.w3.org/2001/10/xml-exc-c14n#', '</envelope>'];
      const unsigned = envelope.replace(
        enveloped,
        `${template({ uri: '#b1', transforms: [exclusive] })}${enveloped}`,
      );
      const signed = desk.xmlsecSign(unsigned, '--id-attr:Id', 'urn:e:body');
      const found = /<body .*<\/body>/.exec(signed)?.[0] ?? '';
      const hidden = `<d:Signature xmlns:d="${dsig}"><d:Object>${found}</d:Object></d:Signature>`;
      return signed.replace(found, forgedBody).replace('<header/>', `<header>${hidden}</header>`);
    },
    'wrong: structure-wrong,element-moved',
  ],
  [
    'two elements have the Id of the signed one',
    () => part.replace('</envelope>', '<body Id="b1"><amount>900000</amount></body></envelope>'),
    'wrong: id-twice',
  ],
  [
    'another element has that Id under another name for it',
    () => part.replace('<header>', '<header ID="b1">'),
    'wrong: id-twice',
  ],
  ['the signed element is gone', () => part.replace(body(), forgedBody), 'wrong: element-moved'],
  [
    'something unsigned stands beside the signed element',
    () => part.replace('</envelope>', '<rate>9</rate></envelope>'),
    'doubtful: part-unsigned',
  ],
  [
    'an element around the signed one got an attribute',
    () => part.replace('<envelope ', '<envelope rate="9" '),
    'doubtful: part-unsigned',
  ],
  [
    'the signature of one document stands in another',
    () => order.replace('100000', '900000').replace('</order>', `${signature(whole)}</order>`),
    'wrong: document-changed',
  ],
];

describe('XML that was signed', () => {
  it('is accepted as it was signed', async () => {
    expect(await outcome(whole)).toBe('valid: ');
    expect(await outcome(part)).toBe('valid: ');
  });

  it.each(table)('is refused when %s', async (_, forged, expected) => {
    const text = await forged();
    expect([whole, part]).not.toContain(text);
    expect(await outcome(text)).toBe(expected);
  });

  it('loses nothing by a comment, which no signature by reference to the document covers', async () => {
    expect(await outcome(whole.replace('<!-- note -->', ''))).toBe('valid: ');
  });

  it('is refused by xmlsec too where it is refused for what was changed', () => {
    expect(() => desk.xmlsecVerify(whole.replace('100000', '900000'))).toThrow();
  });

  it('may be signed by a second person, whose signature covers the first', async () => {
    const twice = await desk.signXml(whole, { layout: 'basics' }, 'dana');
    // The first signature was over a document without the second, and says so.
    expect(await outcome(twice)).toBe('wrong: document-changed,');
  });
});

describe('a path by which a page points at an element', () => {
  it.each([
    ['a condition that takes hours', '//*[count(//*[count(//*)>1])>1]'],
    ['a function', 'id("b1")'],
    ['a step upwards', '/envelope/..'],
    ['several elements', '//*'],
    ['none', '/nothing'],
    ['an attribute', '//@Id'],
  ])('is refused when it is %s', async (_, tbsXPath) => {
    await expect(desk.signXml(envelope, { layout: 'basics', tbsXPath })).rejects.toMatchObject({
      failure: 'path-wrong',
    });
  });

  it('must lead to an element with an Id, which no other has', async () => {
    const header = '//*[local-name()="header"]';
    await expect(desk.signXml(envelope, { layout: 'basics', tbsXPath: header })).rejects.toMatchObject({
      failure: 'id-missing',
    });
    const doubled = envelope.replace('<header>', '<header Id="b1">');
    await expect(desk.signXml(doubled, { layout: 'basics', tbsXPath: header })).rejects.toMatchObject({
      failure: 'id-twice',
    });
  });
});
