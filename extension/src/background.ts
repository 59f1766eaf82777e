/**
 * The extension's own process: takes requests of pages, adds where they come from by the browser's word, and hands them to
 * Kilt. It decides nothing and keeps nothing; whether a site may ask is asked by Kilt.
 */
import type { FromExtension } from '#kilt-client/protocol.ts';
import { linkVersion, nativeHostName } from '#shared/extension-constants.ts';
import { originOf } from './asking-page.ts';
import { NativeHost } from './native-host.ts';
import { readFromPage } from './page-message.ts';

/** Requests of one page that may wait at once; Kilt asks its user about one at a time. */
const mostWaiting = 8;

const host = new NativeHost(chrome, nativeHostName);
let pages = 0;

chrome.runtime.onConnect.addListener((port) => {
  const origin = originOf(port.sender, chrome.runtime.id);
  if (origin === undefined) {
    port.disconnect();
    return;
  }
  const page = String(++pages);
  const waiting = new Set<string>();
  const tell = (message: FromExtension): void => port.postMessage(message);

  port.onMessage.addListener((data) => {
    const message = readFromPage(data);
    if (!message) return;
    const { id } = message;
    const linkId = `${page}.${id}`;
    if (message.kind === 'cancel') {
      if (waiting.delete(id)) host.cancel(linkId);
      return;
    }
    if (waiting.has(id)) return;
    if (waiting.size >= mostWaiting) {
      tell({ kind: 'failure', id, reason: 'rate-limited' });
      return;
    }
    waiting.add(id);
    const call = { method: message.method, params: message.params };
    host.ask({ kind: 'request', version: linkVersion, id: linkId, origin, call }, (outcome) => {
      waiting.delete(id);
      tell('reason' in outcome ? { kind: 'failure', id, ...outcome } : { kind: 'answer', id, ...outcome });
    });
  });
  port.onDisconnect.addListener(() => {
    for (const id of waiting) host.cancel(`${page}.${id}`);
    waiting.clear();
  });
});
