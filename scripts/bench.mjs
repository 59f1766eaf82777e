#!/usr/bin/env node
// `npm run bench`: how quick Kilt is, as ratios to something else that this machine does in the same run. Nothing in
// it is a test: it fails only where it can not measure. docs/bench.md says how to read it.
//
//   npm run bench -- [--json] [--only start-up,registration,shares,gost,formatting,card,signing]
import { spawn } from 'node:child_process';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ensureBuilt } from './fresh-build.mjs';
import { clone } from './set-up/places.mjs';
import { tryRun } from './set-up/processes.mjs';
import { availableTransport } from './set-up/transport.mjs';
import { asUser, stage } from './stage.mjs';

const parts = { 'start-up': startUp, registration, shares, formatting, card, signing, gost };
/** The programs begin no other pair after about a minute; one that still runs after this long is stuck. */
const STUCK_MS = 110_000;
const pcscWorld = [process.execPath, path.join(clone, 'scripts', 'in-pcsc-world.mjs')];

const { values } = parseArgs({
  options: { json: { type: 'boolean', default: false }, only: { type: 'string' } },
});
const asked = values.only?.split(',') ?? Object.keys(parts);
const unknown = asked.filter((part) => !(part in parts));
if (unknown.length > 0) {
  process.stderr.write(`--only takes ${Object.keys(parts).join(', ')}, not ${unknown.join(', ')}\n`);
  process.exit(2);
}

const offered = await availableTransport();
const report = {
  when: new Date().toISOString(),
  machine: { processors: os.cpus().length, model: os.cpus()[0]?.model.trim(), loadBefore: load() },
  measures: [],
  leftOut: [],
  failed: [],
};
for (const part of asked) {
  try {
    await parts[part]();
  } catch (error) {
    report.failed.push({ part, error: error.message });
  }
}
report.machine.loadAfter = load();
process.stdout.write(values.json ? `${JSON.stringify(report, null, 2)}\n` : table());
process.exit(report.failed.length === 0 ? 0 : 1);

async function startUp() {
  const screen = await screenFor();
  if (screen === undefined) {
    leaveOut('start to usable picker', 'no display and no xvfb-run (Debian: xvfb)');
    return;
  }
  say('Kilt is built if it has changed…');
  await ensureBuilt({ silent: true });
  const place = await stage();
  try {
    say(`Kilt’s window and a bare one take turns in Electron ${place.version}…`);
    const world =
      offered.transport === 'pcsc'
        ? [...pcscWorld, ...(place.uid === undefined ? [] : ['--as-uid', String(place.uid)]), '--']
        : asUser(place.uid);
    const found = await measure(
      [
        ...world,
        ...screen,
        ...program(place.folder, 'start-up.ts'),
        ...['--electron', place.executable, '--transport', offered.transport],
      ],
      { cwd: place.folder, env: place.env },
    );
    const against = `a bare window of Electron ${place.version}`;
    const seconds = { against, unit: 's', aim: 1.3 };
    add({ what: 'start to usable picker', ...seconds, ...found.ordinary });
    add({ what: '… at the very first start', ...seconds, ...found.first, aim: undefined });
    report.transport = found.transport;
  } finally {
    await place.remove();
  }
}

async function registration() {
  const what = 'registration against OpenSC';
  if (offered.transport !== 'pcsc') return leaveOut(what, offered.reason);
  if (!(await tryRun('which', ['pkcs15-init', 'pkcs15-tool', 'pkcs15-crypt'])))
    return leaveOut(what, 'OpenSC is not installed (Debian: opensc)');
  say('Kilt and OpenSC take turns with new virtual tokens…');
  const found = await measure([...pcscWorld, '--', ...program(clone, 'registration.ts')], { cwd: clone });
  const against = `OpenSC, ${found.programs} programs`;
  const seconds = { against, unit: 's' };
  add({ what: 'APDUs of a registration', against, unit: '', aim: 1, ...found.commands });
  add({ what: 'registration with CA and bank', ...seconds, aim: 1, ...found.whole });
  add({ what: '… of which with the card', ...seconds, aim: 1, ...found.withCard });
  add({ what: '… of which inside the card', ...seconds, ...found.inCard });
  add({ what: '(key generation, left out above)', ...seconds, ...found.keyGeneration });
  report.commandNames = found.commandNames;
  report.signatures = found.signatures;
}

