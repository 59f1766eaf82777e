import type { Log } from '#main/desktop/log.ts';

/** A log that keeps its entries, for tests that ask what was written. */
export function recordingLog(): {
  log: Log;
  entries: { level: keyof Log; what: string; details?: unknown }[];
} {
  const entries: { level: keyof Log; what: string; details?: unknown }[] = [];
  const at = (level: keyof Log) => (what: string, details?: unknown) => {
    entries.push({ level, what, details });
  };
  return { entries, log: { error: at('error'), warn: at('warn'), info: at('info'), debug: at('debug') } };
}
