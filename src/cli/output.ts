import { createTranslator } from '#shared/texts/i18n.ts';
import { errorSentences } from '#shared/texts/error-sentences.ts';
import { errorViewOf } from '#shared/error-view.ts';
import type { Language } from '#shared/views.ts';

/** How a command speaks: one JSON value on standard output with `--json`, else lines for people. */
export interface Output {
  result(value: object, lines: () => readonly string[]): void;
  progress(line: string): void;
  failure(error: unknown): void;
}

export function createOutput(options: { json: boolean; language: Language }): Output {
  const translator = createTranslator(options.language);
  return {
    result(value, lines) {
      process.stdout.write(options.json ? `${JSON.stringify(value)}\n` : `${lines().join('\n')}\n`);
    },
    progress(line) {
      process.stderr.write(`${line}\n`);
    },
    failure(error) {
      const view = errorViewOf(error);
      const sentences = errorSentences(view, translator);
      if (options.json) {
        process.stdout.write(`${JSON.stringify({ error: { ...view, ...sentences, code: view.code } })}\n`);
        return;
      }
      const { title, meaning, next, checks, details, code } = sentences;
      const lines = [title, meaning, next, ...checks.map((check) => `- ${check}`), ...details, code];
      process.stderr.write(`${lines.filter((line) => line !== '').join('\n')}\n`);
    },
  };
}
