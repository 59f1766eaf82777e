import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { secretFromText } from '#shared/bytes.ts';
import { errorCatalogue, KiltError } from '#shared/errors.ts';
import { CmpClient, type CmpOutcome, type CmpProtection } from '#main/pki/cmp/client.ts';
import { buildRequestBody } from '#main/pki/cmp/body.ts';
import { buildCertificateRequest } from '#main/pki/cmp/certificate-request.ts';
import { buildMessage, parseMessage } from '#main/pki/cmp/message.ts';
import { macProtector, pbmIterationLimits } from '#main/pki/cmp/protection.ts';
import { distinguishedName } from '#main/pki/distinguished-name.ts';
import type { HttpPost } from '#main/pki/http-post.ts';
import { keyObjectSigner } from '#main/pki/key-object-signer.ts';
import { openKeyContainer } from '#main/pki/pkcs12.ts';
import type { CertifiedSigner, Signer } from '#main/pki/signer.ts';
import { OpensslWorkshop } from '#test/unit/pki/openssl-workshop.ts';
import { OpensslCmpServer } from './openssl-cmp-server.ts';

const workshop = new OpensslWorkshop();
const pin = 'ABCDEFGHJK2';
const caName = 'CN=Demo KISC CA,O=Demo KISC,C=KZ';
const subject = 'CN=Клиент 1,UID=00012345,C=KZ';

const signer = (name: string): Signer =>
  keyObjectSigner(createPrivateKey(readFileSync(workshop.path(`${name}.key`))));
const certified = (name: string): CertifiedSigner => ({
  ...signer(name),
  certificate: workshop.der(name),
  chain: [],
});

beforeAll(() => {
  workshop.ecKey('ca');
  workshop.root('ca', '/C=KZ/O=Demo KISC/CN=Demo KISC CA');
  workshop.ecKey('srv');
  workshop.certificate('srv', 'ca', '/C=KZ/CN=CMP server', { extensions: 'cmp_server' });
  workshop.rsaKey('new');
  workshop.certificate('new', 'ca', '/C=KZ/UID=00012345/CN=Customer 1', { args: ['-set_serial', '77'] });
  workshop.rsaKey('renewed');
  // The mock takes a key update only for the issuer and serial number of the certificate that it is going to answer with.
  workshop.certificate('renewed', 'ca', '/C=KZ/UID=00012345/CN=Customer 1', { args: ['-set_serial', '77'] });
  workshop.rsaKey('init');
  workshop.certificate('init', 'ca', '/C=KZ/UID=00012345/CN=INIT 00012345');
  workshop.run(
    ...['pkcs12', '-export', '-in', 'init.crt', '-inkey', 'init.key', '-certfile', 'ca.crt'],
    ...['-passout', `pass:${pin}`, '-out', 'Key.pfx'],
  );
});

const servers: OpensslCmpServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});
afterAll(() => {
  workshop.remove();
});

async function mock(...options: readonly string[]): Promise<OpensslCmpServer> {
  const server = await OpensslCmpServer.start(workshop, ...options);
  servers.push(server);
  return server;
}

const pinMode = ['-srv_ref', 'srv01', '-srv_secret', `pass:${pin}`];
const signatureMode = ['-srv_cert', 'srv.crt', '-srv_key', 'srv.key', '-srv_trusted', 'ca.crt'];
const answering = (name: string) => ['-rsp_cert', `${name}.crt`, '-rsp_extracerts', 'ca.crt'];

/** Client of a server, and the kinds of messages that went out and came back. */
function clientOf(url: string, instead?: HttpPost): { client: CmpClient; talk: string[] } {
  const talk: string[] = [];
  const overHttp: HttpPost = async ({ url: address, contentType, body }) => {
    const copy = Uint8Array.from(body);
    talk.push(parseMessage(copy).body.type);
    const answer = await fetch(address, {
      method: 'POST',
      headers: { 'content-type': contentType },
      body: copy,
    });
    const bytes = new Uint8Array(await answer.arrayBuffer());
    const type = answer.headers.get('content-type') ?? '';
    if (type === 'application/pkixcmp' && answer.ok && bytes.length > 60) {
      talk.push(parseMessage(bytes).body.type);
    }
    return { status: answer.status, contentType: type, body: bytes };
  };
  const post = instead ?? overHttp;
  return { client: new CmpClient({ url, post, recipient: caName, anchors: [workshop.pem('ca')] }), talk };
}

const byPin = (secret = pin): CmpProtection => ({
  type: 'mac',
  reference: '00012345',
  secret: secretFromText(secret),
});

const order = (protection: CmpProtection, kind: 'ir' | 'cr' | 'kur' = 'ir', key = 'new') => ({
  kind,
  subject,
  keyPair: signer(key),
  protection,
  transactionId: crypto.getRandomValues(new Uint8Array(16)),
});

