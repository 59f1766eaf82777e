import { createHash } from 'node:crypto';
import { OpenscBench } from '#test/integration/virtual-token/opensc-bench.ts';
import { cardWork, traceLines, type CardWork } from './card-trace.ts';

export interface OpenscRun {
  readonly seconds: number;
  readonly programs: number;
  readonly card: CardWork;
}

/** What a registration leaves on the token, so that OpenSC does the same. */
export interface SameWork {
  readonly certificates: readonly Uint8Array[];
  readonly record: Uint8Array;
  readonly signatures: number;
}

const oldPin = '12345678';
const newPin = 'Tulpar7Asyq';
const asUser = ['--auth-id', '02', '--pin', newPin];

/**
 * A registration's card work by OpenSC's own tools, on a token that OpenSC has formatted: change the PIN, make the key
 * pairs, store certificates and a data object, sign. Formatting is not counted.
 */
export async function registerWithOpensc(work: SameWork): Promise<OpenscRun> {
  const bench = await OpenscBench.start(['--profile', 'formatted', '--atr', 'rutoken']);
  try {
    const ids = work.certificates.map((_, index) => String(50 + index));
    work.certificates.forEach((der, index) => bench.write(`certificate-${index}`, der));
    bench.write('record', work.record);
    bench.write('digest', createHash('sha256').update('a request').digest());
    const before = traceLines(bench.traceText()).length;
    let programs = 0;
    const tool = async (name: string, ...args: string[]): Promise<void> => {
      programs += 1;
      await bench.must(name, ...args);
    };

    const started = performance.now();
    await tool('pkcs15-tool', '--change-pin', '--auth-id', '02', '--pin', oldPin, '--new-pin', newPin);
    for (const id of ids)
      await tool('pkcs15-init', '--generate-key', 'rsa/2048', '--id', id, '--key-usage', 'sign', ...asUser);
    for (const [index, id] of ids.entries()) {
      const certificate = ['--store-certificate', `certificate-${index}`, '--format', 'der'];
      await tool('pkcs15-init', ...certificate, '--id', id, '--label', 'qq111111', ...asUser);
    }
    const record = ['--store-data', 'record', '--label', 'profile', '--application-name', 'Kilt'];
    await tool('pkcs15-init', ...record, ...asUser);
    for (let count = 0; count < work.signatures; count += 1) {
      const sign = ['--sign', '--pkcs1', '--sha-256', '--input', 'digest', '--output', 'signature', '--raw'];
      await tool('pkcs15-crypt', ...sign, '--key', ids[count % ids.length] ?? '', '--pin', newPin);
    }
    const seconds = (performance.now() - started) / 1000;

    return { seconds, programs, card: cardWork(traceLines(bench.traceText()).slice(before)) };
  } finally {
    await bench.stop();
  }
}
