import { request as httpsRequest } from 'node:https';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import fc from 'fast-check';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import {
  startLoopback,
  type LoopbackOptions,
  type LoopbackServer,
} from '#main/browser/loopback/loopback-server.ts';
import { makeServerIdentity, type ServerIdentity } from '#main/browser/loopback/server-identity.ts';
import type { PageAnswer, PageDoor, PageRequest } from '#main/browser/page-request.ts';
import { eventually } from '#test/support/eventually.ts';

/** Whoever is not a page of a site, and whoever asks too much, against the server itself. */
const bank = 'https://online.bank.kz';
let identity: ServerIdentity;
let server: LoopbackServer;
let asked: { request: PageRequest; signal: AbortSignal }[];
let answer: (request: PageRequest, signal: AbortSignal) => Promise<PageAnswer>;
const sockets: WebSocket[] = [];

const door: PageDoor = {
  ask(request, signal) {
    asked.push({ request, signal });
    return answer(request, signal);
  },
};
const start = (options: Partial<LoopbackOptions> = {}): Promise<LoopbackServer> =>
  startLoopback({ port: 0, identity, door, origins: { allowLoopback: false }, ...options });

beforeAll(async () => {
  identity = await makeServerIdentity(new Date());
});
beforeEach(async () => {
  asked = [];
  answer = async () => ({ outcome: 'done', result: { kind: 'tokens', present: true } });
  server = await start();
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.terminate();
  await server.close();
});

interface Seen {
  readonly status: number;
  readonly headers: Record<string, unknown>;
  readonly body: string;
}
/** A request with exactly these headers. @param options.host where it goes; the header says what a test says */
function get(
  path: string,
  headers: readonly string[],
  options: { method?: string; port?: number; host?: string } = {},
): Promise<Seen> {
  return new Promise((resolve, reject) => {
    const { method = 'GET', port = server.port, host = '127.0.0.1' } = options;
    const outgoing = httpsRequest(
      { host, port, path, method, ca: identity.authority, headers, setHost: false, agent: false },
      (incoming) => {
        let body = '';
        incoming.on('data', (piece: Buffer) => (body += piece.toString()));
        incoming.on('end', () =>
          resolve({ status: incoming.statusCode ?? 0, headers: { ...incoming.headers }, body }),
        );
      },
    );
    outgoing.on('error', reject);
    outgoing.end();
  });
}
const own = () => ['Host', `127.0.0.1:${server.port}`];
const health = (...headers: string[]): Promise<Seen> => get('/health', headers);

/** @returns the first frame, or how the handshake ended */
function open(options: { origin?: string; host?: string; path?: string } = {}): Promise<{
  socket: WebSocket;
  first: string;
}> {
  const { origin, host, path = '/' } = options;
  const socket = new WebSocket(`wss://127.0.0.1:${server.port}${path}`, {
    ca: identity.authority,
    ...(origin === undefined ? {} : { origin }),
    ...(host === undefined ? {} : { headers: { Host: host } }),
  });
  sockets.push(socket);
  return new Promise((resolve, reject) => {
    socket.once('message', (data: Buffer) => resolve({ socket, first: data.toString() }));
    socket.once('error', reject);
  });
}
const closed = (socket: WebSocket): Promise<number> =>
  new Promise((resolve) => {
    if (socket.readyState === WebSocket.CLOSED) resolve(0);
    else socket.once('close', (code) => resolve(code));
  });
const say = (socket: WebSocket, frame: string): Promise<string> =>
  new Promise((resolve) => {
    socket.once('message', (data: Buffer) => resolve(data.toString()));
    socket.send(frame);
  });
const tokens = JSON.stringify({ module: 'kz.gov.pki.knca.commonUtils', method: 'getActiveTokens' });

describe('a page of a site', () => {
  it('is greeted with the version of NCALayer and not of Kilt', async () => {
    const { first, socket } = await open({ origin: bank });
    expect(first).toBe('{"result":{"version":"1.4"}}');
    expect(await say(socket, '{"module":"kz.digiflow.mobile.extensions","method":"getVersion"}')).toBe(
      '{"success":false,"errorCode":"MODULE_NOT_FOUND"}',
    );
    expect(asked).toEqual([]);
  });

  it('asks as the origin that the browser has told', async () => {
    const { socket } = await open({ origin: bank });
    expect(await say(socket, tokens)).toContain('AKKaztokenStore');
    expect(asked[0]?.request).toMatchObject({ kind: 'tokens', origin: bank, way: 'loopback' });
  });

  it('is told nothing by /health but that it may read the answer', async () => {
    const seen = await health(...own(), 'Origin', bank);
    expect(seen).toMatchObject({ status: 204, body: '' });
    expect(seen.headers['access-control-allow-origin']).toBe(bank);
    expect(Object.keys(seen.headers).sort()).toEqual([
      'access-control-allow-origin',
      'cache-control',
      'connection',
      'date',
      'vary',
    ]);
  });
});

