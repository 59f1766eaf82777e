import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';

import { concatBytes, fromHex, toHex } from '#shared/bytes.ts';
import { VirtualCard } from '#test/virtual-token/card.ts';
import { VpcdClient } from '#test/virtual-token/vpcd-client.ts';
import { frame, FrameReader } from '#test/virtual-token/vpcd-frame.ts';

import { createRsaPair, generate, loginUser } from './dialogue.ts';

const POWER_OFF = Uint8Array.of(0);
const POWER_ON = Uint8Array.of(1);
const RESET = Uint8Array.of(2);
const GET_ATR = Uint8Array.of(4);
const KAZTOKEN_ATR = '3b88014b415a544f4b454e82';

/** The reader's end of the wire. */
class Reader {
  readonly server: Server;
  #socket: Socket | undefined;

  private constructor(server: Server) {
    this.server = server;
  }

  static async listen(port = 0): Promise<Reader> {
    const server = createServer();
    server.listen({ port, host: '127.0.0.1' });
    await once(server, 'listening');
    return new Reader(server);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async card(): Promise<Socket> {
    const [socket] = (await once(this.server, 'connection')) as [Socket];
    socket.on('error', () => undefined);
    this.#socket = socket;
    return socket;
  }

  async close(): Promise<void> {
    this.#socket?.destroy();
    this.server.close();
    await once(this.server, 'close');
  }
}

/** Sends messages; gives as many answers as there are. */
async function ask(socket: Socket, answers: number, ...messages: Uint8Array[]): Promise<string[]> {
  const reader = new FrameReader();
  const received: string[] = [];
  const complete = new Promise<void>((resolve) => {
    const listen = (chunk: Buffer): void => {
      received.push(...reader.push(chunk).map(toHex));
      if (received.length < answers) return;
      socket.off('data', listen);
      resolve();
    };
    socket.on('data', listen);
  });
  for (const message of messages) socket.write(frame(message));
  await complete;
  return received;
}

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function plugged(card = VirtualCard.create({ profile: 'default-pins' })) {
  const reader = await Reader.listen();
  const client = new VpcdClient({ port: reader.port });
  closing.push(
    () => reader.close(),
    () => client.stop(),
  );
  const [socket] = await Promise.all([reader.card(), client.insert(card)]);
  return { reader, client, socket, card };
}

describe('on vpcd’s wire', () => {
  it('the card answers ATR requests and commands, and stays silent on power and reset', async () => {
    const { socket } = await plugged();
    const answers = await ask(
      socket,
      3,
      ...[POWER_ON, GET_ATR, fromHex('00 A4 00 00 02 10 00 00'), RESET, POWER_OFF, GET_ATR],
    );
    expect(answers).toEqual([KAZTOKEN_ATR, '6a82', KAZTOKEN_ATR]);
  });

  it('power off forgets the login', async () => {
    const { socket } = await plugged();
    const login = fromHex(loginUser);
    expect(await ask(socket, 2, POWER_ON, login, login)).toEqual(['9000', '6f86']);
    expect(await ask(socket, 1, POWER_OFF, POWER_ON, login)).toEqual(['9000']);
    expect(await ask(socket, 1, RESET, login)).toEqual(['9000']);
  });

  it('messages may come in any pieces', async () => {
    const messages = fc.array(fc.uint8Array({ minLength: 1, maxLength: 300 }), { maxLength: 8 });
    const cuts = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 });
    fc.assert(
      fc.property(messages, cuts, (sent, sizes) => {
        const stream = concatBytes(...sent.map(frame));
        const reader = new FrameReader();
        const received: Uint8Array[] = [];
        for (let at = 0, i = 0; at < stream.length; i++) {
          const size = sizes[i % sizes.length] ?? 1;
          received.push(...reader.push(stream.subarray(at, at + size)));
          at += size;
        }
        expect(received.map(toHex)).toEqual(sent.map(toHex));
      }),
    );
  });

  it('a card inserted before the reader starts appears once it has started, and comes back after it', async () => {
    const first = await Reader.listen();
    const { port } = first;
    await first.close();
    const client = new VpcdClient({ port });
    closing.push(() => client.stop());
    await client.insert(VirtualCard.create({ profile: 'default-pins' }));
    for (let i = 0; i < 2; i++) {
      const reader = await Reader.listen(port);
      expect(await ask(await reader.card(), 1, GET_ATR)).toEqual([KAZTOKEN_ATR]);
      await reader.close();
    }
  });

  it('inserting is done when the card is in, or nobody listens yet', async () => {
    const seen: boolean[] = [];
    const reader = await Reader.listen();
    const { port } = reader;
    const client = new VpcdClient({ port, onConnection: (connected) => seen.push(connected) });
    closing.push(() => client.stop());
    await client.insert(VirtualCard.create({ profile: 'default-pins' }));
    expect(seen).toEqual([true]);
    await client.eject();
    await reader.close();
    await client.insert(VirtualCard.create({ profile: 'default-pins' }));
    expect(seen).toEqual([true, false]);
  });

  it('ejecting closes the connection, even while a key is being made', async () => {
    const card = VirtualCard.create({ profile: 'default-pins' }, { minimumKeyGenerationMs: 600_000 });
    const { socket, client } = await plugged(card);
    const commands = [loginUser, ...createRsaPair(1, 1024)].map(fromHex);
    await ask(socket, 3, POWER_ON, ...commands);
    socket.write(frame(fromHex(generate(1))));
    const closed = new Promise((resolve) => socket.once('close', resolve));
    await client.eject();
    await closed;
    expect(card.powered).toBe(false);
  });
});
