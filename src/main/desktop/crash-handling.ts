import { app, dialog, type BrowserWindow } from 'electron';
import { errorCatalogue } from '#shared/errors.ts';
import type { DesktopTexts } from './desktop-texts.ts';
import type { Log } from './log.ts';

export interface CrashHandling {
  readonly log: Log;
  readonly texts: () => DesktopTexts;
  readonly window: () => BrowserWindow | undefined;
}

/**
 * Defects of the program: written to the log, shown once as `internal`. Nothing is sent anywhere.
 *
 * The program goes on: a registration may be half-way, and its journal knows how to continue either way. The user is
 * offered a restart.
 */
export function handleCrashes({ log, texts, window }: CrashHandling): () => void {
  let showing = false;

  const show = async (): Promise<void> => {
    if (showing) return;
    showing = true;
    try {
      const words = texts();
      const choice = {
        type: 'error' as const,
        title: 'Kilt',
        message: words.internalError,
        detail: `${words.internalErrorAdvice}\n\n${errorCatalogue.internal.code}`,
        buttons: [words.restart, words.close],
        defaultId: 0,
        cancelId: 1,
        noLink: true,
      };
      const parent = window();
      await app.whenReady();
      const { response } = await (parent
        ? dialog.showMessageBox(parent, choice)
        : dialog.showMessageBox(choice));
      if (response === 0) {
        app.relaunch();
        app.quit();
      }
    } finally {
      showing = false;
    }
  };

  const onDefect = (what: string) => (error: unknown) => {
    log.error(what, error);
    show().catch((reason: unknown) => log.error('the failure could not be shown', reason));
  };
  const onException = onDefect('an exception nobody caught');
  const onRejection = onDefect('a rejection nobody handled');
  process.on('uncaughtException', onException);
  process.on('unhandledRejection', onRejection);

  const onPageGone = (
    _event: unknown,
    contents: Electron.WebContents,
    details: Electron.RenderProcessGoneDetails,
  ): void => {
    if (details.reason === 'clean-exit') return;
    log.error('the page has crashed', { reason: details.reason, exitCode: details.exitCode });
    reloadAfterCrash(contents, () => onDefect('the page keeps crashing')(details.reason));
  };
  const onChildGone = (_event: unknown, details: Electron.Details): void => {
    if (details.reason !== 'clean-exit' && details.reason !== 'killed') {
      log.error('a helper process has crashed', { type: details.type, reason: details.reason });
    }
  };
  app.on('render-process-gone', onPageGone);
  app.on('child-process-gone', onChildGone);

  return () => {
    process.off('uncaughtException', onException);
    process.off('unhandledRejection', onRejection);
    app.off('render-process-gone', onPageGone);
    app.off('child-process-gone', onChildGone);
  };
}

/** The state is in the main process: a fresh page shows it again. A page that crashes at once is left alone. */
const shortestLife = 10_000;
let lastReload = -shortestLife;

function reloadAfterCrash(contents: Electron.WebContents, giveUp: () => void): void {
  const now = performance.now();
  if (now - lastReload < shortestLife) return giveUp();
  lastReload = now;
  // Not within the event: Chromium is still taking the old process down.
  setImmediate(() => {
    if (!contents.isDestroyed()) contents.reload();
  });
}
