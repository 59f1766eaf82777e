import { describe, expect, it } from 'vitest';

import { toHex } from '#shared/bytes.ts';

import {
  createRsaPair,
  Dialogue,
  generate,
  loginUser,
  selectMasterFile,
  selectPrivateKey,
  signWith,
} from './dialogue.ts';

describe('a command that the token does not know', () => {
  it.each([
    ['another class', '90 A4 00 00 00', '6E00'],
    ['another instruction', '00 CB 3F FF 03 5C 01 7E', '6D00'],
    ['the proprietary class with a common instruction', '80 A4 00 00 00', '6D00'],
    ['three bytes', '00 A4 00', '6700'],
    ['an extended length', '00 A4 00 00 00 00 02 3F 00', '6700'],
    ['a length that does not match', '00 A4 00 00 03 3F 00', '6700'],
    ['a byte too many', '00 A4 00 00 02 3F 00 00 00', '6700'],
  ])('is refused: %s', async (_what, command, sw) => {
    expect(await Dialogue.with().sw(command)).toBe(sw);
  });
});

describe('command chaining', () => {
  const ready = async (): Promise<Dialogue> => {
    const token = Dialogue.with();
    await token.ok(loginUser, ...createRsaPair(1, 1024), generate(1), selectPrivateKey(1), signWith(1));
    return token;
  };
  const half = (cla: string, first: string): string => `${cla} 2A 9E 9A 40 ${first}${'01'.repeat(63)}`;

  it('joins chunks of any length', async () => {
    const token = await ready();
    expect(await token.sw(half('10', '11'), `00 2A 9E 9A 40 ${'00'.repeat(64)} 00`)).toBe('9000');
  });

  it('answers 6883 to another command in between, and forgets the chunks', async () => {
    const token = await ready();
    expect(await token.sw(half('10', '11'), selectMasterFile)).toBe('6883');
    expect(await token.sw(half('00', '11'))).toBe('6700');
  });

  it('is broken by GET RESPONSE too', async () => {
    const token = await ready();
    expect(await token.sw(half('10', '11'), '00 C0 00 00 00')).toBe('6883');
    expect(await token.sw(half('00', '11'))).toBe('6700');
  });

  it('is for signing, deciphering and writing values only', async () => {
    expect(await Dialogue.with().sw('10 A4 08 00 02 10 00')).toBe('6884');
  });

  it('ends when more comes than any key takes', async () => {
    const token = await ready();
    const chunk = `10 2A 9E 9A FF ${'00'.repeat(255)}`;
    expect(await token.sw(chunk, chunk, chunk)).toBe('6700');
  });

  it('is forgotten when power goes', async () => {
    const token = await ready();
    await token.ok(half('10', '11'));
    token.card.reset();
    expect(await token.sw(selectMasterFile)).toBe('9000');
  });
});

describe('an answer', () => {
  it('waits for GET RESPONSE when the command has no Le', async () => {
    const token = Dialogue.with();
    expect(await token.sw('00 A4 00 00 02 3F 00')).toBe('611F');
    expect(await token.sw('00 C0 00 00 20')).toBe('6C1F');
    expect(await token.ok('00 C0 00 00 1F')).toHaveLength(31);
    expect(await token.sw('00 C0 00 00 1F')).toBe('6985');
  });

  it('comes at once where the setting says so', async () => {
    const token = Dialogue.with({ unverified: { answerWithoutLe: 'direct' } });
    expect(await token.ok('00 A4 00 00 02 3F 00')).toHaveLength(31);
  });

  it('comes in parts when Le is shorter', async () => {
    const token = Dialogue.with();
    const { data, sw } = await token.bytes(Buffer.from('00A40000023F000A', 'hex'));
    expect([data.length, sw]).toEqual([10, '6115']);
    expect(await token.ok('00 C0 00 00 00')).toHaveLength(21);
  });
});

describe('GET DATA', () => {
  it('gives the serial number in eight bytes, or as the settings say', async () => {
    const serial = '3A5B7C1D';
    expect(await Dialogue.with({ serial }).hex('00 CA 01 81 00')).toBe('000000003A5B7C1D');
    const four = Dialogue.with({ serial, unverified: { serialForm: 'four-bytes' } });
    expect(await four.hex('00 CA 01 81 00')).toBe('3A5B7C1D');
    const reversed = Dialogue.with({ serial, unverified: { serialForm: 'four-bytes-reversed' } });
    expect(await reversed.hex('00 CA 01 81 00')).toBe('1D7C5B3A');
  });

  it('tells type and memory', async () => {
    expect(await Dialogue.with().hex('00 CA 01 89 08')).toBe('1120' + '08011E020000');
    const rutoken = Dialogue.with({ atr: 'rutoken', memoryKilobytes: 128 });
    expect(await rutoken.hex('00 CA 01 89 08')).toBe('0120' + '10011E020000');
    expect(await Dialogue.with({ unverified: { infoAnswered: false } }).sw('00 CA 01 89 08')).toBe('6A88');
  });

  it('knows nothing else', async () => {
    expect(await Dialogue.with().sw('00 CA DF 30 05')).toBe('6A88');
    expect(await Dialogue.with().sw('00 CA 01 81 01 00 00')).toBe('6700');
  });
});

describe('GET CHALLENGE', () => {
  it('gives as many random bytes as asked for, never the same', async () => {
    const token = Dialogue.with();
    const [first, second] = [await token.ok('00 84 00 00 20'), await token.ok('00 84 00 00 20')];
    expect(first).toHaveLength(32);
    expect(toHex(first)).not.toBe(toHex(second));
    expect(await token.sw('00 84 00 00')).toBe('6700');
  });
});
