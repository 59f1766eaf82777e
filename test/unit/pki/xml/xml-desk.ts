import { execFileSync } from 'node:child_process';
import { prepareXmlSignature, type XmlSignatureOrder } from '#main/pki/xml/xml-signature-writer.ts';
import { checkXmlSignatures, type CheckedXmlSignature } from '#main/pki/xml/xml-signature-check.ts';
import { SigningDesk } from '#test/unit/signing/signing-desk.ts';

/** A signing desk with xmlsec1, the program of the XML Security Library, on the other side. */
export class XmlDesk extends SigningDesk {
  /** Signs with a key in memory, as the token would. */
  async signXml(
    text: string,
    order: XmlSignatureOrder = { layout: 'common-utils' },
    who = 'aigul',
  ): Promise<string> {
    const signer = this.signer(who);
    const prepared = prepareXmlSignature(text, order, signer);
    return prepared.finish(await signer.sign(prepared.signedInfo));
  }

  async checkXml(text: string): Promise<CheckedXmlSignature> {
    const [first, another] = await checkXmlSignatures(text);
    if (!first || another) throw new Error('not one signature');
    return first;
  }

  /** Throws with xmlsec's words when it does not accept. */
  xmlsecVerify(text: string, ...more: readonly string[]): void {
    this.openssl.write('verified.xml', text);
    this.#xmlsec('--verify', '--trusted-pem', 'ca.crt', ...more, 'verified.xml');
  }

  /** Signs what a template asks for, with the key of `aigul`. */
  xmlsecSign(template: string, ...more: readonly string[]): string {
    this.openssl.write('template.xml', template);
    const key = ['--privkey-pem', 'aigul.key,aigul.crt'];
    this.#xmlsec('--sign', ...key, ...more, '--output', 'signed.xml', 'template.xml');
    return Buffer.from(this.openssl.read('signed.xml')).toString('utf8');
  }

  #xmlsec(...args: readonly string[]): void {
    execFileSync('xmlsec1', args, {
      cwd: this.openssl.directory,
      stdio: ['ignore', 'pipe', 'pipe'],
      encoding: 'utf8',
    });
  }
}

const dsig = 'http://www.w3.org/2000/09/xmldsig#';

/** A signature to be filled in by xmlsec. @param uri empty: the whole document */
export const template = (options: {
  readonly uri?: string;
  readonly canonical?: string;
  readonly transforms?: readonly string[];
  readonly digest?: string;
  readonly method?: string;
}): string => {
  const {
    uri = '',
    canonical = 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315',
    transforms = [`${dsig}enveloped-signature`],
    digest = 'http://www.w3.org/2001/04/xmlenc#sha256',
    method = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
  } = options;
  return [
    `<ds:Signature xmlns:ds="${dsig}"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="${canonical}"/>`,
    `<ds:SignatureMethod Algorithm="${method}"/><ds:Reference URI="${uri}"><ds:Transforms>`,
    ...transforms.map((one) => `<ds:Transform Algorithm="${one}"/>`),
    `</ds:Transforms><ds:DigestMethod Algorithm="${digest}"/><ds:DigestValue/></ds:Reference></ds:SignedInfo>`,
    '<ds:SignatureValue/><ds:KeyInfo><ds:X509Data><ds:X509Certificate/></ds:X509Data></ds:KeyInfo></ds:Signature>',
  ].join('');
};
