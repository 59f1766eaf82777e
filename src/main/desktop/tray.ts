import { app, Menu, Tray, type MenuItemConstructorOptions } from 'electron';
import { formatDate } from '#shared/texts/formats.ts';
import type { CertificateEndView, TokenView } from '#shared/views.ts';
import type { DesktopTexts } from './desktop-texts.ts';
import type { Log } from './log.ts';
import { trayIcon } from './tray-icon.ts';

/** What the icon in the notification area depends on. */
export interface TrayState {
  /** «Закрывать в область уведомлений» */
  readonly closeToTray: boolean;
  /** There is a window, hidden or not. */
  readonly hasWindow: boolean;
  readonly tokens: readonly TokenView[];
  /** Certificates that end soon. */
  readonly ends: readonly CertificateEndView[];
}

export interface KiltTray {
  /** Shows, changes or takes away the icon, in the language that is the user's now. */
  update(changes: Partial<TrayState>): void;
  remove(): void;
}

export interface TrayOptions {
  readonly texts: () => DesktopTexts;
  readonly open: () => void;
  readonly log: Log;
}

/**
 * The icon in the notification area. It is there whenever the program runs without a window, so that it can always be
 * reached and ended: while a registration goes on after its window was closed, and after a start with the session.
 */
export const isTrayNeeded = ({
  closeToTray,
  hasWindow,
}: Pick<TrayState, 'closeToTray' | 'hasWindow'>): boolean => closeToTray || !hasWindow;

export function createTray({ texts, open, log }: TrayOptions): KiltTray {
  let state: TrayState = { closeToTray: false, hasWindow: true, tokens: [], ends: [] };
  let tray: Tray | undefined;

  const remove = (): void => {
    tray?.destroy();
    tray = undefined;
  };

  const show = (): void => {
    if (!isTrayNeeded(state)) return remove();
    try {
      tray ??= made(open);
      tray.setToolTip(texts().trayTip(state.tokens.length));
      // Set again each time: Linux does not see changes of a menu's items.
      tray.setContextMenu(Menu.buildFromTemplate(trayMenu(state, texts(), open)));
    } catch (error) {
      // A desktop without notification area; starting Kilt once more opens the window.
      log.warn('there is no icon in the notification area', error);
    }
  };

  return {
    update(changes) {
      state = { ...state, ...changes };
      show();
    },
    remove,
  };
}

function made(open: () => void): Tray {
  const tray = new Tray(trayIcon());
  // On macOS a click opens the menu.
  if (process.platform !== 'darwin') tray.on('click', open);
  return tray;
}

/**
 * Open, the tokens present, certificates that end, quit. A token or a certificate opens the window, where its state and
 * what to do are told.
 */
export function trayMenu(
  { tokens, ends }: Pick<TrayState, 'tokens' | 'ends'>,
  texts: DesktopTexts,
  open: () => void,
): MenuItemConstructorOptions[] {
  const present: MenuItemConstructorOptions[] =
    tokens.length === 0
      ? [{ label: texts.noToken, enabled: false }]
      : tokens.map((token) => ({ label: menuText(tokenLine(token)), click: open }));
  return [
    { label: texts.openKilt, click: open },
    { type: 'separator' },
    ...present,
    ...endLines(ends, texts, open),
    { type: 'separator' },
    { label: texts.quit, click: () => app.quit() },
  ];
}

function endLines(
  ends: TrayState['ends'],
  texts: DesktopTexts,
  open: () => void,
): MenuItemConstructorOptions[] {
  if (ends.length === 0) return [];
  const lines = ends.map(({ tokenName, notAfter, ended }): MenuItemConstructorOptions => {
    const words = { name: tokenName, date: formatDate(new Date(notAfter)) };
    return { label: menuText(ended ? texts.hasEnded(words) : texts.ends(words)), click: open };
  });
  return [{ type: 'separator' }, ...lines];
}

/** `qq111111_qwertyui, № 47738461` */
const tokenLine = (token: TokenView): string =>
  [
    token.label?.trim() || token.profiles?.[0]?.userId || token.model || token.reader,
    token.serial && `№ ${token.serial}`,
  ]
    .filter(Boolean)
    .join(', ');

const longestLine = 60;

/** In a menu `&` marks the next letter, and a name from a token may be long. */
const menuText = (text: string): string =>
  (text.length > longestLine ? `${text.slice(0, longestLine)}…` : text).replaceAll('&', '&&');
