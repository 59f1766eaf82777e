import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';

import { z } from 'zod';

import { type CardState } from '#test/virtual-token/card-state.ts';
import type { VirtualCardOptions } from '#test/virtual-token/profiles.ts';
import { VirtualTokenProgram } from '#test/virtual-token/program.ts';
import { loadState } from '#test/virtual-token/state-file.ts';
import type { TraceEntry } from '#test/virtual-token/traced-card.ts';
import { VPCD_PORT } from '#test/virtual-token/vpcd-client.ts';

/**
 * OpenSC's settings: KAZTOKEN's answer to reset belongs to the Rutoken driver, and C_InitPIN may unblock
 * (facts §1.1, T12).
 */
const openscConf = ({ cacheFolder }: { cacheFolder: string | undefined }): string => `
app default {
  card_atr 3b:88:01:4b:41:5a:54:4f:4b:45:4e:82 { driver = "rutoken_ecp"; name = "Kaztoken"; }
  framework pkcs15 { ${cacheFolder === undefined ? 'use_file_caching = no;' : `use_file_caching = yes; file_cache_dir = ${cacheFolder};`} }
}
app opensc-pkcs11 { pkcs11 { user_pin_unblock_style = "init_pin_in_so_session"; } }
`;
const CACHE = 'cache';
const STATE = 'token.json';
const TRACE = 'trace.jsonl';
const PKCS11_MODULE = 'opensc-pkcs11.so';
const PATIENCE_MS = 20_000;
const POLL_MS = 100;

const controlAnswer = z.looseObject({ ok: z.literal(true) });
const readyLine = z.looseObject({ ready: z.literal(true), controlPort: z.int() });

export interface BenchOptions {
  /** OpenSC keeps files of the card in {@link OpenscBench.cacheFolder}; by default it reads them anew each time. */
  readonly fileCaching?: boolean;
}

export interface ToolResult {
  readonly code: number;
  readonly stdout: string;
  /** Both streams: OpenSC's tools tell their news on either. */
  readonly output: string;
}

interface PluggedIn {
  /** Where the token takes control lines, if it has a program of its own. */
  readonly controlPort?: number;
  readonly end: () => Promise<void>;
}

