import type { CallInput, CallName, CallOutput, EventName, EventPayload } from '#shared/ipc-contract.ts';
import { errorCatalogue } from '#shared/errors.ts';
import type { ErrorView } from '#shared/views.ts';

/** What a refused call throws: a failure that the page puts into words with `ErrorMessage`. */
export class CallFailed extends Error {
  readonly view: ErrorView;

  constructor(view: ErrorView) {
    super(`${view.code} ${view.id}`);
    this.name = 'CallFailed';
    this.view = view;
  }
}

/** Asks the main process. @throws CallFailed */
export async function call<Name extends CallName>(
  name: Name,
  input: CallInput<Name>,
): Promise<CallOutput<Name>> {
  const result = await window.kilt.call(name, input);
  if (!result.ok) throw new CallFailed(result.error);
  return result.value;
}

/** Hands dropped files over to the main process. @throws CallFailed */
export async function dropFiles(files: readonly File[]): Promise<CallOutput<'signing.drop'>> {
  const result = await window.kilt.drop(files);
  if (!result.ok) throw new CallFailed(result.error);
  return result.value;
}

export const listen = <Name extends EventName>(
  name: Name,
  listener: (payload: EventPayload<Name>) => void,
): (() => void) => window.kilt.on(name, listener);

/** The failure to show; anything that is not a refused call is a defect of the program. */
export const failureOf = (error: unknown): ErrorView =>
  error instanceof CallFailed ? error.view : { id: 'internal', code: errorCatalogue.internal.code, data: {} };
