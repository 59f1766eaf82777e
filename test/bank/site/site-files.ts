import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../../..');
const built = path.join(root, '.cache', 'bank-site');
const client = path.join(import.meta.dirname, 'client');
/** All that the script is made of. */
const sources = [client, path.join(root, 'packages/kilt-client/src'), path.join(root, 'package-lock.json')];
const RECORD = 'built-from.txt';

export interface SiteFiles {
  readonly script: Uint8Array;
  readonly style: Uint8Array;
}

let kept: Promise<SiteFiles> | undefined;

/**
 * Script and style of the site; the script is built where its sources have changed since the last time.
 *
 * @throws Error when it can not be built
 */
export function siteFiles(): Promise<SiteFiles> {
  kept ??= load();
  return kept;
}

async function load(): Promise<SiteFiles> {
  const record = path.join(built, RECORD);
  const known = (): string | undefined => (existsSync(record) ? readFileSync(record, 'utf8') : undefined);
  // Where there is a copy of what has been built, there is no package-lock and nothing to build with (scripts/stage.mjs).
  const wanted = existsSync(path.join(root, 'package-lock.json')) ? digestOf(sources) : known();
  if (wanted === undefined || known() !== wanted) await build(wanted ?? '');
  return {
    script: readFileSync(path.join(built, 'site.js')),
    style: readFileSync(path.join(client, 'site.css')),
  };
}

/** Into a folder of its own, which then takes the old one's place: two programs may build at once. */
async function build(wanted: string): Promise<void> {
  const partial = `${built}.${String(process.pid)}`;
  const vite = await import('vite').catch(() => {
    throw new Error('the site’s script is not built, and can not be built here');
  });
  await vite.build({
    configFile: false,
    root: client,
    logLevel: 'error',
    build: {
      outDir: partial,
      emptyOutDir: true,
      target: 'chrome116',
      rolldownOptions: {
        input: path.join(client, 'site.ts'),
        output: { format: 'es', entryFileNames: 'site.js', codeSplitting: false },
      },
    },
  });
  mkdirSync(partial, { recursive: true });
  writeFileSync(path.join(partial, RECORD), wanted);
  rmSync(built, { recursive: true, force: true });
  try {
    renameSync(partial, built);
  } catch (error) {
    // Another program was as quick, with the same script.
    rmSync(partial, { recursive: true, force: true });
    if (!existsSync(path.join(built, RECORD))) throw error;
  }
}

function digestOf(places: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of places.flatMap(filesIn))
    hash.update(path.relative(root, file)).update(readFileSync(file));
  return hash.digest('hex');
}

function filesIn(place: string): string[] {
  if (statSync(place).isFile()) return [place];
  return readdirSync(place, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
}
