import { ipcMain, type WebContents } from 'electron';
import { errorViewOf } from '#shared/error-view.ts';
import { KiltError } from '#shared/errors.ts';
import { calls, events, type CallName, type EventName, type EventPayload } from '#shared/ipc-contract.ts';
import { answerCall, issuePaths, type Handlers } from './call-answer.ts';
import { wipeInput } from './input-secrets.ts';
import { isFromOurPage, type PageIdentity } from './ipc-sender.ts';
import type { Log } from './log.ts';

export type { Handlers } from './call-answer.ts';

/** The only file that touches Electron's IPC on this side. The preload script knows the same two names. */
const callChannel = (name: CallName): string => `kilt:call:${name}`;
const eventChannel = (name: EventName): string => `kilt:event:${name}`;

export interface CallRegistration {
  readonly page: PageIdentity;
  /** Resolves when the services are there; rejects (each call then answers with that error) if they can not be. */
  readonly handlers: () => Promise<Handlers>;
  readonly log: Log;
}

/** Opens one channel for each call of the contract. Returns the function that closes them. */
export function registerCalls({ page, handlers, log }: CallRegistration): () => void {
  const names = Object.keys(calls) as CallName[];
  for (const name of names) {
    ipcMain.handle(callChannel(name), async (event, input: unknown) => {
      if (!isFromOurPage(event, page)) {
        wipeInput(input);
        log.warn(`${name} was called by somebody else than our page`);
        // A stranger learns nothing, not even why.
        return { ok: false, error: errorViewOf(new KiltError('internal')) };
      }
      return answerCall(name, input, handlers, log);
    });
  }
  return () => names.forEach((name) => ipcMain.removeHandler(callChannel(name)));
}

/** Tells our page, and nobody else, that something changed. A page that is not there misses nothing: it asks again. */
export function sendEvent<Name extends EventName>(
  name: Name,
  payload: EventPayload<Name>,
  to: WebContents | undefined,
  log: Log,
): void {
  if (!to || to.isDestroyed() || to.isCrashed()) return;
  // Parsing leaves out what the contract does not name.
  const parsed = events[name].safeParse(payload);
  if (parsed.success) to.send(eventChannel(name), parsed.data);
  else log.error(`the event ${name} breaks the contract at ${issuePaths(parsed.error)}`);
}
