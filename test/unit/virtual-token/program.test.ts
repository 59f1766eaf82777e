import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { fromHex, toHex } from '#shared/bytes.ts';
import { VirtualCard } from '#test/virtual-token/card.ts';
import { VirtualTokenProgram } from '#test/virtual-token/program.ts';
import { showState, summaryOf } from '#test/virtual-token/show.ts';
import { loadState, saveState } from '#test/virtual-token/state-file.ts';
import type { TraceEntry } from '#test/virtual-token/traced-card.ts';
import { frame, FrameReader } from '#test/virtual-token/vpcd-frame.ts';

import {
  createRsaPair,
  decipherWith,
  Dialogue,
  generate,
  loginUser,
  selectPrivateKey,
  setPin,
  triesOf,
  verify,
} from './dialogue.ts';

let folder: string;
let reader: Server;
let token: VirtualTokenProgram;
let controlPort: number;
const inFolder = (name: string): string => join(folder, name);

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kilt-program-'));
  reader = createServer();
  reader.listen(0, '127.0.0.1');
  await once(reader, 'listening');
  token = new VirtualTokenProgram({
    state: inFolder('token.json'),
    card: { profile: 'default-pins', serial: '3A5B7C1D' },
    host: '127.0.0.1',
    port: (reader.address() as AddressInfo).port,
    keygenSeconds: 0,
    controlPort: 0,
    traceFile: inFolder('trace.jsonl'),
  });
});
afterEach(async () => {
  await token.stop();
  reader.close();
  rmSync(folder, { recursive: true });
});

const nextCard = async (): Promise<Socket> => {
  const [socket] = (await once(reader, 'connection')) as [Socket];
  socket.on('error', () => undefined);
  socket.write(frame(Uint8Array.of(1)));
  return socket;
};

async function start(): Promise<Socket> {
  const card = nextCard();
  const ready = await token.start();
  expect(ready).toMatchObject({ ready: true, created: true, serial: '3A5B7C1D' });
  controlPort = ready.controlPort ?? 0;
  return await card;
}

async function control(request: unknown): Promise<Record<string, unknown>> {
  const socket = connect({ host: '127.0.0.1', port: controlPort });
  socket.write(`${typeof request === 'string' ? request : JSON.stringify(request)}\n`);
  const [line] = (await once(createInterface({ input: socket }), 'line')) as [string];
  socket.destroy();
  return JSON.parse(line) as Record<string, unknown>;
}

/** A reset connection is a closed one. */
const closeOf = (socket: Socket): Promise<unknown> => new Promise((resolve) => socket.once('close', resolve));

/** The answer, or `removed` when the reader finds the slot empty instead. */
async function ask(socket: Socket, command: string): Promise<string> {
  const frames = new FrameReader();
  socket.write(frame(fromHex(command)));
  const answer = new Promise<Buffer>((resolve) => socket.once('data', resolve)).then((chunk) =>
    toHex(frames.push(chunk)[0] ?? new Uint8Array()),
  );
  return await Promise.race([answer, closeOf(socket).then(() => 'removed')]);
}

