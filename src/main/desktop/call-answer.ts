import type { z } from 'zod';
import { errorViewOf } from '#shared/error-view.ts';
import { isKiltError, KiltError } from '#shared/errors.ts';
import { calls, type CallName, type CallOutput, type CallResult } from '#shared/ipc-contract.ts';
import { isReasonablySmall, wipeInput } from './input-secrets.ts';
import type { Log } from './log.ts';

/**
 * One handler for each call of the contract.
 *
 * A handler gets validated input and throws `KiltError` for what the user can act on. The byte arrays in its input
 * are overwritten as soon as its promise settles: a secret that must live longer is copied by the handler.
 */
export type Handlers = {
  readonly [Name in CallName]: (input: z.output<(typeof calls)[Name]['input']>) => Promise<CallOutput<Name>>;
};

/**
 * Answers one call of the page. Never rejects; overwrites the secrets of the input whatever happens.
 *
 * `KiltError` goes to the page as it is; input that breaks the contract is `input-invalid` with the field's name;
 * everything else, and an output that breaks the contract, is `internal` and goes to the log.
 *
 * @param input as it was received
 * @param handlers may come later than the first call: the page is there before the services are
 */
export async function answerCall<Name extends CallName>(
  name: Name,
  input: unknown,
  handlers: () => Promise<Handlers>,
  log: Log,
): Promise<CallResult<Name>> {
  const since = performance.now();
  try {
    const value = checkedOutput(name, await run(name, input, handlers));
    log.debug(`${name} answered`, { milliseconds: Math.round(performance.now() - since) });
    return { ok: true, value };
  } catch (error) {
    if (!isKiltError(error)) log.error(`${name} failed`, error);
    else log.info(`${name} refused`, { code: error.code, data: error.data });
    return { ok: false, error: errorViewOf(error) };
  } finally {
    wipeInput(input);
  }
}

async function run<Name extends CallName>(
  name: Name,
  input: unknown,
  handlers: () => Promise<Handlers>,
): Promise<unknown> {
  if (!isReasonablySmall(input)) throw new KiltError('input-invalid', { field: '' });
  const parsed = calls[name].input.safeParse(input);
  if (!parsed.success) {
    // Only the path: zod's messages may quote what was typed.
    throw new KiltError('input-invalid', { field: parsed.error.issues[0]?.path.join('.') ?? '' });
  }
  // The name ties input and handler together; the compiler can not follow that through the generic.
  const handler = (await handlers())[name] as (input: unknown) => Promise<unknown>;
  return handler(parsed.data);
}

/** Parsing leaves out what the contract does not name, so that nothing reaches the page by accident. */
function checkedOutput<Name extends CallName>(name: Name, value: unknown): CallOutput<Name> {
  const parsed = calls[name].output.safeParse(value);
  if (parsed.success) return parsed.data as CallOutput<Name>;
  throw new Error(`the answer to ${name} breaks the contract at ${issuePaths(parsed.error)}`);
}

export const issuePaths = (error: z.ZodError): string =>
  error.issues.map((issue) => `${issue.path.join('.') || 'the top'} (${issue.code})`).join(', ');
