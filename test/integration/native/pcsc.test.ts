import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { isPcscError } from '#native/pcsc-error.ts';
import type { NamedPcscCode } from '#native/pcsc-error.ts';
import { PNP_NOTIFICATION, readerFlags } from '#native/pcsc-memory.ts';
import { NO_TIMEOUT, readerAttributes } from '#native/pcsc.ts';
import type { PcscCard, PcscContext } from '#native/pcsc.ts';
import { systemPcsc } from '#native/system-pcsc.ts';
import { OwnPcscd } from './own-pcscd.ts';
import { KAZTOKEN_ATR, ScriptedCard } from './scripted-card.ts';

const SELECT_MF = Uint8Array.of(0x00, 0xa4, 0x00, 0x00, 0x02, 0x3f, 0x00);
const READER = OwnPcscd.readerName;

let pcscd: OwnPcscd;
let context: PcscContext;
let other: PcscContext;
let inserted: ScriptedCard | undefined;
const connections: PcscCard[] = [];

beforeAll(async () => {
  pcscd = await OwnPcscd.prepare();
  await pcscd.start();
});

afterAll(() => pcscd.remove());

beforeEach(async () => {
  context = await systemPcsc().establishContext();
  other = await systemPcsc().establishContext();
});

afterEach(async () => {
  for (const card of connections.splice(0)) await card.disconnect('leave').catch(() => undefined);
  await context.release();
  await other.release();
  const leaving = inserted;
  inserted = undefined;
  if (!leaving) return;
  await leaving.remove();
  await readerBecomes(readerFlags.empty);
});

/** Follows the reader by status waits, as a program without a monitor would. */
async function readerBecomes(flag: number): Promise<number> {
  const watching = await systemPcsc().establishContext();
  try {
    for (let belief: number = readerFlags.unaware; ;) {
      const { readers } = await watching.statusChange([{ name: READER, currentState: belief }], 5000);
      belief = (readers[0]?.eventState ?? 0) & ~readerFlags.changed;
      if (belief & flag) return belief;
    }
  } finally {
    await watching.release();
  }
}

async function insert(options: Parameters<typeof ScriptedCard.insert>[1] = {}): Promise<ScriptedCard> {
  inserted = await ScriptedCard.insert(pcscd.cardPort, { quickAck: true, ...options });
  await readerBecomes(readerFlags.present);
  return inserted;
}

async function connect(
  from: PcscContext,
  ...how: [share: 'shared' | 'exclusive' | 'direct']
): Promise<PcscCard> {
  const card = await from.connect(READER, ...how);
  connections.push(card);
  return card;
}

const fails = (...names: NamedPcscCode[]) =>
  expect.toSatisfy((error: unknown) => isPcscError(error, ...names));

