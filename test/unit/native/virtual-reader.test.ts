import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ReadersSnapshot } from '#main/token/card-transport.ts';
import { createVirtualReaders } from '#main/token/virtual-reader.ts';
import type { VirtualReaders } from '#main/token/virtual-reader.ts';
import { vpcdControl } from '#main/token/vpcd-frames.ts';
import { isKiltError } from '#shared/errors.ts';
import type { ErrorId } from '#shared/errors.ts';
import { KAZTOKEN_ATR, OTHER_ATR, ScriptedCard } from '#test/integration/native/scripted-card.ts';

const SELECT_MF = Uint8Array.of(0x00, 0xa4, 0x00, 0x00, 0x02, 0x3f, 0x00);
const SELECTED = Uint8Array.of(0x3f, 0x00, 0x90, 0x00);
const READER = 'Kilt virtual reader 0';

let readers: VirtualReaders;
const cards: ScriptedCard[] = [];

beforeEach(async () => {
  readers = createVirtualReaders({ port: 0, slots: 2, transactionTimeoutMs: 200 });
  await readers.start();
});

afterEach(async () => {
  await Promise.all(cards.splice(0).map((card) => card.remove()));
  await readers.stop();
});

async function insert(
  options: Parameters<typeof ScriptedCard.insert>[1] = {},
  slot = 0,
): Promise<ScriptedCard> {
  const card = await ScriptedCard.insert(readers.ports()[slot] ?? 0, options);
  cards.push(card);
  return card;
}

function snapshot(fits: (now: ReadersSnapshot) => boolean): Promise<ReadersSnapshot> {
  if (fits(readers.snapshot())) return Promise.resolve(readers.snapshot());
  return new Promise((resolve) => {
    const end = readers.onChange((now) => {
      if (!fits(now)) return;
      end();
      resolve(now);
    });
  });
}

const state = (now: ReadersSnapshot, slot = 0): string | undefined => now.readers[slot]?.state;
const inserted = (): Promise<ReadersSnapshot> => snapshot((now) => state(now) === 'present');
const removed = (): Promise<ReadersSnapshot> => snapshot((now) => state(now) === 'empty');
const fails = (id: ErrorId) => expect.toSatisfy((error: unknown) => isKiltError(error, id));

/** The card has seen everything that was sent before an exchange of its own. */
async function controlsSeen(card: ScriptedCard, count: number): Promise<number[]> {
  await expect.poll(() => card.controls.length).toBe(count);
  return card.controls;
}

describe('the virtual reader', () => {
  it('shows its slots empty, each on a port of its own', () => {
    const now = readers.snapshot();
    expect(now.service).toBe('on');
    expect(now.readers.map(({ name, state: slotState }) => `${name}: ${slotState}`)).toEqual([
      'Kilt virtual reader 0: empty',
      'Kilt virtual reader 1: empty',
    ]);
    expect(new Set(readers.ports()).size).toBe(2);
  });

  it('shows a card with its ATR once it has connected', async () => {
    await insert();
    const now = await inserted();
    expect(now.readers[0]?.atr).toEqual(KAZTOKEN_ATR);
    expect(state(now, 1)).toBe('empty');
  });

  it('holds a card in each slot', async () => {
    await insert();
    await insert({ atr: OTHER_ATR }, 1);
    const now = await snapshot((both) => both.readers.every((reader) => reader.state === 'present'));
    expect(now.readers[1]?.atr).toEqual(OTHER_ATR);
  });

  it('carries commands and answers', async () => {
    const card = await insert();
    await inserted();
    const transport = await readers.connect(READER);
    expect(transport.atr).toEqual(KAZTOKEN_ATR);
    expect(await transport.transmit(SELECT_MF)).toEqual(SELECTED);
    expect(card.commands).toEqual([SELECT_MF]);
    await transport.close();
  });

  it('asks the ATR once, powers on for the first connection and off after the last', async () => {
    const card = await insert();
    await inserted();
    const one = await readers.connect(READER);
    const other = await readers.connect(READER);
    await one.close();
    await one.close();
    await other.transmit(SELECT_MF);
    expect(card.controls).toEqual([vpcdControl.atr, vpcdControl.powerOn]);
    await other.close();
    expect(await controlsSeen(card, 3)).toEqual([vpcdControl.atr, vpcdControl.powerOn, vpcdControl.powerOff]);
  });

  it('resets the card when a connection ends inside a transaction', async () => {
    const card = await insert();
    await inserted();
    const transport = await readers.connect(READER);
    await transport.beginTransaction();
    await transport.close();
    expect((await controlsSeen(card, 4)).slice(2)).toEqual([vpcdControl.reset, vpcdControl.powerOff]);
  });

  it('counts an insertion anew when a card is swapped at once', async () => {
    const first = await insert();
    const before = (await inserted()).readers[0]?.insertion;
    await first.remove();
    await insert({ atr: OTHER_ATR });
    const after = await snapshot(
      (now) => Buffer.compare(now.readers[0]?.atr ?? KAZTOKEN_ATR, OTHER_ATR) === 0,
    );
    expect(after.readers[0]?.insertion).toBeGreaterThan(before ?? Infinity);
  });

  it('refuses a second card in a slot that is taken', async () => {
    const first = await insert();
    await inserted();
    const second = await insert({ atr: OTHER_ATR });
    await second.ended;
    const transport = await readers.connect(READER);
    await transport.transmit(SELECT_MF);
    expect(first.commands).toHaveLength(1);
    await transport.close();
  });

  it('a command on the way fails when the card is pulled, and so does all that follows', async () => {
    const card = await insert({ answer: () => new Promise(() => undefined) });
    await inserted();
    const transport = await readers.connect(READER);
    const failure = expect(transport.transmit(SELECT_MF)).rejects.toEqual(fails('token-removed'));
    await expect.poll(() => card.commands.length).toBe(1);
    await card.remove();
    await failure;
    await removed();
    await insert();
    await inserted();
    await expect(transport.transmit(SELECT_MF)).rejects.toEqual(fails('token-removed'));
    await transport.close();
  });

  it('a card that leaves with an empty answer is gone', async () => {
    await insert({ answer: () => new Uint8Array() });
    await inserted();
    const transport = await readers.connect(READER);
    await expect(transport.transmit(SELECT_MF)).rejects.toEqual(fails('token-removed'));
    await removed();
  });

  it('a card that never says its ATR is mute', async () => {
    await insert({ mute: true });
    await snapshot((now) => state(now) === 'mute');
    await expect(readers.connect(READER)).rejects.toEqual(fails('token-mute'));
  });

  it('says what is missing when a connection can not be made', async () => {
    await expect(readers.connect(READER)).rejects.toEqual(fails('token-removed'));
    await expect(readers.connect('Kilt virtual reader 7')).rejects.toEqual(fails('reader-unavailable'));
  });

  it('a port that is taken is told by name', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const address = taken.address();
    const port = address !== null && typeof address !== 'string' ? address.port : 0;
    const late = createVirtualReaders({ port });
    await expect(late.start()).rejects.toEqual(fails('reader-unavailable'));
    taken.close();
  });
});

