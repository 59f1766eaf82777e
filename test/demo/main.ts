import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Demo } from './demo.ts';

/**
 * The main job before one's eyes: an empty token becomes a registered profile that signs in, in Kilt's own window.
 * Started by scripts/demo.mjs, which provides PC/SC and a display. The last line on standard output is the result as
 * JSON.
 */
const { values } = parseArgs({
  options: {
    folder: { type: 'string' },
    transport: { type: 'string', default: 'virtual-reader' },
    port: { type: 'string', default: '35963' },
    language: { type: 'string', default: 'ru' },
    hold: { type: 'boolean', default: false },
  },
});
if (values.folder === undefined) throw new Error('--folder is missing');

const demo = await Demo.prepare({
  folder: path.resolve(values.folder),
  transport: values.transport === 'pcsc' ? 'pcsc' : 'virtual-reader',
  port: Number(values.port),
  language: values.language === 'kk' || values.language === 'en' ? values.language : 'ru',
});
try {
  const result = await demo.run();
  if (values.hold) await demo.waitUntilClosed();
  writeFileSync(path.join(values.folder, 'result.json'), `${JSON.stringify(result, undefined, 2)}\n`);
  console.log(JSON.stringify(result));
} finally {
  await demo.end();
}
