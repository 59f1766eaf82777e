import type { Log } from './log.ts';

/** A part of the program with a life of its own. `main.ts` holds the list. */
export interface DesktopModule {
  readonly name: string;
  start(): void | Promise<void>;
  stop?(): void | Promise<void>;
}

export interface ModuleList {
  /** Starts each module after the one before it. A module that fails stops the start and rejects with its error. */
  start(): Promise<void>;
  /**
   * Stops what was started, last first. A module that fails or hangs does not keep the others running: the whole
   * takes `stopWithin` at most. Safe to call twice.
   */
  stop(): Promise<void>;
}

export interface ModuleListOptions {
  readonly log: Log;
  /** Milliseconds for all modules together. */
  readonly stopWithin: number;
}

export function createModuleList(
  modules: readonly DesktopModule[],
  { log, stopWithin }: ModuleListOptions,
): ModuleList {
  const started: DesktopModule[] = [];
  let stopping: Promise<void> | undefined;

  const stopAll = async (): Promise<void> => {
    const deadline = Date.now() + stopWithin;
    for (const module of started.toReversed()) {
      const left = Math.max(0, deadline - Date.now());
      try {
        if ((await settledWithin(left, module)) === 'late')
          log.warn(`module ${module.name} did not stop in time`);
      } catch (error) {
        log.error(`module ${module.name} failed while stopping`, error);
      }
    }
  };

  return {
    async start() {
      const milliseconds: Record<string, number> = {};
      try {
        for (const module of modules) {
          if (stopping) return;
          const since = performance.now();
          // Before its start: a module that fails half-way has things to put away too.
          started.push(module);
          await module.start();
          milliseconds[module.name] = Math.round(performance.now() - since);
        }
      } finally {
        // Not one by one: the first entry opens the log file, and the window is not to wait for that.
        log.debug('modules started', milliseconds);
      }
    },
    stop() {
      stopping ??= stopAll();
      return stopping;
    },
  };
}

async function settledWithin(milliseconds: number, module: DesktopModule): Promise<'done' | 'late'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), milliseconds);
  });
  const done = (async () => {
    await module.stop?.();
    return 'done' as const;
  })();
  // A failure that comes after the time is up has nobody left to tell.
  done.catch(() => undefined);
  try {
    return await Promise.race([done, late]);
  } finally {
    clearTimeout(timer);
  }
}
