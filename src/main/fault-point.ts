import type { FormatStage } from '#shared/control-panel-views.ts';
import type { JournalWatcher } from '#main/enrolment/registration-runner.ts';
import type { RenewalWatcher } from '#main/enrolment/renewal/renewal-runner.ts';

/**
 * For tests of interruption, in unpackaged builds only: `KILT_KILL_AT=<step>:<phase>` makes the program kill itself
 * (SIGKILL, nothing is cleaned up) right after that has reached the journal; phases as in `JournalMoment`.
 */
export function killAtJournalLine(
  environment: NodeJS.ProcessEnv,
): (JournalWatcher & RenewalWatcher) | undefined {
  const point = environment['KILT_KILL_AT'];
  if (!point) return undefined;
  return ({ step, phase }: { step: string; phase: string }) => {
    if (point === `${step}:${phase}`) process.kill(process.pid, 'SIGKILL');
  };
}

/** The same for a format: `KILT_KILL_AT=format:<stage>`, right after that stage has reached the journal. */
export function killAtFormatStage(
  environment: NodeJS.ProcessEnv,
): ((stage: FormatStage) => void) | undefined {
  const point = environment['KILT_KILL_AT'];
  if (!point) return undefined;
  return (stage) => {
    if (point === `format:${stage}`) process.kill(process.pid, 'SIGKILL');
  };
}
