import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { OpensslRegistry } from '#test/unit/pki/revocation/openssl-registry.ts';

/** `openssl ocsp -port`: a responder that shares nothing with Kilt. It listens inside the tests' own network alone. */
export class OpensslResponder {
  readonly url: string;
  readonly #process: ChildProcess;

  private constructor(process: ChildProcess, port: string) {
    this.#process = process;
    this.url = `http://127.0.0.1:${port}/`;
  }

  static async start(
    registry: OpensslRegistry,
    issuer: string,
    signer: string,
    ...options: readonly string[]
  ): Promise<OpensslResponder> {
    const server = spawn(
      'openssl',
      [
        ...['ocsp', '-port', '0', '-index', 'index.txt', '-CA', `${issuer}.crt`],
        ...['-rsigner', `${signer}.crt`, '-rkey', `${signer}.key`, ...options],
      ],
      { cwd: registry.directory, env: registry.environment, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    return new Promise((resolve, reject) => {
      let said = '';
      const listen = (chunk: Buffer): void => {
        said += chunk.toString();
        const port = /^ACCEPT .*:(\d+) PID/m.exec(said)?.[1];
        if (port !== undefined) resolve(new OpensslResponder(server, port));
      };
      server.stdout.on('data', listen);
      server.stderr.on('data', listen);
      server.once('exit', () => {
        reject(new Error(`openssl ocsp ended: ${said}`));
      });
    });
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const exited = once(this.#process, 'exit');
    this.#process.kill();
    await exited;
  }
}

/** A web server that delivers whatever stands in `files`, and counts. */
export class ListServer {
  readonly files = new Map<string, Uint8Array>();
  readonly asked: string[] = [];
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      const path = request.url ?? '/';
      this.asked.push(path);
      const found = this.files.get(path);
      if (path === '/elsewhere') response.writeHead(302, { location: '/list.crl' }).end();
      else response.writeHead(found ? 200 : 404).end(found);
    });
  }

  static async start(): Promise<ListServer> {
    const one = new ListServer();
    await once(one.#server.listen(0, '127.0.0.1'), 'listening');
    return one;
  }

  url(path: string): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}${path}`;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
