import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '#shared/bytes.ts';
import { KiltError } from '#shared/errors.ts';
import type { CommandApdu } from '#main/token/apdu.ts';
import { ApduTrace, withTrace } from '#main/token/apdu-trace.ts';
import { withCommandChaining } from '#main/token/command-chaining.ts';
import { encodeFileControl } from '#main/token/file-control.ts';
import { Kaztoken } from '#main/token/kaztoken.ts';
import { withGetResponse } from '#main/token/response-collection.ts';
import { userPinControl } from '#main/token/system-files.ts';
import { openCardChannel } from '#main/token/card-channel.ts';
import { asSecret } from '#shared/bytes.ts';
import type { CardTransport } from '#main/token/card-transport.ts';

const textOf = (trace: ApduTrace): string => JSON.stringify(trace.entries);

/** Records one exchange whose command and answer both hold `secret`. */
async function traceOf(command: Omit<CommandApdu, 'data'>, secret: Uint8Array): Promise<string> {
  const trace = new ApduTrace();
  const channel = withTrace({ send: async () => ({ data: secret, statusWord: 0x9000 }) }, trace);
  await channel.send({ ...command, data: secret });
  return textOf(trace);
}

const secretBytes = fc.uint8Array({ minLength: 6, maxLength: 60 });

describe('a trace in a support bundle', () => {
  it.each([
    ['a PIN being verified', { cla: 0, ins: 0x20, p1: 0, p2: 2 }],
    ['a PIN being set', { cla: 0, ins: 0x24, p1: 1, p2: 2 }],
    ['a key being imported', { cla: 0, ins: 0x24, p1: 1, p2: 0 }],
    ['a later part of a key being imported', { cla: 0x10, ins: 0x24, p1: 1, p2: 0 }],
    ['deciphered data', { cla: 0, ins: 0x2a, p1: 0x80, p2: 0x86, le: 256 }],
    ['random numbers', { cla: 0, ins: 0x84, p1: 0, p2: 0, le: 32 }],
    ['a command that nobody has thought of', { cla: 0x80, ins: 0x99, p1: 0, p2: 0, le: 8 }],
  ])('shows nothing of %s, not even how long it is', async (_name, command) => {
    await fc.assert(
      fc.asyncProperty(secretBytes, async (secret) => {
        const recorded = await traceOf(command, secret);
        expect(recorded).not.toContain(toHex(secret));
        const other = await traceOf(command, fromHex('00'));
        const withoutTimes = (text: string): string => text.replace(/"(at|milliseconds)":\d+/g, '');
        expect(withoutTimes(recorded)).toBe(withoutTimes(other));
      }),
    );
  });

  it.each([
    ['is made', { cla: 0, ins: 0xe0, p1: 0, p2: 0 }],
    ['is selected', { cla: 0, ins: 0xa4, p1: 8, p2: 0, le: 256 }],
  ])('shows the file of a PIN that %s, but for how long the PIN is', async (_name, command) => {
    const file = (size: number): Uint8Array =>
      encodeFileControl(userPinControl({ length: size, minLength: 6, attempts: 5 }, 'both'));
    const withoutTimes = (text: string): string => text.replace(/"(at|milliseconds)":\d+/g, '');
    const recorded = await traceOf(command, file(13));
    expect(withoutTimes(recorded)).toBe(withoutTimes(await traceOf(command, file(27))));
    expect(recorded).toContain('8506010601550000');
  });

  it('shows nothing of deciphered data that comes with GET RESPONSE', async () => {
    const trace = new ApduTrace();
    const secret = fromHex('5ec2e75ec2e75ec2e7');
    const answers = [
      { data: new Uint8Array(), statusWord: 0x6109 },
      { data: secret, statusWord: 0x9000 },
    ];
    const channel = withGetResponse(
      withTrace(
        { send: async () => answers.shift() ?? { data: new Uint8Array(), statusWord: 0x6f00 } },
        trace,
      ),
    );
    const { data } = await channel.send({
      cla: 0,
      ins: 0x2a,
      p1: 0x80,
      p2: 0x86,
      data: fromHex('00'),
      le: 256,
    });
    expect(data).toEqual(secret);
    expect(textOf(trace)).not.toContain(toHex(secret));
  });

  it('still shows what support needs: which file was asked for, and the answer', async () => {
    const trace = new ApduTrace();
    const channel = withTrace({ send: async () => ({ data: fromHex('6f00'), statusWord: 0x6a82 }) }, trace);
    await channel.send({ cla: 0, ins: 0xa4, p1: 8, p2: 0, data: fromHex('50005031'), le: 256 });
    expect(trace.entries[0]).toMatchObject({ command: '00a40800 50005031', response: '6f00 6A82' });
  });

  it('shows a failed exchange with the reason', async () => {
    const trace = new ApduTrace();
    const channel = withTrace({ send: () => Promise.reject(new KiltError('token-removed')) }, trace);
    await expect(channel.send({ cla: 0, ins: 0xb0, p1: 0, p2: 0, le: 1 })).rejects.toThrow();
    expect(trace.entries[0]?.response).toContain('token-removed');
  });

  it('keeps the last exchanges only, and counts all', async () => {
    const trace = new ApduTrace(10);
    const channel = withCommandChaining(
      withTrace({ send: async () => ({ data: new Uint8Array(), statusWord: 0x9000 }) }, trace),
    );
    for (let p1 = 0; p1 < 25; p1 += 1) await channel.send({ cla: 0, ins: 0xb0, p1, p2: 0, le: 1 });
    expect(trace.entries).toHaveLength(10);
    expect(trace.entries.at(-1)?.command).toBe('00b01800');
    expect(trace.exchanges).toBe(25);
  });
});

it('the buffer in which a PIN went to the card is overwritten afterwards', async () => {
  const buffers: Uint8Array[] = [];
  const transport: CardTransport = {
    readerName: 'test',
    atr: fromHex('3B88014B415A544F4B454E82'),
    transmit: async (command) => {
      buffers.push(command);
      return fromHex('9000');
    },
    beginTransaction: async () => undefined,
    endTransaction: async () => undefined,
    close: async () => undefined,
  };
  const card = new Kaztoken(openCardChannel(transport, new ApduTrace()));
  await card.verify(2, asSecret(fromHex('3132333435363738')));
  await card.changeReferenceData(2, fromHex('3132333435363738'));
  expect(buffers).toHaveLength(2);
  for (const buffer of buffers) expect(buffer.every((byte) => byte === 0)).toBe(true);
});
