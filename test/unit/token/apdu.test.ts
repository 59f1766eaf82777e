import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concatBytes, fromHex, toHex } from '#shared/bytes.ts';
import {
  decodeResponse,
  encodeCommand,
  type ApduChannel,
  type CommandApdu,
  type ResponseApdu,
} from '#main/token/apdu.ts';
import { ApduTrace } from '#main/token/apdu-trace.ts';
import { familyOf, isWholeAtr, offersOnlyT0, tokenFamilies } from '#main/token/atr.ts';
import { openCardChannel } from '#main/token/card-channel.ts';
import { chainOf, withCommandChaining } from '#main/token/command-chaining.ts';
import { withExactLength, withGetResponse } from '#main/token/response-collection.ts';
import { scriptedCard } from './apdu-script.ts';

const byte = fc.integer({ min: 0, max: 255 });
const command = fc.record(
  {
    cla: fc.constantFrom(0x00, 0x80),
    ins: byte,
    p1: byte,
    p2: byte,
    data: fc.uint8Array({ minLength: 1, maxLength: 1200 }),
    le: fc.integer({ min: 1, max: 256 }),
  },
  { requiredKeys: ['cla', 'ins', 'p1', 'p2'] },
) as fc.Arbitrary<CommandApdu>;

/** A channel that answers with what `answer` says and remembers what it was asked. */
function channelThat(answer: (command: CommandApdu, index: number) => ResponseApdu): {
  channel: ApduChannel;
  sent: CommandApdu[];
} {
  const sent: CommandApdu[] = [];
  return { sent, channel: { send: async (asked) => answer(asked, sent.push(asked) - 1) } };
}
const ok = (data: Uint8Array = new Uint8Array()): ResponseApdu => ({ data, statusWord: 0x9000 });

describe('short APDUs', () => {
  it.each([
    ['case 1, no data either way', { cla: 0x80, ins: 0x40, p1: 0, p2: 0 }, '80400000'],
    ['case 2, 256 bytes wanted', { cla: 0, ins: 0xb0, p1: 1, p2: 0, le: 256 }, '00b0010000'],
    ['case 3, data only', { cla: 0, ins: 0xd6, p1: 0, p2: 5, data: fromHex('0102') }, '00d60005020102'],
    [
      'case 4, data both ways',
      { cla: 0, ins: 0xa4, p1: 8, p2: 0, data: fromHex('5000'), le: 256 },
      '00a4080002500000',
    ],
  ])('%s', (_name, given, bytes) => expect(toHex(encodeCommand(given))).toBe(bytes));

  it('refuses data and lengths that do not fit instead of cutting them', () => {
    const header = { cla: 0, ins: 0, p1: 0, p2: 0 };
    expect(() => encodeCommand({ ...header, data: new Uint8Array(256) })).toThrow(RangeError);
    expect(() => encodeCommand({ ...header, le: 257 })).toThrow(RangeError);
    expect(() => encodeCommand({ ...header, le: 0 })).toThrow(RangeError);
  });

  it('takes any bytes for a response or says that the answer was unexpected', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        if (bytes.length < 2) {
          expect(() => decodeResponse(bytes)).toThrow(
            expect.objectContaining({ id: 'token-answer-unexpected' }),
          );
        } else {
          const { data, statusWord } = decodeResponse(bytes);
          expect(concatBytes(data, Uint8Array.of(statusWord >> 8, statusWord & 255))).toEqual(bytes);
        }
      }),
    );
  });
});

describe('command chaining', () => {
  it('carries any data in chunks of at most 255 bytes, all but the last marked', () => {
    fc.assert(
      fc.property(command, (given) => {
        const chain = chainOf(given);
        const data = concatBytes(...chain.map((link) => link.data ?? new Uint8Array()));
        expect(data).toEqual(given.data ?? new Uint8Array());
        chain.forEach((link, i) => {
          const isLast = i === chain.length - 1;
          expect(link.cla).toBe(isLast ? given.cla : given.cla | 0x10);
          expect(link.le).toBe(isLast ? given.le : undefined);
          expect(() => encodeCommand(link)).not.toThrow();
          if (!isLast) expect(link.data).toHaveLength(255);
        });
      }),
    );
  });

  it('stops at the first chunk that the card refuses', async () => {
    const { channel, sent } = channelThat((_asked, i) => (i === 1 ? { ...ok(), statusWord: 0x6982 } : ok()));
    const response = await withCommandChaining(channel).send({
      cla: 0,
      ins: 0x2a,
      p1: 0x9e,
      p2: 0x9a,
      data: new Uint8Array(1000),
    });
    expect(response.statusWord).toBe(0x6982);
    expect(sent).toHaveLength(2);
  });
});

