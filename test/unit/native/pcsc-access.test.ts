import { describe, expect, it } from 'vitest';
import { pcscErrorNamed } from '#native/pcsc-error.ts';
import type { PcscCard } from '#native/pcsc.ts';
import { PcscAccess } from '#main/token/pcsc-access.ts';
import { fromHex } from '#shared/bytes.ts';
import { isKiltError } from '#shared/errors.ts';
import { ScriptedPcsc } from './scripted-pcsc.ts';

const READER = 'Reader';
const KAZTOKEN = fromHex('3B88014B415A544F4B454E82');
/** What pcsc-lite 1.9.9 shows to other programs while it powers a card up: all 33 bytes of its buffer. */
const BUFFER = Uint8Array.from({ length: 33 }, (_, index) => KAZTOKEN[index] ?? 0);
const FOREIGN = fromHex('3B00');
const ODD = fromHex('3BFF11');

/** Connects to a card that tells this, one after the other, and then the last again and again. */
async function connectTo(...told: readonly Uint8Array[]): Promise<Uint8Array> {
  const pcsc = new ScriptedPcsc();
  pcsc.plugReader(READER);
  let looks = 0;
  const status = async () => ({
    readerName: READER,
    atr: told[Math.min(looks++, told.length - 1)] ?? new Uint8Array(),
    protocol: 'T=1' as const,
  });
  const quiet = async () => undefined;
  const card = { status, disconnect: quiet, endTransaction: quiet } as unknown as PcscCard;
  pcsc.card = () => Promise.resolve(card);
  const transport = await new PcscAccess({ pcsc }).connect(READER);
  await transport.close();
  return transport.atr;
}

describe('a card that the service resets, because a program was ended in the middle of a command', () => {
  /** @param times that no protocol fits */
  async function connectAfter(times: number): Promise<number> {
    const pcsc = new ScriptedPcsc();
    pcsc.plugReader(READER);
    let connections = 0;
    const status = async () => ({ readerName: READER, atr: KAZTOKEN, protocol: 'T=1' as const });
    const quiet = async () => undefined;
    const card = { status, disconnect: quiet, endTransaction: quiet } as unknown as PcscCard;
    pcsc.card = () => {
      connections += 1;
      return connections <= times
        ? Promise.reject(pcscErrorNamed('SCardConnect', 'SCARD_E_PROTO_MISMATCH'))
        : Promise.resolve(card);
    };
    const transport = await new PcscAccess({ pcsc }).connect(READER);
    await transport.close();
    return connections;
  }

  it('is asked for again until it is there', async () => {
    expect(await connectAfter(3)).toBe(4);
  });

  it('and that fits no protocol at all is mute', async () => {
    await expect(connectAfter(Infinity)).rejects.toSatisfy((error) => isKiltError(error, 'token-mute'));
  });
});

describe('a card that is connected while the service still powers it up', () => {
  it('is looked at until its answer to reset is a whole one', async () => {
    expect(await connectTo(new Uint8Array(), BUFFER, KAZTOKEN)).toEqual(KAZTOKEN);
  });

  it('and tells nothing is mute, not of another kind', async () => {
    await expect(connectTo(new Uint8Array())).rejects.toSatisfy((error) => isKiltError(error, 'token-mute'));
  });

  it('and has an answer of its own kind keeps it', async () => {
    expect(await connectTo(FOREIGN)).toEqual(FOREIGN);
    expect(await connectTo(ODD)).toEqual(ODD);
  });
});
