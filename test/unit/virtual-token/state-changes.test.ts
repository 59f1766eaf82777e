import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { fromHex } from '#shared/bytes.ts';
import { VirtualCard } from '#test/virtual-token/card.ts';
import { loadState, saveState, StoredCard } from '#test/virtual-token/state-file.ts';

import { createFile, loginUser, verify } from './dialogue.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kilt-token-'));
  path = join(folder, 'token.json');
});
afterEach(() => rmSync(folder, { recursive: true }));

const newCard = () => VirtualCard.create({ profile: 'default-pins' });
const folderCalled = (id: number) => createFile('38', id, 0, '43 00 00 00 00 00 00 02');

/** A card in use, with two changes since it was put in. */
async function cardInUse(): Promise<StoredCard> {
  const stored = StoredCard.save(newCard(), path);
  stored.powerOn();
  await stored.transmit(fromHex(verify(1, 'wrong-pin')));
  await stored.transmit(fromHex(loginUser));
  await stored.transmit(fromHex(folderCalled(0x5000)));
  return stored;
}

describe('changes of a card', () => {
  it('are in the state file itself, and nowhere else, once it has lost its power', async () => {
    const stored = await cardInUse();
    stored.powerOff();
    expect(readdirSync(folder)).toEqual(['token.json']);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(stored.snapshot());
  });

  it('count for whoever reads the token while it is in use', async () => {
    const stored = await cardInUse();
    expect(loadState(path)).toEqual(stored.snapshot());
  });

  it('of a program that was killed are there for the next one, which puts them into the file', async () => {
    const killed = await cardInUse();
    const next = StoredCard.open(path);
    expect(next.snapshot()).toEqual(killed.snapshot());
    expect(readdirSync(folder)).toEqual(['token.json']);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(killed.snapshot());
  });

  it('do not count when the program was killed while it noted them', async () => {
    const killed = await cardInUse();
    appendFileSync(`${path}.changes`, '{"version":1,"atr":"kazto');
    expect(StoredCard.open(path).snapshot()).toEqual(killed.snapshot());
  });

  it('do not come back to another card that was put into the file', async () => {
    await cardInUse();
    const other = newCard().snapshot();
    saveState(path, other);
    expect(StoredCard.open(path).snapshot()).toEqual(other);
  });

  it('stay noted while the file can not be written, and are put into it later', async () => {
    const stored = await cardInUse();
    const unwritable = `${path}.${process.pid}.new`;
    // A folder stands where the new file would be made.
    mkdirSync(unwritable);
    stored.powerOff();
    expect(loadState(path)).toEqual(stored.snapshot());
    rmSync(unwritable, { recursive: true });
    stored.powerOn();
    await stored.transmit(fromHex(loginUser));
    await stored.transmit(fromHex(folderCalled(0x5001)));
    stored.powerOff();
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(stored.snapshot());
    expect(readdirSync(folder)).toEqual(['token.json']);
  });

  it('are put into the file after many of them, while the card is in use', async () => {
    const stored = await cardInUse();
    let largest = 0;
    const size = createFile('01', 0x0e00, 0x6000, '43 00 00 00 00 00 00 02');
    await stored.transmit(fromHex('00 A4 00 00 02 3F 00 00'));
    await stored.transmit(fromHex(size));
    await stored.transmit(fromHex('00 A4 08 00 02 0E 00 00'));
    for (let at = 0; at < 1000; at += 1) {
      await stored.transmit(fromHex(`00 D6 00 00 02 ${at.toString(16).padStart(4, '0')}`));
      largest = Math.max(largest, noted());
    }
    expect(noted()).toBeLessThan(largest);
    expect(loadState(path)).toEqual(stored.snapshot());
  });
});

const noted = (): number => statSync(`${path}.changes`, { throwIfNoEntry: false })?.size ?? 0;
