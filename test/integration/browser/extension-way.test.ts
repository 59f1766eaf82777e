import { execFileSync } from 'node:child_process';
import { createPublicKey, randomBytes, verify, X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Agent, fetch, type Response } from 'undici';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { FromKilt } from '#shared/extension-link.ts';
import { signInMessage } from '#main/enrolment/sign-in-message.ts';
import { LinkServer } from '#main/browser/extension/link-server.ts';
import { openPageDesk } from '#main/browser/open-page-desk.ts';
import type { RunningBank } from '#test/bank/start-bank.ts';
import { eventually } from '#test/support/eventually.ts';
import { PageCaller } from '#test/support/page-caller.ts';
import { agreeing, refusing, ScriptedUser, waiting } from '#test/support/pages.ts';
import { openBank, World } from '#test/support/world.ts';

/** All of the way from a page but the browser: host, link, desk, token, and the bank's site at the end. */
describe('the way through the extension', () => {
  let bank: RunningBank;
  let world: World;
  let folder: string;
  let server: LinkServer;
  let user: ScriptedUser;
  let caller: PageCaller;
  let agent: Agent;

  beforeAll(async () => {
    bank = await openBank();
    world = await World.open({ bank });
    await world.insertNewToken();
    const done = await world.register(await world.admit());
    expect(done.state).toBe('finished');
    agent = new Agent({ connect: { ca: bank.system.api.tlsAnchors } });
  });
  afterAll(async () => {
    await agent.close();
    await world.close();
    await bank.stop();
  });
  beforeEach(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'kilt-link-'));
    user = new ScriptedUser();
    const door = openPageDesk(world.kilt, {
      consent: user,
      onDefect: (error) => {
        throw error;
      },
    });
    server = new LinkServer({
      dataFolder: folder,
      door,
      origins: { allowLoopback: true },
      onCutOff: () => undefined,
      onDefect: (error) => {
        throw error;
      },
    });
    await server.start();
    caller = new PageCaller(folder);
  });
  afterEach(async () => {
    caller.close();
    await caller.ended;
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const post = (at: string, body: object, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${bank.urls.https}${at}`, {
      method: 'POST',
      dispatcher: agent,
      headers: { 'content-type': 'application/json', origin: bank.urls.https, ...headers },
      body: JSON.stringify(body),
    });
  const json = async (response: Response) => (await response.json()) as Record<string, string>;
  const ask = (method: string, params: object = {}) => caller.ask(bank.urls.https, method, params);

  async function signInAtTheSite(): Promise<{ cookie: string; answer: Record<string, string> }> {
    const { challengeId, nonce } = await json(await post('/site/challenges', {}));
    const signed = resultOf(await ask('sign-in', { nonce }));
    const answer = {
      challengeId: challengeId!,
      certificate: signed['certificate']!,
      signature: signed['signature']!,
    };
    const session = await post('/site/sessions', answer);
    expect(session.status).toBe(200);
    return { cookie: session.headers.get('set-cookie')!.split(';')[0]!, answer };
  }

  it('a page learns that Kilt is there, and that it has not been allowed yet', async () => {
    expect(await ask('status')).toMatchObject({ kind: 'answer', result: { approved: false } });
    expect(user.asked).toEqual([]);
  });

  it('the sign-in key answers with the site and the nonce in what it signs', async () => {
    const nonce = randomBytes(32);
    const signed = resultOf(await ask('sign-in', { nonce: nonce.toString('base64') }));
    const { publicKey } = new X509Certificate(Buffer.from(signed['certificate']!, 'base64'));
    const signature = Buffer.from(signed['signature']!, 'base64');
    const message = signInMessage(bank.urls.https, nonce);
    expect(
      verify(
        'sha256',
        message,
        createPublicKey(publicKey.export({ type: 'spki', format: 'pem' })),
        signature,
      ),
    ).toBe(true);
    expect(user.asked[0]).toMatchObject({
      kind: 'sign-in',
      way: 'extension',
      site: { origin: bank.urls.https },
    });
  });

  it('the customer signs in at the bank’s site and has a payment order accepted, which OpenSSL verifies too', async () => {
    const { cookie } = await signInAtTheSite();
    const account = await fetch(`${bank.urls.https}/account`, { dispatcher: agent, headers: { cookie } });
    expect(account.status).toBe(200);
    const order = await json(await post('/site/orders', orderForm(), { cookie }));
    const documents = [{ name: order['name'], mediaType: order['mediaType'], content: order['document'] }];
    const answer = resultOf(await ask('sign', { form: 'detached', documents })) as unknown as {
      signatures: string[];
    };
    const taken = await post(
      `/site/orders/${order['orderId']!}/signature`,
      { signature: answer.signatures[0]! },
      { cookie },
    );
    expect(await json(taken)).toEqual({ number: '1' });
    const accepted = bank.orders()[0]!;
    expect(accepted.order).toMatchObject({ amount: '125000.00', payee: { name: 'ТОО «Алма»' } });
    expect(opensslVerifies(accepted.document, accepted.signature)).toContain('125000.00');
    const page = await fetch(`${bank.urls.https}/account`, { dispatcher: agent, headers: { cookie } });
    expect(await page.text()).toContain('ТОО «Алма»');
  });

  it('an answer to a challenge is good once: the bank refuses it the second time', async () => {
    const { answer } = await signInAtTheSite();
    const again = await post('/site/sessions', answer);
    expect([again.status, (await json(again))['error']]).toEqual([403, 'challenge-expired']);
  });

  it('an answer for another site is worth nothing at the bank', async () => {
    const { challengeId, nonce } = await json(await post('/site/challenges', {}));
    const signed = resultOf(await caller.ask('https://evil.example.com', 'sign-in', { nonce }));
    const { certificate, signature } = signed;
    const session = await post('/site/sessions', { challengeId, certificate, signature });
    expect([session.status, (await json(session))['error']]).toEqual([403, 'signature-invalid']);
  });

  it('the bank’s site takes nothing from a page of another origin', async () => {
    const answer = await post('/site/challenges', {}, { origin: 'https://evil.example.com' });
    expect([answer.status, (await json(answer))['error']]).toEqual([403, 'origin-foreign']);
  });

  it('a page that is told no hears that and nothing else', async () => {
    user.answer = refusing;
    expect(await ask('certificate', { purpose: 'signature' })).toMatchObject({
      kind: 'failure',
      reason: 'user-refused',
    });
  });

  it('a page that has closed takes its question back', async () => {
    user.answer = waiting;
    const question = caller.send('7.1', bank.urls.https, 'sign-in', {
      nonce: randomBytes(32).toString('base64'),
    });
    await eventually(() => user.asked.length === 1);
    caller.write({ kind: 'cancel', id: '7.1' });
    expect(await question).toMatchObject({ kind: 'failure', reason: 'aborted' });
    user.answer = agreeing();
    expect(await ask('connect')).toMatchObject({ kind: 'answer' });
  });

  it('a browser that has gone takes all its questions back', async () => {
    let void_ = false;
    user.answer = (question, signal) => {
      signal.addEventListener('abort', () => (void_ = true));
      return waiting(question, signal);
    };
    void caller.send('8.1', bank.urls.https, 'sign-in', { nonce: randomBytes(32).toString('base64') });
    await eventually(() => user.asked.length === 1);
    caller.close();
    await eventually(() => void_, { what: 'the question was taken back' });
  });

  it('while one page is before the user, another is told to wait', async () => {
    user.answer = waiting;
    void caller.send('9.1', bank.urls.https, 'sign-in', { nonce: randomBytes(32).toString('base64') });
    await eventually(() => user.asked.length === 1);
    const second = new PageCaller(folder);
    expect(await second.ask('https://other.example.com', 'connect')).toMatchObject({ reason: 'busy' });
    second.close();
    await second.ended;
  });

  it('nobody else on the computer can reach the link: folder 0700, socket and secret 0600', () => {
    const modeOf = (name: string) => statSync(path.join(folder, name)).mode & 0o777;
    expect(modeOf('browser-link')).toBe(0o700);
    expect(modeOf('browser-link/socket')).toBe(0o600);
    expect(modeOf('browser-link/link.json')).toBe(0o600);
  });

  const orderForm = () => ({
    payeeName: 'ТОО «Алма»',
    payeeBin: '101140005678',
    payeeIik: 'KZ359991767887591900',
    payeeBik: 'KILTKZKA',
    amount: '125000.00',
    knp: '710',
    purpose: 'Оплата по счету № 17',
  });

  /** What OpenSSL says was signed, checked against the bank's root. @throws Error when it does not verify */
  function opensslVerifies(document: string, signature: string): string {
    writeFileSync(path.join(folder, 'order.json'), Buffer.from(document, 'base64'));
    writeFileSync(path.join(folder, 'order.p7s'), Buffer.from(signature, 'base64'));
    writeFileSync(path.join(folder, 'roots.pem'), bank.system.ca.anchors.join('\n'));
    writeFileSync(path.join(folder, 'issuing.pem'), (bank.system.revocation?.authorities ?? []).join('\n'));
    const args = [
      'cms',
      '-verify',
      '-binary',
      '-cades',
      '-purpose',
      'any',
      '-inform',
      'DER',
      '-in',
      'order.p7s',
    ];
    return execFileSync(
      'openssl',
      [...args, '-content', 'order.json', '-CAfile', 'roots.pem', '-certfile', 'issuing.pem'],
      { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
    );
  }
});

function resultOf(answer: FromKilt): Record<string, string> {
  expect(answer.kind, JSON.stringify(answer)).toBe('answer');
  return (answer as { result: Record<string, string> }).result;
}
