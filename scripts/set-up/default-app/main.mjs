import { app } from 'electron';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

// Starts the application whose folder or main file is the first argument that is not a switch, in the same way as the
// default app in Electron's own archives does: name, version and path are the application's before its code runs.
const place = process.argv.slice(1).find((argument) => !argument.startsWith('-'));
if (place === undefined) {
  process.stdout.write(
    `Electron ${process.versions.electron}; start it with the folder of an application.\n`,
  );
  app.exit(0);
} else {
  Object.defineProperty(process, 'defaultApp', { value: true, enumerable: true });
  const target = path.resolve(place);
  const manifest = path.join(target, 'package.json');
  if (fs.existsSync(manifest)) {
    const about = JSON.parse(fs.readFileSync(manifest, 'utf8'));
    if (about.version) app.setVersion(about.version);
    const name = about.productName ?? about.name;
    if (name) app.setName(name);
  }
  const file = createRequire(import.meta.url).resolve(target);
  app.setAppPath(fs.existsSync(manifest) ? target : path.dirname(file));
  // Electron waits for this before it becomes ready, so the application may still register schemes and switches.
  await import(pathToFileURL(file).href);
}
