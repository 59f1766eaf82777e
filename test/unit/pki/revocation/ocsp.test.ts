import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DerError } from '#main/pki/asn1.ts';
import { checkOcspResponse, type OcspAnswer } from '#main/pki/revocation/ocsp-check.ts';
import { buildOcspRequest, type CertIdHash } from '#main/pki/revocation/ocsp-request.ts';
import { parseOcspResponse } from '#main/pki/revocation/ocsp-response.ts';
import { crlAddresses, ocspAddresses } from '#main/pki/revocation/distribution-points.ts';
import { parseCertificate } from '#main/pki/x509.ts';
import { OpensslRegistry } from './openssl-registry.ts';

const openssl = new OpensslRegistry();
const certificate = (name: string) => parseCertificate(openssl.der(name));
const hours = (n: number) => new Date(Date.now() + n * 3600_000);

beforeAll(() => {
  openssl.ecKey('ca');
  openssl.root('ca', '/C=KZ/O=Bank/CN=CA');
  openssl.ecKey('twin');
  openssl.root('twin', '/C=KZ/O=Bank/CN=CA');
  for (const name of ['good', 'stolen', 'held', 'unlisted', 'customer']) {
    openssl.ecKey(name);
    openssl.certificate(name, 'ca', `/CN=${name}`);
    if (name !== 'unlisted') openssl.record('ca', name);
  }
  for (const name of ['responder', 'checked', 'foreign', 'ended']) {
    openssl.ecKey(name);
    openssl.certificate(name, name === 'foreign' ? 'twin' : 'ca', `/CN=${name}`, {
      extensions: name === 'checked' ? 'ocsp_signer_checked' : 'ocsp_signer',
      args: name === 'ended' ? ['-days', '-1'] : [],
    });
  }
  openssl.revoke('ca', 'stolen', 'keyCompromise');
  openssl.revoke('ca', 'held', 'certificateHold');
});
afterAll(() => openssl.remove());

function request(name: string, hash: CertIdHash = 'sha256', nonce: Uint8Array = randomBytes(16)) {
  const question = { certificate: certificate(name), issuer: certificate('ca'), hash, nonce };
  return { nonce, request: buildOcspRequest(question) };
}

function check(
  response: Uint8Array,
  name: string,
  nonce: Uint8Array,
  over: { nonceRequired?: boolean; at?: Date } = {},
): Promise<OcspAnswer> {
  const parsed = parseOcspResponse(response);
  if (typeof parsed === 'string') throw new Error(parsed);
  return checkOcspResponse({
    response: parsed,
    certificate: certificate(name),
    issuer: certificate('ca'),
    nonce,
    nonceRequired: over.nonceRequired ?? true,
    at: over.at ?? new Date(),
  });
}

const inOneWord = (answer: OcspAnswer): string =>
  'fault' in answer
    ? answer.fault
    : answer.status.state === 'revoked'
      ? answer.status.reason
      : answer.status.state;

/** Asks `openssl ocsp` about a certificate, and Kilt what the answer says. */
async function ask(
  name: string,
  options: {
    hash?: CertIdHash;
    signer?: string;
    args?: readonly string[];
    nonceRequired?: boolean;
    at?: Date;
  } = {},
): Promise<string> {
  const asked = request(name, options.hash);
  const response = openssl.answer(asked.request, {
    issuer: 'ca',
    signer: options.signer ?? 'responder',
    args: options.args ?? [],
  });
  return inOneWord(await check(response, name, asked.nonce, options));
}

describe('an OCSP request', () => {
  it.each(['sha256', 'sha1'] as const)('by %s is read by openssl, nonce and all', (hash) => {
    const { request: der, nonce } = request('good', hash);
    openssl.write('asked.der', der);
    const text = openssl.run('ocsp', '-reqin', 'asked.der', '-req_text');
    expect(text).toContain(`Hash Algorithm: ${hash}`);
    expect(text.replace(/[\s:]/g, '').toUpperCase()).toContain(
      Buffer.from(nonce).toString('hex').toUpperCase(),
    );
    const theirs = openssl.run(
      ...['ocsp', `-${hash}`, '-issuer', 'ca.crt', '-cert', 'good.crt', '-req_text', '-no_nonce'],
    );
    const certId = (printed: string) =>
      printed.slice(printed.indexOf('Hash Algorithm')).split(/\n\s*Request Ext/)[0];
    expect(certId(text)?.trim()).toBe(certId(theirs)?.trim());
  });
});

