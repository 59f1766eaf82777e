import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Plugin } from 'vite';
import { iconSizes, locales, manifestFor, type Browser } from './manifest.ts';

const browsers: readonly Browser[] = ['chromium', 'firefox'];

/**
 * Builds the extension with the program: `<outDir>/chromium` and `<outDir>/firefox`, each a folder that its browser can
 * load as it is.
 *
 * @param options.root folder of the clone
 */
export function extensionPlugin(options: { readonly root: string; readonly outDir: string }): Plugin {
  return {
    name: 'kilt-extension',
    apply: 'build',
    closeBundle: () => buildExtension(options),
  };
}

async function buildExtension({ root, outDir }: { root: string; outDir: string }): Promise<void> {
  const [{ build }, { default: sharp }] = await Promise.all([import('vite'), import('sharp')]);
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
    version: string;
  };
  const icons = await Promise.all(
    iconSizes.map(async (size) => ({
      file: `icons/${size}.png`,
      content: await sharp(path.join(root, 'assets/icon.svg')).resize(size, size).png().toBuffer(),
    })),
  );
  for (const browser of browsers) {
    const folder = path.join(outDir, browser);
    const write = (file: string, content: string | Uint8Array): void => {
      mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
      writeFileSync(path.join(folder, file), content);
    };
    // Neither kind of script may have imports: each is one file.
    for (const name of ['background', 'content']) {
      await build({
        configFile: false,
        root,
        logLevel: 'error',
        build: {
          outDir: folder,
          emptyOutDir: name === 'background',
          copyPublicDir: false,
          // What a store's reviewers read is what runs.
          minify: false,
          target: ['chrome116', 'firefox121'],
          rolldownOptions: {
            input: path.join(root, 'extension/src', `${name}.ts`),
            output: { format: 'iife', entryFileNames: '[name].js', codeSplitting: false },
          },
        },
      });
    }
    write('manifest.json', `${JSON.stringify(manifestFor(browser, version), undefined, 2)}\n`);
    for (const { file, content } of icons) write(file, content);
    for (const [language, { name, description }] of Object.entries(locales)) {
      const messages = { name: { message: name }, description: { message: description } };
      write(`_locales/${language}/messages.json`, `${JSON.stringify(messages, undefined, 2)}\n`);
    }
  }
}
