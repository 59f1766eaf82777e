import type { ErrorId } from '../errors.ts';

/** What is said of a failure: what happened, what it means for the token, what to do next. */
export interface ErrorText {
  readonly title: string;
  readonly meaning: string;
  readonly next: string;
}

export type ErrorTexts = Readonly<Record<ErrorId, ErrorText>>;
