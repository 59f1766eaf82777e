import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { createInterface } from 'node:readline';

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { controlCommand } from '#test/virtual-token/command-line/control-command.ts';
import { controlExamples, examples } from '#test/virtual-token/command-line/control-examples.ts';
import { controlRequest } from '#test/virtual-token/control-requests.ts';

const unbroken = {
  ok: true,
  present: true,
  serial: '3A5B7C1D',
  reader: { address: '127.0.0.1:35963', connected: true, gone: false },
  armed: [{ id: 4, text: 'answers SELECT 20 ms late, next time' }],
};

let token: Server;
let received: unknown[];
let answer: unknown;
let printed: string[];

beforeEach(async () => {
  received = [];
  answer = unbroken;
  printed = [];
  vi.spyOn(console, 'log').mockImplementation((line: string) => printed.push(line));
  token = createServer((socket) => {
    createInterface({ input: socket }).on('line', (line) => {
      received.push(JSON.parse(line));
      socket.write(`${JSON.stringify(answer)}\n`);
    });
  });
  token.listen(0, '127.0.0.1');
  await once(token, 'listening');
});
afterEach(() => {
  vi.restoreAllMocks();
  token.close();
  process.exitCode = 0;
});

const portOf = (server: Server): number => (server.address() as AddressInfo).port;
const control = async (...words: string[]): Promise<void> => controlAt(portOf(token), ...words);
const controlAt = async (port: number, ...words: string[]): Promise<void> => {
  await controlCommand().parseAsync(['--port', String(port), ...words], { from: 'user' });
};

describe('the control command', () => {
  it.each(examples)('%s says %s', async (words, json) => {
    await control(...words.split(' '));
    expect(received.map((request) => controlRequest.parse(request))).toEqual([
      controlRequest.parse(JSON.parse(json)),
    ]);
  });

  it('has an example of every deed', () => {
    const deeds = controlRequest.options.map(({ shape }) => shape.do.value);
    const shown = examples.map(([, json]) => controlRequest.parse(JSON.parse(json)).do);
    expect([...new Set(shown)].sort()).toEqual([...new Set(deeds)].sort());
    for (const [words] of examples) expect(controlExamples()).toContain(words);
  });

  it('orders a new token as it was told, and leaves the rest to the profile', () => {
    const card = { profile: 'registered', label: 'Desk' };
    expect(controlRequest.parse({ do: 'new', card })).toEqual({ do: 'new', card });
    const wrong = controlRequest.safeParse({ do: 'new', card: { profile: 'golden', serial: 'xyz' } });
    expect(wrong.error?.issues.map(({ path }) => path.join('.'))).toEqual(['card.profile', 'card.serial']);
  });

  it('passes JSON on as it is, and prints the answer as it came', async () => {
    await control('{"do":"remove","when":"after","command":"SIGN"}');
    expect(received).toEqual([{ do: 'remove', when: 'after', command: 'SIGN' }]);
    expect(printed).toEqual([JSON.stringify(unbroken)]);
  });

  it('tells people where the token is and what is armed', async () => {
    await control('status');
    expect(printed).toEqual([
      'token 3A5B7C1D is in the reader at 127.0.0.1:35963\n  4  answers SELECT 20 ms late, next time',
    ]);
    answer = { ...unbroken, present: false, armed: [] };
    await control('remove');
    expect(printed.at(-1)).toBe('token 3A5B7C1D is out of the reader');
  });

  it('ends with 1 and the reason when the token refuses', async () => {
    answer = { ok: false, error: '/tmp/other.json holds a token already' };
    await control('new', 'blank', '--state', '/tmp/other.json');
    expect(printed).toEqual(['/tmp/other.json holds a token already']);
    expect(process.exitCode).toBe(1);
  });

  it('says where it looked when no token listens', async () => {
    const port = portOf(token);
    token.close();
    await expect(controlAt(port, 'status')).rejects.toThrow('no token listens on 127.0.0.1:');
  });
});
