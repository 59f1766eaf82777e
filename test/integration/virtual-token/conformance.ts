import { afterAll, afterEach, beforeAll, describe } from 'vitest';

import type { VirtualCardOptions } from '#test/virtual-token/profiles.ts';

import { type BenchOptions, OpenscBench } from './opensc-bench.ts';

declare module 'vitest' {
  interface TaskMeta {
    /** Programs that a check has run, each with its arguments; scripts/test-opensc.mjs shows them. */
    commands?: string[][];
  }
}

/** Answers to reset: KAZTOKEN's, which OpenSC must be told of, and the one it knows by itself (facts §1.1, §1.2). */
const atrs = ['kaztoken', 'rutoken'] as const;

export const SERIAL = '3A5B7C1D';
export const USER_PIN = '12345678';
export const SO_PIN = '87654321';
export const asUser = ['--auth-id', '02', '--pin', USER_PIN];
export const withBothPins = ['--pin', USER_PIN, '--so-pin', SO_PIN];
/** The same for pkcs11-tool. */
export const loggedIn = ['--login', '--pin', USER_PIN];

export interface Subject {
  readonly atr: (typeof atrs)[number];
  /** The token and OpenSC's tools; there while a check runs. */
  readonly bench: OpenscBench;
}

export interface SubjectOptions extends BenchOptions {
  readonly profile: VirtualCardOptions['profile'];
  /** Done once, before the first check; its programs are no check's. */
  readonly prepare?: (subject: Subject) => Promise<void>;
  readonly cleanUp?: () => Promise<void>;
}

/**
 * The same checks on a token of each kind of answer to reset. They build on each other, in their order.
 *
 * @param title what is checked: the heading in the table of scripts/test-opensc.mjs
 */
export function onBothTokens(
  title: string,
  options: SubjectOptions,
  checks: (subject: Subject) => void,
): void {
  describe(title, () => {
    describe.each(atrs)('ATR %s', (atr) => {
      let started: OpenscBench | undefined;
      const subject: Subject = {
        atr,
        get bench() {
          if (started === undefined) throw new Error('the token was not started');
          return started;
        },
      };
      beforeAll(async () => {
        started = await OpenscBench.startHere({ profile: options.profile, atr, serial: SERIAL }, options);
        await options.prepare?.(subject);
        started.takeCommands();
      });
      afterEach(({ task }) => {
        task.meta.commands = subject.bench.takeCommands();
      });
      afterAll(async () => {
        await options.cleanUp?.();
        await started?.stop();
      });
      checks(subject);
    });
  });
}
