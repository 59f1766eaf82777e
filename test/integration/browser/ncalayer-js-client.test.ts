import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startLoopback, type LoopbackServer } from '#main/browser/loopback/loopback-server.ts';
import { makeServerIdentity, type ServerIdentity } from '#main/browser/loopback/server-identity.ts';
import { agreeing, refusing } from '#test/support/pages.ts';
import {
  openDesk,
  program,
  registeredCustomer,
  writeAuthorities,
  type Customer,
  type Desk,
} from '#test/support/page-desk.ts';
import { OpensslWorkshop } from '#test/unit/pki/openssl-workshop.ts';
import { TimeStampAuthority } from '#test/unit/signing/time-stamp-authority.ts';
import { clientOfPage, type NcalayerClient, type NcalayerClientClass } from './ncalayer-client.ts';

/** npm's ncalayer-js-client, unchanged, against Kilt's server: what pages written for NCALayer will meet. */
let customer: Customer;
let identity: ServerIdentity;
let open: Desk;
let server: LoopbackServer;
let Client: NcalayerClientClass;
let client: NcalayerClient;
let folder: string;
const token = 'AKKaztokenStore';

beforeAll(async () => {
  customer = await registeredCustomer();
  identity = await makeServerIdentity(new Date());
});
afterAll(() => customer.bank.stop());
beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'kilt-ncalayer-'));
  open = await openDesk(customer);
  server = await startLoopback({ port: 0, identity, door: open.desk, origins: { allowLoopback: false } });
  Client = clientOfPage('https://online.bank.kz', identity.authority);
  client = new Client(`wss://127.0.0.1:${server.port}`);
  expect(await client.connect()).toBe('1.4');
});
afterEach(async () => {
  client.wsConnection.terminate();
  await server.close();
  await open.world.close();
  rmSync(folder, { recursive: true });
  expect(open.defects).toEqual([]);
});

const at = (name: string): string => path.join(folder, name);
const write = (name: string, contents: string | Uint8Array): string => {
  writeFileSync(at(name), contents);
  return at(name);
};
const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');
/** What OpenSSL says the signature is over. */
function verified(cms: Uint8Array, detached?: string): string {
  const args = ['cms', '-verify', '-cades', '-inform', 'DER', '-in', write('signature.p7s', cms), '-binary'];
  const authorities = writeAuthorities(customer.bank, folder);
  const content = detached === undefined ? [] : ['-content', write('content', detached)];
  program('openssl', ...args, '-CAfile', authorities, '-purpose', 'any', ...content, '-out', at('out'));
  return readFileSync(at('out'), 'utf8');
}
const derOf = (pem: string): Uint8Array => {
  expect(pem).toMatch(/^-----BEGIN CMS-----\n[A-Za-z0-9+/=\n]+\n-----END CMS-----\n$/);
  return Buffer.from(pem.replaceAll(/-----[^-]+-----|\n/g, ''), 'base64');
};
const refusal = (promise: Promise<unknown>) => promise.then(String, (error: unknown) => String(error));

describe('tokens and certificates', () => {
  it('one is there, and it is no KAZTOKEN desktop', async () => {
    expect(await client.getActiveTokens()).toEqual([token]);
    expect(client.isKmd).toBe(false);
  });

  it('none is there any more', async () => {
    await open.world.removeToken();
    expect(await client.getActiveTokens()).toEqual([]);
  });

  it('a certificate that the user has chosen is told in full, and no PIN is asked for', async () => {
    const info = await client.getKeyInfo(token);
    expect(open.user.asked[0]).toMatchObject({ kind: 'certificate', needsPin: false });
    const printed = program('openssl', 'x509', '-in', write('c.pem', info['pem'] ?? ''), '-noout', '-serial');
    expect(printed.toString().trim().toLowerCase()).toBe(`serial=${info['serialNumber'] ?? ''}`);
    expect(Number(info['certNotAfter'])).toBeGreaterThan(Date.now());
    expect(customer.card.verifies).toBe(0);
  });

  it('a user who says no is a user who says no', async () => {
    open.user.answer = refusing;
    expect(await refusal(client.getKeyInfo(token))).toBe('NCALayerError: 500: action.canceled');
    expect(await refusal(client.getActiveTokens())).toBe('NCALayerError: 500: action.canceled');
  });
});