async function shares() {
  const what = 'where the time of a registration goes';
  if (offered.transport !== 'pcsc') return leaveOut(what, offered.reason);
  say('Kilt registers new virtual tokens with a demo bank in a process of its own…');
  const found = await measure([...pcscWorld, '--', ...program(clone, 'registration-shares.ts')], {
    cwd: clone,
  });
  const part = { against: 'the whole registration, without key generation', unit: 's' };
  for (const [where, shares] of [
    ['of a registration', found.here],
    ['of one with a token on USB', found.onUsb],
  ]) {
    const share = (what, seconds, rest = {}) =>
      add({
        what,
        ...part,
        kiltMedian: seconds,
        otherMedian: shares.whole,
        ratio: seconds / shares.whole,
        ...rest,
      });
    share(`${where}: Kilt itself`, shares.kilt, { aim: 0.1, ratio: shares.ownShare });
    share('… of which the journal on the disk', shares.disk);
    share('… waiting for the token', shares.token);
    share('… waiting for CA and bank', shares.servers);
  }
}

async function gost() {
  const what = 'GOST against OpenSSL’s engine';
  if (!(await tryRun('openssl', ['engine', '-t', 'gost'])))
    return leaveOut(what, 'OpenSSL has no GOST engine (Debian: libengine-gost-openssl)');
  if (!(await tryRun('which', ['cc']))) return leaveOut(what, 'no C compiler (Debian: g++)');
  say('Kilt and OpenSSL’s GOST engine sign, verify and hash in turn…');
  const found = await measure(program(clone, 'gost.ts'), { cwd: clone });
  const faster = { against: 'OpenSSL’s GOST engine, in C', unit: '/s', higherIsBetter: true };
  add({ what: 'GOST signatures, 512 bits', ...faster, ...found.sign512 });
  add({ what: 'GOST signatures, 256 bits', ...faster, ...found.sign256 });
  add({ what: 'GOST signatures checked, 512 bits', ...faster, ...found.verify512 });
  add({ what: 'GOST signatures checked, 256 bits', ...faster, ...found.verify256 });
  const mebibytes = (values) => ({
    ...values,
    kiltMedian: values.kiltMedian / 1024 ** 2,
    otherMedian: values.otherMedian / 1024 ** 2,
  });
  add({ what: 'Streebog-512, MiB', ...faster, ...mebibytes(found.streebog512) });
  add({ what: 'Streebog-256, MiB', ...faster, ...mebibytes(found.streebog256) });
  add({ what: '34.311-95, MiB', ...faster, ...mebibytes(found.hash341195) });
}

async function formatting() {
  const what = 'formatting against OpenSC';
  if (offered.transport !== 'pcsc') return leaveOut(what, offered.reason);
  if (!(await tryRun('which', ['pkcs15-init', 'pkcs11-tool'])))
    return leaveOut(what, 'OpenSC is not installed (Debian: opensc)');
  say('Kilt and OpenSC format and unblock the same virtual token in turn…');
  const { format, unblock, read } = await measure([...pcscWorld, '--', ...program(clone, 'formatting.ts')], {
    cwd: clone,
  });
  const against = (programs) => `OpenSC, ${programs.join(', ')}`;
  const tools = {
    format: against(['pkcs15-init --erase-card', '--create-pkcs15', '--store-pin --finalize']),
    unblock: against(['pkcs11-tool --init-pin']),
    read: against(['pkcs15-tool --dump']),
  };
  add({ what: 'APDUs of a format', against: tools.format, unit: '', aim: 1, ...format.commands });
  add({ what: 'formatting', against: tools.format, unit: 's', aim: 1, ...format.seconds });
  add({
    what: 'APDUs to unblock with a new PIN',
    against: tools.unblock,
    unit: '',
    aim: 1,
    ...unblock.commands,
  });
  add({ what: 'unblocking with a new PIN', against: tools.unblock, unit: 's', aim: 1, ...unblock.seconds });
  add({ what: 'APDUs to read a fresh token', against: tools.read, unit: '', ...read.commands });
}

async function card() {
  const what = 'APDUs a second, virtual token';
  if (offered.transport !== 'pcsc') return leaveOut(what, offered.reason);
  say('The virtual token and a card that says 9000 to everything take turns…');
  const found = await measure([...pcscWorld, '--', ...program(clone, 'card-speed.ts')], { cwd: clone });
  const rates = { against: 'a card that answers 9000 to everything', unit: '/s', higherIsBetter: true };
  add({ what: 'virtual token: APDUs while it is read', ...rates, aim: 0.8, ...found.reading });
  add({ what: '… while it is written to', ...rates, ...found.writing });
}

