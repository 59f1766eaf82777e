import { afterEach, describe, expect, it, vi } from 'vitest';
import { readerFlags } from '#native/pcsc-memory.ts';
import { ReaderMonitor } from '#native/reader-monitor.ts';
import type { MonitorSnapshot } from '#native/reader-monitor.ts';
import { ScriptedPcsc } from './scripted-pcsc.ts';

const ATR = Uint8Array.of(0x3b, 0x88, 0x01);
const OTHER_ATR = Uint8Array.of(0x3b, 0x8b, 0x01);

let monitor: ReaderMonitor | undefined;
let serviceStarted: ((hint: boolean) => void) | undefined;
let waitsForService = 0;

function follow(pcsc: ScriptedPcsc, startsWithReader = false): ReaderMonitor {
  waitsForService = 0;
  monitor = new ReaderMonitor({
    pcsc,
    startsWithReader: () => startsWithReader,
    waitForService: (_failures, signal) =>
      new Promise((resolve) => {
        waitsForService++;
        serviceStarted = resolve;
        signal.addEventListener('abort', () => resolve(false));
      }),
  });
  return monitor;
}

afterEach(async () => {
  await monitor?.stop();
  monitor = undefined;
});

/** Waits until the monitor tells of a snapshot that fits; fails with the test's own time limit. */
function snapshot(of: ReaderMonitor, fits: (snapshot: MonitorSnapshot) => boolean): Promise<MonitorSnapshot> {
  if (fits(of.snapshot())) return Promise.resolve(of.snapshot());
  return new Promise((resolve) => {
    const end = of.onChange((next) => {
      if (!fits(next)) return;
      end();
      resolve(next);
    });
  });
}

const states = ({ readers }: MonitorSnapshot): string[] =>
  readers.map(({ name, state }) => `${name}: ${state}`);
const insertionOf = (of: ReaderMonitor, name: string): number | undefined =>
  of.snapshot().readers.find((reader) => reader.name === name)?.insertion;