async function failure(work: Promise<unknown>): Promise<KiltError> {
  return work.then(
    () => {
      throw new Error('it succeeded');
    },
    (error: unknown) => error as KiltError,
  );
}

function issued(outcome: CmpOutcome): Extract<CmpOutcome, { status: 'issued' }> {
  if (outcome.status !== 'issued') throw new Error(`the CA answered ${outcome.status}`);
  return outcome;
}

/** State as it comes back from the journal. */
const afterRestart = (state: unknown): unknown => JSON.parse(JSON.stringify(state));

describe('enrolment at the CA of OpenSSL', () => {
  it('with ID and ПИН', async () => {
    const server = await mock(...pinMode, ...answering('new'), '-rsp_capubs', 'ca.crt');
    const { client, talk } = clientOf(server.url);
    const outcome = issued(await client.requestCertificate(order(byPin())));
    expect(Buffer.from(outcome.certificate)).toEqual(Buffer.from(workshop.der('new')));
    await client.confirm(afterRestart(outcome.state), byPin());
    expect(talk).toEqual(['ir', 'ip', 'certConf', 'pkiConf']);
  });

  it('with the initial key of Key.pfx', async () => {
    const server = await mock(...signatureMode, ...answering('new'));
    const { client, talk } = clientOf(server.url);
    const initialKey = await openKeyContainer(workshop.read('Key.pfx'), secretFromText(pin));
    const protection: CmpProtection = { type: 'signature', signer: initialKey };
    const outcome = issued(await client.requestCertificate(order(protection)));
    await client.confirm(outcome.state, protection);
    initialKey.dispose();
    expect(talk).toEqual(['ir', 'ip', 'certConf', 'pkiConf']);
  });

  it('a further certificate, signed with the first one', async () => {
    const server = await mock(...signatureMode, ...answering('renewed'));
    const { client, talk } = clientOf(server.url);
    const protection: CmpProtection = { type: 'signature', signer: certified('new') };
    const outcome = issued(await client.requestCertificate(order(protection, 'cr', 'renewed')));
    await client.confirm(outcome.state, protection);
    expect(talk).toEqual(['cr', 'cp', 'certConf', 'pkiConf']);
  });

  it('a key update', async () => {
    const server = await mock(...signatureMode, ...answering('renewed'));
    const { client, talk } = clientOf(server.url);
    const protection: CmpProtection = { type: 'signature', signer: certified('new') };
    const outcome = issued(await client.requestCertificate(order(protection, 'kur', 'renewed')));
    await client.confirm(outcome.state, protection);
    expect(talk).toEqual(['kur', 'kup', 'certConf', 'pkiConf']);
  });

  it.each([
    ['ID and ПИН', pinMode, () => byPin()],
    ['a signature', signatureMode, (): CmpProtection => ({ type: 'signature', signer: certified('init') })],
  ])('polling until the CA has decided, across restarts, by %s', async (_, mode, protection) => {
    const server = await mock(...mode, ...answering('new'), '-poll_count', '3', '-check_after', '1');
    const { client, talk } = clientOf(server.url);
    let outcome = await client.requestCertificate(order(protection()));
    const pauses: number[] = [];
    while (outcome.status === 'waiting') {
      pauses.push(outcome.checkAfter);
      // The mock counts polls and does not mind their haste; the pause is the caller's business.
      outcome = await clientOf(server.url).client.poll(afterRestart(outcome.state), protection());
    }
    expect(pauses).toEqual([0, 1, 1]);
    await client.confirm(afterRestart(outcome.state), protection());
    expect(talk).toEqual(['ir', 'ip', 'certConf', 'pkiConf']);
  });
});

