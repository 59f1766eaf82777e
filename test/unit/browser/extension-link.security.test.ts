import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chromiumExtensionId, largestFrameToKilt } from '#shared/extension-constants.ts';
import { FrameError, frameOf, FrameReader, messageIn } from '#main/browser/extension/frames.ts';
import { LinkServer } from '#main/browser/extension/link-server.ts';
import type { PageDoor, PageRequest } from '#main/browser/page-request.ts';
import { PageCaller } from '#test/support/page-caller.ts';

const bank = 'https://bank.example.kz';
const large = 64 * 1024 * 1024;

describe('the link between the browser’s extension and Kilt, attacked', () => {
  let folder: string;
  let server: LinkServer;
  let asked: PageRequest[];
  let turnedAway: string[];
  const sockets: Socket[] = [];
  const callers: PageCaller[] = [];

  const door: PageDoor = {
    ask: async (request) => {
      asked.push(request);
      return { outcome: 'done', result: { kind: 'hello', approved: false } };
    },
  };
  const newCaller = (...args: ConstructorParameters<typeof PageCaller>): PageCaller => {
    const caller = new PageCaller(...args);
    callers.push(caller);
    return caller;
  };
  const link = () =>
    JSON.parse(readFileSync(path.join(folder, 'browser-link/link.json'), 'utf8')) as {
      address: string;
      secret: string;
    };
  const knock = (): Socket => {
    const socket = connect(link().address);
    socket.on('error', () => undefined);
    sockets.push(socket);
    return socket;
  };
  const hello = (changes: object = {}) =>
    frameOf(
      {
        kind: 'hello',
        secret: link().secret,
        caller: `chrome-extension://${chromiumExtensionId}/`,
        ...changes,
      },
      large,
    );
  const closed = (socket: Socket) => new Promise<void>((resolve) => socket.once('close', () => resolve()));

  beforeEach(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'kilt-link-'));
    asked = [];
    turnedAway = [];
    server = new LinkServer({
      dataFolder: folder,
      door,
      origins: { allowLoopback: false },
      onCutOff: (why) => turnedAway.push(why),
      onDefect: (error) => {
        throw error;
      },
      rules: { mostFrames: 30, helloMilliseconds: 200 },
    });
    await server.start();
  });
  afterEach(async () => {
    for (const caller of callers.splice(0)) caller.close();
    for (const socket of sockets.splice(0)) socket.destroy();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('a page’s request arrives with the origin that the extension gives', async () => {
    await newCaller(folder).ask(bank, 'status');
    expect(asked).toMatchObject([{ kind: 'hello', origin: bank, way: 'extension' }]);
  });

  it.each([
    'http://bank.example.kz',
    'https://bank.example.kz/',
    'https://bank.example.kz:443',
    'https://BANK.example.kz',
    'https://user@bank.example.kz',
    'https://127.0.0.1:8443',
    'https://localhost',
    'null',
    '',
    'file://',
    'chrome-extension://abc',
  ])('origin «%s» may not ask', async (origin) => {
    expect(await newCaller(folder).ask(origin, 'status')).toMatchObject({ reason: 'browser-refuses' });
    expect(asked).toEqual([]);
  });

  it.each([
    ['a second origin beside the browser’s', { method: 'status', params: { origin: 'https://bank.kz' } }],
    ['an unknown call', { method: 'format', params: {} }],
    ['a nonce that is not base64', { method: 'sign-in', params: { nonce: '***' } }],
    ['base64 that ends in other bits', { method: 'sign-in', params: { nonce: 'AAB=' } }],
    [
      'a document without content',
      { method: 'sign', params: { form: 'detached', documents: [{ name: 'a' }] } },
    ],
    ['a PIN', { method: 'connect', params: { pin: '12345678' } }],
  ])('%s makes no sense, and nobody is asked', async (_what, { method, params }) => {
    expect(await newCaller(folder).ask(bank, method, params)).toMatchObject({ reason: 'malformed' });
    expect(asked).toEqual([]);
  });

  it('documents whose signatures could not be handed back are refused before anybody is asked', async () => {
    const content = Buffer.alloc(900 * 1024).toString('base64');
    const documents = [{ name: 'a.pdf', mediaType: 'application/pdf', content }];
    const caller = newCaller(folder);
    expect(await caller.ask(bank, 'sign', { form: 'attached', documents })).toMatchObject({
      reason: 'too-large',
    });
    expect(asked).toEqual([]);
    expect(await caller.ask(bank, 'sign', { form: 'detached', documents })).toMatchObject({ kind: 'answer' });
  });

  it('another version of the extension is told so', async () => {
    expect(await newCaller(folder).ask(bank, 'status', {}, { version: 99 })).toMatchObject({
      reason: 'version',
    });
  });

  it('the host does nothing for an extension that is not Kilt’s', async () => {
    const caller = newCaller(folder, { caller: 'chrome-extension://aaaabbbbccccddddeeeeffffgggghhhh/' });
    expect(await caller.ended).toBe('foreign');
    expect(server.connections()).toBe(0);
  });

  it('who names a foreign extension to Kilt itself is cut off', async () => {
    const socket = knock();
    socket.write(hello({ caller: 'chrome-extension://aaaabbbbccccddddeeeeffffgggghhhh/' }));
    await closed(socket);
    expect(turnedAway).toEqual(['foreign-extension']);
  });

  it('who does not know the secret is cut off, and so is who says nothing', async () => {
    const wrong = knock();
    wrong.write(hello({ secret: 'A'.repeat(43) }));
    await closed(wrong);
    await closed(knock());
    expect(turnedAway).toEqual(['wrong-secret', 'no-hello']);
  });

  it('a secret is good for one connection', async () => {
    const first = hello();
    const one = knock();
    one.write(first);
    await new Promise((resolve) => one.once('data', resolve));
    const two = knock();
    two.write(first);
    await closed(two);
    expect(turnedAway).toEqual(['wrong-secret']);
    await newCaller(folder).ask(bank, 'status');
  });

  it('nothing that comes before the hello is read', async () => {
    const socket = knock();
    socket.write(frameOf({ kind: 'request', version: 1, id: '1', origin: bank, call: {} }, large));
    await closed(socket);
    expect([turnedAway, asked]).toEqual([['malformed'], []]);
  });

  it('a frame that is too large is refused before it has come', async () => {
    const caller = newCaller(folder);
    await caller.ask(bank, 'status');
    const header = Buffer.alloc(4);
    header.writeUInt32LE(largestFrameToKilt + 1);
    caller.input.write(header);
    expect(await caller.ended).toBe('malformed');
    const socket = knock();
    socket.write(hello());
    await new Promise((resolve) => socket.once('data', resolve));
    socket.write(header);
    await closed(socket);
    expect(turnedAway).toEqual(['malformed']);
  });

  it('a flood ends the connection, and only that one', async () => {
    const quiet = newCaller(folder);
    await quiet.ask(bank, 'status');
    const noisy = newCaller(folder);
    await noisy.ask(bank, 'status');
    for (let count = 0; count < 40; count += 1) noisy.write({ kind: 'cancel', id: 'x' });
    expect(await noisy.ended).toBe('kilt-closed');
    expect(turnedAway).toEqual(['flood']);
    expect(await quiet.ask(bank, 'status')).toMatchObject({ kind: 'answer' });
  });

  it('the same id twice at once is no request', async () => {
    const socket = knock();
    socket.write(hello());
    await new Promise((resolve) => socket.once('data', resolve));
    const request = frameOf(
      { kind: 'request', version: 1, id: '1', origin: bank, call: { method: 'status', params: {} } },
      large,
    );
    socket.write(Buffer.concat([request, request]));
    await closed(socket);
    expect(turnedAway).toEqual(['malformed']);
  });

  it('more browsers than a person has are not let in', async () => {
    for (let count = 0; count < 8; count += 1) {
      const socket = knock();
      socket.write(hello());
      await new Promise((resolve) => socket.once('data', resolve));
    }
    await closed(knock());
    expect(turnedAway).toContain('too-many');
  });

  it('whatever bytes come after the hello, Kilt answers in order or hangs up, and lives on', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 300 }), async (bytes) => {
        const socket = knock();
        socket.write(hello());
        await new Promise((resolve) => socket.once('data', resolve));
        const over = closed(socket);
        socket.end(bytes);
        socket.resume();
        await over;
      }),
      { numRuns: 60 },
    );
    expect(asked).toEqual([]);
    expect(await newCaller(folder).ask(bank, 'status')).toMatchObject({ kind: 'answer' });
  });

  it('a page that only asks whether Kilt is there does not start it; one that asks for more does', async () => {
    await server.stop();
    const caller = newCaller(folder, { patience: 500, startKilt: () => void server.start() });
    expect(await caller.ask(bank, 'status')).toMatchObject({ reason: 'kilt-off' });
    expect(caller.starts).toBe(0);
    expect(await caller.ask(bank, 'connect')).toMatchObject({ kind: 'answer' });
    expect(caller.starts).toBe(1);
  });

  it('a Kilt that does not come is told of, and not waited for without end', async () => {
    await server.stop();
    const caller = newCaller(folder, { patience: 500 });
    expect(await caller.ask(bank, 'connect')).toMatchObject({ kind: 'failure', reason: 'kilt-off' });
  });

  it('when Kilt ends, the host ends, and the browser knows', async () => {
    const caller = newCaller(folder);
    await caller.ask(bank, 'status');
    await server.stop();
    expect(await caller.ended).toBe('kilt-closed');
  });
});

describe('frames', () => {
  it('come out as they went in, however the stream was cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.dictionary(fc.string(), fc.jsonValue()), { minLength: 1, maxLength: 5 }),
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 }),
        (messages, cuts) => {
          const stream = Buffer.concat(messages.map((message) => frameOf(message, large)));
          const reader = new FrameReader(large);
          const bodies: Buffer[] = [];
          for (let at = 0, turn = 0; at < stream.length; turn += 1) {
            const length = cuts[turn % cuts.length]!;
            bodies.push(...reader.add(stream.subarray(at, at + length)));
            at += length;
          }
          expect(bodies.map(messageIn)).toEqual(
            messages.map((message) => JSON.parse(JSON.stringify(message))),
          );
        },
      ),
    );
  });

  it('of no length, and bodies that are not JSON, are errors', () => {
    expect(() => new FrameReader(10).add(Buffer.alloc(4))).toThrow(FrameError);
    for (const body of ['', '{', '\u0000', 'undefined'])
      expect(() => messageIn(Buffer.from(body))).toThrow(FrameError);
    expect(() => messageIn(Buffer.from([0x22, 0xff, 0x22]))).toThrow(FrameError);
  });
});
