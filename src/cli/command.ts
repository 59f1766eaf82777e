import type { Language } from '#shared/views.ts';
import type { Kilt } from '#main/kilt.ts';
import type { Output } from './output.ts';

/** What every command takes. */
export interface CliOptions {
  readonly json: boolean;
  /** What stands on the command line without an option's name: files. */
  readonly operands: readonly string[];
  /** Absent: the one of Kilt's settings. */
  readonly language?: Language;
  readonly transport: 'pcsc' | 'virtual-reader';
  readonly virtualReaderPort: number;
  readonly dataFolder?: string;
  readonly bankFile?: string;
  /** PKCS#11 library for this run, instead of the one in the settings; empty: none. */
  readonly driver?: string;
  /** Seconds. */
  readonly wait?: number;
}

/** One command, with the services running. What it throws is told by the caller. */
export type CommandRun<Options> = (
  kilt: Kilt,
  options: Options & CliOptions,
  output: Output,
) => Promise<void>;
