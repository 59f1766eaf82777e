import type { Session, WebContents } from 'electron';
import { describe, expect, it, vi } from 'vitest';
import { guardNavigation, guardSession } from '#main/desktop/navigation-guard.ts';
import { pageSource } from '#main/desktop/page-source.ts';
import { readLaunchOptions } from '#main/desktop/launch-options.ts';
import { recordingLog } from './recording-log.ts';

vi.mock('electron', () => ({ protocol: {} }));

const shipped = pageSource(readLaunchOptions({ packaged: true, environment: {} }));
const development = pageSource(
  readLaunchOptions({ packaged: false, environment: { ELECTRON_RENDERER_URL: 'http://localhost:5173' } }),
);

const anywhere = [
  'https://example.com/',
  'kilt://app/index.html',
  'kilt://other/',
  'file:///etc/passwd',
  'about:blank',
  'data:text/html,hi',
  'javascript:alert(1)',
  'http://localhost:5173/',
  'blob:kilt://app/1',
];

function guardedPage(mayNavigate: (address: string) => boolean) {
  const listeners = new Map<string, (event: unknown) => void>();
  let openWindow: (details: { url: string }) => unknown = () => undefined;
  const contents = {
    on: (name: string, listener: (event: unknown) => void) => listeners.set(name, listener),
    setWindowOpenHandler: (handler: typeof openWindow) => (openWindow = handler),
  } as unknown as WebContents;
  guardNavigation(contents, mayNavigate, recordingLog().log);
  const isRefused = (name: string, event: Record<string, unknown>): boolean => {
    const preventDefault = vi.fn();
    listeners.get(name)?.({ ...event, preventDefault });
    return preventDefault.mock.calls.length > 0;
  };
  return { isRefused, openWindow: (url: string) => openWindow({ url }) };
}

describe('our page', () => {
  it.each(anywhere)('does not go to %s, is not redirected there and opens no window on it', (url) => {
    const { isRefused, openWindow } = guardedPage(shipped.mayNavigate);
    expect(isRefused('will-navigate', { url })).toBe(true);
    expect(isRefused('will-redirect', { url })).toBe(true);
    expect(isRefused('will-frame-navigate', { url, isMainFrame: false })).toBe(true);
    expect(openWindow(url)).toEqual({ action: 'deny' });
  });

  it('holds no webview', () => {
    expect(guardedPage(() => true).isRefused('will-attach-webview', {})).toBe(true);
  });

  it('may reload itself from the development server, and go nowhere else', () => {
    const { isRefused } = guardedPage(development.mayNavigate);
    expect(isRefused('will-navigate', { url: 'http://localhost:5173/' })).toBe(false);
    for (const url of [
      'http://localhost:5174/',
      'https://localhost:5173/',
      'http://localhost:5173.evil.example/',
    ])
      expect(isRefused('will-navigate', { url })).toBe(true);
  });
});

function guardedSession(source: typeof shipped) {
  const set: Record<string, (...parts: never[]) => unknown> = {};
  const keep = (name: string) => (handler: (...parts: never[]) => unknown) => {
    set[name] = handler;
  };
  const headers = vi.fn();
  const session = {
    setPermissionRequestHandler: keep('request'),
    setPermissionCheckHandler: keep('check'),
    setDevicePermissionHandler: keep('device'),
    setSpellCheckerEnabled: vi.fn(),
    on: (name: string, handler: (...parts: never[]) => unknown) => keep(name)(handler),
    webRequest: { onBeforeRequest: keep('load'), onHeadersReceived: headers },
  } as unknown as Session;
  guardSession(session, source, recordingLog().log);
  const call = (name: string, ...parts: unknown[]): unknown => set[name]?.(...(parts as never[]));
  const isLoaded = (url: string): boolean => {
    const answer = vi.fn();
    call('load', { url }, answer);
    return answer.mock.calls[0]?.[0].cancel === false;
  };
  return { call, isLoaded, headers };
}

describe('the session', () => {
  it.each([
    'clipboard-read',
    'geolocation',
    'media',
    'notifications',
    'usb',
    'hid',
    'openExternal',
    'fullscreen',
  ])('refuses the permission %s, when asked for and when looked up', (permission) => {
    const { call } = guardedSession(shipped);
    const answer = vi.fn();
    call('request', {}, permission, answer);
    expect(answer.mock.calls).toEqual([[false]]);
    expect(call('check', {}, permission)).toBe(false);
    expect(call('device', {})).toBe(false);
  });

  it('refuses downloads', () => {
    const preventDefault = vi.fn();
    guardedSession(shipped).call('will-download', { preventDefault });
    expect(preventDefault).toHaveBeenCalled();
  });

  it('loads our own files only', () => {
    const { isLoaded } = guardedSession(shipped);
    expect(isLoaded('kilt://app/assets/page.js')).toBe(true);
    for (const url of anywhere.filter((address) => !address.startsWith('kilt://app/')))
      expect(isLoaded(url), url).toBe(false);
    expect(isLoaded('devtools://devtools/bundled/index.html')).toBe(false);
  });

  it('loads from the development server in an unpackaged build, under that server’s policy', () => {
    const { isLoaded, headers } = guardedSession(development);
    expect(
      ['http://localhost:5173/@vite/client', 'ws://localhost:5173/', 'devtools://x/'].map(isLoaded),
    ).toEqual([true, true, true]);
    expect(isLoaded('http://localhost:5174/')).toBe(false);
    expect(headers.mock.calls[0]?.[0]).toEqual({ urls: ['http://localhost:5173/*'] });
  });

  it('ignores a development server that a packaged program is told of', () => {
    const launch = readLaunchOptions({
      packaged: true,
      environment: { ELECTRON_RENDERER_URL: 'http://localhost:5173' },
    });
    expect(pageSource(launch).address).toBe('kilt://app/index.html');
    expect(guardedSession(pageSource(launch)).isLoaded('http://localhost:5173/')).toBe(false);
  });
});
