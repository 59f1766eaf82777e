import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { CertificateTrust } from '#main/trust/certificate-trust.ts';
import { revocationPolicy } from '#main/trust/revocation-policy.ts';
import type { TrustVerdict } from '#main/trust/verdict.ts';
import { freePort } from '#test/support/free-port.ts';
import { OpensslRegistry } from '#test/unit/pki/revocation/openssl-registry.ts';
import { ListServer, OpensslResponder } from './openssl-servers.ts';

const openssl = new OpensslRegistry();
let server: ListServer;
let responder: OpensslResponder | undefined;

const extensionsOf: Readonly<Record<string, string>> = {
  responder: 'ocsp_signer',
  checked: 'ocsp_signer_checked',
};

beforeAll(async () => {
  openssl.rsaKey('ca');
  openssl.root('ca', '/C=KZ/O=Bank/CN=CA');
  for (const name of ['good', 'stolen', 'held', 'unlisted', 'responder', 'checked', 'customer']) {
    openssl.ecKey(name);
    openssl.certificate(name, 'ca', `/CN=${name}`, { extensions: extensionsOf[name] ?? 'ee' });
    if (name !== 'unlisted') openssl.record('ca', name);
  }
  openssl.revoke('ca', 'stolen', 'keyCompromise');
  openssl.revoke('ca', 'held', 'certificateHold');
  server = await ListServer.start();
  server.files.set('/list.crl', openssl.crl('ca', 'list'));
});
afterEach(async () => {
  await responder?.stop();
  responder = undefined;
});
afterAll(() => {
  server.stop();
  openssl.remove();
});

const judge = (name: string, policy: object): Promise<TrustVerdict> =>
  new CertificateTrust({ now: () => new Date() }).judge({
    certificate: openssl.der(name),
    intermediates: [],
    anchors: [openssl.der('ca')],
    policy: revocationPolicy.parse({ check: 'required', ...policy }),
  });

const inOneWord = (verdict: TrustVerdict): string =>
  verdict.trusted
    ? verdict.revocation.state
    : verdict.revocation.state === 'unknown'
      ? verdict.revocation.why
      : verdict.reason;

describe('openssl ocsp as responder', () => {
  it.each([
    ['by name', 'responder', []],
    ['by key', 'responder', ['-resp_key_id']],
    ['the CA itself', 'ca', []],
    ['a responder that may itself be revoked', 'checked', []],
  ])('(%s) is asked over HTTP and says of each certificate what it knows', async (_, signer, options) => {
    responder = await OpensslResponder.start(openssl, 'ca', signer, ...options);
    const policy = { ocsp: { url: responder.url } };
    expect(inOneWord(await judge('good', policy))).toBe('good');
    expect(inOneWord(await judge('stolen', policy))).toBe('revoked');
    expect(inOneWord(await judge('held', policy))).toBe('suspended');
    expect(inOneWord(await judge('unlisted', policy))).toBe('not-known');
  });

  it('signing with a customer’s key is not believed', async () => {
    responder = await OpensslResponder.start(openssl, 'ca', 'customer');
    const verdict = await judge('good', { ocsp: { url: responder.url } });
    expect(verdict.revocation).toMatchObject({ why: 'answer-invalid', fault: 'signer-not-entitled' });
  });
});

describe('a list over HTTP', () => {
  it('says of each certificate what it knows', async () => {
    const policy = { crls: [server.url('/list.crl')] };
    expect(inOneWord(await judge('good', policy))).toBe('good');
    expect(inOneWord(await judge('stolen', policy))).toBe('revoked');
  });

  it('is not looked for elsewhere when the server says to', async () => {
    const verdict = await judge('stolen', { crls: [server.url('/elsewhere')] });
    expect(verdict.revocation).toMatchObject({ why: 'unreachable' });
    expect(server.asked.at(-1)).toBe('/elsewhere');
  });

  it('that is endless is not read to its end', async () => {
    server.files.set('/large', new Uint8Array(17 * 1024 * 1024));
    const verdict = await judge('good', { crls: [server.url('/large')] });
    expect(verdict.revocation).toMatchObject({ why: 'answer-invalid', fault: 'too-large' });
  });

  it('where nobody listens is told as that', async () => {
    const verdict = await judge('good', { crls: [`http://127.0.0.1:${await freePort()}/list.crl`] });
    expect(verdict.revocation).toMatchObject({ why: 'unreachable' });
  });
});
