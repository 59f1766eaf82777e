import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemPcsc } from '#native/system-pcsc.ts';
import type { PcscCard, PcscContext } from '#native/pcsc.ts';
import type { CardTransport } from '#main/token/card-transport.ts';
import { PcscAccess } from '#main/token/pcsc-access.ts';
import { isKiltError } from '#shared/errors.ts';
import type { ErrorId } from '#shared/errors.ts';
import { OwnPcscd } from './own-pcscd.ts';
import { KAZTOKEN_ATR, ScriptedCard } from './scripted-card.ts';

const SELECT_MF = Uint8Array.of(0x00, 0xa4, 0x00, 0x00, 0x02, 0x3f, 0x00);
const SELECTED = Uint8Array.of(0x3f, 0x00, 0x90, 0x00);
const READER = OwnPcscd.readerName;

let pcscd: OwnPcscd;
let access: PcscAccess;
let otherProgram: PcscContext;
let inserted: ScriptedCard | undefined;
const open: CardTransport[] = [];

beforeAll(async () => {
  pcscd = await OwnPcscd.prepare();
});

afterAll(() => pcscd.remove());

beforeEach(async () => {
  await pcscd.start();
  access = new PcscAccess({ transactionTimeoutMs: 400 });
  await access.start();
  otherProgram = await systemPcsc().establishContext();
});

afterEach(async () => {
  await Promise.all(open.splice(0).map((transport) => transport.close()));
  await otherProgram.release().catch(() => undefined);
  await access.stop();
  await inserted?.remove();
  inserted = undefined;
  await pcscd.stop();
});

const state = (): string | undefined => access.snapshot().readers.find(({ name }) => name === READER)?.state;

async function insert(options: Parameters<typeof ScriptedCard.insert>[1] = {}): Promise<ScriptedCard> {
  inserted = await ScriptedCard.insert(pcscd.cardPort, { quickAck: true, ...options });
  await expect.poll(state, { timeout: 10_000 }).toBe('present');
  return inserted;
}

async function connect(): Promise<CardTransport> {
  const transport = await access.connect(READER);
  open.push(transport);
  return transport;
}

const fails = (id: ErrorId) => expect.toSatisfy((error: unknown) => isKiltError(error, id));
const connectOther = (share: 'shared' | 'exclusive'): Promise<PcscCard> =>
  otherProgram.connect(READER, share);

describe('a token through PC/SC', () => {
  it('is listed with its ATR and carries commands in a transaction', async () => {
    await insert();
    const reader = access.snapshot().readers.find(({ name }) => name === READER);
    expect(reader?.atr).toEqual(KAZTOKEN_ATR);
    const transport = await connect();
    expect(transport).toMatchObject({ readerName: READER, atr: KAZTOKEN_ATR });
    await transport.beginTransaction();
    expect(await transport.transmit(SELECT_MF)).toEqual(SELECTED);
    await transport.endTransaction();
    await transport.close();
    await transport.close();
  });

  it('that is pulled in the middle of a command has been removed', async () => {
    const card = await insert({ answer: () => new Promise(() => undefined) });
    const transport = await connect();
    const failure = expect(transport.transmit(SELECT_MF)).rejects.toEqual(fails('token-removed'));
    await expect.poll(() => card.commands.length).toBe(1);
    await card.remove();
    await failure;
    await expect(transport.transmit(SELECT_MF)).rejects.toEqual(fails('token-removed'));
  });

  it('is gone for an old connection even when it is put back', async () => {
    const card = await insert();
    const transport = await connect();
    await card.remove();
    await expect.poll(state, { timeout: 10_000 }).toBe('empty');
    await insert();
    await expect(transport.beginTransaction()).rejects.toEqual(fails('token-removed'));
    expect(await (await connect()).transmit(SELECT_MF)).toEqual(SELECTED);
  });

  it('that another program has for itself is in use', async () => {
    await insert();
    const exclusive = await connectOther('exclusive');
    await expect(access.connect(READER)).rejects.toEqual(fails('token-in-use'));
    await exclusive.disconnect('leave');
    await connect();
  });

  it('is waited for while another program has a transaction, but not for ever', async () => {
    await insert();
    const other = await connectOther('shared');
    const transport = await connect();
    await other.beginTransaction();
    await expect(transport.beginTransaction()).rejects.toEqual(fails('token-in-use'));
    await expect(transport.transmit(SELECT_MF)).rejects.toEqual(fails('token-in-use'));
    const turn = transport.beginTransaction();
    await other.endTransaction('leave');
    await turn;
    expect(await transport.transmit(SELECT_MF)).toEqual(SELECTED);
    await transport.endTransaction();
    await other.beginTransaction();
    await other.disconnect('leave');
  });

  it('that another program has a transaction on already is in use, and to be had when that ends', async () => {
    await insert();
    const other = await connectOther('shared');
    await other.beginTransaction();
    for (let time = 0; time < 3; time += 1)
      await expect(access.connect(READER)).rejects.toEqual(fails('token-in-use'));
    const waiting = access.connect(READER);
    await other.endTransaction('leave');
    const transport = await waiting;
    open.push(transport);
    expect(transport.atr).toEqual(KAZTOKEN_ATR);
    await transport.beginTransaction();
    expect(await transport.transmit(SELECT_MF)).toEqual(SELECTED);
  });

  it('that another program resets ends the work in hand, and the next transaction works', async () => {
    await insert();
    const other = await connectOther('shared');
    const transport = await connect();
    await transport.transmit(SELECT_MF);
    await other.reconnect('shared', 'reset');
    await expect(transport.transmit(SELECT_MF)).rejects.toEqual(fails('token-in-use'));
    await expect(transport.transmit(SELECT_MF)).rejects.toEqual(fails('token-in-use'));
    await transport.beginTransaction();
    expect(await transport.transmit(SELECT_MF)).toEqual(SELECTED);
    await other.disconnect('leave');
  });

  it('loses its rights when a connection ends inside a transaction', async () => {
    const card = await insert();
    const transport = await connect();
    await transport.beginTransaction();
    const before = card.controls.filter((control) => control === 0x02 || control === 0x00).length;
    await transport.close();
    const rightsLost = (): number =>
      card.controls.filter((control) => control === 0x02 || control === 0x00).length - before;
    await expect.poll(rightsLost, { timeout: 10_000 }).toBeGreaterThan(0);
  });

  it('is told from a service that ended', async () => {
    await insert();
    const transport = await connect();
    await pcscd.stop();
    await expect(transport.transmit(SELECT_MF)).rejects.toEqual(fails('pcsc-service-off'));
    await expect.poll(() => access.snapshot().service, { timeout: 10_000 }).toBe('off');
    await expect(access.connect(READER)).rejects.toEqual(fails('pcsc-service-off'));
  });

  it('that is not there is told from a reader that is not there', async () => {
    await expect(access.connect(READER)).rejects.toEqual(fails('token-removed'));
    await expect(access.connect('No such reader')).rejects.toEqual(fails('reader-unavailable'));
  });
});
