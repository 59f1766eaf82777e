import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { fromHex, toHex } from '#shared/bytes.ts';
import { VirtualCard } from '#test/virtual-token/card.ts';
import { loadState, saveState, StoredCard } from '#test/virtual-token/state-file.ts';
import { frame, FrameReader } from '#test/virtual-token/vpcd-frame.ts';

import { createFile, loginUser, verify } from './dialogue.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kilt-token-'));
  path = join(folder, 'token.json');
});
afterEach(() => rmSync(folder, { recursive: true }));

const newCard = () => VirtualCard.create({ profile: 'default-pins' });

describe('the state file', () => {
  it('gives the same card back', () => {
    const card = newCard();
    saveState(path, card.snapshot());
    expect(VirtualCard.restore(loadState(path)).snapshot()).toEqual(card.snapshot());
  });

  it('is readable by its owner only and leaves nothing else behind', () => {
    saveState(path, newCard().snapshot());
    expect(readdirSync(folder)).toEqual(['token.json']);
    if (process.platform !== 'win32') expect(statSync(path).mode & 0o077).toBe(0);
  });

  it('of another version is refused by name', () => {
    expect(() => VirtualCard.restore({ ...newCard().snapshot(), version: 2 })).toThrow('version 2');
  });

  it.each([
    ['nothing', {}],
    ['a damaged tree', { ...newCard().snapshot(), root: { type: 'folder' } }],
    ['bytes that are no base64', { ...newCard().snapshot(), serial: '??' }],
  ])('with %s is refused', (_what, state) => {
    expect(() => VirtualCard.restore(state)).toThrow();
  });

  it('that can not be written keeps the old state', () => {
    saveState(path, newCard().snapshot());
    const before = readFileSync(path, 'utf8');
    const unwritable = {
      ...newCard().snapshot(),
      toJSON: () => {
        throw new Error('no space');
      },
    };
    expect(() => saveState(path, unwritable)).toThrow('no space');
    expect(readFileSync(path, 'utf8')).toBe(before);
    expect(readdirSync(folder)).toEqual(['token.json']);
  });
});

describe('a stored card', () => {
  it('has written the change before it answers', async () => {
    const stored = StoredCard.save(newCard(), path);
    stored.powerOn();
    await stored.transmit(fromHex(verify(2, 'wrong-pin')));
    expect(loadState(path)).toEqual(stored.card.snapshot());
    await stored.transmit(fromHex(loginUser));
    await stored.transmit(fromHex(createFile('38', 0x5000, 0, '43 00 00 00 00 00 00 02')));
    expect(loadState(path)).toEqual(stored.card.snapshot());
  });

  it('writes nothing when nothing changed', async () => {
    const stored = StoredCard.save(newCard(), path);
    stored.powerOn();
    rmSync(path);
    await stored.transmit(fromHex(loginUser));
    await stored.transmit(fromHex('00 A4 00 00 02 3F 00 00'));
    expect(existsSync(path)).toBe(false);
  });
});

describe('the program', () => {
  it('killed with -9 right after an answer comes back with all it had answered for', async () => {
    const reader = createServer();
    reader.listen(0, '127.0.0.1');
    await once(reader, 'listening');
    const { port } = reader.address() as AddressInfo;
    const plug = () => {
      const args = [
        '--import',
        'tsx',
        'test/virtual-token/main.ts',
        'start',
        '--state',
        path,
        '--port',
        `${port}`,
      ];
      return spawn(process.execPath, args, { stdio: 'ignore' });
    };
    const connected = async (): Promise<Socket> => ((await once(reader, 'connection')) as [Socket])[0];
    const exchange = async (socket: Socket, ...commands: string[]): Promise<string[]> => {
      const frames = new FrameReader();
      const answers: string[] = [];
      for (const command of commands) {
        socket.write(frame(fromHex(command)));
        for (let before = answers.length; answers.length === before;) {
          const [chunk] = (await once(socket, 'data')) as [Buffer];
          answers.push(...frames.push(chunk).map(toHex));
        }
      }
      return answers;
    };

    const first = plug();
    const socket = await connected();
    socket.on('error', () => undefined);
    socket.write(frame(Uint8Array.of(1)));
    const file = createFile('01', 0x0e00, 8, '43 00 00 00 00 00 00 02');
    const content = ['00 A4 08 00 02 0E 00 00', '00 D6 00 00 03 C0 FF EE'];
    const answers = await exchange(socket, verify(1, 'wrong-pin'), loginUser, file, ...content);
    first.kill('SIGKILL');
    expect(answers.at(-1)).toBe('9000');

    const second = plug();
    const again = await connected();
    again.write(frame(Uint8Array.of(1)));
    const [tries, , read] = await exchange(again, '00 20 00 01', content[0] ?? '', '00 B0 00 00 03');
    expect([tries, read]).toEqual(['63c9', 'c0ffee9000']);
    const ended = once(second, 'exit');
    second.kill('SIGTERM');
    await ended;
    reader.close();
    if (second.exitCode !== 0) throw new Error(`ended with ${second.exitCode}`);
  });
});

it('a file written half is not mistaken for a token', () => {
  writeFileSync(path, JSON.stringify(newCard().snapshot()).slice(0, 500));
  expect(() => VirtualCard.restore(loadState(path))).toThrow();
});
