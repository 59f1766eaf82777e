import path from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import { extensionPlugin } from './extension/build-extension.ts';
import { clientPlugin } from './packages/kilt-client/build-client.ts';

const here = (...parts: string[]): string => path.join(import.meta.dirname, ...parts);

/**
 * The oldest Electron that Kilt is run with: 33 (docs/decisions/001). What is built for it runs in the pinned one too.
 */
const oldestNode = 'node20.18';
const oldestChrome = 'chrome130';

/** «О программе» shows what was put into the build, and on which terms (src/main/desktop/licences.ts). */
const license = { fileName: 'licences.json' };

/** Native modules can not be bundled; everything else is, so that the program starts without reading node_modules. */
const native = ['koffi', 'better-sqlite3', 'pkcs11js'];

// The `#…` imports need no alias: Vite reads them from package.json.
export default defineConfig(({ command }) => {
  const minify = command === 'build';
  return {
    main: {
      // The browsers' extension and the page library are built beside the program that they belong to.
      plugins: [
        extensionPlugin({ root: here(), outDir: here('out/extension') }),
        clientPlugin({ folder: here('packages/kilt-client') }),
      ],
      build: {
        externalizeDeps: false,
        outDir: here('out/main'),
        target: oldestNode,
        minify,
        sourcemap: true,
        license,
        rolldownOptions: {
          input: {
            index: here('src/main/desktop/main.ts'),
            // A program of its own: the process of a token's driver.
            'library-host': here('src/main/token/pkcs11/host/library-host.ts'),
          },
          external: native,
          output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
        },
      },
    },
    preload: {
      build: {
        externalizeDeps: false,
        outDir: here('out/preload'),
        target: oldestNode,
        minify,
        rolldownOptions: {
          input: { preload: here('src/preload/preload.ts') },
          // The preload script of a sandboxed page can only be CommonJS, and one file.
          output: { format: 'cjs', entryFileNames: '[name].cjs', codeSplitting: false },
        },
      },
    },
    renderer: {
      root: here('src/renderer'),
      plugins: [react()],
      build: {
        outDir: here('out/renderer'),
        emptyOutDir: true,
        target: oldestChrome,
        minify,
        license,
        // No inlined files: the content security policy allows no `data:` scripts or fonts.
        assetsInlineLimit: 0,
        // In kB. The page comes from the disk: what counts is the time to the picker, which `npm run bench` measures.
        chunkSizeWarningLimit: 1200,
        rolldownOptions: { input: [here('src/renderer/index.html'), here('src/renderer/consent.html')] },
      },
    },
  };
});
