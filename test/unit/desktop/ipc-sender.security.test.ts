import type { IpcMainInvokeEvent } from 'electron';
import { describe, expect, it } from 'vitest';
import { isFromOurPage, type PageIdentity } from '#main/desktop/ipc-sender.ts';

const page: PageIdentity = { webContentsId: () => 7, origin: 'kilt://app' };

interface Frame {
  readonly parent: unknown;
  readonly frameTreeNodeId: number;
  readonly origin: string;
  readonly url: string;
}
const mainFrame: Frame = {
  parent: null,
  frameTreeNodeId: 1,
  origin: 'kilt://app',
  url: 'kilt://app/index.html',
};

type Sender = Pick<IpcMainInvokeEvent, 'sender' | 'senderFrame'>;
function message(changes: {
  frame?: Partial<Frame> | null | undefined;
  senderId?: number;
  destroyed?: boolean;
}): Sender {
  const senderFrame =
    'frame' in changes && (changes.frame === null || changes.frame === undefined)
      ? changes.frame
      : { ...mainFrame, ...changes.frame };
  const sender = { id: changes.senderId ?? 7, isDestroyed: () => changes.destroyed ?? false, mainFrame };
  return { sender, senderFrame } as unknown as Sender;
}

describe('who may call', () => {
  it('the main frame of our window on our own page may', () => {
    expect(isFromOurPage(message({}), page)).toBe(true);
  });

  it.each([
    ['an iframe of our page', message({ frame: { parent: mainFrame, frameTreeNodeId: 2 } })],
    ['a frame within another, whatever its number', message({ frame: { parent: mainFrame } })],
    ['a frame that only claims to have no parent', message({ frame: { frameTreeNodeId: 2 } })],
    ['another window', message({ senderId: 8 })],
    ['a destroyed page', message({ destroyed: true })],
    ['a frame that is gone (null)', message({ frame: null })],
    ['a frame that is gone (undefined)', message({ frame: undefined })],
    ['a page from the network', message({ frame: { origin: 'https://bank.kz', url: 'https://bank.kz/' } })],
    ['a page over http', message({ frame: { origin: 'http://app', url: 'http://app/index.html' } })],
    ['a file', message({ frame: { origin: 'file://', url: 'file:///tmp/index.html' } })],
    [
      'another host of our scheme',
      message({ frame: { origin: 'kilt://other', url: 'kilt://other/index.html' } }),
    ],
    [
      'a host that begins like ours',
      message({ frame: { origin: 'kilt://app.evil', url: 'kilt://app.evil/' } }),
    ],
    ['a sandboxed frame without origin', message({ frame: { origin: 'null' } })],
    ['a blank page', message({ frame: { url: 'about:blank' } })],
  ])('%s may not', (_who, event) => {
    expect(isFromOurPage(event, page)).toBe(false);
  });

  it('nobody may while there is no window', () => {
    expect(isFromOurPage(message({}), { ...page, webContentsId: () => undefined })).toBe(false);
  });

  it('a frame that throws when asked counts as no', () => {
    const event = {
      ...message({}),
      get senderFrame(): never {
        throw new Error('Render frame was disposed before WebFrameMain could be accessed');
      },
    };
    expect(isFromOurPage(event, page)).toBe(false);
  });
});
