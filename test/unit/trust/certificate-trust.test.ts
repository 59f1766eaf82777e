import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { KiltError } from '#shared/errors.ts';
import { CertificateTrust } from '#main/trust/certificate-trust.ts';
import type { RevocationFetch, RevocationRequest } from '#main/trust/revocation-fetch.ts';
import { revocationPolicy, type RevocationPolicy } from '#main/trust/revocation-policy.ts';
import type { TrustQuestion, TrustVerdict } from '#main/trust/verdict.ts';
import { OpensslRegistry } from '../pki/revocation/openssl-registry.ts';

/**
 * The verdict over certificates, lists and answers made by openssl. Only the way to the servers is played: what stands
 * at an address is in `served`, which counts who asked.
 */
const openssl = new OpensslRegistry();
const addresses = {
  issuing: 'http://crl.bank.kz/issuing.crl',
  root: 'http://crl.bank.kz/root.crl',
  ocsp: 'http://ocsp.bank.kz/',
};
const lists: Record<string, Uint8Array> = {};

let folder: string;
let clock: Date;
let asked: string[];
/** What a server does: bytes to deliver, a way to answer, or a failure. */
let served: Record<string, Uint8Array | ((request: RevocationRequest) => Uint8Array)>;

const fetch: RevocationFetch = (request) => {
  asked.push(request.url);
  const found = served[request.url];
  if (found === undefined) return Promise.reject(new KiltError('network-unreachable', { host: 'x' }));
  return Promise.resolve(typeof found === 'function' ? found(request) : found);
};

beforeAll(() => {
  openssl.ecKey('root');
  openssl.root('root', '/CN=Root');
  openssl.ecKey('issuing');
  openssl.certificate('issuing', 'root', '/CN=Issuing', { extensions: 'ca_pathlen0' });
  for (const name of ['good', 'stolen', 'held', 'listed', 'responder', 'stolen-responder']) {
    openssl.ecKey(name);
    const extensions = name.includes('responder')
      ? name === 'responder'
        ? 'ocsp_signer'
        : 'ocsp_signer_checked'
      : name === 'listed'
        ? 'with_list'
        : 'ee';
    openssl.certificate(name, 'issuing', `/CN=${name}`, { extensions });
    openssl.record('issuing', name);
  }
  lists['before'] = openssl.crl('issuing', 'before', { args: ['-crldays', '10'] });
  openssl.revoke('issuing', 'stolen', 'keyCompromise');
  openssl.revoke('issuing', 'held', 'certificateHold');
  openssl.revoke('issuing', 'stolen-responder', 'keyCompromise');
  lists['issuing'] = openssl.crl('issuing', 'issuing', { args: ['-crldays', '7'] });
  lists['root'] = openssl.crl('root', 'root', { args: ['-crldays', '30'] });
});
afterAll(() => openssl.remove());
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'kilt-trust-'));
  clock = new Date();
  asked = [];
  served = { [addresses.issuing]: list('issuing'), [addresses.root]: list('root') };
  return () => {
    rmSync(folder, { recursive: true });
  };
});

function list(name: string): Uint8Array {
  const found = lists[name];
  if (!found) throw new Error(`no list ${name}`);
  return found;
}

const open = () => new CertificateTrust({ cacheFolder: folder, fetch, now: () => clock });
const policy = (over: Partial<RevocationPolicy> = {}): RevocationPolicy => ({
  ...revocationPolicy.parse({ check: 'required', crls: [addresses.issuing, addresses.root] }),
  ...over,
});
const ask = (
  name: string,
  over: Partial<TrustQuestion> = {},
  trust: CertificateTrust = open(),
): Promise<TrustVerdict> =>
  trust.judge({
    certificate: openssl.der(name),
    intermediates: [openssl.der('issuing')],
    anchors: [openssl.der('root')],
    policy: policy(),
    ...over,
  });
const later = (hours: number): void => {
  clock = new Date(clock.getTime() + hours * 3600_000);
};
const withResponder = (over: Partial<RevocationPolicy> = {}) =>
  policy({ ocsp: { url: addresses.ocsp, nonce: 'required' }, ...over });
const answering =
  (signer: string, args: readonly string[] = []) =>
  ({ post }: RevocationRequest): Uint8Array =>
    openssl.answer(post?.body ?? new Uint8Array(), { issuer: 'issuing', signer, args });

