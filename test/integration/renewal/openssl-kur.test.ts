import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { isLost } from '#main/enrolment/certificate-requests.ts';
import { CmpClient, type CmpProtection } from '#main/pki/cmp/client.ts';
import { keyObjectSigner } from '#main/pki/key-object-signer.ts';
import { KiltError } from '#shared/errors.ts';
import { OpensslWorkshop } from '#test/unit/pki/openssl-workshop.ts';
import { OpensslCmpServer } from '../pki/openssl-cmp-server.ts';

/** `kur` at the CA of the openssl command: an implementation that shares nothing with ours. */
describe('a key update at the CA of OpenSSL', () => {
  const workshop = new OpensslWorkshop();
  const subject = 'CN=Customer 1,UID=00012345,C=KZ';
  let server: OpensslCmpServer | undefined;

  beforeAll(() => {
    workshop.ecKey('ca');
    workshop.root('ca', '/C=KZ/O=Demo KISC/CN=Demo KISC CA');
    workshop.ecKey('srv');
    workshop.certificate('srv', 'ca', '/C=KZ/CN=CMP server', { extensions: 'cmp_server' });
    // The mock takes a key update only for the serial number of the certificate that it is going to answer with.
    for (const name of ['old', 'renewed']) {
      workshop.rsaKey(name);
      workshop.certificate(name, 'ca', '/C=KZ/UID=00012345/CN=Customer 1', { args: ['-set_serial', '77'] });
    }
  });
  afterEach(async () => {
    await server?.stop();
    server = undefined;
  });
  afterAll(() => workshop.remove());

  const signer = (name: string) =>
    keyObjectSigner(createPrivateKey(readFileSync(workshop.path(`${name}.key`))));
  const byOldKey = (): CmpProtection => ({
    type: 'signature',
    signer: { ...signer('old'), certificate: workshop.der('old'), chain: [] },
  });

  async function clientOf(...options: readonly string[]): Promise<CmpClient> {
    server = await OpensslCmpServer.start(
      workshop,
      ...['-srv_cert', 'srv.crt', '-srv_key', 'srv.key', '-srv_trusted', 'ca.crt'],
      ...['-rsp_cert', 'renewed.crt', '-rsp_extracerts', 'ca.crt', ...options],
    );
    return new CmpClient({
      url: server.url,
      post: async ({ url, contentType, body }) => {
        const answer = await fetch(url, {
          method: 'POST',
          headers: { 'content-type': contentType },
          body: Uint8Array.from(body),
        });
        const type = answer.headers.get('content-type') ?? '';
        return { status: answer.status, contentType: type, body: new Uint8Array(await answer.arrayBuffer()) };
      },
      recipient: 'CN=Demo KISC CA,O=Demo KISC,C=KZ',
      anchors: [workshop.pem('ca')],
    });
  }

  const request = (client: CmpClient) =>
    client.requestCertificate({
      kind: 'kur',
      subject,
      keyPair: signer('renewed'),
      protection: byOldKey(),
      transactionId: crypto.getRandomValues(new Uint8Array(16)),
    });

  /** As the journal does it: everything but the keys is JSON in between. */
  async function untilDecided(client: CmpClient) {
    let outcome = await request(client);
    let polls = 0;
    while (outcome.status === 'waiting') {
      polls += 1;
      outcome = await client.poll(JSON.parse(JSON.stringify(outcome.state)), byOldKey());
    }
    return { outcome, polls };
  }

  it('is issued after three polls, across restarts, and confirmed with the old key', async () => {
    const client = await clientOf('-poll_count', '3', '-check_after', '1');
    const { outcome, polls } = await untilDecided(client);
    expect(polls).toBe(3);
    expect(Buffer.from(outcome.certificate)).toEqual(Buffer.from(workshop.der('renewed')));
    await client.confirm(outcome.state, byOldKey());
  });

  it('refused after it was accepted tells the reason, and ends it', async () => {
    const client = await clientOf(
      ...['-poll_count', '2', '-check_after', '1', '-pkistatus', '2', '-failure', '2'],
      ...['-statusstring', 'contract ended'],
    );
    await expect(untilDecided(client)).rejects.toMatchObject({
      id: 'ca-refused',
      data: { reason: 'contract ended' },
    });
  });

  it('answered by an error is a request that was not understood', async () => {
    const client = await clientOf('-send_error');
    await expect(request(client)).rejects.toMatchObject({ id: 'ca-request-not-understood' });
  });

  it('asked about at a CA that has been started anew is a request that was lost', async () => {
    const first = await request(await clientOf('-poll_count', '3', '-check_after', '1'));
    await server?.stop();
    const client = await clientOf('-poll_count', '3', '-check_after', '1');
    const error: unknown = await client.poll(first.state, byOldKey()).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(KiltError);
    expect(isLost(error as KiltError)).toBe(true);
  });
});
