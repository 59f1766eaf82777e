import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { calls, events, type KiltBridge } from '#shared/ipc-contract.ts';

const electron = vi.hoisted(() => ({
  exposed: new Map<string, unknown>(),
  listeners: new Map<string, Set<(...parts: unknown[]) => void>>(),
  /** Files that the user dropped, and where they lie. */
  paths: new Map<File, string>(),
  sent: [] as { channel: string; input: unknown }[],
}));
vi.mock('electron', () => ({
  webUtils: { getPathForFile: (file: File) => electron.paths.get(file) ?? '' },
  contextBridge: { exposeInMainWorld: (name: string, api: unknown) => electron.exposed.set(name, api) },
  ipcRenderer: {
    invoke: (channel: string, input: unknown) => {
      electron.sent.push({ channel, input: structuredClone(input) });
      return Promise.resolve({ ok: true, value: undefined });
    },
    on: (channel: string, listener: (...parts: unknown[]) => void) => {
      const set = electron.listeners.get(channel) ?? new Set();
      electron.listeners.set(channel, set.add(listener));
    },
    removeListener: (channel: string, listener: (...parts: unknown[]) => void) =>
      electron.listeners.get(channel)?.delete(listener),
  },
}));

let kilt: KiltBridge;
const isForConsent = (name: string): boolean => name.startsWith('consent.');
beforeAll(async () => {
  await import('../../../src/preload/preload.ts');
  kilt = electron.exposed.get('kilt') as KiltBridge;
});
beforeEach(() => {
  electron.sent.length = 0;
});

describe('the bridge', () => {
  it('is exactly window.kilt with call, drop and on', () => {
    expect([...electron.exposed.keys()]).toEqual(['kilt']);
    expect(Object.keys(kilt)).toEqual(['call', 'drop', 'on']);
    expect(Object.values(kilt).every((member) => typeof member === 'function')).toBe(true);
  });

  it('knows every call of the contract but those of the consent window', async () => {
    const names = Object.keys(calls).filter((name) => name !== 'signing.drop' && !isForConsent(name));
    for (const name of names) await kilt.call(name as never, undefined as never);
    expect(electron.sent.map(({ channel }) => channel)).toEqual(names.map((name) => `kilt:call:${name}`));
  });

  it('names files only where the system says they lie, never where the page says so', async () => {
    await expect(kilt.call('signing.drop', { paths: ['/etc/passwd'] })).rejects.toThrow(TypeError);
    const dropped = new File(['a'], 'dropped.txt');
    electron.paths.set(dropped, '/home/asel/dropped.txt');
    await kilt.drop([new File(['a'], '/etc/passwd'), dropped]);
    expect(electron.sent).toEqual([
      { channel: 'kilt:call:signing.drop', input: { paths: ['/home/asel/dropped.txt'] } },
    ]);
  });

  it.each(['nope', 'toString', '__proto__', 'constructor', '', 5, null, undefined, ['tokens.list'], {}])(
    'refuses the call and the event %j',
    async (name) => {
      await expect(kilt.call(name as never, undefined as never)).rejects.toThrow(TypeError);
      expect(() => kilt.on(name as never, () => undefined)).toThrow(TypeError);
      expect(electron.sent).toEqual([]);
    },
  );

  it('gives listeners the payload only, and no more of it after they have left', () => {
    for (const name of Object.keys(events).filter((one) => !isForConsent(one))) {
      const listener = vi.fn();
      const leave = kilt.on(name as never, listener);
      const tell = () =>
        electron.listeners
          .get(`kilt:event:${name}`)
          ?.forEach((send) => send({ sender: 'ipcRenderer' }, 'payload'));
      tell();
      leave();
      tell();
      expect(listener.mock.calls).toEqual([['payload']]);
    }
  });

  it('wipes its copy of a secret when the call was sent', async () => {
    const pin = new Uint8Array([1, 2, 3, 4]);
    const password = new Uint8Array([5, 6]);
    await kilt.call('registration.resume', {
      journalId: 'j',
      tokenId: 't',
      newPin: pin,
      data: { registrationPin: pin, keyFile: { id: 'f', password } },
    });
    expect(electron.sent[0]?.input).toMatchObject({ newPin: new Uint8Array([1, 2, 3, 4]) });
    expect([...pin, ...password]).toEqual([0, 0, 0, 0, 0, 0]);
  });
});

describe('the bridge of the consent window', () => {
  it('has the calls of consent, the clipboard and nothing else', async () => {
    vi.resetModules();
    electron.exposed.clear();
    process.argv.push('--kilt-page=consent');
    try {
      await import('../../../src/preload/preload.ts');
    } finally {
      process.argv.pop();
    }
    const bridge = electron.exposed.get('kilt') as KiltBridge;
    electron.exposed.set('kilt', kilt);
    const taken: string[] = [];
    for (const name of Object.keys(calls))
      await bridge.call(name as never, undefined as never).then(
        () => taken.push(name),
        () => undefined,
      );
    expect(taken).toEqual([...Object.keys(calls).filter(isForConsent), 'clipboard.copy']);
    expect(() => bridge.on('tokens.changed', () => undefined)).toThrow(TypeError);
    expect(() => bridge.drop([])).toThrow(TypeError);
  });
});
