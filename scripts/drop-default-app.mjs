import fs from 'node:fs/promises';
import path from 'node:path';

/** electron-builder's hook: a packed program needs no app that starts other applications. */
export default async function dropDefaultApp({ appOutDir }) {
  await fs.rm(path.join(appOutDir, 'resources', 'default_app.asar'), { force: true });
}
