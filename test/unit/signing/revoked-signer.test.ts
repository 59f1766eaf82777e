import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KiltError } from '#shared/errors.ts';
import type { BankDirectory } from '#main/enrolment/bank-files.ts';
import type { BankSystem } from '#main/enrolment/bank-system.ts';
import { revocationUnderBanks } from '#main/signing/bank-revocation.ts';
import { checkSignature } from '#main/signing/signature-check.ts';
import { CertificateTrust } from '#main/trust/certificate-trust.ts';
import { revocationPolicy, type RevocationPolicy } from '#main/trust/revocation-policy.ts';
import { OpensslRegistry } from '#test/unit/pki/revocation/openssl-registry.ts';

/** Signatures of people whose certificates openssl has revoked, or not; only the way to the list is played. */
const openssl = new OpensslRegistry();
const address = 'http://crl.bank.kz/ca.crl';
let list: Uint8Array;

beforeAll(() => {
  openssl.rsaKey('ca');
  openssl.root('ca', '/CN=Bank CA');
  openssl.write('act.txt', 'Оплатить');
  for (const name of ['aigul', 'stolen', 'held']) {
    openssl.rsaKey(name);
    openssl.certificate(name, 'ca', `/CN=${name}`);
    openssl.record('ca', name);
    openssl.run(
      ...['cms', '-sign', '-cades', '-binary', '-nodetach', '-in', 'act.txt', '-signer', `${name}.crt`],
      ...['-inkey', `${name}.key`, '-outform', 'DER', '-out', `${name}.cms`],
    );
  }
  openssl.revoke('ca', 'stolen', 'keyCompromise');
  openssl.revoke('ca', 'held', 'certificateHold');
  list = openssl.crl('ca', 'list', { args: ['-crldays', '7'] });
});
afterAll(() => openssl.remove());

async function check(
  name: string,
  wanted: { readonly offline?: boolean; readonly policy?: Partial<RevocationPolicy> | 'none' } = {},
) {
  const policy =
    wanted.policy === 'none'
      ? undefined
      : { ...revocationPolicy.parse({ check: 'if-available', crls: [address] }), ...wanted.policy };
  const bank = { ca: { anchors: [openssl.pem('ca')] }, api: { tlsAnchors: [] }, revocation: policy };
  const trust = new CertificateTrust({
    fetch: async () => {
      if (wanted.offline === true) throw new KiltError('network-unreachable', { host: 'crl.bank.kz' });
      return list;
    },
    now: () => new Date(),
  });
  const banks = { all: () => [bank as unknown as BankSystem] } as unknown as BankDirectory;
  const view = await checkSignature({
    file: openssl.path(`${name}.cms`),
    anchors: [openssl.der('ca')],
    issuers: [],
    revocation: revocationUnderBanks({ banks, trust }),
    now: new Date(),
  });
  return { ...view.signers[0], verdict: view.verdict };
}

describe('a signature whose certificate', () => {
  it('is on no list is valid, and says who was asked and when', async () => {
    const found = await check('aigul');
    expect(found).toMatchObject({
      verdict: 'valid',
      revocation: { state: 'good', kind: 'crl', host: 'crl.bank.kz' },
    });
    expect(found.notes).not.toContain('revocation-not-checked');
  });

  it('was revoked does not count', async () => {
    expect(await check('stolen')).toMatchObject({
      verdict: 'wrong',
      problem: 'certificate-revoked',
      revocation: { state: 'revoked', later: false },
    });
  });

  it('is suspended is doubtful', async () => {
    expect(await check('held')).toMatchObject({ verdict: 'doubtful', problem: 'certificate-suspended' });
  });

  it('could not be looked up for want of a network says so, and stays valid where the bank lets it', async () => {
    const found = await check('aigul', { offline: true });
    expect(found).toMatchObject({
      verdict: 'valid',
      revocation: { state: 'unknown', why: 'unreachable', host: 'crl.bank.kz' },
    });
    expect(found.notes).toContain('revocation-not-checked');
  });

  it('could not be looked up is doubtful where the bank requires it', async () => {
    const found = await check('aigul', { offline: true, policy: { check: 'required' } });
    expect(found).toMatchObject({ verdict: 'doubtful', problem: 'revocation-unknown' });
  });

  it('is of a bank that names nobody to ask is not taken for checked', async () => {
    const found = await check('aigul', { policy: 'none' });
    expect(found).toMatchObject({ verdict: 'valid', revocation: { state: 'unknown', why: 'not-asked' } });
    expect(found.notes).toContain('revocation-not-checked');
  });
});