describe('the control line', () => {
  it('takes the token out and puts it back', async () => {
    const socket = await start();
    const closed = closeOf(socket);
    expect(await control({ do: 'remove' })).toMatchObject({ ok: true, present: false });
    await closed;
    const card = nextCard();
    expect(await control({ do: 'insert' })).toMatchObject({ present: true, reader: { connected: true } });
    expect(await ask(await card, '00 20 00 02')).toBe('63ca');
  });

  it('arms a removal after a command, whose effect is in the file', async () => {
    const socket = await start();
    const request = { do: 'remove', when: 'after', command: 'VERIFY' };
    expect(await control(request)).toMatchObject({ ok: true, armed: [{ ...request, nth: 1 }] });
    expect(await ask(socket, '00 20 00 02 04 31 31 31 31')).toBe('removed');
    expect(await control({ do: 'status' })).toMatchObject({ present: false, armed: [] });
    expect(readFileSync(inFolder('token.json'), 'utf8')).toContain('"attemptsLeft": 9');
  });

  it('arms a status word for one command', async () => {
    const socket = await start();
    await control({ do: 'answer', command: 'SELECT', statusWord: '6581' });
    expect(await ask(socket, '00 A4 00 00 02 3F 00 00')).toBe('6581');
    expect(await ask(socket, '00 A4 00 00 02 3F 00 00')).toMatch(/9000$/);
  });

  it('swaps the token for the one in another file', async () => {
    await start();
    saveState(
      inFolder('other.json'),
      VirtualCard.create({ profile: 'blank', serial: '00000042' }).snapshot(),
    );
    const card = nextCard();
    const answer = await control({ do: 'swap', state: inFolder('other.json') });
    expect(answer).toMatchObject({ ok: true, present: true, serial: '00000042' });
    expect(await ask(await card, '00 CA 01 81 00')).toBe('00000000000000429000');
  });

  it('makes another token beside the present one, and puts it in', async () => {
    await start();
    await control({ do: 'keygen', seconds: 7 });
    const card = nextCard();
    const answer = await control({ do: 'new', card: { profile: 'user-pin-blocked', serial: '00000043' } });
    const file = inFolder('token-00000043.json');
    expect(answer).toMatchObject({
      ok: true,
      present: true,
      serial: '00000043',
      state: file,
      keygenSeconds: 7,
    });
    expect(await ask(await card, '00 20 00 02')).toBe('6983');
    expect(token.card.minimumKeyGenerationMs, 'what was ordered of the one before').toBe(7000);
    expect(token.profile).toBe('user-pin-blocked');
    expect(summaryOf(VirtualCard.restore(loadState(file)).snapshot())).toMatchObject({ userTriesLeft: 0 });
  });

  it('never writes a new token over one that is there', async () => {
    await start();
    const order = { do: 'new', card: { profile: 'blank' }, state: inFolder('token.json') };
    expect(await control(order)).toMatchObject({
      ok: false,
      error: expect.stringContaining('already') as string,
    });
    expect(await control({ do: 'status' })).toMatchObject({ serial: '3A5B7C1D' });
  });

  it('arms faults with a number, says in words what they do, and takes one back', async () => {
    await start();
    await control({ do: 'delay', milliseconds: 20, times: 'always' });
    const armed = await control({ do: 'tear', command: 'UPDATE', nth: 2 });
    expect(armed['armed']).toMatchObject([
      { id: 1, text: 'answers any command 20 ms late, next time, and always after' },
      {
        id: 2,
        text: 'loses power in UPDATE when half is written, and leaves the reader, at the 2nd time from now',
      },
    ]);
    expect(await control({ do: 'disarm', id: 1 })).toMatchObject({ armed: [{ id: 2 }] });
    expect(await control({ do: 'disarm' })).toMatchObject({ armed: [] });
  });

  it('tears a write, and what is torn is in the file', async () => {
    const socket = await start();
    await control({ do: 'tear', command: 'CHANGE-PIN', bytes: 2 });
    expect(await ask(socket, loginUser)).toBe('9000');
    expect(await ask(socket, setPin(2, 'ABCDEFGH'))).toBe('removed');
    const card = VirtualCard.restore(loadState(inFolder('token.json')));
    card.powerOn();
    expect(toHex(await card.transmit(fromHex(verify(2, 'AB345678'))))).toBe('9000');
  });

  it('takes the reader away from the token, and gives it back', async () => {
    const socket = await start();
    const closed = closeOf(socket);
    const gone = await control({ do: 'reader', is: 'gone' });
    expect(gone).toMatchObject({ ok: true, present: true, reader: { gone: true, connected: false } });
    await closed;
    const card = nextCard();
    expect(await control({ do: 'reader', is: 'back' })).toMatchObject({ reader: { gone: false } });
    expect(await ask(await card, '00 20 00 02')).toBe('63ca');
  });

  it('makes keys slow, and a removal ends the wait', async () => {
    const socket = await start();
    await control({ do: 'keygen', seconds: 600 });
    for (const command of [loginUser, ...createRsaPair(1, 1024)])
      expect(await ask(socket, command)).toBe('9000');
    const making = ask(socket, generate(1));
    await control({ do: 'remove' });
    expect(await making).toBe('removed');
    expect(
      summaryOf(VirtualCard.restore(JSON.parse(readFileSync(inFolder('token.json'), 'utf8'))).snapshot())
        .keys,
    ).toEqual([]);
  });

  it.each([
    ['no JSON', 'remove it'],
    ['an unknown deed', { do: 'explode' }],
    ['an unknown command name', { do: 'remove', when: 'after', command: 'FLY' }],
    ['a status word of three digits', { do: 'answer', statusWord: '900' }],
    ['a file that is not there', { do: 'swap', state: '/nowhere/token.json' }],
  ])('answers %s with an error and goes on', async (_what, request) => {
    await start();
    expect(await control(request)).toMatchObject({ ok: false, error: expect.stringMatching(/./) as string });
    expect(await control({ do: 'status' })).toMatchObject({ ok: true, present: true, armed: [] });
  });
});

