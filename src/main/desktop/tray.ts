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

/** Where the icon and its menu lead. */
export interface TrayWays {
  readonly open: () => void;
  /** To what can be done about a certificate that ends. */
  readonly openEnd: (end: CertificateEndView) => void;
}

export interface TrayOptions extends TrayWays {
  readonly texts: () => DesktopTexts;
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

export function createTray({ texts, log, ...ways }: TrayOptions): KiltTray {
  let state: TrayState = { closeToTray: false, hasWindow: true, tokens: [], ends: [] };
  let tray: Tray | undefined;

  const remove = (): void => {
    tray?.destroy();
    tray = undefined;
  };

  const show = (): void => {
    if (!isTrayNeeded(state)) return remove();
    try {
      tray ??= made(ways.open);
      tray.setToolTip(texts().trayTip(state.tokens.length));
      // Set again each time: Linux does not see changes of a menu's items.
      tray.setContextMenu(Menu.buildFromTemplate(trayMenu(state, texts(), ways)));
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
 * Open, the tokens present, certificates that end, quit. A token opens the window, where its state and what to do are
 * told; a certificate opens it where new keys are made.
 */
export function trayMenu(
  { tokens, ends }: Pick<TrayState, 'tokens' | 'ends'>,
  texts: DesktopTexts,
  { open, openEnd }: TrayWays,
): MenuItemConstructorOptions[] {
  const present: MenuItemConstructorOptions[] =
    tokens.length === 0
      ? [{ label: texts.noToken, enabled: false }]
      : tokens.map((token) => ({ label: menuText(tokenLine(token)), click: open }));
  return [
    { label: texts.openKilt, click: open },
    { type: 'separator' },
    ...present,
    ...endLines(ends, texts, openEnd),
    { type: 'separator' },
    { label: texts.quit, click: () => app.quit() },
  ];
}

function endLines(
  ends: TrayState['ends'],
  texts: DesktopTexts,
  openEnd: TrayWays['openEnd'],
): MenuItemConstructorOptions[] {
  if (ends.length === 0) return [];
  const lines = ends.map((end): MenuItemConstructorOptions => {
    const words = { name: end.tokenName, date: formatDate(new Date(end.notAfter)) };
    const label = menuText(end.ended ? texts.hasEnded(words) : texts.ends(words));
    return { label, click: () => openEnd(end) };
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
