import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import type { TlsOptions } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { isKiltError, type KiltError } from '#shared/errors.ts';
import { errorViewOf } from '#shared/error-view.ts';
import { createTranslator } from '#shared/texts/i18n.ts';
import { errorSentences } from '#shared/texts/error-sentences.ts';
import { createHttpClient } from '#main/enrolment/http.ts';
import { OpensslWorkshop } from '../pki/openssl-workshop.ts';

const openssl = new OpensslWorkshop();
const servers: Server[] = [];
let asked = 0;

beforeAll(() => {
  for (const name of ['bank-root', 'other-root']) {
    openssl.ecKey(name);
    openssl.root(name, `/CN=${name}`);
  }
  openssl.write('name.ext', 'subjectAltName=IP:127.0.0.1\n');
  openssl.write('other.ext', 'subjectAltName=DNS:bank.kz,IP:10.0.0.1\n');
  make('good', 'bank-root');
  make('of-other-ca', 'other-root');
  make('other-name', 'bank-root', 'other.ext');
  make('expired', 'bank-root', 'name.ext', ['-days', '-1']);
  openssl.ecKey('self');
  openssl.run(
    ...['req', '-x509', '-new', '-key', 'self.key', '-subj', '/CN=127.0.0.1', '-days', '9'],
    ...['-addext', 'subjectAltName=IP:127.0.0.1', '-out', 'self.crt'],
  );
  // `openssl x509` can not begin a validity later than now; `openssl ca` can.
  openssl.ecKey('early');
  openssl.write('index.txt', '');
  openssl.write('serial', '77\n');
  openssl.write(
    'ca.cnf',
    '[ca]\ndefault_ca=one\n[one]\ndatabase=index.txt\nserial=serial\nnew_certs_dir=.\ndefault_md=sha256\npolicy=any\n[any]\ncommonName=supplied\n',
  );
  openssl.run('req', '-new', '-key', 'early.key', '-subj', '/CN=early', '-out', 'early.csr');
  openssl.run(
    ...['ca', '-config', 'ca.cnf', '-batch', '-notext', '-in', 'early.csr', '-out', 'early.crt'],
    ...['-cert', 'bank-root.crt', '-keyfile', 'bank-root.key', '-extfile', 'name.ext'],
    ...['-startdate', '20990101000000Z', '-enddate', '20990301000000Z'],
  );
});
afterAll(() => openssl.remove());
afterEach(() => {
  vi.unstubAllEnvs();
  asked = 0;
  for (const server of servers.splice(0)) server.close();
});

function make(name: string, issuer: string, extensions = 'name.ext', args = ['-days', '9']): void {
  openssl.ecKey(name);
  openssl.run('req', '-new', '-key', `${name}.key`, '-subj', `/CN=${name}`, '-out', `${name}.csr`);
  openssl.run(
    ...['x509', '-req', '-in', `${name}.csr`, '-CA', `${issuer}.crt`, '-CAkey', `${issuer}.key`],
    ...['-CAcreateserial', '-extfile', extensions, '-out', `${name}.crt`, ...args],
  );
}

async function serve(certificate: string, options: TlsOptions = {}): Promise<string> {
  const key = openssl.read(`${certificate}.key`);
  const server = createServer(
    { key: Buffer.from(key), cert: openssl.pem(certificate), ...options },
    (_, response) => {
      asked += 1;
      response.end('secret of the bank');
    },
  );
  servers.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

/** What comes of sending to an address as the bank's. */
async function send(url: string): Promise<KiltError | 'sent'> {
  const client = createHttpClient([openssl.pem('bank-root')]);
  try {
    await client.post({ url, contentType: 'text/plain', body: new Uint8Array(3) });
    return 'sent';
  } catch (error) {
    if (isKiltError(error)) return error;
    throw error;
  } finally {
    await client.close();
  }
}

const outdated: TlsOptions = {
  minVersion: 'TLSv1',
  maxVersion: 'TLSv1.1',
  ciphers: 'DEFAULT@SECLEVEL=0',
};

describe('security: a server that is not the bank', () => {
  it('is told from the bank, which is reached', async () => {
    expect(await send(await serve('good'))).toBe('sent');
    expect(await send(await serve('good', { maxVersion: 'TLSv1.2' }))).toBe('sent');
  });

  it.each([
    ['has a certificate of another CA', 'of-other-ca', {}, 'tls-other-authority'],
    ['has issued its certificate to itself', 'self', {}, 'tls-self-signed'],
    ['has the bank’s certificate for another name', 'other-name', {}, 'tls-other-name'],
    ['has a certificate that has ended', 'expired', {}, 'tls-expired'],
    ['has a certificate that is not valid yet', 'early', {}, 'tls-not-yet-valid'],
    ['speaks TLS 1.1 alone', 'good', outdated, 'tls-old'],
  ])('%s: nothing is sent to it, and the reason is said', async (_, certificate, options, likelyCause) => {
    const answer = await send(await serve(certificate, options));
    expect(answer).toMatchObject({ id: 'tls-untrusted', data: { likelyCause } });
    expect(asked).toBe(0);
  });

  it.each([
    ['tls-other-authority', 'of-other-ca'],
    ['tls-expired', 'expired'],
  ])('stays one (%s) when the environment says to believe everybody', async (likelyCause, certificate) => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    const answer = await send(await serve(certificate));
    expect(answer).toMatchObject({ id: 'tls-untrusted', data: { likelyCause } });
    expect(asked).toBe(0);
  });

  it('is not believed with no roots at all, not even by public ones', async () => {
    const client = createHttpClient([]);
    const url = await serve('good');
    await expect(client.post({ url, contentType: 'x', body: new Uint8Array() })).rejects.toMatchObject({
      id: 'tls-untrusted',
    });
    await client.close();
  });

  it('is no proxy of the environment', async () => {
    let proxied = 0;
    const proxy = createHttpServer().on('connect', (_, socket) => {
      proxied += 1;
      socket.destroy();
    });
    servers.push(proxy);
    await once(proxy.listen(0, '127.0.0.1'), 'listening');
    const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    for (const name of ['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY']) vi.stubEnv(name, address);
    vi.stubEnv('NODE_USE_ENV_PROXY', '1');
    expect(await send(await serve('good'))).toBe('sent');
    expect(proxied).toBe(0);
  });
});

describe('a computer whose clock is wrong', () => {
  it.each(['ru', 'kk', 'en'] as const)('is told so, with the time it shows (%s)', async (language) => {
    const answer = await send(await serve('early'));
    if (answer === 'sent') throw new Error('a certificate of 2099 was believed');
    const sentences = errorSentences(errorViewOf(answer), createTranslator(language));
    expect(sentences.meaning).toMatch(
      { ru: /часы компьютера/, kk: /компьютердің сағаты/, en: /clock/ }[language],
    );
    const today = new Date();
    const year = String(today.getFullYear());
    expect(sentences.details.some((line) => line.includes(`.${year} `))).toBe(true);
  });
});
