import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { ActiveFault } from '../faults.ts';
import { textAnswer, type HttpAnswer, type HttpRequest } from './answer.ts';

const largestBody = 64 * 1024;

/** A request is answered at once; a fault may spoil what then goes out. */
export interface Route {
  readonly handle: (request: HttpRequest) => HttpAnswer | Promise<HttpAnswer>;
  /** The fault for this answer. Asked before the request is carried out. */
  readonly fault?: () => ActiveFault | undefined;
}

class BodyTooLarge extends Error {}

async function bodyOf(incoming: IncomingMessage): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  // The socket is still needed: for the answer that says 413.
  const parts: AsyncIterable<Uint8Array> = incoming.iterator({ destroyOnReturn: false });
  for await (const chunk of parts) {
    length += chunk.length;
    if (length > largestBody) throw new BodyTooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function send(response: ServerResponse, answer: HttpAnswer): void {
  response.writeHead(answer.status, {
    'Content-Type': answer.contentType,
    'Content-Length': Buffer.byteLength(answer.body),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    ...answer.headers,
  });
  response.end(answer.body);
}

/** Serves the routes that `find` knows; `report` hears of defects of the bank itself. */
export function listener(
  find: (request: HttpRequest) => Route | undefined,
  report: (error: unknown) => void,
): RequestListener {
  const serve = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const request: HttpRequest = {
      method: incoming.method ?? '',
      path: (incoming.url ?? '/').split('?')[0] ?? '/',
      contentType: (incoming.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '',
      acceptLanguage: incoming.headers['accept-language'],
      cookie: incoming.headers.cookie,
      origin: incoming.headers.origin,
      body: await bodyOf(incoming),
    };
    const route = find(request);
    if (!route) {
      send(response, textAnswer(404, 'Not found\n'));
      return;
    }
    const fault = route.fault?.();
    if (fault?.kind === 'http-500') {
      send(response, textAnswer(500, 'Internal error\n'));
      return;
    }
    const answer = await route.handle(request);
    switch (fault?.kind) {
      case 'drop-connection':
        incoming.socket.destroy();
        return;
      case 'rubbish':
        send(response, { ...answer, status: 200, body: randomBytes(200) });
        return;
      case 'slow':
        await pause(fault.seconds * 1000, undefined, { ref: false });
        break;
      default:
        break;
    }
    if (!response.destroyed) send(response, answer);
  };
  return (incoming, response) => {
    serve(incoming, response).catch((error: unknown) => {
      if (error instanceof BodyTooLarge) {
        response.once('finish', () => incoming.destroy());
        send(response, textAnswer(413, 'Request is too large\n'));
        return;
      }
      if (incoming.errored ?? response.destroyed) return;
      report(error);
      if (!response.headersSent) send(response, textAnswer(500, 'Internal error\n'));
    });
  };
}
