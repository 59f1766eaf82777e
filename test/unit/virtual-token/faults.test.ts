import { generateKeyPairSync } from 'node:crypto';

import { describe, expect, it, vi } from 'vitest';

import { fromHex, toHex } from '#shared/bytes.ts';
import { VirtualCard } from '#test/virtual-token/card.ts';
import type { EmulatedCard } from '#test/virtual-token/emulated-card.ts';
import type { FaultOrder } from '#test/virtual-token/fault-schemas.ts';
import { FaultyCard } from '#test/virtual-token/faults.ts';
import { keyFileValues } from '#test/virtual-token/rsa-key.ts';

import { eventually } from '#test/support/eventually.ts';
import {
  createFile,
  createRsaPrivate,
  loginUser,
  selectPath,
  selectPrivateKey,
  setPin,
  signWith,
  triesOf,
  verify,
  writeValue,
} from './dialogue.ts';

const folder = createFile('38', 0x5000, 0, '43 00 00 00 00 00 00 02');

function withFault(...faults: FaultOrder[]) {
  const card = VirtualCard.create({ profile: 'default-pins' });
  const faulty = new FaultyCard(card);
  for (const fault of faults) faulty.arm(fault);
  faulty.powerOn();
  const send = async (command: string): Promise<string> => toHex(await faulty.transmit(fromHex(command)));
  return { card, faulty, send };
}

type File = NonNullable<ReturnType<VirtualCard['snapshot']>['root']>['children'][number];
const everythingIn = (file: File): File[] =>
  file.type === 'folder' ? [file, ...file.children.flatMap(everythingIn)] : [file];

const hasFolder = async (card: VirtualCard): Promise<boolean> => {
  card.powerOn();
  return toHex((await card.transmit(fromHex(selectPath(0x5000)))).slice(-2)) === '9000';
};

describe('a token pulled', () => {
  it('before a named command leaves the command without effect', async () => {
    const { card, faulty, send } = withFault({ do: 'remove', when: 'before', command: 'CREATE' });
    await send(loginUser);
    await expect(send(folder)).rejects.toThrow('removed');
    expect(faulty.present).toBe(false);
    expect(await hasFolder(card)).toBe(false);
  });

  it('after a named command leaves its effect and takes its answer away', async () => {
    const { card, send } = withFault({ do: 'remove', when: 'after', command: 'CREATE' });
    await send(loginUser);
    await expect(send(folder)).rejects.toThrow('removed');
    expect(await hasFolder(card)).toBe(true);
  });

  it('at the third command lets two pass', async () => {
    const { send } = withFault({ do: 'remove', when: 'before', nth: 3 });
    await send(triesOf(1));
    await send(triesOf(1));
    await expect(send(triesOf(1))).rejects.toThrow('removed');
  });

  it('at the second VERIFY counts only VERIFY', async () => {
    const { send } = withFault({ do: 'remove', when: 'before', command: 'VERIFY', nth: 2 });
    await send(loginUser);
    await send(triesOf(1));
    await expect(send(verify(1, '87654321'))).rejects.toThrow('removed');
  });

  it('and put back has forgotten the login, and works', async () => {
    const { faulty, send } = withFault();
    await send(loginUser);
    faulty.remove();
    await expect(send(folder)).rejects.toThrow('removed');
    faulty.insert();
    faulty.powerOn();
    expect(await send(folder)).toBe('6982');
  });

  it('comes back by itself after its time', async () => {
    const { faulty, send } = withFault({ do: 'remove', when: 'before', backAfter: 0.05 });
    await expect(send(triesOf(2))).rejects.toThrow('removed');
    await eventually(() => faulty.present, { what: 'the return of the token' });
    faulty.powerOn();
    expect(await send(triesOf(2))).toBe('63ca');
  });

  it('stays out when somebody pulls it again before its time', () => {
    vi.useFakeTimers();
    const { faulty } = withFault();
    faulty.remove(5);
    faulty.remove();
    vi.advanceTimersByTime(60_000);
    expect(faulty.present).toBe(false);
    vi.useRealTimers();
  });

  it('tells those who watch the reader', () => {
    const { faulty } = withFault();
    const seen: boolean[] = [];
    const end = faulty.onPresenceChange((present) => seen.push(present));
    faulty.remove();
    faulty.remove();
    faulty.insert();
    end();
    faulty.remove();
    expect(seen).toEqual([false, true]);
  });

  it('and another one put in its place is another token', async () => {
    const { faulty, send } = withFault();
    faulty.swap(VirtualCard.create({ profile: 'blank', atr: 'rutoken' }));
    faulty.powerOn();
    expect(await send(triesOf(2))).toBe('6a88');
    expect(toHex(faulty.atr)).toMatch(/^3b8b/);
  });
});

