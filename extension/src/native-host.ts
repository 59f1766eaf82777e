import { failureReasons, type FailureReason } from '#kilt-client/protocol.ts';
import type { FromKilt, ToKilt } from '#shared/extension-link.ts';
import type { BrowserApi, Port } from './browser-api.ts';

/** What became of a request: what the page is told. */
export type Outcome =
  { readonly result: unknown } | { readonly reason: FailureReason; readonly code?: string | undefined };

/** The host is a process; without work it is let go after this long. */
const idleMs = 20_000;

/** The line to Kilt. It is opened with the first request and closed when there is nothing more to say. */
export class NativeHost {
  readonly #browser: BrowserApi;
  readonly #name: string;
  readonly #waiting = new Map<string, (outcome: Outcome) => void>();
  #port: Port | undefined;
  #idle: ReturnType<typeof setTimeout> | undefined;

  constructor(browser: BrowserApi, name: string) {
    this.#browser = browser;
    this.#name = name;
  }

  /** Sends a request; `told` hears of its outcome once. */
  ask(request: Extract<ToKilt, { kind: 'request' }>, told: (outcome: Outcome) => void): void {
    clearTimeout(this.#idle);
    this.#waiting.set(request.id, told);
    try {
      this.#port ??= this.#open();
      this.#port.postMessage(request);
    } catch {
      this.#end(request.id, { reason: 'too-large' });
    }
  }

  /** The page has gone, or does not want it any more; its outcome interests nobody. */
  cancel(id: string): void {
    if (!this.#waiting.delete(id)) return;
    this.#port?.postMessage({ kind: 'cancel', id } satisfies ToKilt);
    this.#restWhenIdle();
  }

  #open(): Port {
    const port = this.#browser.runtime.connectNative(this.#name);
    port.onMessage.addListener((message) => {
      const told = readFromKilt(message);
      if (told) this.#end(told.id, told.outcome);
    });
    port.onDisconnect.addListener((closed) => {
      const why = closed.error?.message ?? this.#browser.runtime.lastError?.message ?? '';
      if (this.#port !== port) return;
      this.#port = undefined;
      for (const id of [...this.#waiting.keys()]) this.#end(id, { reason: whyClosed(why) });
    });
    return port;
  }

  #end(id: string, outcome: Outcome): void {
    const told = this.#waiting.get(id);
    this.#waiting.delete(id);
    told?.(outcome);
    this.#restWhenIdle();
  }

  #restWhenIdle(): void {
    clearTimeout(this.#idle);
    if (this.#waiting.size > 0) return;
    this.#idle = setTimeout(() => {
      const port = this.#port;
      this.#port = undefined;
      port?.disconnect();
    }, idleMs);
  }
}

/**
 * What Chromium's and Firefox's words mean. «not found» and «No such native application»: no manifest, or none that is
 * readable; «forbidden»: the manifest names another extension. Everything else: there is a host, and it does not run.
 */
export const whyClosed = (message: string): FailureReason =>
  /not found|forbidden|no such native application|invalid application/i.test(message)
    ? 'no-host'
    : 'kilt-off';

function readFromKilt(message: unknown): { id: string; outcome: Outcome } | undefined {
  if (typeof message !== 'object' || message === null) return undefined;
  const told = message as Partial<FromKilt>;
  if (typeof told.id !== 'string') return undefined;
  if (told.kind === 'answer') return { id: told.id, outcome: { result: told.result } };
  if (told.kind !== 'failure') return undefined;
  const reason = failureReasons.find((one) => one === told.reason) ?? 'failed';
  return { id: told.id, outcome: { reason, code: told.code } };
}
