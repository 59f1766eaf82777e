import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Ends a child with its parent: an interrupted set-up must not go on behind the back of the next one. */
const tied = existsSync('/usr/bin/setpriv') ? ['/usr/bin/setpriv', '--pdeathsig', 'KILL', '--'] : [];

/** A child process that did not end well; the message holds the last lines it wrote. */
export class ProcessFailed extends Error {
  constructor(what, { code, signal, output, timedOut }) {
    const how = timedOut
      ? `took longer than ${timedOut} s`
      : signal
        ? `ended by ${signal}`
        : `ended with code ${code}`;
    super([`${what} ${how}`, ...output.trimEnd().split('\n').slice(-20)].join('\n    '));
    this.name = 'ProcessFailed';
    this.output = output;
    this.code = code;
  }
}

/**
 * Runs a program to its end and returns what it wrote.
 *
 * @param options.onLine told each line as it comes, for progress
 * @param options.seconds after this long the program is ended
 * @returns stdout and stderr as text
 * @throws ProcessFailed when it ends with anything but 0, or can not be started
 */
export function run(command, args, { seconds, onLine, ...options } = {}) {
  return new Promise((resolve, reject) => {
    const [program, ...rest] = [...tied, command, ...args];
    const child = spawn(program, rest, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let output = '';
    let timedOut;
    const timer =
      seconds &&
      setTimeout(() => {
        timedOut = seconds;
        child.kill('SIGKILL');
      }, seconds * 1000);
    const take = (text) => {
      output += text;
      if (output.length > 1_000_000) output = output.slice(-500_000);
      for (const line of text.split('\n')) if (line.trim()) onLine?.(line.trim());
    };
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text;
      take(text);
    });
    child.stderr.setEncoding('utf8').on('data', take);
    child.on('error', (error) => {
      clearTimeout(timer);
      reject(new ProcessFailed(`${command} (${error.message})`, { code: error.code, output }));
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      if (code === 0) resolve({ stdout, output });
      else reject(new ProcessFailed([command, ...args].join(' '), { code, signal, output, timedOut }));
    });
  });
}

/** Like {@link run}, but answers `undefined` where the program fails or is not there. */
export async function tryRun(command, args, options) {
  try {
    return await run(command, args, options);
  } catch {
    return undefined;
  }
}

/** The program npm was started from, or the one in PATH; on Windows npm is a script that needs a shell. */
export function npm(args, options) {
  const script = process.env['npm_execpath'];
  if (script?.endsWith('.js')) return run(process.execPath, [script, ...args], options);
  if (process.platform === 'win32') return run('npm.cmd', args, { ...options, shell: true });
  return run('npm', args, options);
}
