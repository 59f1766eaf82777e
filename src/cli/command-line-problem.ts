import { KiltError, type ErrorData } from '#shared/errors.ts';
import type { ru } from '#shared/texts/ru/index.ts';

/** What can be wrong with a command; texts stand under `commandLine.problems`. */
export type Problem = keyof typeof ru.commandLine.problems;

/**
 * A command that can not be carried out as it was given: KiltError `input-invalid` {problem, …}, whose data fill the
 * sentence of the problem.
 */
export const commandLineProblem = (problem: Problem, data: ErrorData = {}): KiltError =>
  new KiltError('input-invalid', { ...data, problem });
