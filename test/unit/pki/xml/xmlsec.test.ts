import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { template, XmlDesk } from './xml-desk.ts';

let desk: XmlDesk;
beforeAll(() => {
  desk = new XmlDesk();
});
afterAll(() => desk.remove());

/** Everything that the canonical form treats in a way of its own. */
const crooked = [
  '<?xml version="1.0" encoding="utf-8"?>\r\n<?order  first  time ?>\n<!-- before -->',
  '<o:order xmlns:o="urn:o" xmlns:unused="urn:u" xmlns="urn:d" b="2" a="1\t2&#9;3&#xA;4" xml:lang="kk">',
  '<!-- inside --><row  z="&lt;&quot;&amp;>" o:z="1" xmlns:x="urn:a" x:a="2"/>\r\n',
  '<![CDATA[<Ромашка> & ]]>Қазақстан &#13; &gt; <?note a?>',
  '<o:line xmlns=""><plain xmlns:o="urn:other"><o:deep/></plain></o:line>',
  '<empty></empty></o:order><!-- behind --><?last?>',
].join('');
const plain = '<order><amount>100 000</amount><to>ТОО «Ромашка»</to></order>';
const parts = `<envelope xmlns="urn:e" xmlns:k="urn:k" xml:lang="ru"><k:body Id="b1">${plain}</k:body></envelope>`;

describe('XML signatures, with xmlsec1 on the other side', () => {
  it.each([
    ['a plain document', plain],
    ['a crooked one', crooked],
  ] as const)('signs %s in both layouts so that xmlsec accepts it', async (_, text) => {
    for (const layout of ['common-utils', 'basics'] as const) {
      const signed = await desk.signXml(text, { layout });
      desk.xmlsecVerify(signed);
      expect(await desk.checkXml(signed)).toMatchObject({ fault: undefined, signedPart: undefined });
    }
  });

  it('signs one element by its path, beside it and within it', async () => {
    for (const parentXPath of ['', '/*[local-name()="envelope"]/k:body', '//k:body']) {
      const signed = await desk.signXml(parts, { layout: 'basics', tbsXPath: '//k:body', parentXPath });
      desk.xmlsecVerify(signed, '--id-attr:Id', 'urn:k:body');
      expect(await desk.checkXml(signed)).toMatchObject({ signedPart: '/envelope/k:body' });
    }
  });

  const c14n = 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315';
  const exclusive = 'http://www.w3.org/2001/10/xml-exc-c14n#';
  const enveloped = 'http://www.w3.org/2000/09/xmldsig#enveloped-signature';
  it.each([
    ['no form named', [enveloped]],
    ['canonical XML', [enveloped, c14n]],
    ['canonical XML with comments', [enveloped, `${c14n}#WithComments`]],
    ['exclusive form', [enveloped, exclusive]],
    ['exclusive form with comments', [enveloped, `${exclusive}WithComments`]],
  ] as const)('checks what xmlsec signed: %s', async (_, transforms) => {
    for (const canonical of [c14n, `${c14n}#WithComments`, exclusive]) {
      const text = crooked.replace('</o:order>', `${template({ transforms, canonical })}</o:order>`);
      const signed = desk.xmlsecSign(text);
      expect(await desk.checkXml(signed)).toMatchObject({ fault: undefined, digest: { name: 'SHA-256' } });
    }
  });

  it.each([
    ['inclusive', [c14n]],
    ['exclusive', [exclusive]],
  ] as const)('checks an element that xmlsec signed by its Id in the %s form', async (_, transforms) => {
    const signature = template({ uri: '#b1', transforms });
    const signed = desk.xmlsecSign(
      parts.replace('</envelope>', `${signature}</envelope>`),
      ...['--id-attr:Id', 'urn:k:body'],
    );
    expect(await desk.checkXml(signed)).toMatchObject({ signedPart: '/envelope/k:body' });
  });

  it('calls a signature over SHA-1 weak, and not wrong', async () => {
    const signature = template({
      digest: 'http://www.w3.org/2000/09/xmldsig#sha1',
      method: 'http://www.w3.org/2000/09/xmldsig#rsa-sha1',
    });
    const signed = desk.xmlsecSign(plain.replace('</order>', `${signature}</order>`));
    expect(await desk.checkXml(signed)).toMatchObject({ fault: 'hash-weak' });
  });
});
