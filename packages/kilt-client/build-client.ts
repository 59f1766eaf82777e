import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Plugin } from 'vite';

/** Builds the page library with the program, into `dist/` of its own folder: one module, and its types. */
export function clientPlugin({ folder }: { readonly folder: string }): Plugin {
  return { name: 'kilt-client', apply: 'build', closeBundle: () => buildClient(folder) };
}

async function buildClient(folder: string): Promise<void> {
  const [{ build }, { default: ts }] = await Promise.all([import('vite'), import('typescript')]);
  const dist = path.join(folder, 'dist');
  const source = path.join(folder, 'src');
  await build({
    configFile: false,
    root: folder,
    logLevel: 'error',
    build: {
      outDir: dist,
      emptyOutDir: true,
      minify: false,
      target: ['chrome116', 'firefox121'],
      lib: { entry: path.join(source, 'index.ts'), formats: ['es'], fileName: 'index' },
    },
  });
  mkdirSync(dist, { recursive: true });
  for (const file of readdirSync(source)) {
    const { outputText } = ts.transpileDeclaration(readFileSync(path.join(source, file), 'utf8'), {
      fileName: file,
      compilerOptions: { rewriteRelativeImportExtensions: true, target: ts.ScriptTarget.ES2023 },
    });
    const declared = outputText.replaceAll(/from '(\.\/[\w-]+)\.ts'/g, "from '$1.js'");
    writeFileSync(path.join(dist, file.replace(/\.ts$/, '.d.ts')), declared);
  }
}
