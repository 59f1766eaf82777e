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

const isConsentCall = (name: CallName): boolean => name.startsWith('consent.');

export interface CallRegistration {
  readonly page: PageIdentity;
  /** The consent window's page: it may make the calls `consent.…` and no others, and nobody else may make them. */
  readonly consentPage: PageIdentity;
  /** Resolves when the services are there; rejects (each call then answers with that error) if they can not be. */
  readonly handlers: () => Promise<Handlers>;
  readonly log: Log;
}

/** Opens one channel for each call of the contract. Returns the function that closes them. */
export function registerCalls({ page, consentPage, handlers, log }: CallRegistration): () => void {
  const names = Object.keys(calls) as CallName[];
  const allowed = (name: CallName): readonly PageIdentity[] =>
    isConsentCall(name) ? [consentPage] : name === 'clipboard.copy' ? [page, consentPage] : [page];
  for (const name of names) {
    ipcMain.handle(callChannel(name), async (event, input: unknown) => {
      if (!allowed(name).some((one) => isFromOurPage(event, one))) {
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
