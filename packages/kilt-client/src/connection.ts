import { KiltClientError } from './kilt-client-error.ts';
import {
  failureReasons,
  protocolVersion,
  type FailureReason,
  type FromExtension,
  type FromPage,
  type Method,
  type PageHello,
} from './protocol.ts';

/** An extension that is there answers at once; this long for a computer that is busy. */
const helloWithinMs = 1_500;

interface Waiting {
  resolve(result: unknown): void;
  reject(error: KiltClientError): void;
}

/** The conversation with the extension: one port for the life of the page, opened when it is first needed. */
export class Connection {
  #port: Promise<MessagePort> | undefined;
  readonly #waiting = new Map<string, Waiting>();
  #next = 1;

  /**
   * Sends a request and waits for its answer, for as long as its user takes.
   *
   * @throws KiltClientError
   */
  async ask(method: Method, params: unknown, signal?: AbortSignal): Promise<unknown> {
    if (signal?.aborted === true) throw new KiltClientError('aborted');
    const port = await this.#open();
    const id = String(this.#next++);
    return new Promise<unknown>((resolve, reject) => {
      const abort = (): void => {
        this.#send(port, { kind: 'cancel', id });
        this.#end(id)?.reject(new KiltClientError('aborted'));
      };
      const settled =
        <Value>(settle: (value: Value) => void) =>
        (value: Value): void => {
          signal?.removeEventListener('abort', abort);
          settle(value);
        };
      this.#waiting.set(id, { resolve: settled(resolve), reject: settled(reject) });
      signal?.addEventListener('abort', abort);
      this.#send(port, { kind: 'request', id, method, params });
      // It may have been aborted while the port was being opened.
      if (signal?.aborted === true) abort();
    });
  }

  #open(): Promise<MessagePort> {
    if (!window.isSecureContext || location.protocol !== 'https:' || window.top !== window) {
      return Promise.reject(new KiltClientError('browser-refuses'));
    }
    this.#port ??= this.#greet().catch((error: unknown) => {
      // Asked again, it may have been installed meanwhile.
      this.#port = undefined;
      throw error;
    });
    return this.#port;
  }

  #greet(): Promise<MessagePort> {
    return new Promise<MessagePort>((resolve, reject) => {
      const { port1: port, port2: theirs } = new MessageChannel();
      const timer = setTimeout(() => {
        port.close();
        reject(new KiltClientError('no-extension'));
      }, helloWithinMs);
      port.onmessage = ({ data }: MessageEvent<unknown>) => {
        const message = fromExtension(data);
        if (message?.kind === 'hello') {
          clearTimeout(timer);
          if (message.version === protocolVersion) resolve(port);
          else reject(new KiltClientError('version'));
        } else if (message) this.#take(message);
      };
      const hello: PageHello = { kiltClient: 'hello', version: protocolVersion };
      window.postMessage(hello, location.origin, [theirs]);
    });
  }

  #send(port: MessagePort, message: FromPage): void {
    port.postMessage(message);
  }

  #take(message: Exclude<FromExtension, { kind: 'hello' }>): void {
    const waiting = this.#end(message.id);
    if (message.kind === 'answer') waiting?.resolve(message.result);
    else {
      // The extension has been updated or taken away: the next request greets anew.
      if (message.reason === 'no-extension') this.#port = undefined;
      waiting?.reject(new KiltClientError(message.reason, message.code));
    }
  }

  #end(id: string): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    return waiting;
  }
}

/** What came over the port, if it has the form of a message. */
function fromExtension(data: unknown): FromExtension | undefined {
  if (typeof data !== 'object' || data === null) return undefined;
  const { kind, id, version, reason, code, result } = data as Record<string, unknown>;
  if (kind === 'hello' && typeof version === 'number') return { kind, version };
  if (typeof id !== 'string') return undefined;
  if (kind === 'answer') return { kind, id, result };
  if (kind === 'failure') {
    const known = failureReasons.find((one): one is FailureReason => one === reason) ?? 'failed';
    return { kind, id, reason: known, code: typeof code === 'string' ? code : undefined };
  }
  return undefined;
}