describe('commonUtils', () => {
  it('CAdES apart from its document, and around it', async () => {
    const apart = await client.createCAdESFromBase64(token, base64('Платеж'));
    expect(verified(Buffer.from(apart, 'base64'), 'Платеж')).toBe('Платеж');
    const around = await client.createCAdESFromBase64(token, base64('Платеж'), 'SIGNATURE', true);
    expect(verified(Buffer.from(around, 'base64'))).toBe('Платеж');
  });

  it('CAdES over a hash', async () => {
    const hash = createHash('sha256').update('Платеж').digest('base64');
    const cms = await client.createCAdESFromBase64Hash(token, hash);
    expect(verified(Buffer.from(cms, 'base64'), 'Платеж')).toBe('Платеж');
    expect(open.user.asked[0]?.kind).toBe('sign-hash');
  });

  it('what is no hash of ours is not signed', async () => {
    expect(await refusal(client.createCAdESFromBase64Hash(token, base64('sixteen bytes..!')))).toMatch(
      /: 500:/,
    );
    expect(open.user.asked).toEqual([]);
  });

  it('a call with the wrong arguments is answered in the words of the original, and asks nobody', async () => {
    const mismatch = (method: string) =>
      `NCALayerError: 500: java.lang.IllegalArgumentException: argument type mismatch. Method: ${method}`;
    expect(await refusal(client.getKeyInfo(null))).toBe(mismatch('getKeyInfo'));
    expect(await refusal(client.getKeyInfo(1))).toBe(mismatch('getKeyInfo'));
    expect(await refusal(client.createCAdESFromBase64(token, 'MTEK', 123))).toBe(
      mismatch('createCAdESFromBase64'),
    );
    expect(await refusal(client.signXmls(token, '<tag/>' as unknown as string[]))).toBe(mismatch('signXmls'));
    expect(await refusal(client.changeLocale(2))).toBe(mismatch('changeLocale'));
    await client.changeLocale('kz');
    expect(open.user.asked).toEqual([]);
  });

  it('another storage than the token is not opened', async () => {
    expect(await refusal(client.getKeyInfo('PKCS12'))).toBe('NCALayerError: 500: storage.unknown');
  });
});

describe('basics.sign', () => {
  const signer = () => Client['basicsSignerSignAny'];
  const sign = (data: unknown, params: unknown, storages: unknown = null) =>
    client.basicsSignCMS(storages, data, params, signer());

  it('one document, around and apart', async () => {
    const around = await sign(base64('one'), { decode: true, encapsulate: true, digested: false });
    expect(verified(derOf(around))).toBe('one');
    const apart = await sign(base64('one'), Client['basicsCMSParamsDetachedNoTSP']);
    expect(verified(derOf(apart), 'one')).toBe('one');
  });

  it('many documents with one consent and one try of the PIN', async () => {
    const made = await sign(['one', 'two', 'three'].map(base64), Client['basicsCMSParams']);
    expect(made.map((one) => verified(derOf(one)))).toEqual(['one', 'two', 'three']);
    expect(open.user.asked).toHaveLength(1);
    expect(customer.card.verifies).toBe(1);
  });

  it('a hash', async () => {
    const hash = createHash('sha256').update('one').digest('base64');
    const made = await sign(hash, { decode: true, encapsulate: false, digested: true });
    expect(verified(derOf(made), 'one')).toBe('one');
  });

  it('a cancel is a cancel by the user', async () => {
    open.user.answer = refusing;
    await expect(sign(base64('one'), {})).rejects.toMatchObject({ canceledByUser: true });
  });

  it('parameters that are none are the caller’s failure', async () => {
    expect(await refusal(sign(base64('one'), 555))).toBe(
      'NCALayerError: INVOCATION_ERROR: An invoked method threw an exception. (org.json.JSONException: JSONObject["signingParams"] is not a JSONObject.)',
    );
  });

  it('storages that are others’ are a cancel', async () => {
    await expect(sign(base64('one'), {}, ['PKCS12'])).rejects.toMatchObject({ canceledByUser: true });
    expect(open.user.asked).toEqual([]);
  });

  it('a wrong PIN and a second thought give nothing', async () => {
    open.user.answer = async (question, signal) => {
      await agreeing('Wrong7Pin')(question, signal).catch(() => undefined);
      return 'refused';
    };
    await expect(sign(base64('one'), {})).rejects.toMatchObject({ canceledByUser: true });
    expect(customer.card.verifies).toBe(1);
  });
});

