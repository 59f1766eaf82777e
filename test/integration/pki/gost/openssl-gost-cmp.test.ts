import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { secretFromText } from '#shared/bytes.ts';
import { CmpClient, type CmpProtection } from '#main/pki/cmp/client.ts';
import { buildPollReqBody } from '#main/pki/cmp/body.ts';
import { buildMessage, freshNonce, parseMessage } from '#main/pki/cmp/message.ts';
import { authenticatePeer } from '#main/pki/cmp/peer-authentication.ts';
import { signatureProtector } from '#main/pki/cmp/protection.ts';
import { parseCertificate } from '#main/pki/certificate.ts';
import type { HttpPost } from '#main/pki/http-post.ts';
import { keyObjectSigner } from '#main/pki/key-object-signer.ts';
import { openKeyContainer } from '#main/pki/pkcs12.ts';
import { OpensslCmpServer } from '../openssl-cmp-server.ts';
import { GostWorkshop } from './gost-workshop.ts';

const workshop = new GostWorkshop();
const pin = 'ABCDEFGHJK2';
let server: OpensslCmpServer | undefined;

/** The CA of OpenSSL with the GOST engine: a foreign judge of requests that are signed with GOST. */
beforeAll(() => {
  workshop.ecKey('ca');
  workshop.root('ca', '/C=KZ/O=Demo KISC/CN=Demo KISC CA');
  workshop.ecKey('srv');
  workshop.certificate('srv', 'ca', '/C=KZ/CN=CMP server', { extensions: 'cmp_server' });
  workshop.rsaKey('new');
  workshop.certificate('new', 'ca', '/C=KZ/UID=00012345/CN=Customer 1');
  for (const kind of ['512-A', '256-A'] as const) {
    workshop.gostKey(`init-${kind}`, kind);
    workshop.certificate(`init-${kind}`, 'ca', '/C=KZ/UID=00012345/CN=INIT 00012345');
    workshop.run(
      ...['pkcs12', '-export', '-in', `init-${kind}.crt`, '-inkey', `init-${kind}.key`],
      ...['-passout', `pass:${pin}`, '-out', `${kind}.pfx`],
    );
  }
});
afterEach(() => server?.stop());
afterAll(() => {
  workshop.remove();
});

const post: HttpPost = async ({ url, contentType, body }) => {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': contentType },
    body: Uint8Array.from(body),
  });
  const bytes = new Uint8Array(await answer.arrayBuffer());
  return { status: answer.status, contentType: answer.headers.get('content-type') ?? '', body: bytes };
};

it.each(['512-A', '256-A'] as const)(
  'the CA of OpenSSL takes a request signed with GOST.pfx (%s), and the confirmation',
  async (kind) => {
    server = await OpensslCmpServer.start(
      workshop,
      ...['-srv_cert', 'srv.crt', '-srv_key', 'srv.key', '-srv_trusted', 'ca.crt'],
      ...['-rsp_cert', 'new.crt', '-rsp_extracerts', 'ca.crt'],
    );
    const client = new CmpClient({
      url: server.url,
      post,
      recipient: 'CN=Demo KISC CA,O=Demo KISC,C=KZ',
      anchors: [workshop.pem('ca')],
    });
    const initialKey = await openKeyContainer(workshop.read(`${kind}.pfx`), secretFromText(pin));
    const protection: CmpProtection = { type: 'signature', signer: initialKey };
    const outcome = await client.requestCertificate({
      kind: 'ir',
      subject: 'CN=Клиент 1,UID=00012345,C=KZ',
      keyPair: keyObjectSigner(createPrivateKey(readFileSync(workshop.path('new.key')))),
      protection,
      transactionId: crypto.getRandomValues(new Uint8Array(16)),
    });
    if (outcome.status !== 'issued') throw new Error(`the CA answered ${outcome.status}`);
    expect(Buffer.from(outcome.certificate)).toEqual(Buffer.from(workshop.der('new')));
    await client.confirm(outcome.state, protection);
  },
);

it('an answer that a CA signs with GOST comes from the CA, and a changed one does not', async () => {
  workshop.gostKey('gost-ca', '512-A');
  workshop.root('gost-ca', '/C=KZ/O=Demo KISC/CN=Demo KISC GOST CA');
  workshop.run(
    ...['pkcs12', '-export', '-in', 'gost-ca.crt', '-inkey', 'gost-ca.key', '-passout', `pass:${pin}`],
    ...['-out', 'gost-ca.pfx'],
  );
  const ca = await openKeyContainer(workshop.read('gost-ca.pfx'), secretFromText(pin));
  const { subjectName: name, subjectKeyIdentifier: senderKeyId } = parseCertificate(ca.certificate);
  const nonces = { transactionId: freshNonce(), senderNonce: freshNonce() };
  const message = await buildMessage({
    header: { sender: name, recipient: name, ...nonces, messageTime: new Date(), senderKeyId },
    body: buildPollReqBody(0),
    protector: signatureProtector(ca),
    extraCerts: [ca.certificate],
  });
  const peer = { secret: undefined, name, anchors: [ca.certificate], at: new Date(Date.now() + 60_000) };
  expect(await authenticatePeer(parseMessage(message), peer)).toBe('authentic');
  const changed = message.slice();
  const at = Buffer.from(changed).indexOf(Buffer.from(nonces.senderNonce));
  changed[at] = (changed[at] ?? 0) ^ 1;
  expect(await authenticatePeer(parseMessage(changed), peer)).toBe('signature-wrong');
});
