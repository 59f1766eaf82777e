// The pcscd of a private PC/SC world (in-pcsc-world.mjs): with readers, or for a time without them.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';

const CONFIGURATION = '/etc/reader.conf.d';
/** What vpcd's package installs there. */
const VPCD_ENTRY = `${CONFIGURATION}/vpcd`;
const VPCD_PORT = 35963;
const PCSCD_SOCKET = '/run/pcscd/pcscd.comm';
const READY_TIMEOUT_MS = 15_000;
const LISTENING = '0A';

/**
 * A pcscd that belongs to this mount namespace, with a reader configuration of its own.
 *
 * A reader of vpcd's can not be pulled out of a running pcscd: re-reading the configuration (SIGUSR1) only adds
 * readers, and vpcd always says that its readers work. So to take them away the service is ended and started anew.
 */
export class WorldPcscd {
  #find;
  #entry;
  #process;
  #work = Promise.resolve();

  /** @param find gives a program's path; @param readerName instead of vpcd's own name */
  constructor(find, readerName) {
    this.#find = find;
    const installed = readFileSync(VPCD_ENTRY, 'utf8');
    this.#entry =
      readerName === undefined
        ? installed
        : installed.replace(/^\s*FRIENDLYNAME.*$/m, () => `FRIENDLYNAME "${readerName}"`);
    const mount = spawnSync(find('mount'), ['-t', 'tmpfs', '-o', 'mode=755', 'tmpfs', CONFIGURATION], {
      encoding: 'utf8',
    });
    if (mount.status !== 0)
      throw new Error(`${CONFIGURATION} can not be made private: ${mount.stderr.trim()}`);
  }

  /** @throws Error when it ends at once or is not ready in time */
  async start({ readers = true } = {}) {
    if (readers) writeFileSync(VPCD_ENTRY, this.#entry);
    else rmSync(VPCD_ENTRY, { force: true });
    // If this program is killed, pcscd goes with it.
    const pcscd = spawn(this.#find('setpriv'), ['--pdeathsig', 'KILL', this.#find('pcscd'), '--foreground'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#process = pcscd;
    let complaints = '';
    for (const output of [pcscd.stdout, pcscd.stderr]) {
      output.setEncoding('utf8').on('data', (text) => (complaints = (complaints + text).slice(-2000)));
    }
    const deadline = Date.now() + READY_TIMEOUT_MS;
    while (!((await answers(PCSCD_SOCKET)) && (!readers || listens(VPCD_PORT)))) {
      if (hasEnded(pcscd))
        throw new Error(`pcscd ended at once (${pcscd.exitCode ?? pcscd.signalCode}): ${complaints.trim()}`);
      if (Date.now() > deadline) {
        pcscd.kill('SIGKILL');
        throw new Error(`pcscd was not ready within ${READY_TIMEOUT_MS / 1000} s: ${complaints.trim()}`);
      }
      await delay(20);
    }
  }

  async stop() {
    const pcscd = this.#process;
    if (!pcscd || hasEnded(pcscd)) return;
    const ended = once(pcscd, 'exit');
    pcscd.kill('SIGTERM');
    const impatient = setTimeout(() => pcscd.kill('SIGKILL'), 3000);
    await ended;
    clearTimeout(impatient);
  }

  /**
   * Listens for `{"do":"readers","there":false}` and `true`, one a line, from whoever runs in this world. Answers
   * `{"ok":true}` when the service is ready again.
   */
  async takeOrders(socketPath) {
    const server = createServer((socket) => {
      socket.on('error', () => socket.destroy());
      createInterface({ input: socket }).on('line', (line) => {
        this.#work = this.#work
          .then(() => this.#carryOut(line))
          .then(
            () => ({ ok: true }),
            (error) => ({ ok: false, error: error.message }),
          )
          .then((answer) => socket.write(`${JSON.stringify(answer)}\n`));
      });
    });
    server.listen(socketPath);
    await once(server, 'listening');
    chmodSync(socketPath, 0o666);
    server.unref();
  }

  async #carryOut(line) {
    const order = JSON.parse(line);
    if (order?.do !== 'readers' || typeof order.there !== 'boolean')
      throw new Error('the world takes {"do":"readers","there":true|false}');
    await this.stop();
    await this.start({ readers: order.there });
  }
}

const hasEnded = (child) => child.exitCode !== null || child.signalCode !== null;

const answers = (socketPath) =>
  new Promise((resolve) => {
    const socket = connect(socketPath, () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });

/** From the kernel's table: a connection would count as a card. */
function listens(port) {
  const local = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return ['/proc/net/tcp', '/proc/net/tcp6']
    .filter((path) => existsSync(path))
    .some((path) =>
      readFileSync(path, 'utf8')
        .split('\n')
        .map((line) => line.trim().split(/\s+/))
        .some(([, address, , state]) => state === LISTENING && address?.endsWith(local)),
    );
}