describe('the reader monitor', () => {
  it('knows readers and cards once it has started', async () => {
    const pcsc = new ScriptedPcsc();
    pcsc.plugReader('A');
    pcsc.plugReader('B');
    pcsc.insert('B', ATR);
    const following = follow(pcsc);
    await following.start();
    expect(following.snapshot().service).toBe('on');
    expect(states(following.snapshot())).toEqual(['A: empty', 'B: present']);
    expect(following.snapshot().readers[1]?.atr).toEqual(ATR);
  });

  it('a computer without readers has a service that is on', async () => {
    const following = follow(new ScriptedPcsc());
    await following.start();
    expect(following.snapshot()).toEqual({ service: 'on', readers: [] });
  });

  it('tells of readers and cards that come and go', async () => {
    const pcsc = new ScriptedPcsc();
    const following = follow(pcsc);
    await following.start();
    pcsc.plugReader('A');
    await snapshot(following, (now) => states(now).join() === 'A: empty');
    pcsc.insert('A', ATR);
    await snapshot(following, (now) => states(now).join() === 'A: present');
    pcsc.remove('A');
    await snapshot(following, (now) => states(now).join() === 'A: empty');
    pcsc.unplugReader('A');
    await snapshot(following, (now) => now.readers.length === 0);
  });

  it('gives each insertion a number of its own', async () => {
    const pcsc = new ScriptedPcsc();
    pcsc.plugReader('A');
    pcsc.insert('A', ATR);
    const following = follow(pcsc);
    await following.start();
    const first = insertionOf(following, 'A');
    pcsc.remove('A');
    await snapshot(following, (now) => states(now).join() === 'A: empty');
    pcsc.insert('A', ATR);
    await snapshot(following, (now) => states(now).join() === 'A: present');
    expect(insertionOf(following, 'A')).toBeGreaterThan(first ?? Infinity);
  });

  it('notices a card that was swapped for its twin between two looks', async () => {
    const pcsc = new ScriptedPcsc();
    pcsc.plugReader('A');
    pcsc.insert('A', ATR);
    const following = follow(pcsc);
    await following.start();
    const before = insertionOf(following, 'A');
    pcsc.swap('A', ATR);
    const after = await snapshot(following, (now) => now.readers[0]?.insertion !== before);
    expect(states(after)).toEqual(['A: present']);
  });

  it('waits without asking again while nothing happens', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval'] });
    try {
      const pcsc = new ScriptedPcsc();
      pcsc.plugReader('A');
      const following = follow(pcsc);
      await following.start();
      const { waits, lists } = pcsc;
      await vi.advanceTimersByTimeAsync(3_600_000);
      expect([pcsc.running, pcsc.waits, pcsc.lists]).toEqual([1, waits, lists]);
    } finally {
      vi.useRealTimers();
    }
  });

  it('reads the list every second where the service has no notification of readers', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval'] });
    try {
      const pcsc = new ScriptedPcsc();
      pcsc.pnp = false;
      const following = follow(pcsc);
      await following.start();
      pcsc.plugReader('A');
      await vi.advanceTimersByTimeAsync(1100);
      expect(states(following.snapshot())).toEqual(['A: empty']);
    } finally {
      vi.useRealTimers();
    }
  });

  it('says that the service is off, and uses it as soon as it starts', async () => {
    const pcsc = new ScriptedPcsc();
    pcsc.switchOff();
    const following = follow(pcsc);
    await following.start();
    expect(following.snapshot()).toEqual({ service: 'off', readers: [] });
    pcsc.plugReader('A');
    pcsc.switchOn();
    serviceStarted?.(true);
    const on = await snapshot(following, (now) => now.service === 'on');
    expect(states(on)).toEqual(['A: empty']);
  });

  it('survives a service that stops and starts again; the card in it then counts as put in anew', async () => {
    const pcsc = new ScriptedPcsc();
    pcsc.plugReader('A');
    pcsc.insert('A', ATR);
    const following = follow(pcsc);
    await following.start();
    const before = insertionOf(following, 'A');
    pcsc.switchOff();
    await snapshot(following, (now) => now.service === 'off' && now.readers.length === 0);
    pcsc.switchOn();
    serviceStarted?.(true);
    const again = await snapshot(following, (now) => states(now).join() === 'A: present');
    expect(again.readers[0]?.insertion).toBeGreaterThan(before ?? Infinity);
  });

  it('a service that starts with the first reader is not called off', async () => {
    const pcsc = new ScriptedPcsc();
    pcsc.switchOff();
    const following = follow(pcsc, true);
    await following.start();
    expect(following.snapshot()).toEqual({ service: 'on', readers: [] });
    expect(waitsForService).toBe(1);
  });

  it('shows a card that does not answer, and one that another program has for itself', async () => {
    const pcsc = new ScriptedPcsc();
    pcsc.plugReader('A');
    pcsc.plugReader('B');
    pcsc.insert('A', new Uint8Array(), readerFlags.mute);
    pcsc.insert('B', OTHER_ATR, readerFlags.exclusive | readerFlags.inUse);
    const following = follow(pcsc);
    await following.start();
    expect(states(following.snapshot())).toEqual(['A: mute', 'B: exclusive']);
  });

  it('looks again at a card whose ATR is not known yet, before it is told of', async () => {
    const pcsc = new ScriptedPcsc();
    pcsc.plugReader('A');
    const following = follow(pcsc);
    await following.start();
    const told: string[] = [];
    following.onChange((now) => told.push(states(now).join()));
    pcsc.insert('A', new Uint8Array());
    setTimeout(() => {
      const reader = pcsc.readers.get('A');
      if (reader) reader.atr = ATR;
    }, 200);
    await snapshot(following, (now) => states(now).join() === 'A: present');
    expect(told).toEqual(['A: present']);
  });

  it('stops even when a cancel comes before its wait and is lost', async () => {
    const pcsc = new ScriptedPcsc();
    pcsc.plugReader('A');
    const following = follow(pcsc);
    await following.start();
    pcsc.cancelsLost = 2;
    await following.stop();
    expect(pcsc.running).toBe(0);
  });

  it('ends its wait when the process exits, even when a cancel comes before that and is lost', async () => {
    const pcsc = new ScriptedPcsc();
    pcsc.plugReader('A');
    const before = process.listeners('exit');
    const following = follow(pcsc);
    await following.start();
    pcsc.cancelsLost = 2;
    const atExit = process.listeners('exit').filter((listener) => !before.includes(listener));
    expect(atExit).toHaveLength(1);
    atExit[0]?.(0);
    expect(pcsc.cancelsLost).toBe(0);
    await following.stop();
    expect(process.listeners('exit')).toEqual(before);
  });

  it('stops while it waits for a service', async () => {
    const pcsc = new ScriptedPcsc();
    pcsc.switchOff();
    const following = follow(pcsc);
    await following.start();
    await following.stop();
    const { establishments } = pcsc;
    serviceStarted?.(true);
    await Promise.resolve();
    expect(pcsc.establishments).toBe(establishments);
  });

  it('a listener that fails does not keep the others from hearing', async () => {
    const pcsc = new ScriptedPcsc();
    const errors: unknown[] = [];
    monitor = new ReaderMonitor({
      pcsc,
      waitForService: () => Promise.resolve(false),
      onError: (error) => errors.push(error),
    });
    monitor.onChange(() => {
      throw new Error('a defect of the listener');
    });
    const heard = vi.fn();
    monitor.onChange(heard);
    await monitor.start();
    expect(heard).toHaveBeenCalledOnce();
    expect(errors).toHaveLength(1);
  });
});