describe('an answer', () => {
  it('with a given status word comes once, instead of the command', async () => {
    const { send } = withFault({ do: 'answer', command: 'CREATE', statusWord: '6A84' });
    await send(loginUser);
    expect(await send(folder)).toBe('6a84');
    expect(await send(folder)).toBe('9000');
  });

  it('with a given status word may come after the effect', async () => {
    const { card, send } = withFault({ do: 'answer', command: 'CREATE', statusWord: '6f00', when: 'after' });
    await send(loginUser);
    expect(await send(folder)).toBe('6f00');
    expect(await hasFolder(card)).toBe(true);
  });

  it('may be late, short or garbage', async () => {
    const { send } = withFault(
      { do: 'delay', milliseconds: 120 },
      { do: 'garble', how: 'short', nth: 2 },
      { do: 'garble', how: 'garbage', command: 'SELECT' },
    );
    const start = performance.now();
    await send(triesOf(2));
    expect(performance.now() - start).toBeGreaterThan(115);
    expect(await send(triesOf(2))).toBe('63');
    const answer = await send('00 A4 00 00 02 3F 00 00');
    expect(answer).toHaveLength(66);
    expect(answer).not.toMatch(/^6f1d.*9000$/);
  });

  it('is right again after the faults are taken back', async () => {
    const { faulty, send } = withFault({ do: 'answer', statusWord: '6F00' });
    expect(faulty.armed).toHaveLength(1);
    faulty.disarm();
    expect(await send(triesOf(2))).toBe('63ca');
  });

  it('is wrong as often as was asked, then right again', async () => {
    const { send } = withFault({ do: 'answer', command: 'PIN-STATUS', statusWord: '6F00', nth: 2, times: 2 });
    const answers: string[] = [];
    for (let i = 0; i < 4; i++) answers.push(await send(triesOf(2)));
    expect(answers).toEqual(['63ca', '6f00', '6f00', '63ca']);
  });

  it('can be wrong at every exchange until that is taken back', async () => {
    const { faulty, send } = withFault({ do: 'answer', statusWord: '6F00', times: 'always' });
    for (const command of [triesOf(2), loginUser, folder]) expect(await send(command)).toBe('6f00');
    expect(faulty.armed).toMatchObject([{ do: 'answer', times: 'always' }]);
    faulty.disarm();
    expect(await send(triesOf(2))).toBe('63ca');
  });

  it('is told of before it is given', async () => {
    const { faulty, send } = withFault({ do: 'answer', statusWord: '6F00', nth: 2 });
    const struck: string[] = [];
    faulty.onStrike((fault) => struck.push(fault.do));
    await send(triesOf(2));
    expect(struck).toEqual([]);
    await send(triesOf(2));
    expect(struck).toEqual(['answer']);
  });
});

describe('faults that wait', () => {
  it('are listed with what is left of them, and can be taken back one by one', async () => {
    const { faulty, send } = withFault(
      { do: 'delay', milliseconds: 0, nth: 3 },
      { do: 'garble', how: 'short', command: 'SIGN', times: 2 },
    );
    await send(triesOf(2));
    expect(faulty.armed).toMatchObject([
      { id: 1, do: 'delay', nth: 2, times: 1 },
      { id: 2, do: 'garble', nth: 1, times: 2 },
    ]);
    faulty.disarm(1);
    expect(faulty.armed.map(({ id }) => id)).toEqual([2]);
  });
});

