import { KiltError, errorCatalogue } from './errors.ts';
import type { ErrorView } from './views.ts';

/** What may be shown of a failure. Anything unexpected becomes `internal` without its message, which may hold data. */
export function errorViewOf(error: unknown): ErrorView {
  if (error instanceof KiltError) return { id: error.id, code: error.code, data: { ...error.data } };
  return { id: 'internal', code: errorCatalogue.internal.code, data: {} };
}