/**
 * Requests that the package's authors recorded, and what NCALayer or KAZTOKEN desktop answered. The signatures are cut
 * out of them, so that what is compared is the shape.
 */
interface Recorded {
  readonly request: string;
  readonly response: string;
}
const recorded = createRequire(import.meta.url)(
  'ncalayer-js-client/test/test-data.json',
) as readonly Recorded[];

/** Answered otherwise on purpose. */
const otherwise: Readonly<Record<number, string>> = {
  0: 'Kilt is no KAZTOKEN desktop',
  1: 'a token is in the reader',
  13: 'what is signed as a hash must have the length of one',
  14: 'what is signed as a hash must have the length of one',
  15: 'what is signed as a hash must have the length of one',
  39: 'what is signed as a hash must have the length of one',
};

describe('time-stamps', () => {
  const openssl = new OpensslWorkshop();
  let authority: TimeStampAuthority;
  beforeAll(async () => {
    openssl.rsaKey('ca');
    openssl.root('ca', '/C=KZ/CN=Demo TSA root');
    authority = await TimeStampAuthority.start(openssl);
  });
  afterAll(async () => {
    await authority.stop();
    openssl.remove();
  });

  it.each([
    [
      'createCMSSignatureFromBase64',
      () => client.createCMSSignatureFromBase64(token, base64('one'), 'SIGNATURE', true),
    ],
    [
      'basics.sign',
      () => {
        const params = { decode: true, encapsulate: true, digested: false, tsaProfile: {} };
        return client.basicsSignCMS(null, base64('one'), params, Client['basicsSignerSignAny']);
      },
    ],
  ])('of %s come from the authority in the settings, and prove when', async (_, ask) => {
    open.world.kilt.settings.change({ timestampUrl: authority.url });
    const file = path.join(folder, 'one.cms');
    writeFileSync(file, Buffer.from((await ask()).replaceAll(/-----[^-]+-----|\s/g, ''), 'base64'));
    const { signers } = await open.world.kilt.signing.check({ file, anchors: [openssl.der('ca')] });
    expect(signers).toMatchObject([{ form: 'cades-t', timestamp: { authorityName: 'tsa', trusted: true } }]);
  });

  it('that can not be had fail the request: nothing less than was asked for is handed over', async () => {
    open.world.kilt.settings.change({ timestampUrl: 'http://127.0.0.1:9/tsp' });
    await expect(
      client.createCMSSignatureFromBase64(token, base64('one'), 'SIGNATURE', true),
    ).rejects.toThrow();
    expect(open.defects.splice(0)).toMatchObject([{ id: 'network-unreachable' }]);
  });
});

describe('requests recorded with the original', () => {
  const cancelled = ({ response }: Recorded): boolean =>
    response.includes('action.canceled') || response === '{"body":{},"status":true}';
  const timestamps = ({ request }: Recorded): boolean => /tsaProfile|createCMSSignature/.test(request);
  const cases = recorded
    .map((one, number) => ({ ...one, number }))
    .filter(({ number, ...one }) => otherwise[number] === undefined && (!timestamps(one) || cancelled(one)));

  it.each(cases)('$number $request', async ({ request, response }) => {
    await client.getActiveTokens();
    if (cancelled({ request, response })) open.user.answer = refusing;
    const answer = new Promise<string>((resolve) => {
      client.wsConnection.onmessage = ({ data }) => resolve(data as string);
    });
    client.wsConnection.send(request);
    expect(shapeOf(JSON.parse(await answer))).toEqual(shapeOf(JSON.parse(response)));
  });
});

/** Words stay; signatures, certificates and documents become what they are. */
function shapeOf(answer: unknown): unknown {
  if (Array.isArray(answer)) return answer.map(shapeOf);
  if (typeof answer === 'object' && answer !== null) {
    // Recorded with one of its members only.
    if ('certNotBefore' in answer) return 'key info';
    return Object.fromEntries(Object.entries(answer).map(([name, value]) => [name, shapeOf(value)]));
  }
  if (typeof answer !== 'string') return answer;
  if (answer.startsWith('-----BEGIN CMS')) return 'CMS';
  if (answer.startsWith('<?xml')) return `XML ${answer.slice(0, 60)}`;
  if (answer.startsWith('org.xml.sax.SAXParseException')) return 'XML parse failure';
  return /^MII|^Actual signature/.test(answer) ? 'signature' : answer;
}
