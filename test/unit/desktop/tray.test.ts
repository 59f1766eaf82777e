import { beforeEach, describe, expect, it, vi } from 'vitest';
import { desktopTexts } from '#main/desktop/desktop-texts.ts';
import { createTray, isTrayNeeded, trayMenu } from '#main/desktop/tray.ts';
import type { CertificateEndView, TokenView } from '#shared/views.ts';
import { certificateEnd } from './certificate-end.ts';
import { recordingLog } from './recording-log.ts';

const electron = vi.hoisted(() => ({
  trays: [] as { destroyed: boolean; tip: string; menu: unknown; click: () => void }[],
  quits: 0,
  hasArea: true,
}));
vi.mock('electron', () => ({
  app: { quit: () => (electron.quits += 1) },
  nativeImage: { createEmpty: () => ({ addRepresentation: () => undefined }) },
  Menu: { buildFromTemplate: (items: unknown) => items },
  Tray: class {
    readonly state = { destroyed: false, tip: '', menu: undefined as unknown, click: () => undefined };
    constructor() {
      if (!electron.hasArea) throw new Error('no notification area');
      electron.trays.push(this.state);
    }
    on(_event: 'click', listener: () => undefined) {
      this.state.click = listener;
    }
    setToolTip(tip: string) {
      this.state.tip = tip;
    }
    setContextMenu(menu: unknown) {
      this.state.menu = menu;
    }
    destroy() {
      this.state.destroyed = true;
    }
  },
}));

const token = (changes: Partial<TokenView>): TokenView => ({
  id: 't',
  reader: 'Aktiv KAZTOKEN 00 00',
  state: 'ready',
  label: null,
  kind: 'empty',
  certificates: [],
  ...changes,
});

beforeEach(() => {
  electron.trays.length = 0;
  electron.quits = 0;
  electron.hasArea = true;
});

const newTray = (open = vi.fn(), openEnd = vi.fn()) => {
  const { log, entries } = recordingLog();
  return { open, entries, tray: createTray({ texts: () => desktopTexts.ru, open, openEnd, log }) };
};

describe('the icon in the notification area', () => {
  it('is there whenever the program has no window, and always when the user wants it', () => {
    const needed = (closeToTray: boolean, hasWindow: boolean) => isTrayNeeded({ closeToTray, hasWindow });
    expect([needed(false, true), needed(false, false), needed(true, true), needed(true, false)]).toEqual([
      false,
      true,
      true,
      true,
    ]);
  });

  it('comes when the window is closed while a registration goes on, and goes when it is opened again', () => {
    const { tray } = newTray();
    tray.update({ hasWindow: true });
    expect(electron.trays).toHaveLength(0);
    tray.update({ hasWindow: false });
    expect(electron.trays.map(({ destroyed }) => destroyed)).toEqual([false]);
    tray.update({ hasWindow: true });
    expect(electron.trays.map(({ destroyed }) => destroyed)).toEqual([true]);
  });

  it('opens the window by a click', () => {
    const { tray, open } = newTray();
    tray.update({ closeToTray: true });
    electron.trays[0]?.click();
    expect(open).toHaveBeenCalledOnce();
  });

  it('tells how many tokens are present', () => {
    const { tray } = newTray();
    tray.update({ closeToTray: true });
    expect(electron.trays[0]?.tip).toBe('Kilt: токен не подключен');
    tray.update({ tokens: [token({}), token({})] });
    expect(electron.trays[0]?.tip).toBe('Kilt, токенов: 2');
  });

  it('is missed, not mourned, on a desktop that has no place for it', () => {
    electron.hasArea = false;
    const { tray, entries } = newTray();
    tray.update({ closeToTray: true });
    expect(entries.map(({ level }) => level)).toEqual(['warn']);
  });
});

describe('its menu', () => {
  const nowhere = { open: () => undefined, openEnd: () => undefined };
  const end = certificateEnd({ tokenName: 'qq111111_qwertyui', daysLeft: 17 });
  const labels = (tokens: TokenView[], ends: CertificateEndView[] = []) =>
    trayMenu({ tokens, ends }, desktopTexts.ru, nowhere).map(({ label, type }) => label ?? type);

  it('opens Kilt, lists the tokens, and quits', () => {
    const tokens = [
      token({ label: 'qq111111_qwertyui', serial: '47738461' }),
      token({ model: 'KAZTOKEN', serial: '3A5B7C1D' }),
      token({ state: 'reading' }),
    ];
    expect(labels(tokens)).toEqual([
      'Открыть Kilt',
      'separator',
      'qq111111_qwertyui, № 47738461',
      'KAZTOKEN, № 3A5B7C1D',
      'Aktiv KAZTOKEN 00 00',
      'separator',
      'Выход',
    ]);
    expect(labels([])).toContain('Токен не подключен');
  });

  it('lists certificates that end, also of tokens that are not connected', () => {
    expect(labels([], [end, { ...end, ended: true, tokenName: 'старый' }])).toEqual([
      'Открыть Kilt',
      'separator',
      'Токен не подключен',
      'separator',
      'qq111111_qwertyui: сертификат до 12.12.2026',
      'старый: срок сертификата истек 12.12.2026',
      'separator',
      'Выход',
    ]);
  });

  it('leads from such a certificate to it', () => {
    const openEnd = vi.fn();
    const menu = trayMenu({ tokens: [], ends: [end] }, desktopTexts.ru, { ...nowhere, openEnd });
    const line = menu.find(({ label }) => label?.startsWith('qq111111_qwertyui') === true);
    (line?.click as () => void)();
    expect(openEnd).toHaveBeenCalledExactlyOnceWith(end);
  });

  it('quits by «Выход»', () => {
    const quit = trayMenu({ tokens: [], ends: [] }, desktopTexts.ru, nowhere).at(-1);
    (quit?.click as () => void)();
    expect(electron.quits).toBe(1);
  });

  it('shows a token’s name as it is: no access keys out of ampersands, no line longer than a menu', () => {
    const [line] = labels([token({ label: 'A&B' })]).slice(2);
    expect(line).toBe('A&&B');
    expect(labels([token({ label: 'x'.repeat(500) })])[2]?.length).toBeLessThan(70);
  });
});
