import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import type { PcscCard, PcscContext } from '#native/pcsc.ts';
import { systemPcsc } from '#native/system-pcsc.ts';
import { fromHex } from '#shared/bytes.ts';
import { compare, takePairs, type Comparison } from './median.ts';

/**
 * APDUs a second through pcscd: the virtual token's program against a card that answers `9000` to everything, in two
 * readers, in turn. Writes one line of JSON.
 */
export interface CardSpeedResult {
  readonly reading: Comparison;
  readonly writing: Comparison;
}

const PAIRS = 60;
const WARM_UP = 10;
/** When this time is over, no other pair is begun. */
const SECONDS = 40;
const COMMANDS_A_SAMPLE = 300;
const PATIENCE_MS = 15_000;

/** What Kilt and OpenSC ask of a token that they read: its serial number, tries left, a directory, a certificate. */
const reading = [
  '00CA018100',
  '00200001',
  '00200002',
  '00A40800045000503200',
  '00B0000080',
  '00A40800045000600200',
  ...['00B0000000', '00B0010000', '00B0020000', '00B0030000'],
];
/** What they send to write: a directory entry, then a file of two commands, which goes again. */
const writing = [
  '00A40800045000600200',
  `00D6000060${'30'.repeat(0x60)}`,
  '00A40800025000 00',
  '00E000001F6F1D800201F08202010083020300860F43000200000000020000000000000000',
  '00A4080004500003 0000',
  `00D60000FF${'30'.repeat(0xff)}`,
  `00D600FFF1${'30'.repeat(0xf1)}`,
  '00E40000020300',
];
const login = '00200002083132333435363738';
const logout = '80400000';
/** PrKDF, which a token that was only formatted has not. */
const directory = [
  '00A4080002500000',
  '00E000001F6F1D80020800820201008302600 2860F43000200000000020000000000000000',
];

const folder = mkdtempSync(path.join(tmpdir(), 'kilt-bench-card-'));
const cards = spawn(
  process.execPath,
  ['--import', 'tsx', 'test/bench/two-cards.ts', path.join(folder, 'token.json')],
  { stdio: ['pipe', 'pipe', 'inherit'] },
);
try {
  await once(createInterface({ input: cards.stdout }), 'line');
  const context = await systemPcsc().establishContext();
  const [token, constant] = [await connectTo(context, 0), await connectTo(context, 1)];
  await inTransaction(token, async () => {
    for (const command of [login, ...directory, logout]) await wanted(token, command);
  });
  const result: CardSpeedResult = {
    reading: await compareRates(token, constant, reading),
    writing: await compareRates(token, constant, writing),
  };
  await context.release();
  console.log(JSON.stringify(result));
} finally {
  const ended = once(cards, 'exit');
  cards.stdin.end();
  await ended;
  rmSync(folder, { recursive: true, force: true });
}

/** The card in this slot, as soon as the service has noticed it. */
async function connectTo(context: PcscContext, slot: number): Promise<PcscCard> {
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await context.connect((await context.listReaders())[slot] ?? '', 'shared');
    } catch (error) {
      if (performance.now() > until) throw error;
      await delay(50);
    }
  }
}

/** @returns the token's rate against the other's */
async function compareRates(
  token: PcscCard,
  constant: PcscCard,
  commands: readonly string[],
): Promise<Comparison> {
  const until = performance.now() + (SECONDS * 1000) / 2;
  const pair = async (): Promise<readonly [number, number]> => [
    await rateOf(token, commands),
    await rateOf(constant, commands),
  ];
  await takePairs(WARM_UP, until, pair);
  return compare(await takePairs(PAIRS, until, pair));
}

/** APDUs a second. */
async function rateOf(card: PcscCard, commands: readonly string[]): Promise<number> {
  const encoded = commands.map(bytes);
  return inTransaction(card, async () => {
    await wanted(card, login);
    const rounds = Math.ceil(COMMANDS_A_SAMPLE / encoded.length);
    const refused: string[] = [];
    const started = performance.now();
    for (let round = 0; round < rounds; round += 1)
      for (const [at, command] of encoded.entries()) {
        const answer = await card.transmit(command);
        // 63Cx tells the tries left, which is what was asked for.
        if (answer.at(-2) !== 0x90 && answer.at(-2) !== 0x63) refused.push(commands[at] ?? '');
      }
    const seconds = (performance.now() - started) / 1000;
    if (refused.length > 0) throw new Error(`refused: ${refused[0]}`);
    await wanted(card, logout);
    return (rounds * encoded.length) / seconds;
  });
}

async function inTransaction<T>(card: PcscCard, work: () => Promise<T>): Promise<T> {
  await card.beginTransaction();
  try {
    return await work();
  } finally {
    await card.endTransaction('leave');
  }
}

async function wanted(card: PcscCard, command: string): Promise<void> {
  const answer = await card.transmit(bytes(command));
  if (answer.at(-2) !== 0x90) throw new Error(`${command}: ${Buffer.from(answer).toString('hex')}`);
}

function bytes(command: string): Uint8Array {
  return fromHex(command.replaceAll(' ', ''));
}