describe('an answer of openssl ocsp', () => {
  it.each(['sha256', 'sha1'] as const)(
    'to a question by %s says good, revoked, suspended, unknown',
    async (hash) => {
      expect(await ask('good', { hash })).toBe('good');
      expect(await ask('stolen', { hash })).toBe('keyCompromise');
      expect(await ask('held', { hash })).toBe('certificateHold');
      expect(await ask('unlisted', { hash })).toBe('unknown');
    },
  );

  it('may name its signer by key, or be signed by the CA itself', async () => {
    expect(await ask('good', { args: ['-resp_key_id'] })).toBe('good');
    expect(await ask('stolen', { signer: 'ca' })).toBe('keyCompromise');
  });

  it('tells when the certificate was revoked, as openssl prints it', async () => {
    const { request: der, nonce } = request('stolen');
    const response = openssl.answer(der, { issuer: 'ca', signer: 'responder' });
    const answer = await check(response, 'stolen', nonce);
    const printed = openssl.run('ocsp', '-respin', 'response.der', '-noverify', '-resp_text');
    const since = /Revocation Time: (.*)/.exec(printed)?.[1] ?? '';
    expect(answer).toMatchObject({ status: { since: new Date(since) }, responderToCheck: undefined });
  });

  it('counts until its nextUpdate', async () => {
    const args = ['-nmin', '30'];
    expect(await ask('good', { args })).toBe('good');
    expect(await ask('good', { args, at: hours(1) })).toBe('stale');
    expect(await ask('good', { args, at: hours(-1) })).toBe('not-yet-valid');
  });

  it('without nextUpdate is of no use an hour later', async () => {
    expect(await ask('good', { at: hours(1) })).toBe('stale');
  });

  it('signed by a responder that does not say nocheck leaves it to be checked', async () => {
    const { request: der, nonce } = request('good');
    const response = openssl.answer(der, { issuer: 'ca', signer: 'checked' });
    const answer = await check(response, 'good', nonce);
    expect(answer).toMatchObject({ status: { state: 'good' }, responderToCheck: { commonName: 'checked' } });
  });

  it('that is a refusal is read as one', () => {
    expect(parseOcspResponse(Uint8Array.of(0x30, 3, 0x0a, 1, 3))).toBe('tryLater');
    expect(parseOcspResponse(Uint8Array.of(0x30, 3, 0x0a, 1, 6))).toBe('unauthorized');
  });

  it('without a nonce counts only where the bank allows it', async () => {
    const asked = request('good');
    const response = openssl.answer(requestWithoutNonce(), {
      issuer: 'ca',
      signer: 'responder',
      args: ['-nmin', '5'],
    });
    expect(inOneWord(await check(response, 'good', asked.nonce))).toBe('nonce-missing');
    const allowed = await check(response, 'good', asked.nonce, { nonceRequired: false });
    expect(inOneWord(allowed)).toBe('good');
  });
});

/** The same question as `openssl ocsp -no_nonce` puts it. */
function requestWithoutNonce(): Uint8Array {
  openssl.run(
    ...['ocsp', '-sha256', '-issuer', 'ca.crt', '-cert', 'good.crt', '-no_nonce', '-reqout', 'plain.der'],
  );
  return openssl.read('plain.der');
}

describe('security: a false OCSP answer', () => {
  it('is not an old one sent again', async () => {
    const first = request('good');
    const old = openssl.answer(first.request, { issuer: 'ca', signer: 'responder', args: ['-ndays', '7'] });
    expect(inOneWord(await check(old, 'good', first.nonce))).toBe('good');
    expect(inOneWord(await check(old, 'good', randomBytes(16)))).toBe('nonce-differs');
    expect(inOneWord(await check(old, 'good', randomBytes(16), { nonceRequired: false }))).toBe(
      'nonce-differs',
    );
  });

  it('is not one about another certificate', async () => {
    const { request: der, nonce } = request('good');
    const response = openssl.answer(der, { issuer: 'ca', signer: 'responder' });
    expect(inOneWord(await check(response, 'stolen', nonce))).toBe('other-certificate');
  });

  it('is not about the same number of another CA with the same name', async () => {
    openssl.ecKey('double');
    const { serialNumber } = certificate('stolen');
    openssl.certificate('double', 'twin', '/CN=double', { args: ['-set_serial', `0x${serialNumber}`] });
    const nonce = randomBytes(16);
    const question = { certificate: certificate('double'), issuer: certificate('twin'), nonce };
    const der = buildOcspRequest({ ...question, hash: 'sha256' });
    const response = openssl.answer(der, { issuer: 'twin', signer: 'ca' });
    expect(inOneWord(await check(response, 'stolen', nonce))).toBe('other-certificate');
  });

  it.each([
    ['a customer’s key', 'customer', 'signer-not-entitled'],
    ['a responder of another CA with the same name', 'foreign', 'signer-not-entitled'],
    ['another CA with the same name', 'twin', 'signature-invalid'],
    ['a responder whose certificate has ended', 'ended', 'signer-not-entitled'],
  ])('is not signed by %s', async (_, signer, fault) => {
    expect(await ask('stolen', { signer })).toBe(fault);
    // openssl's own client does not believe the same answer either.
    expect(openssl.believes('response.der', 'ca')).toBe(false);
  });

  it('is nowhere in a true one of which any byte was changed', async () => {
    const { request: der, nonce } = request('stolen');
    const whole = openssl.answer(der, { issuer: 'ca', signer: 'responder' });
    expect(openssl.believes('response.der', 'ca')).toBe(true);
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.nat(255), async (at, value) => {
        const damaged = Uint8Array.from(whole);
        fc.pre(damaged[at] !== value);
        damaged[at] = value;
        try {
          const parsed = parseOcspResponse(damaged);
          if (typeof parsed === 'string') return;
          expect(['keyCompromise', ...faults]).toContain(inOneWord(await check(damaged, 'stolen', nonce)));
        } catch (error) {
          expect(error).toBeInstanceOf(DerError);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('is not random bytes either', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(() => parseOcspResponse(bytes)).toThrow(DerError);
      }),
    );
  });
});

const faults = [
  ...['other-certificate', 'nonce-differs', 'nonce-missing', 'signature-invalid', 'algorithm-unsupported'],
  ...['signer-not-entitled', 'not-yet-valid', 'stale', 'critical-extension'],
];

describe('addresses in a certificate', () => {
  it('are read from both extensions, and are not there in others', () => {
    openssl.ecKey('listed');
    openssl.certificate('listed', 'ca', '/CN=listed', { extensions: 'with_list' });
    expect(crlAddresses(certificate('listed'))).toEqual(['http://crl.bank.kz/a.crl']);
    expect(ocspAddresses(certificate('listed'))).toEqual(['http://ocsp.bank.kz/']);
    expect(crlAddresses(certificate('good'))).toEqual([]);
    expect(ocspAddresses(certificate('good'))).toEqual([]);
  });
});