describe('enrolment goes on', () => {
  it('where a poll was not answered in time: the same transaction is asked again, after a restart as well', async () => {
    const server = await mock(...pinMode, ...answering('new'), '-poll_count', '2', '-check_after', '1');
    const first = await clientOf(server.url).client.requestCertificate(order(byPin()));
    const late = clientOf('http://127.0.0.1:9/', () =>
      Promise.reject(new KiltError('network-timeout', { host: '127.0.0.1' })),
    );
    const error = await failure(late.client.poll(afterRestart(first.state), byPin()));
    expect(error).toMatchObject({ id: 'network-timeout', code: '0400002' });

    const { client } = clientOf(server.url);
    let outcome = await client.poll(afterRestart(first.state), byPin());
    if (outcome.status === 'waiting') outcome = await client.poll(afterRestart(outcome.state), byPin());
    await client.confirm(issued(outcome).state, byPin());
  });

  it('with its confirmation although the CA would do without: who asks for no shortcut is given none', async () => {
    const server = await mock(...pinMode, ...answering('new'), '-grant_implicitconf');
    const { client, talk } = clientOf(server.url);
    const outcome = issued(await client.requestCertificate(order(byPin())));
    await client.confirm(outcome.state, byPin());
    expect(talk).toEqual(['ir', 'ip', 'certConf', 'pkiConf']);
  });

  it('whatever other certificates come along: the chain holds the issuers and nobody else', async () => {
    workshop.ecKey('bystander');
    workshop.root('bystander', '/C=KZ/O=Somebody else/CN=Bystander CA');
    workshop.run(
      'crl2pkcs7',
      '-nocrl',
      '-certfile',
      'ca.crt',
      '-certfile',
      'bystander.crt',
      '-out',
      'extra.p7',
    );
    workshop.run('pkcs7', '-in', 'extra.p7', '-print_certs', '-out', 'extra.crt');
    const server = await mock(...pinMode, '-rsp_cert', 'new.crt', '-rsp_extracerts', 'extra.crt');
    const outcome = issued(await clientOf(server.url).client.requestCertificate(order(byPin())));
    const bystander = Buffer.from(workshop.der('bystander'));
    expect(outcome.chain.some((one) => bystander.equals(one))).toBe(false);
  });

  it.each([
    [pbmIterationLimits.most, 'ip'],
    [pbmIterationLimits.most + 1, 'error'],
    [pbmIterationLimits.least, 'ip'],
    [pbmIterationLimits.least - 1, 'error'],
  ])(
    'at the bounds that OpenSSL draws for iterations of the MAC: %i is answered by %s',
    async (iterations, kind) => {
      const server = await mock(...pinMode, ...answering('new'));
      const request = await buildCertificateRequest(
        { certReqId: 0, subject: distinguishedName(subject), controls: {} },
        signer('new'),
      );
      const message = await buildMessage({
        header: {
          sender: distinguishedName(subject),
          senderKeyId: new TextEncoder().encode('00012345'),
          recipient: distinguishedName(caName),
          transactionId: crypto.getRandomValues(new Uint8Array(16)),
          senderNonce: crypto.getRandomValues(new Uint8Array(16)),
          messageTime: new Date(),
        },
        body: buildRequestBody('ir', request),
        protector: macProtector(secretFromText(pin), { iterations }),
        extraCerts: [],
      });
      const headers = { 'content-type': 'application/pkixcmp' };
      const answer = await fetch(server.url, { method: 'POST', headers, body: Uint8Array.from(message) });
      expect(parseMessage(new Uint8Array(await answer.arrayBuffer())).body.type).toBe(kind);
    },
  );
});

describe('a refusal reaches the user', () => {
  it('also after it has waited for the decision, with its reason', async () => {
    const server = await mock(
      ...[...pinMode, ...answering('new'), '-poll_count', '2', '-check_after', '1'],
      ...['-pkistatus', '2', '-failure', '2', '-statusstring', 'contract ended'],
    );
    const { client } = clientOf(server.url);
    const refused = async () => {
      let outcome = await client.requestCertificate(order(byPin()));
      while (outcome.status === 'waiting') outcome = await client.poll(afterRestart(outcome.state), byPin());
    };
    expect(await failure(refused())).toMatchObject({
      id: 'ca-refused',
      code: errorCatalogue['ca-refused'].code,
      data: { reason: 'contract ended' },
    });
  });

  it('with the reason that the CA signed', async () => {
    const server = await mock(
      ...[...signatureMode, ...answering('new'), '-pkistatus', '2', '-failure', '19'],
      ...['-statusstring', 'registration refused'],
    );
    const protection: CmpProtection = { type: 'signature', signer: certified('init') };
    const error = await failure(clientOf(server.url).client.requestCertificate(order(protection)));
    expect(error).toMatchObject({
      id: 'ca-refused',
      data: { reason: 'registration refused', failure: 'badCertTemplate' },
    });
  });

  it('as refused registration data where the CA does not authorise', async () => {
    const server = await mock(
      ...[...pinMode, ...answering('new'), '-pkistatus', '2', '-failure', '23'],
      ...['-statusstring', 'registration pin wrong'],
    );
    const error = await failure(clientOf(server.url).client.requestCertificate(order(byPin())));
    expect(error).toMatchObject({
      id: 'registration-data-refused',
      data: { reason: 'registration pin wrong' },
    });
  });

  it('as a locked ПИН', async () => {
    const server = await mock(
      ...[...pinMode, ...answering('new'), '-pkistatus', '2', '-failure', '23'],
      ...['-statusstring', 'registration pin locked'],
    );
    const error = await failure(clientOf(server.url).client.requestCertificate(order(byPin())));
    expect(error.id).toBe('registration-pin-locked');
  });

  it('as an error message under the right secret', async () => {
    const server = await mock(...pinMode, ...answering('new'), '-send_error');
    const error = await failure(clientOf(server.url).client.requestCertificate(order(byPin())));
    expect(error).toMatchObject({ id: 'ca-request-not-understood', data: { failure: 'badRequest' } });
  });

  it('as refused registration data, without the words of the message, when the ПИН is wrong', async () => {
    const server = await mock(...pinMode, ...answering('new'));
    const { client, talk } = clientOf(server.url);
    const error = await failure(client.requestCertificate(order(byPin('ABCDEFGHJK3'))));
    expect(talk).toEqual(['ir', 'error']);
    expect(error).toMatchObject({ id: 'registration-data-refused', data: { verified: false } });
    expect(error.data).not.toHaveProperty('reason');
  });
});