describe('the trace', () => {
  it('tells commands by name and shows no PIN, no key and nothing deciphered', async () => {
    const socket = await start();
    const commands = [
      loginUser,
      '00 24 01 02 0E 80 02 00 08 A5 08 39 38 37 36 35 34 33 32',
      ...createRsaPair(1, 1024),
    ];
    for (const command of commands) expect(await ask(socket, command)).toBe('9000');
    await ask(socket, generate(1));
    await ask(socket, selectPrivateKey(1));
    await ask(socket, decipherWith(1));
    const plain = await ask(socket, `00 2A 80 86 80 ${'01'.repeat(127)}00 00`);
    expect(plain).toHaveLength(260);
    // Malformed, but its data is a PIN all the same.
    await ask(socket, '00 20 00 02 09 31 32 33 34 35 36 37 38');
    const trace = readFileSync(inFolder('trace.jsonl'), 'utf8');
    expect(trace).toContain('"text":"VERIFY user"');
    expect(trace).toContain('"text":"CREATE special file 0001, 328 bytes"');
    expect(trace).toContain('"text":"SELECT 1000/1000/6002/0001"');
    for (const secret of ['3132333435363738', '3938373635343332', plain.slice(0, 32)])
      expect(trace.toLowerCase()).not.toContain(secret);
  });
});

describe('the trace of a fault', () => {
  it('names it before the exchange it spoils, and says what the status word means', async () => {
    const socket = await start();
    await control({ do: 'answer', command: 'PIN-STATUS', statusWord: '6983' });
    await ask(socket, triesOf(2));
    expect(traceOf().slice(-2)).toMatchObject([
      { event: 'fault', text: 'answers 6983 instead of PIN-STATUS' },
      { event: 'exchange', name: 'PIN-STATUS', text: 'PIN-STATUS user', meaning: 'blocked: no tries left' },
    ]);
  });

  it('shows the command that was never answered, and that the token left', async () => {
    const socket = await start();
    await control({ do: 'remove', when: 'before', command: 'VERIFY' });
    expect(await ask(socket, loginUser)).toBe('removed');
    const events = traceOf().map((entry) =>
      'text' in entry ? `${entry.event}: ${entry.text}` : entry.event,
    );
    expect(events).toContain('fault: leaves the reader before VERIFY');
    expect(events).toContain('removed');
    expect(events).toContain('no-answer: VERIFY user');
  });
});

const traceOf = (): TraceEntry[] =>
  readFileSync(inFolder('trace.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as TraceEntry);

describe('show', () => {
  it('prints files, rights and tries, and no PIN or private key', async () => {
    const dialogue = Dialogue.with({ serial: '3A5B7C1D', userPin: 'SeCrEt-PiN' });
    const login = `00 20 00 02 0A ${toHex(new TextEncoder().encode('SeCrEt-PiN'))}`;
    await dialogue.ok(login, ...createRsaPair(1, 1024), generate(1));
    const state = dialogue.card.snapshot();
    const text = showState(state);
    expect(text).toContain('serial 3A5B7C1D (979074077)');
    expect(text).toMatch(/0002 user PIN +10 of 10 tries left +unblock: administrator, change: either/);
    expect(text).toMatch(/0001 +rsa-private, 328 bytes +write: user, use: user/);
    expect(text + JSON.stringify(summaryOf(state))).not.toContain('SeCrEt-PiN');
    expect(summaryOf(state)).toMatchObject({ userTriesLeft: 10, administratorTriesLeft: 10, keys: [1] });
  });
});
