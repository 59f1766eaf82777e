/**
 * Runs in the top frame of https pages, in a world of its own, and does nothing until the page says hello. Then it carries
 * messages between the page's port and the extension; who the page is, is none of its business (background.ts).
 */
import { protocolVersion, type FromExtension } from '#kilt-client/protocol.ts';
import type { Port } from './browser-api.ts';
import { isHello, readFromPage } from './page-message.ts';

/** A page needs one; a page that opens them without end gets no more. */
const mostPorts = 8;
let ports = 0;

window.addEventListener('message', (event: MessageEvent<unknown>) => {
  const [port] = event.ports;
  if (event.source !== window || event.origin !== location.origin || !isHello(event.data) || !port) return;
  if (++ports > mostPorts) return;
  serve(port);
});

function serve(page: MessagePort): void {
  const tell = (message: FromExtension): void => page.postMessage(message);
  const waiting = new Set<string>();
  let extension: Port | undefined;

  const connect = (): Port => {
    const port = chrome.runtime.connect({ name: 'page' });
    port.onMessage.addListener((message) => {
      const told = message as FromExtension;
      if ('id' in told) waiting.delete(told.id);
      tell(told);
    });
    port.onDisconnect.addListener(() => {
      extension = undefined;
      // The extension's own process has ended: nobody answers these any more.
      for (const id of waiting) tell({ kind: 'failure', id, reason: 'no-extension' });
      waiting.clear();
    });
    return port;
  };

  page.onmessage = ({ data }: MessageEvent<unknown>) => {
    const message = readFromPage(data);
    if (!message) {
      const id = typeof data === 'object' && data !== null ? (data as { id?: unknown }).id : undefined;
      if (typeof id === 'string') tell({ kind: 'failure', id, reason: 'malformed' });
      return;
    }
    try {
      extension ??= connect();
      if (message.kind === 'request') waiting.add(message.id);
      extension.postMessage(message);
    } catch {
      // Updated or removed: what runs here belongs to an extension that is no more.
      waiting.delete(message.id);
      extension = undefined;
      tell({ kind: 'failure', id: message.id, reason: 'no-extension' });
    }
  };
  tell({ kind: 'hello', version: protocolVersion });
}
