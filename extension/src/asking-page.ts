import type { MessageSender } from './browser-api.ts';

/**
 * The origin of the page at the other end of a port, by the browser's word; nothing the page says comes in here.
 *
 * @returns `undefined` where the sender is no page that may ask: another extension, a frame inside a page, a page that is
 *   not https, or one that is not on the screen (prerendered, or kept for the «back» button)
 */
export function originOf(sender: MessageSender | undefined, ownId: string | undefined): string | undefined {
  if (!sender || sender.id !== ownId || sender.tab === undefined || sender.frameId !== 0) return undefined;
  if (sender.documentLifecycle !== undefined && sender.documentLifecycle !== 'active') return undefined;
  const origin = sender.origin ?? originOfAddress(sender.url);
  return origin?.startsWith('https://') === true ? origin : undefined;
}

function originOfAddress(address: string | undefined): string | undefined {
  try {
    return address === undefined ? undefined : new URL(address).origin;
  } catch {
    return undefined;
  }
}
