import { createServer, type Server } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { KiltError } from '#shared/errors.ts';
import { NcalayerSession } from '../ncalayer/ncalayer-session.ts';
import type { Origin, OriginRules } from '../origin.ts';
import type { PageDoor } from '../page-request.ts';
import { admittedOrigin } from './admission.ts';
import { usualLimits, type LoopbackLimits } from './loopback-limits.ts';
import { PageConnection } from './page-connection.ts';
import { peerUser, type PeerUser } from './peer-user.ts';
import type { ServerIdentity } from './server-identity.ts';

export interface LoopbackOptions {
  readonly port: number;
  readonly identity: ServerIdentity;
  readonly door: PageDoor;
  readonly origins: OriginRules;
  /** Who is at the other end; Linux tells. */
  readonly peer?: ((socket: Socket) => Promise<PeerUser>) | undefined;
  readonly limits?: Partial<LoopbackLimits> | undefined;
  /** What was turned away, without anything of its contents. */
  readonly onRefused?: ((why: string) => void) | undefined;
}

export interface LoopbackServer {
  readonly port: number;
  /** Ends all connections, and what was being asked on them. */
  close(): Promise<void>;
}

/** Both ends of this computer, and no other address of it. */
const addresses = ['127.0.0.1', '::1'] as const;

/**
 * The server through which pages written for NCALayer reach Kilt: `wss://127.0.0.1:<port>/`, and `GET /health`, with
 * which a page brings up the browser's own question whether it may talk to this computer at all.
 *
 * @throws KiltError `loopback-port-taken`
 */
export async function startLoopback(options: LoopbackOptions): Promise<LoopbackServer> {
  const room = new LoopbackRoom(options);
  try {
    const port = await room.listen();
    return { port, close: () => room.close() };
  } catch (error) {
    await room.close();
    if (
      (error as { code?: unknown }).code === 'EADDRINUSE' ||
      (error as { code?: unknown }).code === 'EACCES'
    )
      throw new KiltError('loopback-port-taken', { host: `127.0.0.1:${options.port}` }, { cause: error });
    throw error;
  }
}

class LoopbackRoom {
  readonly #options: LoopbackOptions;
  readonly #limits: LoopbackLimits;
  readonly #sockets: WebSocketServer;
  readonly #servers: Server[] = [];
  readonly #connections = new Map<PageConnection, Origin>();
  #port = 0;

  constructor(options: LoopbackOptions) {
    this.#options = options;
    this.#limits = { ...usualLimits, ...options.limits };
    this.#sockets = new WebSocketServer({
      noServer: true,
      maxPayload: this.#limits.frameBytes,
      // A small frame that unpacks to a large one is nobody's need here.
      perMessageDeflate: false,
      clientTracking: false,
    });
  }

  async listen(): Promise<number> {
    this.#port = this.#options.port;
    for (const address of addresses) {
      try {
        await this.#listenOn(address);
      } catch (error) {
        // There are computers without IPv6.
        const { code } = error as { code?: unknown };
        if (address === '::1' && (code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT')) continue;
        throw error;
      }
    }
    return this.#port;
  }

  async close(): Promise<void> {
    for (const connection of [...this.#connections.keys()]) connection.end();
    await Promise.all(
      this.#servers.splice(0).map(
        (server) =>
          new Promise<void>((resolve) => {
            server.close(() => resolve());
            server.closeAllConnections();
          }),
      ),
    );
  }

  async #listenOn(host: string): Promise<void> {
    const { identity } = this.#options;
    const server = createServer({
      key: identity.key,
      cert: identity.certificate,
      minVersion: 'TLSv1.2',
      maxHeaderSize: 8 * 1024,
      requestTimeout: 10_000,
      headersTimeout: 10_000,
      keepAliveTimeout: 5_000,
    });
    server.maxConnections = 4 * this.#limits.connections;
    server.on('request', (request, response) => void this.#answer(request, response));
    server.on(
      'upgrade',
      (request: IncomingMessage, socket: Duplex, head: Buffer) => void this.#upgrade(request, socket, head),
    );
    server.on('clientError', (_error, socket) => socket.destroy());
    server.on('tlsClientError', () => undefined);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host, port: this.#port, ipv6Only: host === '::1' }, resolve);
    });
    this.#servers.push(server);
    server.on('error', () => undefined);
    const bound = server.address();
    if (this.#port === 0 && bound !== null && typeof bound === 'object') this.#port = bound.port;
  }

  /** Whoever may not ask learns nothing but that he may not, and always the same. */
  async #admitted(request: IncomingMessage): Promise<Origin | undefined> {
    const { origins, peer = peerUser, onRefused } = this.#options;
    const origin = admittedOrigin(request, { ...origins, port: this.#port });
    if (!origin) {
      onRefused?.('not a page of a site');
      return undefined;
    }
    // Where the system can tell, it must have told.
    const user = await peer(request.socket);
    if (user === 'own' || (user === 'unknown' && process.platform !== 'linux')) return origin;
    onRefused?.('another user of this computer');
    return undefined;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const origin = await this.#admitted(request);
    const method = request.method ?? '';
    if (origin === undefined || request.url !== '/health' || !['GET', 'OPTIONS'].includes(method)) {
      response.writeHead(403, { 'Content-Length': '0', Connection: 'close' }).end();
      return;
    }
    response
      .writeHead(204, {
        'Access-Control-Allow-Origin': origin,
        Vary: 'Origin',
        'Cache-Control': 'no-store',
        // Both names under which browsers have asked (Private, later Local Network Access).
        ...(method === 'OPTIONS'
          ? {
              'Access-Control-Allow-Methods': 'GET',
              'Access-Control-Allow-Private-Network': 'true',
              'Access-Control-Allow-Local-Network': 'true',
            }
          : {}),
      })
      .end();
  }

  async #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    // It may go away while the system is asked who it is.
    socket.on('error', () => socket.destroy());
    const origin = request.url === '/' ? await this.#admitted(request) : undefined;
    if (origin === undefined) {
      socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
      return;
    }
    const ofSite = [...this.#connections.values()].filter((one) => one === origin).length;
    if (this.#connections.size >= this.#limits.connections || ofSite >= this.#limits.connectionsOfSite) {
      this.#options.onRefused?.('too many connections');
      socket.end('HTTP/1.1 429 Too Many Requests\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
      return;
    }
    this.#sockets.handleUpgrade(request, socket, head, (webSocket) => this.#open(webSocket, origin));
  }

  #open(webSocket: WebSocket, origin: Origin): void {
    const session = new NcalayerSession(origin, this.#options.door);
    const connection = new PageConnection(webSocket, session, this.#limits, () =>
      this.#connections.delete(connection),
    );
    this.#connections.set(connection, origin);
    connection.begin();
  }
}
