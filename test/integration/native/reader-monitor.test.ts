import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ReaderMonitor } from '#native/reader-monitor.ts';
import type { MonitorSnapshot } from '#native/reader-monitor.ts';
import { serviceWaitFor, type ServiceWait } from '#native/service-wait.ts';
import { systemPcsc } from '#native/system-pcsc.ts';
import { OwnPcscd } from './own-pcscd.ts';
import { KAZTOKEN_ATR, OTHER_ATR, ScriptedCard } from './scripted-card.ts';

/** So many failures more, and the clock alone would ask every half minute. */
const longBackOff = 20;

const READER = OwnPcscd.readerName;

// libpcsclite reads the socket's name once a process, so all tests of this file share one folder.
const pcscd = await OwnPcscd.prepare();
let monitor: ReaderMonitor;
const cards: ScriptedCard[] = [];
let told: string[];

beforeEach(() => {
  told = [];
  monitor = monitorThat(serviceWaitFor('linux'));
});

afterEach(async () => {
  await monitor.stop();
  await Promise.all(cards.splice(0).map((card) => card.remove()));
  await pcscd.stop();
});

afterAll(() => pcscd.remove());

function monitorThat(waitForService: ServiceWait): ReaderMonitor {
  const made = new ReaderMonitor({ pcsc: systemPcsc(), waitForService });
  made.onChange((now) => told.push(view(now)));
  return made;
}

async function insert(atr = KAZTOKEN_ATR): Promise<ScriptedCard> {
  const card = await ScriptedCard.insert(pcscd.cardPort, { atr, quickAck: true });
  cards.push(card);
  return card;
}

/** What a picker would show of the test's reader. */
function view({ service, readers }: MonitorSnapshot): string {
  const reader = readers.find(({ name }) => name === READER);
  return `${service} ${reader?.state ?? 'no reader'}`;
}

const shows = (what: string) => expect.poll(() => view(monitor.snapshot()), { timeout: 10_000 }).toBe(what);
const insertion = (): number =>
  monitor.snapshot().readers.find(({ name }) => name === READER)?.insertion ?? NaN;

describe('the reader monitor with a real service', () => {
  it('sees cards that are put in and taken out', async () => {
    await pcscd.start();
    await monitor.start();
    expect(view(monitor.snapshot())).toBe('on empty');
    const card = await insert();
    await shows('on present');
    await card.remove();
    await shows('on empty');
    await insert(OTHER_ATR);
    await shows('on present');
    expect(told).toEqual(['on empty', 'on present', 'on empty', 'on present']);
  });

  it('gives a card that was swapped another insertion', async () => {
    await pcscd.start();
    await monitor.start();
    const first = await insert();
    await shows('on present');
    const before = insertion();
    // A card that goes while pcscd is still busy with its arrival is not missed by it.
    const asked = first.controls.length;
    await expect.poll(() => first.controls.length, { timeout: 10_000 }).toBeGreaterThan(asked + 2);
    await first.remove();
    await insert();
    await expect.poll(insertion, { timeout: 10_000 }).toBeGreaterThan(before);
    await shows('on present');
  });

  it('notices a service that starts late by its socket, long before the clock would tell it to ask again', async () => {
    const wait = serviceWaitFor('linux');
    monitor = monitorThat((failures, signal) => wait(failures + longBackOff, signal));
    await monitor.start();
    expect(view(monitor.snapshot())).toBe('off no reader');
    await pcscd.start();
    await shows('on empty');
  });

  it.each(['SIGTERM', 'SIGKILL'] as const)(
    'survives a service that ends by %s and starts again',
    async (signal) => {
      await pcscd.start();
      await monitor.start();
      const card = await insert();
      await shows('on present');
      const before = insertion();
      await pcscd.stop(signal);
      await shows('off no reader');
      await card.remove();
      await pcscd.start();
      await shows('on empty');
      await insert();
      await shows('on present');
      expect(insertion()).toBeGreaterThan(before);
    },
  );

  it('a service without readers is on', async () => {
    await pcscd.start(0);
    await monitor.start();
    expect(monitor.snapshot()).toEqual({ service: 'on', readers: [] });
  });

  it('stops with the service on or off', async () => {
    for (const on of [false, true]) {
      if (on) await pcscd.start();
      await monitor.start();
      await monitor.stop();
    }
  });
});

describe('a program that follows the readers', () => {
  const program = fileURLToPath(new URL('follow-readers.ts', import.meta.url));

  it.each([
    ['stop', 'on', 0],
    ['exit', 'on', 3],
    ['stop', 'off', 0],
    ['exit', 'off', 3],
  ] as const)('ends by %s while the service is %s', async (way, service, code) => {
    if (service === 'on') await pcscd.start();
    const child = spawn(process.execPath, ['--import', 'tsx', program, way], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    child.stdout.setEncoding('utf8');
    const [said] = (await once(child.stdout, 'data')) as [string];
    expect(said.trim()).toBe(service);
    const ended = once(child, 'exit');
    child.stdin.end('leave\n');
    expect(await ended).toEqual([code, null]);
  });
});