async function signing() {
  const what = 'signing against OpenSSL and OpenSC';
  if (offered.transport !== 'pcsc') return leaveOut(what, offered.reason);
  if (!(await tryRun('which', ['openssl', 'pkcs15-crypt', 'pkcs11-tool'])))
    return leaveOut(what, 'OpenSSL or OpenSC is not installed (Debian: openssl, opensc)');
  say('Kilt and OpenSSL sign a gigabyte in turn, then Kilt and OpenSC many small documents…');
  const found = await measure([...pcscWorld, '--', ...program(clone, 'signing.ts')], { cwd: clone });
  const faster = { unit: '/s', higherIsBetter: true };
  const mebibytes = (values) => ({
    ...values,
    kiltMedian: values.kiltMedian / 1024 ** 2,
    otherMedian: values.otherMedian / 1024 ** 2,
  });
  add({
    what: 'signing 1 GiB, MiB',
    against: 'openssl cms -sign with the same hash',
    ...faster,
    aim: 0.9,
    ...mebibytes(found.large),
  });
  add({
    what: '200 documents, one password',
    against: 'a loop of pkcs15-crypt',
    ...faster,
    aim: 3,
    ...found.againstPkcs15Crypt,
  });
  add({
    what: '200 documents, one password',
    against: 'a loop of pkcs11-tool',
    ...faster,
    aim: 3,
    ...found.againstPkcs11Tool,
  });
  report.signing = {
    extraMegabytes: found.extraMegabytes,
    ownMillisecondsOfOneSignature: found.ownMilliseconds,
    cardMillisecondsOfOneSignature: found.cardMilliseconds,
  };
}

/** @param measured.aim the largest ratio that is good enough, or the smallest where more is better */
function add(measured) {
  const { aim, ratio, higherIsBetter = false } = measured;
  const met = higherIsBetter ? ratio >= aim : ratio <= aim;
  report.measures.push({ ...measured, ...(aim === undefined ? {} : { met }) });
}

function leaveOut(what, reason) {
  report.leftOut.push({ what, reason });
}

/** Never in the user's face where a screen in memory will do, as in the tests that drive the window. */
async function screenFor() {
  if (process.platform !== 'linux') return [];
  if (await tryRun('which', ['xvfb-run'])) return ['xvfb-run', '-a', '-s', '-screen 0 1600x1200x24'];
  return process.env.DISPLAY || process.env.WAYLAND_DISPLAY ? [] : undefined;
}

function program(folder, name) {
  return [process.execPath, '--import', 'tsx', path.join(folder, 'test', 'bench', name)];
}

/** Runs a program of test/bench; its last line is the result. */
function measure([command, ...args], { cwd, env = {} }) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [result, complaints] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text) => (result += text));
    child.stderr.setEncoding('utf8').on('data', (text) => (complaints = (complaints + text).slice(-4000)));
    const tooLong = setTimeout(() => {
      complaints += `\nended after ${STUCK_MS / 1000} s`;
      child.kill('SIGTERM');
    }, STUCK_MS);
    const passOn = (signal) => child.kill(signal);
    process.on('SIGINT', passOn).on('SIGTERM', passOn);
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(tooLong);
      process.off('SIGINT', passOn).off('SIGTERM', passOn);
      if (code === 0) resolve(JSON.parse(result.trimEnd().split('\n').at(-1)));
      else reject(new Error(`${path.basename(args.at(-1))} ended with ${code}\n${complaints.trim()}`));
    });
  });
}

function table() {
  const rows = [
    ['', 'Kilt', 'other', 'ratio', 'aim', ''],
    ...report.measures.map(({ what, unit, kiltMedian, otherMedian, ratio, aim, higherIsBetter, met }) => [
      what,
      shown(kiltMedian, unit),
      shown(otherMedian, unit),
      ratio.toFixed(2),
      aim === undefined ? '' : `${higherIsBetter ? '≥' : '≤'} ${aim.toFixed(1)}`,
      met === undefined ? '' : met ? 'met' : 'not met',
    ]),
  ];
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const line = (row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column])))
      .join('   ');
  const others = [...new Set(report.measures.map(({ against }) => against))];
  const { processors, loadBefore, loadAfter } = report.machine;
  return [
    ...(report.measures.length > 0 ? [...rows.map(line), ''] : []),
    ...others.map((other) => `Other: ${other}.`),
    'Medians of runs in turn; the ratio is the median of the ratios of neighbours. Seconds are this machine’s.',
    ...(report.signing === undefined
      ? []
      : [
          `Signing 1 GiB took ${report.signing.extraMegabytes} MB of memory (aim: under 60). One signature of a batch: ` +
            `${report.signing.ownMillisecondsOfOneSignature} ms (aim: 10 at most) beside ` +
            `${report.signing.cardMillisecondsOfOneSignature} ms in the card.`,
        ]),
    `${processors} processors, load ${loadBefore} before and ${loadAfter} after.`,
    ...report.leftOut.map(({ what, reason }) => `Left out: ${what}: ${reason}.`),
    ...report.failed.map(({ part, error }) => `Failed: ${part}: ${error}`),
    '',
  ].join('\n');
}

function shown(value, unit) {
  if (unit === '') return String(value);
  return unit === '/s' ? `${Math.round(value)}/s` : `${value.toFixed(2)} ${unit}`;
}

/** Processes that want to run, over the last minute; Windows does not tell. */
function load() {
  return Math.round(os.loadavg()[0] * 10) / 10;
}

function say(text) {
  process.stderr.write(`${text}\n`);
}