const strangers: readonly (readonly [string, string | undefined])[] = [
  ['foreign: a page by http', 'http://online.bank.kz'],
  ['a sandboxed iframe or a file', 'null'],
  ['no Origin: another program, or a page of the same origin', undefined],
  ['this computer', 'https://127.0.0.1:13579'],
  ['this computer by name', 'http://localhost:3000'],
  ['a user name that looks like a bank', 'https://online.bank.kz@evil.com'],
  ['a path after it', 'https://online.bank.kz/'],
  ['a wildcard', '*'],
  ['another extension', 'chrome-extension://abcdefghijklmnopabcdefghijklmnop'],
];

describe('who is not a page of a site gets one and the same refusal', () => {
  it.each(strangers)('%s', async (_who, origin) => {
    const refused = await health(...own(), ...(origin === undefined ? [] : ['Origin', origin]));
    expect(refused).toMatchObject({ status: 403, body: '' });
    expect(Object.keys(refused.headers).sort()).toEqual(['connection', 'content-length', 'date']);
    await expect(open(origin === undefined ? {} : { origin })).rejects.toThrow('403');
    expect(asked).toEqual([]);
  });

  it('two origins at once, or one twice', async () => {
    expect((await health(...own(), 'Origin', bank, 'Origin', 'https://evil.com')).status).toBe(403);
    expect((await health(...own(), 'Origin', bank, 'Origin', bank)).status).toBe(403);
  });

  it.each(['/', '/health/', '/health?x', '/version', '/../health', '//health'])(
    'the address %s',
    async (path) => {
      expect((await get(path, [...own(), 'Origin', bank])).status).toBe(403);
    },
  );

  it.each(['POST', 'PUT', 'DELETE', 'HEAD'])('the method %s', async (method) => {
    expect((await get('/health', [...own(), 'Origin', bank], { method })).status).toBe(403);
  });

  it('a WebSocket elsewhere than at the root', async () => {
    await expect(open({ origin: bank, path: '/health' })).rejects.toThrow('403');
  });
});

describe('DNS rebinding: a name of somebody else’s that points to this computer', () => {
  it.each([
    'evil.com',
    'evil.com:PORT',
    'localhost.',
    'localhost.:PORT',
    '127.0.0.1',
    '127.1:PORT',
    '0.0.0.0:PORT',
    '',
  ])('Host %j is refused', async (host) => {
    const header = host.replace('PORT', String(server.port));
    expect((await health('Host', header, 'Origin', bank)).status).toBe(403);
    if (header !== '') await expect(open({ origin: bank, host: header })).rejects.toThrow('403');
  });

  it('no Host at all, or two of them, is refused', async () => {
    // Node's own HTTP answers the first of them, as RFC 9112 §3.2 asks.
    expect([400, 403]).toContain((await health('Origin', bank)).status);
    expect([400, 403]).toContain((await health(...own(), 'Host', 'evil.com', 'Origin', bank)).status);
  });

  it('this computer’s own names are taken', async () => {
    for (const name of ['127.0.0.1', 'localhost', '[::1]'])
      expect((await health('Host', `${name}:${server.port}`, 'Origin', bank)).status).toBe(204);
  });
});

describe('the network', () => {
  it('reaches the server at no address but loopback', async () => {
    const others = Object.values(networkInterfaces())
      .flat()
      .flatMap((one) => (one && !one.internal && one.family === 'IPv4' ? [one.address] : []));
    for (const address of [...others, '127.0.0.2']) {
      await expect(
        new Promise((resolve, reject) => {
          const socket = connect(server.port, address, () => resolve(socket.destroy()));
          socket.once('error', reject);
        }),
      ).rejects.toThrow();
    }
  });
});

describe('another user of the same computer', () => {
  const asUser = (user: 'own' | 'other' | 'unknown') => start({ peer: async () => user });

  it('is refused, whatever his browser sends', async () => {
    await server.close();
    server = await asUser('other');
    expect((await health(...own(), 'Origin', bank)).status).toBe(403);
    await expect(open({ origin: bank })).rejects.toThrow('403');
  });

  it('is refused too where Linux does not find him', async () => {
    await server.close();
    server = await asUser('unknown');
    expect((await health(...own(), 'Origin', bank)).status).toBe(process.platform === 'linux' ? 403 : 204);
  });

  it('the user himself is known by the system’s own table of connections', async () => {
    expect((await health(...own(), 'Origin', bank)).status).toBe(204);
  });
});

