import type { IpcMainInvokeEvent, WebFrameMain } from 'electron';

/** Who may call: the main frame of our one window, and only while it shows our own page. */
export interface PageIdentity {
  /** Id of the window's `webContents`; `undefined` while there is no window. */
  readonly webContentsId: () => number | undefined;
  /** `kilt://app`, or the development server's origin. */
  readonly origin: string;
}

/**
 * Whether a message comes from our page. Anything unclear (the frame is gone, was navigated, or throws when asked)
 * counts as no.
 */
export function isFromOurPage(
  event: Pick<IpcMainInvokeEvent, 'sender' | 'senderFrame'>,
  page: PageIdentity,
): boolean {
  try {
    const { sender, senderFrame } = event;
    const expected = page.webContentsId();
    if (expected === undefined || sender.isDestroyed() || sender.id !== expected) return false;
    return isMainFrame(senderFrame, sender.mainFrame) && isOnOrigin(senderFrame, page.origin);
  } catch {
    // Electron throws when a frame is asked that has been disposed of.
    return false;
  }
}

// Electron 33 may leave out what later versions give as null.
function isMainFrame(
  frame: WebFrameMain | null | undefined,
  mainFrame: WebFrameMain | null | undefined,
): frame is WebFrameMain {
  return (
    frame !== null &&
    frame !== undefined &&
    frame.parent === null &&
    frame.frameTreeNodeId === mainFrame?.frameTreeNodeId
  );
}

/** `origin` is Chromium's own verdict (`null` for a sandboxed frame); the address must agree with it. */
const isOnOrigin = (frame: WebFrameMain, origin: string): boolean =>
  frame.origin === origin && frame.url.startsWith(`${origin}/`);
