import { describe, expect, it } from 'vitest';
import { ExtensionSwitch } from '#main/browser/extension/extension-switch.ts';

/** Stands for the way itself, which test/unit/browser/host-registration.test.ts and the end-to-end tests are about. */
function open(options: { readonly on: boolean; readonly fails?: boolean }) {
  const done: string[] = [];
  const problems: unknown[] = [];
  let browserExtension = options.on;
  const note = async (what: string): Promise<void> => {
    done.push(what);
    if (options.fails === true) throw new Error('read-only home');
  };
  const way = new ExtensionSwitch({
    way: {
      switchOn: () => note('on'),
      switchOff: () => note('off'),
      stop: () => note('stop'),
      state: async () => ({ listening: browserExtension, connections: 0, browsers: [] }),
    },
    settings: {
      get: () => ({ browserExtension }),
      change: (changes) => {
        ({ browserExtension } = changes);
      },
    },
    onProblem: (error) => problems.push(error),
  });
  return { way, done, problems };
}

describe('the switch of the extension’s way', () => {
  it('starts what is switched on, and nothing else', async () => {
    const on = open({ on: true });
    await on.way.start();
    expect(on.done).toEqual(['on']);
    const off = open({ on: false });
    await off.way.start();
    expect(off.done).toEqual([]);
  });

  it('remembers the user’s choice and does it at once', async () => {
    const { way, done } = open({ on: true });
    expect(await way.change(false)).toMatchObject({ on: false, listening: false });
    expect(await way.change(true)).toMatchObject({ on: true });
    expect(done).toEqual(['off', 'on']);
  });

  it('tells that the system was against it, and goes on', async () => {
    const { way, problems } = open({ on: true, fails: true });
    await way.start();
    expect(problems).toHaveLength(1);
    expect(await way.view()).toMatchObject({ on: true, failed: true });
  });
});
