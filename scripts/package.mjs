#!/usr/bin/env node
// `npm run package`: builds Kilt and packs it for this system into dist/. Further arguments go to electron-builder.
import path from 'node:path';
import sharp from 'sharp';
import { electron } from './electron.mjs';
import { clone } from './set-up/places.mjs';
import { npmProgram, show } from './suite/show.mjs';

const { dist, version } = await electron();
// electron-builder makes each system's icon from this size.
await sharp(path.join(clone, 'assets', 'icon.svg'), { density: 600 })
  .resize(1024, 1024)
  .png()
  .toFile(path.join(clone, 'assets', 'icon.png'));
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
