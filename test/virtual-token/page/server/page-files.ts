import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** A file of the built page. */
export interface PageFile {
  readonly type: string;
  readonly bytes: Uint8Array;
}

const root = path.resolve(import.meta.dirname, '../../../..');
const built = path.join(root, '.cache', 'tester-page');
const client = path.resolve(import.meta.dirname, '../client');
/** All that the page is made of: its own sources, what they import, and the versions of its libraries. */
const sources = [
  client,
  path.resolve(client, '../view.ts'),
  path.join(root, 'src/renderer/theme'),
  path.join(root, 'package.json'),
];
/** Beside the page: what it was built from. */
const RECORD = 'built-from.txt';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.woff2': 'font/woff2',
};

/**
 * The page, built where its sources have changed since the last time.
 *
 * @throws Error when it can not be built
 */
export async function pageFiles(): Promise<ReadonlyMap<string, PageFile>> {
  const wanted = digestOf(sources);
  const record = path.join(built, RECORD);
  if (!existsSync(record) || readFileSync(record, 'utf8') !== wanted) await build(wanted);
  return new Map(
    filesIn(built).flatMap((file) => {
      const type = types[path.extname(file)];
      const name = path.relative(built, file).split(path.sep).join('/');
      return type === undefined ? [] : [[name, { type, bytes: readFileSync(file) }] as const];
    }),
  );
}

/** Into a folder of its own, which then takes the old one's place: two programs may build at once. */
async function build(wanted: string): Promise<void> {
  const partial = `${built}.${process.pid}`;
  // Vite is not needed where the page has been built, and not there where only that is (scripts/stage.mjs).
  const [vite, react] = await Promise.all([import('vite'), import('@vitejs/plugin-react')]).catch(() => {
    throw new Error(
      'the page is not built, and can not be built here; `npm test -- --only build` in the clone does',
    );
  });
  await vite.build({
    configFile: false,
    root: client,
    // Below the secret in the address.
    base: './',
    logLevel: 'error',
    plugins: [react.default()],
    build: { outDir: partial, emptyOutDir: true, assetsInlineLimit: 0, chunkSizeWarningLimit: 2000 },
  });
  writeFileSync(path.join(partial, RECORD), wanted);
  rmSync(built, { recursive: true, force: true });
  try {
    renameSync(partial, built);
  } catch (error) {
    // Another program was as quick, with the same page.
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

/** All files below a place, in the order of their names; a file is itself. */
function filesIn(place: string): string[] {
  if (statSync(place).isFile()) return [place];
  const entries = readdirSync(place, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
}
