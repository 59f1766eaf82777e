#!/usr/bin/env node
/**
 * Runs a command in a PC/SC world of its own: private network and mount namespaces, an empty /run, and a pcscd with
 * vpcd's virtual readers. Nothing it does meets another run, the network or the computer's own smart-card service.
 *
 *   node scripts/in-pcsc-world.mjs [--as-uid <uid>] [--no-pcscd] -- <command> [arguments…]
 *
 * Needs root and Debian's pcscd, vsmartcard-vpcd, iproute2 and util-linux. Ends with the command's own exit code, and
 * with 77 (as test programs say «left out») after saying why when the world can not be made.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { constants as osConstants } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const LEFT_OUT = 77;
const WRONG_USE = 64;
const VPCD_PORT = 35963;
const VPCD_DRIVER = '/usr/lib/pcsc/drivers/serial/libifdvpcd.so';
const PCSCD_SOCKET = '/run/pcscd/pcscd.comm';
const READY_TIMEOUT_MS = 15_000;
/** Set in the second start of this program, which is the one inside. */
const INSIDE = 'KILT_INSIDE_PCSC_WORLD';

function leaveOut(reason) {
  process.stderr.write(`in-pcsc-world: no private PC/SC world: ${reason}\n`);
  process.exit(LEFT_OUT);
}

function readCommandLine() {
  const separator = process.argv.indexOf('--');
  const command = separator < 0 ? [] : process.argv.slice(separator + 1);
  try {
    const { values } = parseArgs({
      args: process.argv.slice(2, separator < 0 ? undefined : separator),
      options: { 'as-uid': { type: 'string' }, 'no-pcscd': { type: 'boolean', default: false } },
    });
    if (command.length === 0) throw new Error('no command after «--»');
    if (values['as-uid'] !== undefined && !/^\d+$/.test(values['as-uid'])) {
      throw new Error('--as-uid wants a number');
    }
    return { command, uid: values['as-uid'], withPcscd: !values['no-pcscd'] };
  } catch (error) {
    process.stderr.write(
      `in-pcsc-world: ${error.message}\nusage: in-pcsc-world.mjs [--as-uid <uid>] [--no-pcscd] -- <command> [arguments…]\n`,
    );
    process.exit(WRONG_USE);
  }
}

/** pcscd lives in a folder that the PATH of an ordinary user leaves out. */
const searchPath = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'];

function programPath(name) {
  return searchPath
    .map((folder) => join(folder, name))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

function checkPreconditions({ withPcscd }) {
  if (process.platform !== 'linux') leaveOut(`it needs Linux, this is ${process.platform}`);
  if (process.getuid?.() !== 0) leaveOut('it needs root');
  const needed = [
    ['unshare', 'util-linux'],
    ['setpriv', 'util-linux'],
    ['mount', 'mount'],
    ['ip', 'iproute2'],
    ...(withPcscd ? [['pcscd', 'pcscd']] : []),
  ];
  const missing = needed.filter(([program]) => !programPath(program)).map(([, debian]) => debian);
  if (withPcscd && !existsSync(VPCD_DRIVER)) missing.push('vsmartcard-vpcd');
  if (missing.length > 0) leaveOut(`missing Debian packages: ${[...new Set(missing)].join(' ')}`);
}

/** A child's end as a shell tells it. */
const exitCodeOf = ([code, signal]) => (signal === null ? code : 128 + osConstants.signals[signal]);

/** Signals go to the command; this program ends when it does. */
function passSignalsTo(child) {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
}

async function makeNamespaces() {
  const probe = spawnSync(programPath('unshare'), ['--mount', '--net', 'true'], { encoding: 'utf8' });
  if (probe.status !== 0) leaveOut(`namespaces are not allowed here: ${probe.stderr.trim()}`);
  const inside = spawn(
    programPath('unshare'),
    ['--mount', '--net', process.execPath, fileURLToPath(import.meta.url), ...process.argv.slice(2)],
    { stdio: 'inherit', env: { ...process.env, [INSIDE]: '1' } },
  );
  passSignalsTo(inside);
  process.exit(exitCodeOf(await once(inside, 'exit')));
}

function mustRun(program, ...args) {
  const { status, stderr } = spawnSync(programPath(program), args, { encoding: 'utf8' });
  if (status !== 0) leaveOut(`${program} ${args.join(' ')}: ${stderr.trim()}`);
}

function furnish() {
  mustRun('ip', 'link', 'set', 'lo', 'up');
  mustRun('mount', '-t', 'tmpfs', '-o', 'mode=755', 'tmpfs', '/run');
  mkdirSync('/run/lock', { mode: 0o1777 });
}

const answers = (socketPath) =>
  new Promise((resolve) => {
    const socket = connect(socketPath, () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });

const LISTENING = '0A';

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

async function startPcscd() {
  // If this program is killed, pcscd goes with it.
  const pcscd = spawn(programPath('setpriv'), ['--pdeathsig', 'KILL', programPath('pcscd'), '--foreground'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let complaints = '';
  for (const output of [pcscd.stdout, pcscd.stderr]) {
    output.setEncoding('utf8').on('data', (text) => (complaints = (complaints + text).slice(-2000)));
  }
  const deadline = Date.now() + READY_TIMEOUT_MS;
  while (!(listens(VPCD_PORT) && (await answers(PCSCD_SOCKET)))) {
    if (pcscd.exitCode !== null || pcscd.signalCode !== null) {
      leaveOut(`pcscd ended at once (${pcscd.exitCode ?? pcscd.signalCode}): ${complaints.trim()}`);
    }
    if (Date.now() > deadline) {
      pcscd.kill('SIGKILL');
      leaveOut(`pcscd was not ready within ${READY_TIMEOUT_MS / 1000} s: ${complaints.trim()}`);
    }
    await delay(20);
  }
  return pcscd;
}

async function endPcscd(pcscd) {
  if (pcscd.exitCode !== null || pcscd.signalCode !== null) return;
  const ended = once(pcscd, 'exit');
  pcscd.kill('SIGTERM');
  const impatient = setTimeout(() => pcscd.kill('SIGKILL'), 3000);
  await ended;
  clearTimeout(impatient);
}

async function runInside({ command, uid, withPcscd }) {
  furnish();
  const pcscd = withPcscd ? await startPcscd() : undefined;
  const environment = { ...process.env };
  delete environment[INSIDE];
  const [program, ...args] =
    uid === undefined
      ? command
      : [programPath('setpriv'), `--reuid=${uid}`, `--regid=${uid}`, '--clear-groups', '--', ...command];
  const child = spawn(program, args, { stdio: 'inherit', env: environment });
  passSignalsTo(child);
  let code;
  try {
    code = exitCodeOf(await once(child, 'exit'));
  } catch (error) {
    process.stderr.write(`in-pcsc-world: can not run ${program}: ${error.message}\n`);
    code = error.code === 'ENOENT' ? 127 : 126;
  }
  if (pcscd) await endPcscd(pcscd);
  process.exit(code);
}

const request = readCommandLine();
checkPreconditions(request);
await (process.env[INSIDE] ? runInside(request) : makeNamespaces());
