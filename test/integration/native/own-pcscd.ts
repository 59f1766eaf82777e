import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '#test/support/free-port.ts';
import { until } from './until.ts';

const VPCD_LIBRARY = '/usr/lib/pcsc/drivers/serial/libifdvpcd.so';

/**
 * A pcscd with one vpcd reader that belongs to this test file alone. It can be stopped and started again, which the
 * one of the surrounding world can not, since others use it.
 *
 * pcscd always works in /run/pcscd. It gets a mount namespace in which that folder is one of ours, and libpcsclite
 * finds the socket there through `PCSCLITE_CSOCK_NAME`, which it reads once per process: at its first call.
 */
export class OwnPcscd {
  static readonly readerName = 'Kilt Test Reader 00 00';
  readonly #folder: string;
  readonly cardPort: number;
  #process: ChildProcess | undefined;

  private constructor(folder: string, cardPort: number) {
    this.#folder = folder;
    this.cardPort = cardPort;
  }

  /** Prepares the folder and points libpcsclite to it; pcscd itself is started with {@link start}. */
  static async prepare(): Promise<OwnPcscd> {
    const folder = await mkdtemp(join(tmpdir(), 'kilt-pcscd-'));
    process.env['PCSCLITE_CSOCK_NAME'] = join(folder, 'pcscd.comm');
    return new OwnPcscd(folder, await freePort());
  }

  get socketPath(): string {
    return join(this.#folder, 'pcscd.comm');
  }

  async start(readers = 1): Promise<void> {
    const port = `0x${this.cardPort.toString(16).toUpperCase()}`;
    const entry = [
      'FRIENDLYNAME "Kilt Test Reader"',
      `DEVICENAME /dev/null:${port}`,
      `LIBPATH ${VPCD_LIBRARY}`,
      `CHANNELID ${port}`,
    ];
    await writeFile(join(this.#folder, 'reader.conf'), readers > 0 ? `${entry.join('\n')}\n` : '');
    const script = 'mkdir -p /run/pcscd && mount --bind "$0" /run/pcscd && exec pcscd -f -c "$0/reader.conf"';
    // If the test run is killed, its service goes with it.
    const args = ['--pdeathsig', 'KILL', 'unshare', '--mount', 'sh', '-c', script, this.#folder];
    const pcscd = spawn('setpriv', args, { stdio: 'ignore' });
    this.#process = pcscd;
    await until('pcscd answers on its socket', () => {
      if (pcscd.exitCode !== null) throw new Error(`pcscd ended with ${pcscd.exitCode}`);
      return accepts(this.socketPath);
    });
    if (readers > 0) await until('vpcd listens for a card', () => listens(this.cardPort));
  }

  /** @param signal SIGKILL leaves the socket file behind, as a crash does */
  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    const pcscd = this.#process;
    this.#process = undefined;
    if (!pcscd || pcscd.exitCode !== null || pcscd.signalCode !== null) return;
    const ended = once(pcscd, 'exit');
    pcscd.kill(signal);
    await ended;
  }

  async remove(): Promise<void> {
    await this.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

const accepts = (path: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(path, () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });

const LISTENING = '0A';

/** Asks the kernel rather than connecting: vpcd would take a connection for a card. */
async function listens(port: number): Promise<boolean> {
  const local = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const table = await readFile('/proc/net/tcp', 'utf8');
  return table.split('\n').some((line) => {
    const [, address, , state] = line.trim().split(/\s+/);
    return state === LISTENING && address !== undefined && address.endsWith(local);
  });
}
