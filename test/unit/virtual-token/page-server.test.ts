import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { request, type IncomingMessage } from 'node:http';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { fromHex } from '#shared/bytes.ts';
import { eventually } from '#test/support/eventually.ts';
import { PageServer } from '#test/virtual-token/page/server/page-server.ts';
import type { NumberedEntry, TokenView } from '#test/virtual-token/page/view.ts';
import { VirtualTokenProgram } from '#test/virtual-token/program.ts';
import { frame } from '#test/virtual-token/vpcd-frame.ts';

import { loginUser, triesOf, verify } from './dialogue.ts';

const page = { type: 'text/html; charset=utf-8', bytes: new TextEncoder().encode('<!doctype html>') };

let folder: string;
let reader: Server;
let card: Socket;
let token: VirtualTokenProgram;
let server: PageServer;
let address: URL;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kilt-page-'));
  reader = createServer().listen(0, '127.0.0.1');
  await once(reader, 'listening');
  token = new VirtualTokenProgram({
    state: join(folder, 'token.json'),
    card: { profile: 'default-pins', serial: '3A5B7C1D' },
    host: '127.0.0.1',
    port: (reader.address() as AddressInfo).port,
    keygenSeconds: 0,
  });
  const connected = once(reader, 'connection') as Promise<[Socket]>;
  server = new PageServer(token, new Map([['index.html', page]]));
  await token.start();
  [card] = await connected;
  card.on('error', () => undefined);
  card.write(frame(Uint8Array.of(1)));
  address = new URL(await server.listen());
});
afterEach(async () => {
  await server.close();
  await token.stop();
  reader.close();
  rmSync(folder, { recursive: true });
});