describe('a certificate that is asked about', () => {
  it('is trusted when every list up to the root is silent about it', async () => {
    expect(await ask('good')).toMatchObject({
      trusted: true,
      revocation: { state: 'good', source: { kind: 'crl', url: addresses.issuing } },
    });
    expect(new Set(asked)).toEqual(new Set([addresses.issuing, addresses.root]));
  });

  it('is refused when it is revoked or suspended, with since when and why', async () => {
    const stolen = await ask('stolen');
    expect(stolen).toMatchObject({
      trusted: false,
      reason: 'revoked',
      subject: 'CN=stolen',
      revocation: { state: 'revoked', reason: 'keyCompromise' },
    });
    expect(await ask('held')).toMatchObject({ trusted: false, reason: 'suspended' });
  });

  it('is refused when its CA is revoked, and it is said that it is the CA', async () => {
    openssl.revoke('root', 'issuing', 'cACompromise');
    served[addresses.root] = openssl.crl('root', 'root-after', { args: ['-crldays', '30'] });
    expect(await ask('good')).toMatchObject({ trusted: false, reason: 'revoked', subject: 'CN=Issuing' });
  });

  it('counts for a moment before it was revoked, and the verdict says both', async () => {
    const index = Buffer.from(openssl.read('index.txt')).toString();
    const tomorrow = new Date(Date.now() + 86_400_000)
      .toISOString()
      .replace(/[-:T]|\.\d+/g, '')
      .slice(2);
    openssl.write('index.txt', index.replace(/\d+Z(?=,keyCompromise)/g, tomorrow));
    served[addresses.issuing] = openssl.crl('issuing', 'tomorrow', { args: ['-crldays', '7'] });
    openssl.write('index.txt', index);
    expect(await ask('stolen')).toMatchObject({ trusted: true, revocation: { state: 'revoked' } });
    const dayAfter = new Date(Date.now() + 2 * 86_400_000);
    expect(await ask('stolen', { at: dayAfter })).toMatchObject({ trusted: false, reason: 'revoked' });
  });

  it('without a path is refused before anybody is asked', async () => {
    expect(await ask('good', { intermediates: [] })).toMatchObject({ reason: 'issuer-unknown' });
    expect(asked).toEqual([]);
  });

  it('is not asked about where the bank does not want it', async () => {
    expect(await ask('stolen', { policy: policy({ check: 'off' }) })).toMatchObject({
      trusted: true,
      revocation: { state: 'unknown', why: 'not-asked' },
    });
    expect(await ask('stolen', { policy: undefined })).toMatchObject({ trusted: true });
    expect(asked).toEqual([]);
  });
});

describe('a responder', () => {
  it('is asked before the lists, and its word counts', async () => {
    served[addresses.ocsp] = answering('responder');
    expect(await ask('good', { policy: withResponder() })).toMatchObject({
      trusted: true,
      revocation: { state: 'good', source: { kind: 'ocsp', url: addresses.ocsp } },
    });
    expect(await ask('stolen', { policy: withResponder() })).toMatchObject({ reason: 'revoked' });
  });

  it('that is down leaves it to the lists', async () => {
    expect(await ask('good', { policy: withResponder() })).toMatchObject({
      trusted: true,
      revocation: { state: 'good', source: { kind: 'crl' } },
    });
  });

  it('that takes SHA-1 alone is asked again with it', async () => {
    served[addresses.ocsp] = (request) => {
      const sha256 = Buffer.from(request.post?.body ?? []).includes(
        Buffer.from('0609608648016503040201', 'hex'),
      );
      // unauthorized (RFC 5019 §2.2.3)
      return sha256 ? Uint8Array.of(0x30, 3, 0x0a, 1, 6) : answering('responder')(request);
    };
    expect(await ask('good', { policy: withResponder() })).toMatchObject({
      revocation: { state: 'good', source: { kind: 'ocsp' } },
    });
    expect(asked.filter((url) => url === addresses.ocsp)).toHaveLength(2);
  });

  it('is asked once for as long as its answer says, and anew when the user presses «Проверить»', async () => {
    served[addresses.ocsp] = answering('responder', ['-nmin', '30']);
    const trust = open();
    const times = () => asked.filter((url) => url === addresses.ocsp).length;
    await ask('good', { policy: withResponder() }, trust);
    await ask('good', { policy: withResponder() }, trust);
    expect(times()).toBe(1);
    await ask('good', { policy: withResponder(), fresh: true }, trust);
    expect(times()).toBe(2);
  });

  it('whose own certificate is revoked is not believed', async () => {
    served[addresses.ocsp] = answering('stolen-responder');
    const verdict = await ask('good', {
      policy: withResponder({ crls: [addresses.issuing], check: 'if-available' }),
    });
    expect(verdict).toMatchObject({ revocation: { state: 'good', source: { kind: 'crl' } } });
  });
});

