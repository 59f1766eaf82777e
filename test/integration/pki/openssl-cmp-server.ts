import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { OpensslWorkshop } from '#test/unit/pki/openssl-workshop.ts';

/**
 * The mock CA of the openssl command (`openssl cmp -port`): an implementation of CMP that shares nothing with ours. It
 * answers every request with one prepared certificate.
 */
export class OpensslCmpServer {
  readonly url: string;
  readonly #process: ChildProcess;

  private constructor(process: ChildProcess, port: string) {
    this.#process = process;
    // The mock answers on the empty path and on this one only.
    this.url = `http://127.0.0.1:${port}/pkix/`;
  }

  static async start(workshop: OpensslWorkshop, ...options: readonly string[]): Promise<OpensslCmpServer> {
    const server = spawn('openssl', ['cmp', '-port', '0', ...options], {
      cwd: workshop.directory,
      env: workshop.environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return new Promise((resolve, reject) => {
      let said = '';
      const listen = (chunk: Buffer): void => {
        said += chunk.toString();
        const port = /^ACCEPT .*:(\d+) PID/m.exec(said)?.[1];
        if (port !== undefined) resolve(new OpensslCmpServer(server, port));
      };
      server.stdout.on('data', listen);
      server.stderr.on('data', listen);
      server.once('exit', () => {
        reject(new Error(`openssl cmp ended: ${said}`));
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
