import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { secretFromText } from '#shared/bytes.ts';
import { bankCommand, startBankProcess } from '#test/integration/bank/bank-process.ts';
import { registerWithKilt, type BenchBank, type KiltRun } from './kilt-registration.ts';
import { median } from './median.ts';

/**
 * Where the time of a whole registration goes, with the token and the demo bank in processes of their own: waiting for
 * the token, waiting for CA and bank, and the rest, which is Kilt's. Writes one line of JSON.
 */
export interface SharesResult {
  /** As quick as virtual token and demo bank are. */
  readonly here: Shares;
  /** With a token whose answers come {@link USB_MS} later. */
  readonly onUsb: Shares;
}

export interface Shares {
  /** Medians of seconds, without the making of keys. */
  readonly whole: number;
  readonly token: number;
  readonly servers: number;
  readonly kilt: number;
  /** Of {@link kilt}: until the journal is on the disk. */
  readonly disk: number;
  /** The share of {@link kilt} in {@link whole}. */
  readonly ownShare: number;
  readonly keyGeneration: number;
  readonly runs: number;
}

const RUNS = 7;
/** When this time is over, no other run is begun. */
const SECONDS = 60;
/**
 * A model, not a measured token: the bus of a full-speed USB device works in frames of a millisecond (USB 2.0 §5.3.3), and a
 * CCID command and its answer are two transfers. What the token itself needs for its work is not in it.
 */
const USB_MS = 2;

/** The registration PIN opens the key file too. */
const admitted = z.object({ userId: z.string(), pinOpensKeyFile: z.literal(true) });

const folder = mkdtempSync(path.join(tmpdir(), 'kilt-bench-shares-'));
const data = path.join(folder, 'bank');
const bank = await startBankProcess(data);
try {
  let customers = 0;
  const desk: BenchBank = {
    bankFile: path.join(data, 'bank.json'),
    admit: async () => {
      const out = path.join(folder, `customer-${(customers += 1)}`);
      await bankCommand('admit', '--data', data, '--out', out);
      const read = (name: string): Buffer => readFileSync(path.join(out, name));
      const { userId } = admitted.parse(JSON.parse(read('customer.json').toString()));
      const pin = read('pin.txt').toString().trim();
      return {
        userId,
        pin: secretFromText(pin),
        keyFile: new Uint8Array(read('Key.pfx')),
        keyFilePassword: secretFromText(pin),
      };
    },
  };
  const until = performance.now() + SECONDS * 1000;
  // Warms all up.
  await registerWithKilt(desk);
  const here: KiltRun[] = [];
  const onUsb: KiltRun[] = [];
  do {
    here.push(await registerWithKilt(desk));
    onUsb.push(await registerWithKilt(desk, { answerDelayMs: USB_MS }));
  } while (here.length < RUNS && performance.now() < until);
  const result: SharesResult = { here: sharesOf(here), onUsb: sharesOf(onUsb) };
  console.log(JSON.stringify(result));
} finally {
  await bank.kill();
  rmSync(folder, { recursive: true, force: true });
}

function sharesOf(runs: readonly KiltRun[]): Shares {
  const keys = ({ card }: KiltRun): number => card.secondsOfKeyGeneration;
  const of = (value: (run: KiltRun) => number): number => Math.round(1000 * median(runs.map(value))) / 1000;
  return {
    whole: of((run) => run.seconds - keys(run)),
    token: of((run) => run.secondsForToken - keys(run)),
    servers: of(({ secondsForServers }) => secondsForServers),
    kilt: of(({ secondsOfKilt }) => secondsOfKilt),
    disk: of(({ secondsForDisk }) => secondsForDisk),
    ownShare: of((run) => run.secondsOfKilt / (run.seconds - keys(run))),
    keyGeneration: of(keys),
    runs: runs.length,
  };
}
