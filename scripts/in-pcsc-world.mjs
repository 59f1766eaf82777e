#!/usr/bin/env node
/**
 * Runs a command in a PC/SC world of its own: private network and mount namespaces, an empty /run, and a pcscd with
 * vpcd's virtual readers. Nothing it does meets another run, the network or the computer's own smart-card service.
 *
 *   node scripts/in-pcsc-world.mjs [--as-uid <uid>] [--no-pcscd] [--reader-name <name>] -- <command> [arguments…]
 *
 *   --reader-name "Aktiv KAZTOKEN"   what the readers are called instead of «Virtual PCD», as a real token's is
 *
 * The command finds in KILT_PCSC_WORLD the socket at which the world takes its readers away and puts them back.
 *
 * Needs root and Debian's pcscd, vsmartcard-vpcd, iproute2 and util-linux. Ends with the command's own exit code, and
 * with 77 (as test programs say «left out») after saying why when the world can not be made.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { constants as osConstants } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const LEFT_OUT = 77;
const WRONG_USE = 64;
const VPCD_DRIVER = '/usr/lib/pcsc/drivers/serial/libifdvpcd.so';
const ORDERS_SOCKET = '/run/kilt-pcsc-world.sock';
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
      options: {
        'as-uid': { type: 'string' },
        'no-pcscd': { type: 'boolean', default: false },
        'reader-name': { type: 'string' },
      },
    });
    if (command.length === 0) throw new Error('no command after «--»');
    if (values['as-uid'] !== undefined && !/^\d+$/.test(values['as-uid'])) {
      throw new Error('--as-uid wants a number');
    }
    const readerName = values['reader-name'];
    // pcscd adds its own numbers to a name, and takes 128 characters in all.
    if (readerName !== undefined && !/^[ !#-[\]-~]{1,100}$/.test(readerName)) {
      throw new Error('--reader-name wants up to 100 plain characters');
    }
    return { command, uid: values['as-uid'], withPcscd: !values['no-pcscd'], readerName };
  } catch (error) {
    process.stderr.write(
      `in-pcsc-world: ${error.message}\nusage: in-pcsc-world.mjs [--as-uid <uid>] [--no-pcscd] [--reader-name <name>] -- <command> [arguments…]\n`,
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

async function startPcscd(readerName) {
  // Not before: without these rights not even this folder may be readable.
  const { WorldPcscd } = await import('./world-pcscd.mjs');
  try {
    const pcscd = new WorldPcscd(programPath, readerName);
    await pcscd.start();
    await pcscd.takeOrders(ORDERS_SOCKET);
    return pcscd;
  } catch (error) {
    return leaveOut(error.message);
  }
}

async function runInside({ command, uid, withPcscd, readerName }) {
  furnish();
  const pcscd = withPcscd ? await startPcscd(readerName) : undefined;
  const environment = { ...process.env, ...(pcscd ? { KILT_PCSC_WORLD: ORDERS_SOCKET } : {}) };
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
  await pcscd?.stop();
  process.exit(code);
}

const request = readCommandLine();
checkPreconditions(request);
await (process.env[INSIDE] ? runInside(request) : makeNamespaces());