/** A virtual token in the reader of this PC/SC world, and OpenSC's tools beside it. */
export class OpenscBench {
  readonly folder: string;
  #token: PluggedIn = { end: () => Promise.resolve() };
  #holder: ChildProcess | undefined;
  #commands: string[][] = [];

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** Starts the token's program as testers do, and waits until OpenSC sees the card. */
  static start(args: readonly string[], options: BenchOptions = {}): Promise<OpenscBench> {
    return OpenscBench.#with(options, async (files) => {
      const where = ['--control-port', '0', '--state', files.state, '--trace', files.trace];
      const program = ['--import', 'tsx', 'test/virtual-token/main.ts', 'start', '--json', ...where, ...args];
      const token = spawn(process.execPath, program, { stdio: ['ignore', 'pipe', 'inherit'] });
      const [line] = (await once(createInterface({ input: token.stdout }), 'line')) as [string];
      const { controlPort } = readyLine.parse(JSON.parse(line));
      return {
        controlPort,
        end: async () => {
          const ended = once(token, 'exit');
          token.kill('SIGTERM');
          await ended;
        },
      };
    });
  }

  /** The same in this process: sooner there, for tests that need many tokens. */
  static startHere(card: VirtualCardOptions, options: BenchOptions = {}): Promise<OpenscBench> {
    return OpenscBench.#with(options, async (files) => {
      const reader = { host: '127.0.0.1', port: VPCD_PORT };
      const where = { state: files.state, traceFile: files.trace };
      const token = new VirtualTokenProgram({ card, ...reader, ...where, keygenSeconds: 0 });
      await token.start();
      return { end: () => token.stop() };
    });
  }

  static async #with(
    options: BenchOptions,
    plugIn: (files: { state: string; trace: string }) => Promise<PluggedIn>,
  ): Promise<OpenscBench> {
    const folder = mkdtempSync(join(tmpdir(), 'kilt-opensc-'));
    const cacheFolder = options.fileCaching === true ? join(folder, CACHE) : undefined;
    writeFileSync(join(folder, 'opensc.conf'), openscConf({ cacheFolder }));
    const bench = new OpenscBench(folder);
    // The service looks every 0.4 s: one that somebody has just taken out would be taken for this one, and reset then.
    await bench.#waitForCard(false);
    bench.#token = await plugIn({ state: join(folder, STATE), trace: join(folder, TRACE) });
    await bench.#waitForCard(true);
    bench.takeCommands();
    return bench;
  }

  async stop(): Promise<void> {
    await this.letPowerGo();
    await this.#token.end();
    await this.#waitForCard(false);
    rmSync(this.folder, { recursive: true });
  }

  /** Programs that were run since this was asked last, each with its arguments. */
  takeCommands(): string[][] {
    return this.#commands.splice(0);
  }

  get cacheFolder(): string {
    return this.path(CACHE);
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  write(name: string, content: string | Uint8Array): string {
    writeFileSync(this.path(name), content);
    return this.path(name);
  }

  read(name: string): Buffer {
    return readFileSync(this.path(name));
  }

  state(): CardState {
    return loadState(this.path(STATE)) as CardState;
  }

  /** Status words of the commands with this name, in the order in which OpenSC sent them. */
  statusWordsOf(text: string): string[] {
    const lines = this.read(TRACE).toString().trim().split('\n');
    const entries = lines.map((line) => JSON.parse(line) as TraceEntry);
    return entries.flatMap((entry) =>
      entry.event === 'exchange' && entry.text.startsWith(text) ? [entry.statusWord] : [],
    );
  }

  traceText(): string {
    return this.read(TRACE).toString();
  }

  /** From now on each answer of a token with a program of its own comes so much later. */
  async delayAnswers(milliseconds: number): Promise<void> {
    const { controlPort } = this.#token;
    if (controlPort === undefined) throw new Error('this token takes no control lines');
    const socket = connect({ host: '127.0.0.1', port: controlPort });
    socket.write(`${JSON.stringify({ do: 'delay', milliseconds, times: 'always' })}\n`);
    const [answer] = (await once(createInterface({ input: socket }), 'line')) as [string];
    socket.destroy();
    controlAnswer.parse(JSON.parse(answer));
  }

  /** Runs one of OpenSC's or OpenSSL's programs. */
  async run(tool: string, ...args: string[]): Promise<ToolResult> {
    this.#commands.push([tool, ...args]);
    return await new Promise((resolve) => {
      const env = { ...process.env, OPENSC_CONF: this.path('opensc.conf') };
      execFile(tool, args, { env, cwd: this.folder, timeout: 60_000 }, (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
        resolve({ code, stdout, output: `${stdout}${stderr}` });
      });
    });
  }

  /** Runs a program that must succeed. */
  async must(tool: string, ...args: string[]): Promise<ToolResult> {
    const result = await this.run(tool, ...args);
    if (result.code !== 0) throw new Error(`${tool} ${args.join(' ')}\n${result.output}`);
    return result;
  }

  /** Runs pkcs11-tool with OpenSC's module; it must succeed. */
  pkcs11(...args: string[]): Promise<ToolResult> {
    return this.must('pkcs11-tool', ...args, '--module', PKCS11_MODULE);
  }

  /** Powers the card off and on: nobody is logged in after it. */
  async loseRights(): Promise<void> {
    await this.must('opensc-tool', '--reset=cold');
  }

  /** Keeps a connection to the card, so that rights outlive the program that got them. */
  async keepPower(): Promise<void> {
    const env = { ...process.env, OPENSC_CONF: this.path('opensc.conf') };
    const holder = spawn('opensc-explorer', [], { env, stdio: ['pipe', 'pipe', 'ignore'] });
    this.#holder = holder;
    // Its prompt appears once it is connected.
    await once(holder.stdout, 'data');
  }

  async letPowerGo(): Promise<void> {
    const holder = this.#holder;
    this.#holder = undefined;
    if (holder === undefined || holder.exitCode !== null) return;
    const ended = once(holder, 'exit');
    holder.stdin?.end();
    await ended;
  }

  async #waitForCard(there: boolean): Promise<void> {
    const until = Date.now() + PATIENCE_MS;
    while (Date.now() < until) {
      const { code } = await this.run('opensc-tool', '--atr');
      if ((code === 0) === there) return;
      await delay(POLL_MS);
    }
    throw new Error(
      `${there ? 'no' : 'still a'} card in the reader: does pcscd run with vpcd in this PC/SC world?`,
    );
  }
}