interface Asked {
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

/** Bare HTTP: a browser would not send what an attacker may. */
async function ask({ path = '', method = 'GET', headers = {}, body }: Asked): Promise<IncomingMessage> {
  const { hostname, port, pathname } = address;
  const sent = request({
    hostname,
    port,
    method,
    headers,
    path: path.startsWith('/') ? path : pathname + path,
  });
  sent.end(body);
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  return answer;
}
const status = async (asked: Asked): Promise<number | undefined> => {
  const answer = await ask(asked);
  answer.destroy();
  return answer.statusCode;
};

const ownPage = () => ({ 'content-type': 'application/json', origin: address.origin });
const order = async (body: unknown): Promise<unknown> => {
  const answer = await ask({
    path: 'control',
    method: 'POST',
    headers: ownPage(),
    body: JSON.stringify(body),
  });
  return JSON.parse(await text(answer));
};

/** The events so far, by name. */
async function follow(): Promise<{ tokens: TokenView[]; lines: NumberedEntry[]; raw: () => string }> {
  const stream = await ask({ path: 'events' });
  const tokens: TokenView[] = [];
  const lines: NumberedEntry[] = [];
  let raw = '';
  let rest = '';
  stream.setEncoding('utf8').on('data', (chunk: string) => {
    raw += chunk;
    rest += chunk;
    for (let end = rest.indexOf('\n\n'); end >= 0; end = rest.indexOf('\n\n')) {
      const [, name, data] = /event: (\w+)\n(?:id: \d+\n)?data: (.*)/.exec(rest.slice(0, end)) ?? [];
      if (name === 'token') tokens.push(JSON.parse(data!) as TokenView);
      if (name === 'trace') lines.push(...(JSON.parse(data!) as NumberedEntry[]));
      rest = rest.slice(end + 2);
    }
  });
  stream.on('error', () => undefined);
  await eventually(() => tokens.length > 0);
  return { tokens, lines, raw: () => raw };
}

const send = (command: string): void => void card.write(frame(fromHex(command)));

describe('the tester’s page', () => {
  it('is given to whoever knows its address, under a strict content policy', async () => {
    const answer = await ask({});
    expect(answer.statusCode).toBe(200);
    expect(await text(answer)).toBe('<!doctype html>');
    expect(answer.headers['content-security-policy']).toContain("default-src 'none'");
    expect(answer.headers).toMatchObject({ 'referrer-policy': 'no-referrer', 'cache-control': 'no-store' });
  });

  it('listens on the loopback interface and has a long random word in its address', () => {
    expect(address.hostname).toBe('127.0.0.1');
    expect(address.pathname).toMatch(/^\/[\w-]{32}\/$/);
  });

  it.each<[string, () => Asked]>([
    ['a wrong secret', () => ({ path: `/${'A'.repeat(32)}/` })],
    ['no secret', () => ({ path: '/' })],
    ['half of the secret', () => ({ path: `${address.pathname.slice(0, 16)}/` })],
    ['another name for this computer', () => ({ headers: { host: `localhost:${address.port}` } })],
    ['a name of somebody else’s', () => ({ headers: { host: `evil.example:${address.port}` } })],
    ['no port in the name', () => ({ headers: { host: '127.0.0.1' } })],
    ['another page', () => ({ path: 'events', headers: { origin: 'https://evil.example' } })],
    ['a page of another port', () => ({ headers: { origin: 'http://127.0.0.1:1' } })],
    ['a page without an origin', () => ({ headers: { origin: 'null' } })],
    ['a file that is not there', () => ({ path: 'assets/none.js' })],
    ['a way out of the page', () => ({ path: '../../../../etc/passwd' })],
    ['a method that changes nothing here', () => ({ method: 'PUT' })],
  ])('answers %s as if there were nothing', async (_what, asked) => {
    const answer = await ask(asked());
    expect(answer.statusCode).toBe(404);
    expect(await text(answer)).toBe('Not found\n');
  });

  it.each<[string, () => Asked]>([
    ['another page', () => ({ headers: { ...ownPage(), origin: 'https://evil.example' } })],
    ['nobody says which page', () => ({ headers: { 'content-type': 'application/json' } })],
    ['a form', () => ({ headers: { ...ownPage(), 'content-type': 'text/plain' } })],
    ['a link', () => ({ method: 'GET' })],
  ])('takes no order from %s', async (_what, asked) => {
    const body = JSON.stringify({ do: 'remove' });
    expect(await status({ path: 'control', method: 'POST', body, ...asked() })).toBe(404);
    expect(token.present).toBe(true);
  });

  it('cuts off an order without end', async () => {
    const endless = ask({ path: 'control', method: 'POST', headers: ownPage(), body: 'x'.repeat(100_000) });
    await expect(endless).rejects.toThrow();
    expect(await status({})).toBe(200);
  });

  it('carries out what a control line may ask for, and says why not', async () => {
    expect(await order({ do: 'remove' })).toMatchObject({ ok: true, present: false });
    expect(token.present).toBe(false);
    expect(await order({ do: 'explode' })).toMatchObject({ ok: false, error: expect.any(String) });
  });
});

describe('what the page is told', () => {
  it('is the token as it is, and again when it changes', async () => {
    const { tokens } = await follow();
    expect(tokens[0]).toMatchObject({
      serial: '3A5B7C1D',
      serialDecimal: '979074077',
      present: true,
      reader: { connected: true },
      memory: { total: 65536 },
      armed: [],
    });
    expect(tokens[0]?.pins).toMatchObject([
      { owner: 'user', value: '12345678', attemptsLeft: 10, maxAttempts: 10, minLength: 6 },
      { owner: 'administrator', value: '87654321' },
    ]);
    send(verify(2, '11111111'));
    await eventually(() => tokens.at(-1)?.pins[0]?.attemptsLeft === 9);
    send(loginUser);
    await eventually(() => tokens.at(-1)?.loggedIn.includes('user') === true);
    await order({ do: 'answer', command: 'SIGN', statusWord: '6f00' });
    await eventually(() => tokens.at(-1)?.armed.length === 1);
    expect(tokens.at(-1)?.armed).toEqual([
      { id: 1, deed: 'answers 6F00 instead of SIGN', when: 'next time' },
    ]);
  });

  it('is the trace so far and what follows, without any PIN that was sent', async () => {
    send(verify(2, 'geheim99'));
    const { lines, raw } = await follow();
    await eventually(() => lines.some(({ entry }) => 'text' in entry && entry.text === 'VERIFY user'));
    send(triesOf(2));
    await eventually(() => lines.some(({ entry }) => 'meaning' in entry && entry.meaning === '9 tries left'));
    expect(lines.map(({ number }) => number)).toEqual(lines.map((_, at) => at + 1));
    expect(raw()).not.toContain(Buffer.from('geheim99').toString('hex'));
    expect(raw()).not.toContain('geheim99');
  });

  it('tells a page that comes back only what it has missed', async () => {
    send(triesOf(2));
    const { lines } = await follow();
    await eventually(() => lines.length >= 3);
    const seen = lines.at(-1)!.number;
    const again = await ask({ path: 'events', headers: { 'last-event-id': String(seen) } });
    let rest = '';
    again.setEncoding('utf8').on('data', (chunk: string) => (rest += chunk));
    again.on('error', () => undefined);
    send(triesOf(1));
    await eventually(() => rest.includes('PIN-STATUS administrator'));
    expect(rest).not.toContain('PIN-STATUS user');
  });
});
