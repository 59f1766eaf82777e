/**
 * The few calls of the browsers' extension API that this extension makes, as Chrome, Edge and Firefox share them
 * (https://developer.mozilla.org/docs/Mozilla/Add-ons/WebExtensions/API/runtime).
 */
export interface MessageSender {
  readonly id?: string;
  /** Chromium, and Firefox since 126. */
  readonly origin?: string;
  readonly url?: string;
  readonly frameId?: number;
  readonly tab?: { readonly id?: number };
  /** Chromium: `active`, `prerender`, `cached`, `pending_deletion`. */
  readonly documentLifecycle?: string;
}

interface Listeners<Arguments extends readonly unknown[]> {
  addListener(listener: (...given: Arguments) => void): void;
}

export interface Port {
  readonly name: string;
  readonly sender?: MessageSender;
  /** Firefox: why a port was closed. */
  readonly error?: { readonly message?: string } | null;
  readonly onMessage: Listeners<[message: unknown]>;
  readonly onDisconnect: Listeners<[port: Port]>;
  postMessage(message: unknown): void;
  disconnect(): void;
}

export interface BrowserApi {
  readonly runtime: {
    readonly id: string | undefined;
    /** Chromium: why a port was closed; only while its `onDisconnect` is being told. */
    readonly lastError?: { readonly message?: string };
    readonly onConnect: Listeners<[port: Port]>;
    connect(options: { readonly name: string }): Port;
    connectNative(host: string): Port;
  };
}

declare global {
  /** Firefox has it under this name too. */
  const chrome: BrowserApi;
}