describe('without a network', () => {
  const unreachable = () => {
    served = {};
  };

  it('the bank’s file decides: required refuses, if-available goes on', async () => {
    unreachable();
    const unknown = { state: 'unknown', why: 'unreachable' };
    expect(await ask('good')).toMatchObject({
      trusted: false,
      reason: 'revocation-unknown',
      revocation: unknown,
    });
    expect(await ask('good', { policy: policy({ check: 'if-available' }) })).toMatchObject({
      trusted: true,
      revocation: unknown,
    });
  });

  it('the last list counts until its nextUpdate, also after a restart', async () => {
    await ask('stolen');
    unreachable();
    later(24);
    expect(await ask('good')).toMatchObject({ trusted: true });
    expect(await ask('stolen')).toMatchObject({ reason: 'revoked' });
    later(7 * 24);
    expect(await ask('good')).toMatchObject({ reason: 'revocation-unknown' });
  });

  it('a list on the disk that somebody changed counts for nothing', async () => {
    await ask('good');
    unreachable();
    for (const file of readdirSync(folder)) writeFileSync(path.join(folder, file), list('before').slice(1));
    expect(await ask('good')).toMatchObject({ reason: 'revocation-unknown' });
  });
});

describe('a list', () => {
  it('is asked for once an hour', async () => {
    const trust = open();
    await ask('good', {}, trust);
    later(0.9);
    await ask('good', {}, trust);
    expect(asked).toHaveLength(2);
    later(0.2);
    await ask('good', {}, trust);
    expect(asked).toHaveLength(4);
  });
});

describe('security: somebody between Kilt and the lists', () => {
  it('can not make a revocation undone by delivering the list of before', async () => {
    const trust = open();
    expect(await ask('stolen', {}, trust)).toMatchObject({ reason: 'revoked' });
    served[addresses.issuing] = list('before');
    later(2);
    expect(await ask('stolen', { fresh: true }, trust)).toMatchObject({ reason: 'revoked' });
  });

  it('can not put a list of their own in the place of the true one', async () => {
    const trust = open();
    await ask('stolen', {}, trust);
    openssl.ecKey('false');
    openssl.root('false', '/CN=Issuing');
    served[addresses.issuing] = openssl.crl('false', 'false', { args: ['-crldays', '300'] });
    later(2);
    expect(await ask('stolen', {}, trust)).toMatchObject({ reason: 'revoked' });
    expect(await ask('stolen')).toMatchObject({ reason: 'revoked' });
  });

  it('can not fill the memory', async () => {
    served[addresses.issuing] = new Uint8Array(5_000_000);
    expect(await ask('good')).toMatchObject({
      reason: 'revocation-unknown',
      revocation: { why: 'answer-invalid', fault: 'malformed' },
    });
    expect(readdirSync(folder).length).toBeLessThan(2);
  });
});

describe('security: addresses that a certificate names', () => {
  const only = (fromCertificates: string[]) => policy({ crls: [addresses.root], fromCertificates });

  it('are not asked unless the bank’s file allows their origin', async () => {
    served['http://crl.bank.kz/a.crl'] = list('issuing');
    for (const origins of [[], ['http://bank.kz'], ['https://crl.bank.kz'], ['http://crl.bank.kz:8080']]) {
      asked = [];
      const verdict = await ask('listed', { policy: only(origins) });
      expect(verdict).toMatchObject({ reason: 'revocation-unknown', revocation: { why: 'no-source' } });
      expect(asked).toEqual([addresses.root, addresses.root].slice(0, asked.length));
      expect(asked).not.toContain('http://crl.bank.kz/a.crl');
      expect(asked).not.toContain('http://ocsp.bank.kz/');
    }
  });

  it('are asked at an allowed origin', async () => {
    served['http://crl.bank.kz/a.crl'] = list('issuing');
    expect(await ask('listed', { policy: only(['http://crl.bank.kz']) })).toMatchObject({
      trusted: true,
      revocation: { state: 'good', source: { url: 'http://crl.bank.kz/a.crl' } },
    });
    expect(asked).not.toContain('http://ocsp.bank.kz/');
  });
});

describe('a bank’s file', () => {
  it.each([
    ['file:///etc/passwd', { crls: ['file:///etc/passwd'] }],
    ['a path where an origin belongs', { fromCertificates: ['http://crl.bank.kz/lists'] }],
    ['an ftp address', { ocsp: { url: 'ftp://ocsp.bank.kz/' } }],
    ['seventeen lists', { crls: Array.from({ length: 17 }, (_, i) => `http://crl.bank.kz/${i}`) }],
  ])('with %s is refused', (_, part) => {
    expect(revocationPolicy.safeParse({ check: 'required', ...part }).success).toBe(false);
  });
});
