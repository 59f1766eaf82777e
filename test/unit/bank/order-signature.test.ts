import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { paymentOrder as shownOrder } from '#shared/payment-order-view.ts';
import { checkOrderSignature, OrderSignatureError } from '#test/bank/site/order-signature.ts';
import { accountOf, orderDocument, orderForm, paymentOrderType } from '#test/bank/site/payment-order.ts';

/** The bank's own check of a signature, against signatures that OpenSSL has made. */
describe('the bank’s check of a signed order', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'kilt-order-'));
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  const sign = (...args: string[]): Uint8Array => {
    const key = [
      '-signer',
      'signer.pem',
      '-inkey',
      'signer.key',
      '-md',
      'sha256',
      '-outform',
      'DER',
      '-out',
      'out',
    ];
    openssl('cms', '-sign', '-binary', '-in', 'document', ...key, ...args);
    return new Uint8Array(readFileSync(path.join(folder, 'out')));
  };
  const document = orderDocument({
    type: paymentOrderType,
    number: '7',
    date: '2026-11-26',
    payer: { name: 'Айгерим Сапарова', bin: '101140001234', iik: accountOf('one') },
    payee: { name: 'ТОО «Алма»', bin: '101140005678', iik: accountOf('other'), bik: 'KILTKZKA' },
    amount: '125000.00',
    currency: 'KZT',
    purposeCode: '710',
    purpose: 'Оплата по счету № 17',
  });

  beforeAll(() => {
    writeFileSync(path.join(folder, 'document'), document);
    const self = [
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-days',
      '2',
      '-keyout',
      'signer.key',
      '-out',
      'signer.pem',
    ];
    openssl('req', '-x509', '-subj', '/CN=Somebody', ...self);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('takes a detached CAdES signature, and says who made it', () => {
    const certificate = checkOrderSignature(sign('-cades'), document);
    const pem = openssl('x509', '-in', 'signer.pem', '-outform', 'DER');
    expect(Buffer.from(certificate).equals(pem)).toBe(true);
  });

  it('wants the signer’s certificate named in what is signed', () => {
    expect(() => checkOrderSignature(sign(), document)).toThrow(OrderSignatureError);
  });

  it.each([
    ['attached', ['-cades', '-nodetach']],
    ['without attributes', ['-noattr']],
    ['without certificate', ['-cades', '-nocerts']],
    ['SHA-512', ['-cades', '-md', 'sha512']],
  ])('refuses a signature that is %s', (_what, args) => {
    expect(() => checkOrderSignature(sign(...args), document)).toThrow(OrderSignatureError);
  });

  it('refuses another document', () => {
    const other = Uint8Array.from(document);
    other[other.indexOf(0x31)] = 0x39;
    expect(() => checkOrderSignature(sign('-cades'), other)).toThrow('another document was signed');
  });

  it('refuses a signature in which any one byte of the signed part is another', () => {
    const cms = sign('-cades');
    // The signer's half: attributes and signature. In the certificate a byte may change without harm to the order.
    const taken = [];
    for (let at = cms.length - 500; at < cms.length; at += 1) {
      const changed = Uint8Array.from(cms);
      changed[at] = (changed[at] ?? 0) ^ 1;
      try {
        checkOrderSignature(changed, document);
        taken.push(at);
      } catch (error) {
        expect(error).toBeInstanceOf(OrderSignatureError);
      }
    }
    expect(taken).toEqual([]);
  });

  it('the document is one that Kilt shows as a payment order', () => {
    expect(shownOrder.parse(JSON.parse(Buffer.from(document).toString()))).toMatchObject({
      amount: '125000.00',
    });
  });

  it.each([
    ['amount', '12,5'],
    ['amount', '0.00'],
    ['payeeBin', '12345678901'],
    ['payeeIik', 'KZ009991767887591900'],
    ['payeeBik', 'kilt'],
    ['knp', '71'],
    ['purpose', ' '],
  ])('a form with %s «%s» is not drawn up', (field, value) => {
    const form = {
      payeeName: 'ТОО «Алма»',
      payeeBin: '101140005678',
      payeeIik: accountOf('other'),
      payeeBik: 'KILTKZKA',
      amount: '125000.00',
      knp: '710',
      purpose: 'Оплата',
    };
    expect(orderForm.safeParse(form).success).toBe(true);
    expect(orderForm.safeParse({ ...form, [field]: value }).success).toBe(false);
  });
});
