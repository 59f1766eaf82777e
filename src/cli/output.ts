import type { TFunction } from 'i18next';
import { errorViewOf } from '#shared/error-view.ts';
import { errorSentences } from '#shared/texts/error-sentences.ts';
import { createTranslator } from '#shared/texts/i18n.ts';
import { defaultLanguage, texts } from '#shared/texts/index.ts';
import type { ErrorView, Language } from '#shared/views.ts';
import type { Problem } from './command-line-problem.ts';

/** How a command speaks: one JSON value on standard output with `--json`, else lines for people. */
export interface Output {
  readonly t: TFunction;
  readonly language: Language;
  /** From now on in this language. */
  readonly speak: (language: Language) => void;
  readonly result: (value: object, lines: () => readonly string[]) => void;
  /** What was told with {@link result} is not what was asked for in full: the exit code says so too. */
  readonly notAll: () => void;
  readonly isAll: boolean;
  /** What is going on; for people, on standard error. */
  readonly progress: (line: string) => void;
  readonly failure: (error: unknown) => void;
}

export function createOutput(options: { json: boolean; language?: Language | undefined }): Output {
  let language = options.language ?? defaultLanguage;
  let translator = createTranslator(language);
  let all = true;
  const output: Output = {
    get t() {
      return translator.t;
    },
    get language() {
      return language;
    },
    speak(chosen) {
      language = chosen;
      translator = createTranslator(chosen);
    },
    result(value, lines) {
      process.stdout.write(options.json ? `${JSON.stringify(value)}\n` : `${lines().join('\n')}\n`);
    },
    notAll() {
      all = false;
    },
    get isAll() {
      return all;
    },
    progress(line) {
      process.stderr.write(`${line}\n`);
    },
    failure(error) {
      const view = errorViewOf(error);
      const sentences = errorSentences(view, translator);
      const problem = problemSentence(view, translator.t);
      if (options.json) {
        const told = { ...view, ...sentences, code: view.code, ...(problem && { problem }) };
        process.stdout.write(`${JSON.stringify({ error: told })}\n`);
        return;
      }
      const { title, meaning, next, checks, details, code } = sentences;
      // What is wrong with the command says what to do as well.
      const lines = problem
        ? [title, problem, code]
        : [title, meaning, next, ...checks.map((check) => `- ${check}`), ...details, code];
      process.stderr.write(`${lines.filter((line) => line !== '').join('\n')}\n`);
    },
  };
  return output;
}

function problemSentence({ data }: ErrorView, t: TFunction): string | undefined {
  const { problem } = data;
  return typeof problem === 'string' && isProblem(problem)
    ? t(`commandLine.problems.${problem}`, data)
    : undefined;
}

const isProblem = (name: string): name is Problem => Object.hasOwn(texts.ru.commandLine.problems, name);
