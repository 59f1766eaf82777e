import fs from 'node:fs/promises';
import { clone } from './places.mjs';
import { exclusively } from './exclusive.mjs';
import { run, tryRun } from './processes.mjs';
import { exists } from './whole.mjs';

/** What Electron needs to open a window without a display. */
const window = [
  'xvfb',
  'xauth',
  'libgtk-3-0',
  'libnss3',
  'libasound2',
  'libgbm1',
  'libxss1',
  'libnotify4',
  'fontconfig',
];
/**
 * What the tests hold Kilt against: the PC/SC service with virtual readers, OpenSC's tools and
 * PKCS#11 library, SoftHSM, OpenSSL and its GOST, XML signatures of libxmlsec, and two browsers.
 */
export const peers = [
  'pcscd',
  'vsmartcard-vpcd',
  'opensc',
  'opensc-pkcs11',
  'softhsm2',
  'openssl',
  'libengine-gost-openssl1.1',
  'xmlsec1',
  'chromium',
  'firefox-esr',
  'libnss3-tools',
  'iproute2',
  'util-linux',
];
/** What building native modules from source takes. */
export const compilers = ['g++', 'make', 'python3'];

/** Debian 13 and Ubuntu 24.04 renamed these for 64-bit time, Debian 12 the engine for OpenSSL 3. */
const renamed = {
  'libengine-gost-openssl1.1': 'libengine-gost-openssl',
  'libgtk-3-0': 'libgtk-3-0t64',
  libasound2: 'libasound2t64',
};

const POLICY = '/usr/sbin/policy-rc.d';
const OUR_POLICY =
  '#!/bin/sh\n# Written by the set-up of Kilt while it installs packages; removed afterwards.\nexit 101\n';

/**
 * Installs the Debian packages that are missing: as root on Debian or a relative of it. Elsewhere it says which are
 * left out and why, and goes on: what can not run without them says so itself.
 */
export async function ensureDebianPackages(progress, wanted = [...window, ...peers]) {
  const title = 'Debian packages';
  if (process.platform !== 'linux') return;
  if (!(await exists('/usr/bin/dpkg-query')) || !(await exists('/usr/bin/apt-get')))
    return progress.leftOut(title, `not a Debian system; please see to ${wanted.join(' ')} yourself`);
  const missing = await missingOf(wanted);
  if (missing.length === 0) return progress.inPlace(title, `${wanted.length} there`);
  if (process.getuid() !== 0)
    return progress.leftOut(
      title,
      `not root; for what needs them: sudo apt-get install --no-install-recommends ${missing.join(' ')}`,
    );
  await exclusively(
    '/run/lock/kilt-apt.lock',
    () => progress.waits(title),
    async () => {
      const stillMissing = await missingOf(wanted);
      if (stillMissing.length === 0) return;
      await progress.step(title, stillMissing.join(' '), (report) => install(stillMissing, report));
    },
  );
}

async function missingOf(wanted) {
  const answer = await tryRun('dpkg-query', ['-W', '-f', '${Package} ${db:Status-Status}\n']);
  const installed = new Set(
    (answer?.stdout ?? '')
      .split('\n')
      .filter((line) => line.endsWith(' installed'))
      .map((line) => line.split(' ')[0]),
  );
  return wanted.filter((name) => !installed.has(name) && !installed.has(renamed[name]));
}

async function install(missing, report) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C.UTF-8' };
  const apt = ['-o', 'DPkg::Lock::Timeout=120', '-o', 'Acquire::Retries=3', '-o', 'Dpkg::Use-Pty=0'];
  await withoutStartingServices(async () => {
    report('apt-get update');
    await run('apt-get', [...apt, 'update', '-qq'], { cwd: clone, env, seconds: 300 });
    const names = [];
    for (const name of missing) names.push(await currentName(name));
    await run('apt-get', [...apt, 'install', '-y', '--no-install-recommends', ...names], {
      cwd: clone,
      env,
      seconds: 900,
      onLine: (line) => {
        const at = /^(?:Get:\d+|Unpacking|Setting up)\s+(.{0,60})/.exec(line);
        if (at) report(at[0]);
      },
    });
  });
}

async function currentName(name) {
  const newer = renamed[name];
  if (!newer) return name;
  return (await tryRun('apt-cache', ['show', '--no-all-versions', newer])) ? newer : name;
}

/** A test machine's own smart-card service must not start because a package was installed. */
async function withoutStartingServices(work) {
  const theirs = await fs.readFile(POLICY, 'utf8').catch(() => undefined);
  const ours = theirs === undefined || theirs === OUR_POLICY;
  if (ours) await fs.writeFile(POLICY, OUR_POLICY, { mode: 0o755 });
  try {
    await work();
  } finally {
    if (ours) await fs.rm(POLICY, { force: true });
  }
}