describe('an answer that can not be used', () => {
  it('is refused when the certificate holds another key, and the CA is told so', async () => {
    const server = await mock(...pinMode, ...answering('new'));
    const { client, talk } = clientOf(server.url);
    const error = await failure(client.requestCertificate(order(byPin(), 'ir', 'renewed')));
    expect(error).toMatchObject({ id: 'ca-certificate-wrong', data: { reason: 'another-key' } });
    expect(talk.slice(0, 3)).toEqual(['ir', 'ip', 'certConf']);
  });

  it('is refused when the certificate leads to another root', async () => {
    workshop.ecKey('impostor');
    workshop.root('impostor', '/C=KZ/O=Demo KISC/CN=Demo KISC CA');
    workshop.run(
      ...['x509', '-req', '-in', 'new.csr', '-CA', 'impostor.crt', '-CAkey', 'impostor.key'],
      ...['-set_serial', '5', '-days', '5', '-out', 'false.crt'],
    );
    const server = await mock(...pinMode, '-rsp_cert', 'false.crt', '-rsp_extracerts', 'impostor.crt');
    const error = await failure(clientOf(server.url).client.requestCertificate(order(byPin())));
    expect(error).toMatchObject({ id: 'ca-certificate-wrong', data: { reason: 'signature-invalid' } });
  });

  it('is refused when another customer signed it', async () => {
    workshop.rsaKey('neighbour');
    workshop.certificate('neighbour', 'ca', '/C=KZ/CN=Another customer');
    const mode = ['-srv_cert', 'neighbour.crt', '-srv_key', 'neighbour.key', '-srv_trusted', 'ca.crt'];
    const server = await mock(...mode, ...answering('new'));
    const protection: CmpProtection = { type: 'signature', signer: certified('init') };
    const error = await failure(clientOf(server.url).client.requestCertificate(order(protection)));
    expect(error).toMatchObject({ id: 'ca-answer-invalid', data: { reason: 'signer-not-entitled' } });
  });

  it('is refused when nobody of the bank signed it', async () => {
    workshop.rsaKey('stranger');
    workshop.root('stranger', '/C=KZ/CN=CMP server', 'cmp_server');
    const mode = ['-srv_cert', 'stranger.crt', '-srv_key', 'stranger.key', '-srv_trusted', 'ca.crt'];
    const server = await mock(...mode, ...answering('new'));
    const protection: CmpProtection = { type: 'signature', signer: certified('init') };
    const error = await failure(clientOf(server.url).client.requestCertificate(order(protection)));
    expect(error).toMatchObject({ id: 'ca-answer-invalid', data: { reason: 'signer-untrusted' } });
  });
});

describe('a server that is no CA', () => {
  let web: Server | undefined;
  afterEach(async () => {
    web?.closeAllConnections();
    await new Promise((resolve) => web?.close(resolve) ?? resolve(undefined));
  });

  async function serve(answer: RequestListener): Promise<CmpClient> {
    const server = createServer(answer);
    web = server;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return clientOf(`http://127.0.0.1:${(server.address() as AddressInfo).port}/cmp`).client;
  }

  it.each([
    ['rubbish', 200, 'application/pkixcmp', 'rubbish', 'ca-answer-invalid', { reason: 'not-cmp' }],
    ['a web page', 200, 'text/html', '<html>', 'ca-answer-invalid', { reason: 'content-type' }],
    ['nothing', 200, 'application/pkixcmp', '', 'ca-answer-invalid', { reason: 'not-cmp' }],
    ['status 500', 500, 'text/plain', 'oops', 'server-failed', { httpStatus: 500 }],
    ['status 503 with rubbish', 503, 'application/pkixcmp', '', 'server-failed', { httpStatus: 503 }],
    ['status 404', 404, 'text/html', 'no', 'server-failed', { httpStatus: 404 }],
  ])('%s', async (_, status, type, body, id, data) => {
    const client = await serve((_request, response) => {
      response.writeHead(status, { 'content-type': type }).end(body);
    });
    expect(await failure(client.requestCertificate(order(byPin())))).toMatchObject({ id, data });
  });
});
