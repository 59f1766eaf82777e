import { describe, expect, it } from 'vitest';

import { fromHex, toHex } from '#shared/bytes.ts';
import { VirtualCard } from '#test/virtual-token/card.ts';
import { type ArmedFaultInput, FaultyCard } from '#test/virtual-token/faults.ts';

import { createFile, loginUser, selectPath, triesOf, verify } from './dialogue.ts';

const folder = createFile('38', 0x5000, 0, '43 00 00 00 00 00 00 02');

function withFault(...faults: ArmedFaultInput[]) {
  const card = VirtualCard.create({ profile: 'default-pins' });
  const faulty = new FaultyCard(card);
  for (const fault of faults) faulty.arm(fault);
  faulty.powerOn();
  const send = async (command: string): Promise<string> => toHex(await faulty.transmit(fromHex(command)));
  return { card, faulty, send };
}

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
});
