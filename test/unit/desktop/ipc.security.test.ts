import type { WebContents } from 'electron';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { registerCalls, sendEvent, type Handlers } from '#main/desktop/ipc.ts';
import { defaultSettings, type SettingsView } from '#shared/views.ts';
import { calls } from '#shared/ipc-contract.ts';
import { recordingLog } from './recording-log.ts';

type Listener = (event: unknown, input: unknown) => Promise<unknown>;
const channels = vi.hoisted(() => new Map<string, unknown>());
vi.mock('electron', () => ({
  ipcMain: {
    handle: (channel: string, listener: unknown) => channels.set(channel, listener),
    removeHandler: (channel: string) => channels.delete(channel),
  },
}));

const mainFrame = { parent: null, frameTreeNodeId: 1, origin: 'kilt://app', url: 'kilt://app/index.html' };
const fromOurPage = { sender: { id: 7, isDestroyed: () => false, mainFrame }, senderFrame: mainFrame };
const fromIframe = { ...fromOurPage, senderFrame: { ...mainFrame, parent: mainFrame, frameTreeNodeId: 2 } };

const page = { webContentsId: () => 7, origin: 'kilt://app' };
const consentPage = { webContentsId: () => 8, origin: 'kilt://app' };
const fromConsentPage = { ...fromOurPage, sender: { ...fromOurPage.sender, id: 8 } };
const invoke = (channel: string, event: unknown, input: unknown): Promise<unknown> => {
  const listener = channels.get(channel) as Listener | undefined;
  if (!listener) throw new Error(`nobody listens at ${channel}`);
  return listener(event, input);
};

beforeEach(() => channels.clear());

describe('the channels', () => {
  const openWith = (handlers: Partial<Handlers>) => {
    const { log, entries } = recordingLog();
    return {
      close: registerCalls({ page, consentPage, handlers: async () => handlers as Handlers, log }),
      entries,
    };
  };

  it('are exactly those of the contract, and are closed again', () => {
    const { close } = openWith({});
    expect([...channels.keys()]).toEqual(Object.keys(calls).map((name) => `kilt:call:${name}`));
    close();
    expect(channels.size).toBe(0);
  });

  it('answer our page', async () => {
    openWith({ 'banks.list': async () => [] });
    expect(await invoke('kilt:call:banks.list', fromOurPage, undefined)).toEqual({ ok: true, value: [] });
  });

  it('of the consent window are not the main window’s, and the other way round', async () => {
    const handler = vi.fn(async () => null);
    openWith({ 'consent.current': handler, 'banks.list': async () => [] });
    const refused = { ok: false, error: { id: 'internal', code: '0500099', data: {} } };
    expect(await invoke('kilt:call:consent.current', fromOurPage, undefined)).toEqual(refused);
    expect(await invoke('kilt:call:banks.list', fromConsentPage, undefined)).toEqual(refused);
    expect(handler).not.toHaveBeenCalled();
    expect(await invoke('kilt:call:consent.current', fromConsentPage, undefined)).toEqual({
      ok: true,
      value: null,
    });
  });

  it('tell a stranger nothing, run nothing for it and wipe what it sent', async () => {
    const handler = vi.fn();
    const { entries } = openWith({ 'picker.open': handler });
    const pin = new Uint8Array([1, 2, 3, 4]);
    expect(await invoke('kilt:call:picker.open', fromIframe, { tokenId: 't', pin })).toEqual({
      ok: false,
      error: { id: 'internal', code: '0500099', data: {} },
    });
    expect(handler).not.toHaveBeenCalled();
    expect([...pin]).toEqual([0, 0, 0, 0]);
    expect(entries.map((entry) => entry.level)).toEqual(['warn']);
  });
});

describe('events', () => {
  const pageThatIs = (state: { destroyed?: boolean; crashed?: boolean }) => {
    const send = vi.fn();
    const contents = {
      send,
      isDestroyed: () => state.destroyed ?? false,
      isCrashed: () => state.crashed ?? false,
    } as unknown as WebContents;
    return { send, contents };
  };
  const settings: SettingsView = { ...defaultSettings, language: 'kk', theme: 'dark' };

  it('go to our page, without what the contract does not name', () => {
    const { send, contents } = pageThatIs({});
    sendEvent('settings.changed', { ...settings, pin: '1234' } as never, contents, recordingLog().log);
    expect(send.mock.calls).toEqual([['kilt:event:settings.changed', settings]]);
  });

  it('are dropped when the page is not there', () => {
    for (const state of [{ destroyed: true }, { crashed: true }]) {
      const { send, contents } = pageThatIs(state);
      sendEvent('settings.changed', settings, contents, recordingLog().log);
      expect(send).not.toHaveBeenCalled();
    }
    expect(() => sendEvent('settings.changed', settings, undefined, recordingLog().log)).not.toThrow();
  });

  it('that break the contract are not sent, and the log says where', () => {
    const { send, contents } = pageThatIs({});
    const { log, entries } = recordingLog();
    sendEvent('settings.changed', { language: 'de', theme: 'dark' } as never, contents, log);
    expect(send).not.toHaveBeenCalled();
    expect(entries[0]?.what).toContain('language');
  });
});
