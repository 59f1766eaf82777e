import { readdirSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { XmlDesk } from '#test/unit/pki/xml/xml-desk.ts';
import { sha256 } from './signing-desk.ts';

let desk: XmlDesk;
beforeAll(() => {
  desk = new XmlDesk();
});
afterAll(() => desk.remove());

const order = '<?xml version="1.0" encoding="UTF-8"?>\n<order>\n  <amount>100 000</amount>\n</order>\n';
const text = (name: string): string => new TextDecoder().decode(desk.openssl.read(name));

describe('signatures inside XML files', () => {
  it('xmlsec accepts, and so does Kilt, and the document itself stays as it was', async () => {
    const at = desk.folder('xml');
    desk.openssl.write(at('order.xml'), order);
    const { documents } = await desk.sign([at('order.xml')], 'xml');
    expect(documents).toMatchObject([
      { outcome: 'signed', signatureFileName: 'order.signed.xml', sha256: sha256(Buffer.from(order)) },
    ]);
    desk.xmlsecVerify(text(at('order.signed.xml')));
    expect(await desk.check(at('order.signed.xml'))).toMatchObject({
      verdict: 'valid',
      signers: [{ form: 'xmldsig' }],
    });
    expect(text(at('order.xml'))).toBe(order);
  });

  it('of a file in windows-1251 says the same in UTF-8', async () => {
    const at = desk.folder('xml-1251');
    const old = Buffer.concat([
      Buffer.from('<?xml version="1.0" encoding="windows-1251"?><a>'),
      Buffer.from([0xcf, 0xeb, 0xe0, 0xf2, 0xe5, 0xe6]),
      Buffer.from('</a>'),
    ]);
    desk.openssl.write(at('old.XML'), old);
    await desk.sign([at('old.XML')], 'xml');
    expect(text(at('old.signed.xml'))).toContain('<a>Платеж');
    desk.xmlsecVerify(text(at('old.signed.xml')));
  });

  it('never replace a file that is there', async () => {
    const at = desk.folder('xml-names');
    desk.openssl.write(at('order.xml'), order);
    await desk.sign([at('order.xml')], 'xml');
    const { documents } = await desk.sign([at('order.xml')], 'xml');
    expect(documents[0]?.signatureFileName).toBe('order.signed.2.xml');
  });

  it('can not be put into what is no XML: nothing is asked of the key for it, and the others are signed', async () => {
    const at = desk.folder('xml-others');
    desk.openssl.write(at('order.xml'), order);
    desk.openssl.write(at('broken.xml'), '<order>');
    let asked = 0;
    const signer = desk.signer('aigul');
    const { documents } = await desk.sign([at('broken.xml'), at('order.xml')], 'xml', {
      withKey: (work) => work((data) => ((asked += 1), signer.sign(data))),
    });
    expect(documents).toMatchObject([
      { outcome: 'failed', error: { id: 'xml-unusable', data: { reason: 'not-xml' } } },
      { outcome: 'signed' },
    ]);
    expect(asked).toBe(1);
    expect(readdirSync(desk.path('xml-others')).toSorted()).toEqual([
      'broken.xml',
      'order.signed.xml',
      'order.xml',
    ]);
  });

  it('is not written when the document was changed after the key had signed', async () => {
    const at = desk.folder('xml-changed');
    desk.openssl.write(at('order.xml'), order);
    const signer = desk.signer('aigul');
    const { documents } = await desk.sign([at('order.xml')], 'xml', {
      withKey: (work) =>
        work(async (data) => {
          writeFileSync(desk.path(at('order.xml')), order.replace('100', '900'));
          return signer.sign(data);
        }),
    });
    expect(documents).toMatchObject([{ outcome: 'failed', error: { id: 'document-changed' } }]);
    expect(readdirSync(desk.path('xml-changed'))).toEqual(['order.xml']);
  });
});