describe('a page that sends what is no request', () => {
  it('gets a failure, and the connection lives', async () => {
    const { socket } = await open({ origin: bank });
    for (const frame of ['', 'x', '{', '[]', 'null', '7', '{"module":7}', '"a"'])
      expect(await say(socket, frame)).toBe('{"success":false,"code":"COMMON_JSON_WRAPPING_EXCEPTION"}');
    expect(asked).toEqual([]);
  });

  it('bytes instead of text end the connection', async () => {
    const { socket } = await open({ origin: bank });
    socket.send(Buffer.from(tokens));
    expect(await closed(socket)).toBe(1003);
  });

  it('a frame that is too large ends the connection before it is kept', async () => {
    await server.close();
    server = await start({ limits: { frameBytes: 1000 } });
    const { socket } = await open({ origin: bank });
    socket.send('x'.repeat(1001));
    expect(await closed(socket)).toBe(1009);
    expect(asked).toEqual([]);
  });

  it('whatever it is, it is answered with JSON and never ends the program', async () => {
    await server.close();
    server = await start({ limits: { framesPerMinute: 10_000 } });
    const { socket } = await open({ origin: bank });
    const method = fc.constantFrom(
      'getActiveTokens',
      'getKeyInfo',
      'createCAdESFromBase64',
      'createCAdESFromBase64Hash',
      'createCMSSignatureFromBase64',
      'signXml',
      'signXmls',
      'applyCAdEST',
      'changeLocale',
      'sign',
      'constructor',
      '__proto__',
    );
    const call = fc.record(
      {
        module: fc.constantFrom('kz.gov.pki.knca.commonUtils', 'kz.gov.pki.knca.basics', 'x'),
        method,
        args: fc.oneof(fc.jsonValue(), fc.array(fc.oneof(fc.constant('AKKaztokenStore'), fc.jsonValue()))),
        uuid: fc.jsonValue(),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string(),
          call.map((one) => JSON.stringify(one)),
        ),
        async (frame) => {
          if (frame === '--heartbeat--') return;
          expect(typeof JSON.parse(await say(socket, frame))).toBe('object');
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('flood', () => {
  const never = (signal: AbortSignal): Promise<PageAnswer> =>
    new Promise((resolve) => {
      signal.addEventListener('abort', () => resolve({ outcome: 'refused', reason: 'page-closed' }));
    });

  it('a page that does not wait for answers is closed, and what it asked is taken back', async () => {
    answer = (_request, signal) => never(signal);
    const { socket } = await open({ origin: bank });
    for (let times = 0; times < 6; times += 1) socket.send(tokens);
    expect(await closed(socket)).toBe(1008);
    await eventually(() => asked[0]?.signal.aborted === true);
    expect(asked).toHaveLength(1);
  });

  it('a page that says too much in a minute is closed', async () => {
    await server.close();
    server = await start({ limits: { framesPerMinute: 5 } });
    const { socket } = await open({ origin: bank });
    for (let times = 0; times < 6; times += 1) socket.send('--heartbeat--');
    expect(await closed(socket)).toBe(1008);
  });

  it('connections without end are refused, and another site still gets one', async () => {
    await server.close();
    server = await start({ limits: { connectionsOfSite: 2, connections: 3 } });
    await open({ origin: bank });
    await open({ origin: bank });
    await expect(open({ origin: bank })).rejects.toThrow('429');
    await open({ origin: 'https://shop.kz' });
    await expect(open({ origin: 'https://third.kz' })).rejects.toThrow('429');
  });

  it('a connection on which nothing is said ends', async () => {
    await server.close();
    server = await start({ limits: { idleMilliseconds: 50 } });
    const { socket } = await open({ origin: bank });
    expect(await closed(socket)).toBe(1001);
  });
});

describe('a page that is closed in the middle of its request', () => {
  it('takes the question with it', async () => {
    answer = (_request, signal) =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () => resolve({ outcome: 'refused', reason: 'page-closed' }));
      });
    const { socket } = await open({ origin: bank });
    socket.send(tokens);
    await eventually(() => asked.length === 1);
    socket.terminate();
    await eventually(() => asked[0]?.signal.aborted === true);
  });

  it('and so does Kilt that is switched off', async () => {
    const { socket } = await open({ origin: bank });
    const ends = closed(socket);
    await server.close();
    expect([1001, 1006]).toContain(await ends);
  });
});

describe('the port', () => {
  it('that another program has is told as such', async () => {
    await expect(start({ port: server.port })).rejects.toMatchObject({ id: 'loopback-port-taken' });
  });
});
