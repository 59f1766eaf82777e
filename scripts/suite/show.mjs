import { spawn } from 'node:child_process';
import { clone, inModules } from '../set-up/places.mjs';
import path from 'node:path';

/** A log that says nothing for longer than this looks dead. */
const SILENCE_MS = 20_000;

/** Writes a heading into the run's log. */
export function heading(text) {
  process.stdout.write(`\n== ${text}\n`);
}

/** Node with one of npm's programs, without going through a shell. */
export function npmProgram(...parts) {
  return [process.execPath, inModules(...parts)];
}

/**
 * Runs a program and shows what it writes. When it is silent for long, a line says that it still runs.
 *
 * @param options.title what the heartbeat calls it
 * @param options.seconds after this long it is ended
 * @returns `{ code, output, seconds }`; `code` is -1 for a program that was ended by a signal or could not be started
 */
export function show(command, { title, seconds: limit = 2400, cwd = clone, env = {}, silent = false }) {
  return new Promise((resolve) => {
    const started = Date.now();
    let spoke = Date.now();
    let output = '';
    const bin = inModules('.bin');
    const child = spawn(command[0], command.slice(1), {
      cwd,
      env: { ...process.env, PATH: `${bin}${path.delimiter}${process.env['PATH']}`, NO_COLOR: '1', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const seconds = () => Math.round((Date.now() - started) / 1000);
    const take = (text) => {
      spoke = Date.now();
      output += text;
      if (!silent) process.stdout.write(text);
    };
    child.stdout.setEncoding('utf8').on('data', take);
    child.stderr.setEncoding('utf8').on('data', take);
    const heartbeat = setInterval(() => {
      if (Date.now() - spoke < SILENCE_MS) return;
      spoke = Date.now();
      process.stdout.write(`   … ${title}: ${seconds()} s\n`);
    }, 1000);
    const tooLong = setTimeout(() => {
      take(`\n${title} took longer than ${limit} s and was ended\n`);
      child.kill('SIGTERM');
      setTimeout(() => child.kill('SIGKILL'), 5000).unref();
    }, limit * 1000);
    const passOn = (signal) => child.kill(signal);
    process.on('SIGTERM', passOn).on('SIGINT', passOn);
    const end = (code) => {
      clearInterval(heartbeat);
      clearTimeout(tooLong);
      process.off('SIGTERM', passOn).off('SIGINT', passOn);
      resolve({ code, output, seconds: seconds() });
    };
    child.on('error', (error) => {
      take(`${command[0]}: ${error.message}\n`);
      end(-1);
    });
    child.on('close', (code) => end(code ?? -1));
  });
}
