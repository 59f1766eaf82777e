import { once } from 'node:events';
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { answerControl, LONGEST_REQUEST } from '../../control-requests.ts';
import type { VirtualTokenProgram } from '../../program.ts';
import { EventStream } from './event-stream.ts';
import type { PageFile } from './page-files.ts';

/** As strict as Kilt's own window; the hash is that of empty text: Fluent makes empty style elements and fills them. */
const contentPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='",
  "font-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const headers = {
  'Content-Security-Policy': contentPolicy,
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-store',
};

/**
 * Serves the tester's page of one token on 127.0.0.1.
 *
 * Who does not know the secret in the address, or comes by another name or from another page, is answered 404 and
 * learns nothing. The page may do what a control line may.
 */
export class PageServer {
  readonly #program: VirtualTokenProgram;
  readonly #files: ReadonlyMap<string, PageFile>;
  readonly #secret = randomBytes(24).toString('base64url');
  readonly #server: Server;
  readonly #events: EventStream;

  /** @param files the built page by its paths, `index.html` among them */
  constructor(program: VirtualTokenProgram, files: ReadonlyMap<string, PageFile>) {
    this.#program = program;
    this.#files = files;
    this.#events = new EventStream(program);
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch(() => response.destroy());
    });
  }

  /** Begins to listen, on a free port. @returns the page's address */
  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `${this.#origin}/${this.#secret}/`;
  }

  async close(): Promise<void> {
    this.#events.close();
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  get #origin(): string {
    // A TCP server that listens has an address with a port.
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = this.#pathFor(request);
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    const file = this.#files.get(path === '' ? 'index.html' : (path ?? ''));
    if (path === 'control' && request.method === 'POST') await this.#control(request, response);
    else if (path === 'events' && request.method === 'GET') this.#events.open(request, response);
    else if (file !== undefined && request.method === 'GET') {
      response.setHeader('Content-Type', file.type);
      response.end(file.bytes);
    } else notFound(response);
  }

  /** What is asked for below the secret; `undefined` for those who may not ask. */
  #pathFor({ headers: { host, origin }, url = '', method }: IncomingMessage): string | undefined {
    if (`http://${host ?? ''}` !== this.#origin) return undefined;
    if (method === 'POST' ? origin !== this.#origin : origin !== undefined && origin !== this.#origin)
      return undefined;
    const [, secret = '', ...rest] = url.split('/');
    const given = Buffer.from(secret);
    const wanted = Buffer.from(this.#secret);
    return given.length === wanted.length && timingSafeEqual(given, wanted) ? rest.join('/') : undefined;
  }

  async #control(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.headers['content-type'] !== 'application/json') {
      notFound(response);
      return;
    }
    let text = '';
    for await (const chunk of request.setEncoding('utf8') as AsyncIterable<string>) {
      text += chunk;
      if (text.length > LONGEST_REQUEST) return void request.destroy();
    }
    const answer = await answerControl(text, (order) => this.#program.carryOut(order));
    this.#events.touch();
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify(answer));
  }
}

function notFound(response: ServerResponse): void {
  response.statusCode = 404;
  response.end('Not found\n');
}
