#!/usr/bin/env node
// `npm run dev`: Kilt with a page that is replaced while one edits it.
import { electron } from './electron.mjs';
import { runInstead } from './set-up.mjs';

if (process.getuid?.() === 0) {
  process.stderr.write(
    'The page runs in Chromium’s sandbox, which root can not have: develop as an ordinary user.\n',
  );
  process.exit(1);
}
process.env['ELECTRON_EXEC_PATH'] = (await electron()).executable;
runInstead('electron-vite', ['dev', ...process.argv.slice(2)]);
