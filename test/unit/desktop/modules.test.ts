import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createModuleList, type DesktopModule } from '#main/desktop/modules.ts';
import { recordingLog } from './recording-log.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const forEver = new Promise<void>(() => undefined);

describe('the modules', () => {
  const world = () => {
    const happened: string[] = [];
    const module = (name: string, some: Partial<DesktopModule> = {}): DesktopModule => ({
      name,
      start: () => void happened.push(`${name} starts`),
      stop: () => void happened.push(`${name} stops`),
      ...some,
    });
    const { log, entries } = recordingLog();
    const list = (...modules: DesktopModule[]) => createModuleList(modules, { log, stopWithin: 1_000 });
    return { happened, module, list, warnings: () => entries.filter((entry) => entry.level !== 'debug') };
  };

  it('start in order and stop in the opposite order', async () => {
    const { happened, module, list } = world();
    const modules = list(module('log'), module('window'), module('services'));
    await modules.start();
    await modules.stop();
    expect(happened).toEqual([
      'log starts',
      'window starts',
      'services starts',
      'services stops',
      'window stops',
      'log stops',
    ]);
  });

  it('after the one that fails are not started; the failed one is stopped too', async () => {
    const { happened, module, list } = world();
    const broken = module('window', { start: () => Promise.reject(new Error('no display')) });
    const modules = list(module('log'), broken, module('services'));
    await expect(modules.start()).rejects.toThrow('no display');
    await modules.stop();
    expect(happened).toEqual(['log starts', 'window stops', 'log stops']);
  });

  it('that hang while stopping do not keep the program', async () => {
    const { happened, module, list, warnings } = world();
    const modules = list(module('log'), module('window', { stop: () => forEver }), module('services'));
    await modules.start();
    const stopped = modules.stop();
    await vi.advanceTimersByTimeAsync(1_000);
    await stopped;
    expect(happened.slice(3)).toEqual(['services stops', 'log stops']);
    expect(warnings().map((entry) => entry.what)).toEqual(['module window did not stop in time']);
  });

  it('take the given time at most, all together', async () => {
    const { module, list } = world();
    const hanging = ['a', 'b', 'c', 'd'].map((name) => module(name, { stop: () => forEver }));
    const modules = list(...hanging);
    await modules.start();
    const since = Date.now();
    const stopped = modules.stop();
    await vi.runAllTimersAsync();
    await stopped;
    expect(Date.now() - since).toBeLessThanOrEqual(1_000);
  });

  it('that fail while stopping are written down, and the rest is stopped', async () => {
    const { happened, module, list, warnings } = world();
    const modules = list(module('log'), module('window', { stop: () => Promise.reject(new Error('gone')) }));
    await modules.start();
    await modules.stop();
    expect(happened).toContain('log stops');
    expect(warnings()[0]?.what).toBe('module window failed while stopping');
  });

  it('stop once, however often they are asked', async () => {
    const { happened, module, list } = world();
    const modules = list(module('log'));
    await modules.start();
    await Promise.all([modules.stop(), modules.stop()]);
    expect(happened).toEqual(['log starts', 'log stops']);
  });

  it('are not started after the program was told to stop', async () => {
    const { happened, module, list } = world();
    let goOn = (): void => undefined;
    const slow = module('window', { start: () => new Promise<void>((resolve) => (goOn = resolve)) });
    const modules = list(slow, module('services'));
    const started = modules.start();
    await modules.stop();
    goOn();
    await started;
    expect(happened).toEqual(['window stops']);
  });
});