describe('GET RESPONSE', () => {
  it('puts an answer together however the card cuts it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ minLength: 1, maxLength: 256 }), { minLength: 1 }),
        async (parts) => {
          const { channel, sent } = channelThat((_asked, i) => {
            const waiting = parts[i + 1]?.length;
            return {
              data: parts[i] ?? new Uint8Array(),
              statusWord: waiting === undefined ? 0x9000 : 0x6100 | (waiting & 0xff),
            };
          });
          const response = await withGetResponse(channel).send({
            cla: 0,
            ins: 0x46,
            p1: 0x80,
            p2: 1,
            le: 256,
          });
          expect(response).toEqual(ok(concatBytes(...parts)));
          expect(sent.slice(1).map(({ ins, le }) => [ins, le])).toEqual(
            parts.slice(1).map((part) => [0xc0, part.length]),
          );
        },
      ),
    );
  });

  it('does not go on for ever with a card that announces bytes and gives none', async () => {
    const { channel } = channelThat(() => ({ data: new Uint8Array(), statusWord: 0x6110 }));
    await expect(
      withGetResponse(channel).send({ cla: 0, ins: 0xb0, p1: 0, p2: 0, le: 16 }),
    ).rejects.toMatchObject({
      id: 'token-answer-unexpected',
    });
  });
});

describe('exact length', () => {
  it('asks once more with the length that the card names', async () => {
    const { channel, sent } = channelThat((_asked, i) => (i === 0 ? { ...ok(), statusWord: 0x6c08 } : ok()));
    await withExactLength(channel).send({ cla: 0, ins: 0xca, p1: 1, p2: 0x81, le: 256 });
    expect(sent.map(({ le }) => le)).toEqual([256, 8]);
  });

  it('asks only once more', async () => {
    const { channel, sent } = channelThat(() => ({ ...ok(), statusWord: 0x6c08 }));
    const response = await withExactLength(channel).send({ cla: 0, ins: 0xca, p1: 1, p2: 0x81, le: 256 });
    expect(response.statusWord).toBe(0x6c08);
    expect(sent).toHaveLength(2);
  });

  it('never repeats a command that wants nothing back, such as VERIFY', async () => {
    const { channel, sent } = channelThat(() => ({ ...ok(), statusWord: 0x6c08 }));
    await withExactLength(channel).send({ cla: 0, ins: 0x20, p1: 0, p2: 2, data: fromHex('31323334') });
    expect(sent).toHaveLength(1);
  });
});

describe('all processors over a transport', () => {
  it('sign 256 bytes on a T=1 token: two chunks, answer at once', async () => {
    const block = '6e'.repeat(256);
    const card = scriptedCard([
      [`10 2A 9E 9A FF ${'6e'.repeat(255)}`, '9000'], // first chunk
      ['00 2A 9E 9A 01 6e 00', `${'01'.repeat(256)} 9000`], // last chunk: 256 bytes wanted
    ]);
    const response = await openCardChannel(card, new ApduTrace()).send({
      cla: 0,
      ins: 0x2a,
      p1: 0x9e,
      p2: 0x9a,
      data: fromHex(block),
      le: 256,
    });
    expect(response.data).toHaveLength(256);
    card.expectNoneLeftOver();
  });

  it('leave Le out for a T=0 card and fetch its answer', async () => {
    const card = scriptedCard(
      [
        ['00 A4 00 00 02 3F00', '61 04'], // no Le on T=0
        ['00 C0 00 00 04', '6F 02 82 00 9000'],
        ['00 CA 01 81 00', '01020304 9000'], // case 2 keeps Le
      ],
      '3B 98 96 00 4B 41 5A 54 4F 4B 45 4E',
    );
    const channel = openCardChannel(card, new ApduTrace());
    const selected = await channel.send({ cla: 0, ins: 0xa4, p1: 0, p2: 0, data: fromHex('3F00'), le: 256 });
    expect(toHex(selected.data)).toBe('6f028200');
    await channel.send({ cla: 0, ins: 0xca, p1: 1, p2: 0x81, le: 256 });
    card.expectNoneLeftOver();
  });
});

describe('answers to reset', () => {
  it.each([
    ['3B88014B415A544F4B454E82', 'KAZTOKEN', false],
    ['3B9896004B415A544F4B454E', 'KAZTOKEN SC', true],
    ['3B9811004B415A544F4B454E', 'KAZTOKEN SC', true],
    ['3B8B015275746F6B656E20454350A0', 'Rutoken ECP', false],
    ['3B8B015275746F6B656E20445320C1', 'Rutoken ECP', false],
    ['3B9C960052 75746F6B656E4543507363', 'Rutoken ECP SC', true],
    ['3B8B015275746F6B656E6C697465C2', undefined, false], // Rutoken Lite can not sign
    ['3B00', undefined, true],
    ['', undefined, true],
  ])('%s is %s', (atr, model, onlyT0) => {
    expect(familyOf(fromHex(atr))?.model).toBe(model);
    expect(offersOnlyT0(fromHex(atr))).toBe(onlyT0);
  });

  it.each(tokenFamilies.map(({ model, atr }) => [model, atr] as const))(
    '%s: is whole as it is, and not with a byte more or less',
    (_, atr) => {
      expect(isWholeAtr(atr)).toBe(true);
      expect(isWholeAtr(atr.slice(0, -1))).toBe(false);
      expect(isWholeAtr(Uint8Array.of(...atr, 0))).toBe(false);
    },
  );

  it('are not whole when there is nothing', () => {
    expect(isWholeAtr(new Uint8Array())).toBe(false);
    expect(isWholeAtr(Uint8Array.of(0x3b))).toBe(false);
  });

  it('are read whatever they hold', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 40 }),
        (atr) => typeof offersOnlyT0(atr) === 'boolean' && typeof isWholeAtr(atr) === 'boolean',
      ),
    );
  });
});
