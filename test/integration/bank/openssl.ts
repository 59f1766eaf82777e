import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a run of `openssl` left: everything it wrote, and how it ended (-1: by a signal). */
export interface OpensslRun {
  readonly code: number;
  readonly output: string;
}

export interface OpensslTool {
  (...args: string[]): Promise<OpensslRun>;
  /** Starts it without waiting for its end. */
  begin(...args: string[]): {
    readonly ended: Promise<OpensslRun>;
    /** Resolves as soon as the output holds a text; rejects when the run ends without it. */
    said(text: string): Promise<void>;
  };
}

/** `openssl` with files in one folder. */
export function opensslIn(folder: string): OpensslTool {
  const config = join(folder, 'openssl.cnf');
  // Without a [cmp] section each run of `openssl cmp` warns.
  writeFileSync(config, '[cmp]\n');
  const begin: OpensslTool['begin'] = (...args) => {
    // Line by line: into a pipe openssl would write only when 4 kB have come together, or at its end.
    const child = spawn('stdbuf', ['-oL', 'openssl', ...args], {
      cwd: folder,
      env: { ...process.env, OPENSSL_CONF: config },
    });
    let output = '';
    const watchers = new Set<() => void>();
    const hear = (chunk: Buffer) => {
      output += chunk.toString('utf8');
      for (const watch of watchers) watch();
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    const ended = new Promise<OpensslRun>((done, failed) => {
      child.once('error', failed);
      child.once('close', (code) => {
        done({ code: code ?? -1, output });
      });
    });
    const said = (text: string) =>
      new Promise<void>((done, failed) => {
        const watch = () => {
          if (output.includes(text)) done();
        };
        watchers.add(watch);
        watch();
        void ended.then(() => {
          failed(new Error(`openssl never said «${text}» but\n${output}`));
        }, failed);
      });
    return { ended, said };
  };
  return Object.assign((...args: string[]) => begin(...args).ended, { begin });
}
