import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import type { OriginRules } from '../origin.ts';
import type { PageDoor } from '../page-request.ts';
import {
  forgetLinkAddress,
  newLinkAddress,
  newSecret,
  sameSecret,
  writeLinkAddress,
} from './link-address.ts';
import { LinkConnection, usualRules, type CutOff, type LinkRules } from './link-connection.ts';

/** Browsers, and profiles of them, that may be connected at once. */
const mostConnections = 8;

export interface LinkServerOptions {
  readonly dataFolder: string;
  readonly door: PageDoor;
  readonly origins: OriginRules;
  readonly onCutOff: (why: CutOff | 'too-many') => void;
  /** Something failed that is no browser's doing. */
  readonly onDefect: (error: unknown) => void;
  readonly rules?: Partial<LinkRules> | undefined;
}

/**
 * Where native-messaging hosts of this user's browsers reach the Kilt that runs: a UNIX socket in a folder of this user's
 * own (0700, socket 0600), or a named pipe. Who connects must show the secret from the file beside it, which is good for one
 * connection.
 */
export class LinkServer {
  readonly #options: LinkServerOptions;
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  #address = '';
  #secret = '';
  /** One secret after another reaches the disk. */
  #writing: Promise<void> = Promise.resolve();

  constructor(options: LinkServerOptions) {
    this.#options = options;
  }

  /** @throws Error where the system does not let it listen; KiltError `disk-full`, `file-not-written` */
  async start(): Promise<void> {
    const { dataFolder } = this.#options;
    this.#address = newLinkAddress(dataFolder);
    const isFile = process.platform !== 'win32';
    // Left by a Kilt that was killed; a Kilt that runs there is not possible (single-instance lock).
    if (isFile) rmSync(this.#address, { force: true });
    const server = createServer((socket) => this.#welcome(socket));
    this.#server = server;
    await new Promise<void>((listening, failed) => {
      server.once('error', failed);
      server.listen(this.#address, listening);
    });
    server.on('error', (error) => this.#options.onDefect(error));
    if (isFile) chmodSync(this.#address, 0o600);
    await this.#nextSecret();
  }

  async stop(): Promise<void> {
    this.#secret = '';
    await this.#writing.catch(() => undefined);
    forgetLinkAddress(this.#options.dataFolder);
    for (const socket of this.#sockets) socket.destroy();
    const server = this.#server;
    this.#server = undefined;
    if (!server) return;
    await new Promise<void>((closed) => {
      server.close(() => closed());
    });
  }

  /** Browsers that are connected now. */
  connections(): number {
    return this.#sockets.size;
  }

  #welcome(socket: Socket): void {
    const { door, origins, rules, onCutOff } = this.#options;
    if (this.#sockets.size >= mostConnections) {
      socket.destroy();
      onCutOff('too-many');
      return;
    }
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    new LinkConnection({
      socket,
      door,
      rules: { ...usualRules, ...rules, origins },
      takeSecret: (secret) => this.#take(secret),
      onCutOff,
    });
  }

  async #take(secret: string): Promise<boolean> {
    if (this.#secret === '' || !sameSecret(secret, this.#secret)) return false;
    try {
      await this.#nextSecret();
    } catch (error) {
      this.#options.onDefect(error);
    }
    return true;
  }

  /** The old one is void from here on, also while the new one is being written. */
  #nextSecret(): Promise<void> {
    const secret = newSecret();
    this.#secret = secret;
    const { dataFolder } = this.#options;
    const write = (): Promise<void> => writeLinkAddress(dataFolder, { address: this.#address, secret });
    this.#writing = this.#writing.then(write, write);
    return this.#writing;
  }
}
