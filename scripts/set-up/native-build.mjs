import { createRequire } from 'node:module';
import fs from 'node:fs/promises';
import path from 'node:path';
import { cache, clone, inModules } from './places.mjs';
import { run } from './processes.mjs';
import { exists, makeWhole } from './whole.mjs';

/**
 * Compiles a native module from the source in its own npm package, in a folder apart, with the node-gyp and, where they
 * are there, the headers of this Node.
 *
 * @param options.name the npm package
 * @param options.product file name of the binary in `build/Release`
 * @param options.target where the binary is put, whole
 * @param options.args further arguments of node-gyp
 * @param options.env further variables of the compiler
 * @param options.report told which file is being compiled
 */
export async function buildNative({ name, product, target, args = [], env = {}, report }) {
  await fs.mkdir(cache, { recursive: true });
  // A compiler that outlived an interrupted build writes into that build's folder, not into this one.
  const prefix = `.build-${name}-`;
  for (const old of await fs.readdir(cache))
    if (old.startsWith(prefix)) await fs.rm(path.join(cache, old), { recursive: true, force: true });
  const folder = path.join(cache, `${prefix}${process.pid}-${Date.now().toString(36)}`);
  await fs.cp(inModules(name), folder, { recursive: true });
  const nodeGyp = createRequire(path.join(clone, 'package.json')).resolve('node-gyp/bin/node-gyp.js');
  const headers = await nodeHeaders();
  await run(
    process.execPath,
    [nodeGyp, 'rebuild', '--release', '--jobs=max', ...args, ...(headers ? [`--nodedir=${headers}`] : [])],
    {
      cwd: folder,
      env: { ...process.env, ...env, NODE_PATH: inModules() },
      seconds: 1800,
      onLine: (line) => {
        if (/^(?:CC|CXX|COPY|SOLINK|AR|TOUCH)\(/.test(line)) {
          report(`compiling ${path.basename(line.split(' ').at(-1))}`);
        }
      },
    },
  );
  await makeWhole(target, (partial) => fs.copyFile(path.join(folder, 'build', 'Release', product), partial));
  await fs.rm(folder, { recursive: true, force: true });
}

/** What a compiled binary is tied to, for its name in the cache. */
export const builtFor = () =>
  `${process.platform}-${process.arch}-${process.report?.getReport().header.glibcVersionRuntime ?? 'other-libc'}`;

/** Headers that came with this Node, so that node-gyp need not download them; `undefined` where there are none. */
async function nodeHeaders() {
  const prefix = path.resolve(path.dirname(await fs.realpath(process.execPath)), '..');
  return (await exists(path.join(prefix, 'include', 'node', 'common.gypi'))) ? prefix : undefined;
}

/**
 * Runs a script that loads native modules, in a process of its own: a binary that does not fit brings its process down.
 *
 * @throws ProcessFailed
 */
export async function loadsIn(executable, script, env) {
  const bare = { ...env };
  delete bare['NODE_OPTIONS'];
  await run(executable, ['-e', script], { cwd: clone, env: bare, seconds: 60 });
}
