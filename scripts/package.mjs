#!/usr/bin/env node
// `npm run package`: builds Kilt and packs it for this system into dist/. Further arguments go to electron-builder.
import { electron } from './electron.mjs';
import { npmProgram, show } from './suite/show.mjs';

const { dist, version } = await electron();
const steps = [
  ['build', npmProgram('electron-vite', 'bin', 'electron-vite.js').concat('build')],
  [
    'package',
    npmProgram('electron-builder', 'cli.js').concat(
      '--publish=never',
      `-c.electronVersion=${version}`,
      `-c.electronDist=${dist}`,
      process.argv.slice(2),
    ),
  ],
];
for (const [title, command] of steps) {
  const { code } = await show(command, { title });
  if (code !== 0) process.exit(code === -1 ? 1 : code);
}
process.stdout.write(`Packed with Electron ${version} into dist/.\n`);