describe('transactions of the virtual reader', () => {
  it('keep other connections of this program waiting in line', async () => {
    await insert();
    await inserted();
    const first = await readers.connect(READER);
    const second = await readers.connect(READER);
    const third = await readers.connect(READER);
    const order: string[] = [];
    await first.beginTransaction();
    const others = [
      second.beginTransaction().then(() => order.push('second')),
      third.beginTransaction().then(() => order.push('third')),
    ];
    await expect(second.transmit(SELECT_MF)).rejects.toEqual(fails('token-in-use'));
    order.push('first');
    await first.endTransaction();
    await others[0];
    await second.endTransaction();
    await Promise.all(others);
    expect(order).toEqual(['first', 'second', 'third']);
  });

  it('are waited for only so long', async () => {
    await insert();
    await inserted();
    const [first, second] = await Promise.all([1, 2].map(() => readers.connect(READER)));
    await first?.beginTransaction();
    await expect(second?.beginTransaction()).rejects.toEqual(fails('token-in-use'));
    await first?.endTransaction();
    await second?.beginTransaction();
    expect(await second?.transmit(SELECT_MF)).toEqual(SELECTED);
  });

  it('end for those who wait when the card is pulled', async () => {
    const card = await insert();
    await inserted();
    const [first, second] = await Promise.all([1, 2].map(() => readers.connect(READER)));
    await first?.beginTransaction();
    const failure = expect(second?.beginTransaction()).rejects.toEqual(fails('token-removed'));
    await card.remove();
    await failure;
  });
});

describe('the virtual reader of a USB token', () => {
  let inTokens: VirtualReaders;
  beforeEach(async () => {
    inTokens = createVirtualReaders({ port: 0, slots: 2, usbName: 'Aktiv KAZTOKEN' });
    await inTokens.start();
  });
  afterEach(() => inTokens.stop());

  const names = (): string[] => inTokens.snapshot().readers.map(({ name }) => name);

  it('is there only while its token is, and is called as the real one', async () => {
    expect(names()).toEqual([]);
    const second = await ScriptedCard.insert(inTokens.ports()[1] ?? 0);
    await expect.poll(names).toEqual(['Aktiv KAZTOKEN 01 00']);
    const first = await ScriptedCard.insert(inTokens.ports()[0] ?? 0);
    await expect.poll(names).toEqual(['Aktiv KAZTOKEN 00 00', 'Aktiv KAZTOKEN 01 00']);
    await second.remove();
    await expect.poll(names).toEqual(['Aktiv KAZTOKEN 00 00']);
    await first.remove();
    await expect.poll(names).toEqual([]);
  });

  it('is no reader any more when its token is out', async () => {
    const card = await ScriptedCard.insert(inTokens.ports()[0] ?? 0);
    await expect.poll(names).toHaveLength(1);
    const transport = await inTokens.connect('Aktiv KAZTOKEN 00 00');
    await transport.close();
    await card.remove();
    await expect.poll(names).toEqual([]);
    await expect(inTokens.connect('Aktiv KAZTOKEN 00 00')).rejects.toEqual(fails('reader-unavailable'));
  });
});
