import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { errorViewOf } from '#shared/error-view.ts';
import { createTranslator } from '#shared/texts/i18n.ts';
import type { Language } from '#shared/views.ts';
import { freePort } from '#test/support/free-port.ts';
import type { EmulatedCard } from '#test/virtual-token/emulated-card.ts';
import { VpcdClient } from '#test/virtual-token/vpcd-client.ts';
import { openKilt } from '../../src/cli/open-kilt.ts';
import type { Output } from '../../src/cli/output.ts';
import { createProgram } from '../../src/cli/program.ts';

/** Stands for the descriptor that the lines of secrets come from. */
export const fd = 'FD';

/**
 * The command line inside this process: the same program, without a start of Node for each command. What `main.ts` does
 * around it is tested with the real program.
 */
export class CommandLine {
  readonly #options: readonly string[];

  constructor(options: { readonly port: number; readonly dataFolder: string }) {
    this.#options = [
      ...['--transport', 'virtual-reader', '--virtual-reader-port', String(options.port)],
      ...['--data-folder', options.dataFolder],
    ];
  }

  /**
   * @returns what `--json` would print, what is printed for people on both streams, and whether all was done that was
   *   asked for
   */
  async run(
    args: readonly string[],
    secrets: readonly string[],
    language: Language = 'en',
  ): Promise<{ readonly value: unknown; readonly lines: readonly string[]; readonly all: boolean }> {
    const folder = mkdtempSync(path.join(tmpdir(), 'kilt-lines-'));
    const file = path.join(folder, 'lines');
    writeFileSync(file, secrets.map((line) => `${line}\n`).join(''));
    const descriptor = openSync(file, 'r');
    try {
      const words = args.map((word) => (word === fd ? String(descriptor) : word));
      return await carryOut([...words, ...this.#options], language);
    } finally {
      closeSync(descriptor);
      rmSync(folder, { recursive: true });
    }
  }
}

/** A computer of its own for the command line: its data folder, and a reader. */
export class CommandLineDesk {
  /** For the test's own files. */
  readonly folder = mkdtempSync(path.join(tmpdir(), 'kilt-command-line-'));
  readonly dataFolder = path.join(this.folder, 'data');
  readonly readerPort: number;
  readonly #reader: VpcdClient;
  readonly #commandLine: CommandLine;

  private constructor(port: number) {
    this.readerPort = port;
    this.#reader = new VpcdClient({ port });
    this.#commandLine = new CommandLine({ port, dataFolder: this.dataFolder });
  }

  /** @param card is in the reader */
  static async set(card: EmulatedCard): Promise<CommandLineDesk> {
    const desk = new CommandLineDesk(await freePort());
    await desk.insert(card);
    return desk;
  }

  insert(card: EmulatedCard): Promise<void> {
    return this.#reader.insert(card);
  }

  eject(): Promise<void> {
    return this.#reader.eject();
  }

  run(...typed: Parameters<CommandLine['run']>): ReturnType<CommandLine['run']> {
    return this.#commandLine.run(...typed);
  }

  async clear(): Promise<void> {
    await this.#reader.stop();
    rmSync(this.folder, { recursive: true });
  }
}

async function carryOut(words: readonly string[], language: Language) {
  const { t } = createTranslator(language);
  let value: unknown;
  let all = true;
  const lines: string[] = [];
  const output: Output = {
    t,
    language,
    speak: () => undefined,
    result: (result, forPeople) => {
      value = result;
      lines.push(...forPeople());
    },
    progress: (line) => void lines.push(line),
    notAll: () => {
      all = false;
    },
    get isAll() {
      return all;
    },
    failure: (error) => {
      value = { error: errorViewOf(error) };
    },
  };
  const program = createProgram(t, async (command, options) => {
    const kilt = openKilt(options);
    try {
      await kilt.start();
      await command(kilt, options, output);
    } catch (error) {
      output.failure(error);
    } finally {
      await kilt.stop();
    }
  });
  await program.parseAsync(words, { from: 'user' });
  return { value, lines, all };
}