describe('a write that is torn by a loss of power', () => {
  const dataFile = createFile('01', 0x0401, 8, '43 00 00 00 00 00 00 00');
  const write = '00 D6 00 02 06 11 22 33 44 55 66';
  const read = '00 B0 00 00 08';

  /** A card with a file of eight zeros, selected. */
  async function withDataFile(...faults: FaultOrder[]) {
    const desk = withFault();
    for (const command of [loginUser, folder, selectPath(0x5000), dataFile, selectPath(0x5000, 0x0401)])
      await desk.send(command);
    for (const fault of faults) desk.faulty.arm(fault);
    return desk;
  }

  async function contentOf(card: VirtualCard): Promise<string> {
    card.powerOn();
    await card.transmit(fromHex(selectPath(0x5000, 0x0401)));
    return toHex(await card.transmit(fromHex(read)));
  }

  it('has written half of its bytes, and the card is out of the reader', async () => {
    const { card, faulty, send } = await withDataFile({ do: 'tear' });
    await expect(send(write)).rejects.toThrow('removed');
    expect(faulty.present).toBe(false);
    expect(await contentOf(card)).toBe('00001122330000009000');
  });

  it.each([
    [0, '0000000000000000'],
    [1, '0000110000000000'],
    [4, '0000112233440000'],
    [100, '0000112233445566'],
  ])('of which %i bytes came through leaves the rest as it was', async (bytes, content) => {
    const { card, send } = await withDataFile({ do: 'tear', bytes });
    await expect(send(write)).rejects.toThrow('removed');
    expect(await contentOf(card)).toBe(`${content}9000`);
  });

  it('can leave the card in the reader, where nobody is logged in and nothing is selected', async () => {
    const { faulty, send } = await withDataFile({ do: 'tear', then: 'stays' });
    expect(await send(write)).toBe('6f00');
    expect(faulty.present).toBe(true);
    expect(await send(read)).toBe('6986');
    expect(await send(triesOf(2))).toBe('63ca');
    expect(await send(selectPath(0x5000, 0x0401))).toMatch(/9000$/);
    expect(await send(read)).toBe('00001122330000009000');
  });

  it('waits for a write: other commands pass', async () => {
    const { send } = await withDataFile({ do: 'tear' });
    expect(await send(read)).toMatch(/9000$/);
    expect(await send(triesOf(1))).toBe('63ca');
    await expect(send(write)).rejects.toThrow('removed');
  });

  it('waits for the write it names', async () => {
    const { send } = await withDataFile({ do: 'tear', command: 'CREATE', then: 'stays' });
    expect(await send(write)).toBe('9000');
    expect(await send(createFile('01', 0x0402, 8, '43 00 00 00 00 00 00 00'))).toBe('6f00');
  });

  it('makes a file with the space it got, and no folder', async () => {
    const { send } = await withDataFile({ do: 'tear', times: 'always', then: 'stays' });
    await send(selectPath(0x5000));
    await send(createFile('01', 0x0402, 8, '43 00 00 00 00 00 00 00'));
    expect(await send(selectPath(0x5000, 0x0402))).toContain('80020004');
    await send(selectPath(0x5000));
    expect(await send(createFile('38', 0x0403, 0, '43 00 00 00 00 00 00 02'))).toBe('6f00');
    expect(await send(selectPath(0x5000, 0x0403))).toBe('6a82');
  });

  it('mixes the new PIN with the old one, and takes no try', async () => {
    const { send } = withFault({ do: 'tear', command: 'CHANGE-PIN', bytes: 3, then: 'stays' });
    await send(loginUser);
    expect(await send(setPin(2, 'ABCDEFGH'))).toBe('6f00');
    expect(await send(triesOf(2))).toBe('63ca');
    expect(await send(verify(2, 'ABC45678'))).toBe('9000');
  });

  it('leaves half of a key that came as a chain, and the token does not sign with it', async () => {
    const { faulty, card, send } = withFault();
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
    const { privateValue } = keyFileValues(privateKey);
    const [first, last, ...more] = writeValue(privateValue);
    expect(more).toEqual([]);
    await send(loginUser);
    await send(createRsaPrivate(1, 1024));
    faulty.arm({ do: 'tear', command: 'WRITE-KEY', then: 'stays' });
    await send(selectPrivateKey(1));
    expect(await send(first!)).toBe('9000');
    expect(await send(last!)).toBe('6f00');

    const key = card
      .snapshot()
      .root!.children.flatMap(everythingIn)
      .find(({ type }) => type === 'key');
    const half = toHex(privateValue.subarray(0, 164));
    expect(Buffer.from((key as { value: string }).value, 'base64').toString('hex')).toBe(
      half + 'ff'.repeat(164),
    );
    for (const command of [loginUser, selectPrivateKey(1), signWith(1)])
      expect(await send(command)).toMatch(/9000$/);
    expect(await send(`00 2A 9E 9A 80 ${'01'.repeat(128)} 00`)).toMatch(/^6[^1]/);
  });

  it('that the card refuses changes nothing, but the power is gone', async () => {
    const { card, send } = await withDataFile({ do: 'tear', then: 'stays' });
    const before = JSON.stringify(card.snapshot());
    expect(await send('00 D6 00 04 06 11 22 33 44 55 66')).toBe('6f00');
    expect(JSON.stringify(card.snapshot())).toBe(before);
    expect(await send(read)).toBe('6986');
  });

  it('can not be ordered of a card whose memory is out of reach', () => {
    const sealed: EmulatedCard = {
      atr: Uint8Array.of(0x3b, 0),
      powerOn: () => undefined,
      powerOff: () => undefined,
      reset: () => undefined,
      transmit: () => Promise.resolve(fromHex('9000')),
    };
    expect(() => new FaultyCard(sealed).arm({ do: 'tear' })).toThrow('can not be torn');
  });
});
