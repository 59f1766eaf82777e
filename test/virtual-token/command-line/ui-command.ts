import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';

import { Command } from 'commander';

import { pageFiles } from '../page/server/page-files.ts';
import { PageServer } from '../page/server/page-server.ts';
import { VirtualTokenProgram } from '../program.ts';
import { type CardFlags, programOptions, type RunFlags, withRunFlags } from './card-flags.ts';

const windowScript = path.resolve(import.meta.dirname, '../../../scripts/tester-window.mjs');

/** `ui`: a token like that of `start`, and a page on which it is watched and broken. */
export function uiCommand(): Command {
  return withRunFlags(new Command('ui'))
    .description('plugs the token in and shows a page on which it is watched and broken')
    .option('--open', 'open the page in a window of its own', false)
    .action(async (flags: CardFlags & RunFlags & { open: boolean }) => {
      if (!flags.json) process.stderr.write('the page is built if it has changed…\n');
      const files = await pageFiles();
      const token = await VirtualTokenProgram.open(programOptions(flags));
      const page = new PageServer(token, files);
      let window: ChildProcess | undefined;
      const stop = async (): Promise<void> => {
        window?.kill();
        await page.close();
        await token.stop();
        process.exit(0);
      };
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop());
      const ready = await token.start();
      const url = await page.listen();
      if (flags.json) console.log(JSON.stringify({ ...ready, url }));
      else {
        const said = [`token ${ready.serial} waits for a reader at ${ready.reader}`, ...ready.notes];
        console.log(`${said.join('\n')}\n\n  ${url}\n`);
      }
      if (flags.open) window = openWindow(url, stop);
    });
}

/** The token ends with its window, as people expect of a window. */
function openWindow(url: string, closed: () => Promise<void>): ChildProcess {
  const window = spawn(process.execPath, [windowScript], {
    env: { ...process.env, KILT_TESTER_PAGE: url },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  window.once('exit', (code) => {
    if (code === 0) void closed();
    else process.stderr.write('no window; the page is at the address above\n');
  });
  return window;
}