describe('the PC/SC library of this system', () => {
  it('lists the readers', async () => {
    expect(await context.listReaders()).toContain(READER);
  });

  it('reports a card with its ATR, and counts insertions', async () => {
    await insert();
    const first = await context.statusChange([{ name: READER, currentState: 0 }], 0);
    expect(first.changed).toBe(true);
    expect(first.readers[0]?.atr).toEqual(KAZTOKEN_ATR);
    const counted = first.readers[0]?.eventState ?? 0;
    expect(counted >>> 16).toBeGreaterThan(0);
  });

  it('a status wait ends when its time is over', async () => {
    const belief = await readerBecomes(readerFlags.empty);
    const started = performance.now();
    const { changed } = await context.statusChange([{ name: READER, currentState: belief }], 200);
    expect(changed).toBe(false);
    expect(performance.now() - started).toBeGreaterThan(150);
  });

  it('a status wait without end ends when it is cancelled', async () => {
    const watched = [{ name: PNP_NOTIFICATION, currentState: readerFlags.unaware }];
    const ended = context.statusChange(watched, NO_TIMEOUT).then(
      () => 'no error',
      (error: unknown) => error,
    );
    const cancelling = setInterval(() => context.cancel(), 20);
    expect(await ended).toEqual(fails('SCARD_E_CANCELLED'));
    clearInterval(cancelling);
  });

  it('connects, tells the card’s status, and exchanges APDUs', async () => {
    const token = await insert();
    const card = await connect(context, 'shared');
    expect(card.protocol).toBe('T=1');
    expect(await card.status()).toEqual({ readerName: READER, atr: KAZTOKEN_ATR, protocol: 'T=1' });
    expect(await card.transmit(SELECT_MF)).toEqual(Uint8Array.of(0x3f, 0x00, 0x90, 0x00));
    expect(token.commands.at(-1)).toEqual(SELECT_MF);
  });

  it('takes the longest answer a short APDU can have', async () => {
    const longest = Uint8Array.from({ length: 258 }, (_, index) => index & 0xff);
    await insert({ answer: () => longest });
    const card = await connect(context, 'shared');
    expect(await card.transmit(Uint8Array.of(0x00, 0x84, 0x00, 0x00, 0x00))).toEqual(longest);
  });

  it('keeps the caller’s loop free while a card thinks', async () => {
    let answer: (bytes: Uint8Array) => void = () => undefined;
    const token = await insert({
      answer: () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
    });
    const card = await connect(context, 'shared');
    const pending = card.transmit(SELECT_MF);
    // The card lives in this process: it gets the command only if nothing blocks.
    await expect.poll(() => token.commands.length).toBe(1);
    expect(await other.listReaders()).toContain(READER);
    answer(Uint8Array.of(0x90, 0x00));
    expect(await pending).toEqual(Uint8Array.of(0x90, 0x00));
  });

  it('keeps a card for one connection: exclusively, or for a transaction', async () => {
    await insert();
    const alone = await connect(context, 'exclusive');
    await expect(other.connect(READER, 'shared')).rejects.toEqual(fails('SCARD_E_SHARING_VIOLATION'));
    await alone.disconnect('leave');

    const first = await connect(context, 'shared');
    const second = await connect(other, 'shared');
    await first.beginTransaction();
    const turn = second.beginTransaction();
    await first.transmit(Uint8Array.of(0x00, 0xb0, 0x00, 0x00, 0x01, 0x01));
    await first.endTransaction('leave');
    await turn;
    await second.transmit(Uint8Array.of(0x00, 0xb0, 0x00, 0x00, 0x01, 0x02));
    await second.endTransaction('leave');
  });

  it('tells one connection of the reset that another made, until it reconnects', async () => {
    const token = await insert();
    const first = await connect(context, 'shared');
    const second = await connect(other, 'shared');
    await second.reconnect('shared', 'reset');
    await expect(first.transmit(SELECT_MF)).rejects.toEqual(fails('SCARD_W_RESET_CARD'));
    await first.reconnect('shared', 'leave');
    expect(await first.transmit(SELECT_MF)).toEqual(Uint8Array.of(0x3f, 0x00, 0x90, 0x00));
    expect(token.controls).toContain(0x02);
  });

  it('reaches a reader without a card by a direct connection', async () => {
    const reader = await connect(context, 'direct');
    expect(reader.protocol).toBeNull();
    await expect(context.connect(READER, 'shared')).rejects.toEqual(fails('SCARD_E_NO_SMARTCARD'));
  });

  // vpcd has neither control commands nor attributes: what is seen is that the calls arrive and are refused by name.
  it('passes control commands and attribute requests to the reader', async () => {
    await insert();
    const card = await connect(context, 'shared');
    await expect(card.control(3400, new Uint8Array())).rejects.toEqual(fails('SCARD_E_UNSUPPORTED_FEATURE'));
    await expect(card.attribute(readerAttributes.vendorName)).rejects.toEqual(
      fails('SCARD_E_UNSUPPORTED_FEATURE'),
    );
  });

  it('names what is wrong with a card that has been pulled, a reader that is not there', async () => {
    const token = await insert();
    const card = await connect(context, 'shared');
    await token.remove();
    await readerBecomes(readerFlags.empty);
    await expect(card.transmit(SELECT_MF)).rejects.toEqual(fails('SCARD_W_REMOVED_CARD'));
    await expect(context.connect('No such reader', 'shared')).rejects.toEqual(
      fails('SCARD_E_UNKNOWN_READER'),
    );
  });
});
