import { PassThrough } from 'node:stream';
import { chromiumExtensionId, largestFrameToBrowser, linkVersion } from '#shared/extension-constants.ts';
import { fromKilt, type FromKilt } from '#shared/extension-link.ts';
import { frameOf, FrameReader, messageIn } from '#main/browser/extension/frames.ts';
import { runNativeHost, type HostEnd } from '#main/browser/extension/native-host.ts';

const largest = 64 * 1024 * 1024;

/** A browser with the extension, without the browser: starts the host, and speaks to it as the extension does. */
export class PageCaller {
  readonly input = new PassThrough();
  readonly output = new PassThrough();
  readonly ended: Promise<HostEnd>;
  /** How often the host has started Kilt. */
  starts = 0;
  readonly #answers = new Map<string, (answer: FromKilt) => void>();
  #next = 1;

  constructor(
    dataFolder: string,
    options: { readonly caller?: string; readonly startKilt?: () => void; readonly patience?: number } = {},
  ) {
    const { caller = `chrome-extension://${chromiumExtensionId}/`, startKilt = () => undefined } = options;
    const reader = new FrameReader(largestFrameToBrowser);
    this.output.on('data', (chunk: Buffer) => {
      for (const body of reader.add(chunk)) {
        const message = fromKilt.parse(messageIn(body));
        this.#answers.get(message.id)?.(message);
      }
    });
    this.ended = runNativeHost({
      input: this.input,
      output: this.output,
      commandLine: ['/usr/bin/kilt', caller],
      dataFolder,
      startKilt: () => {
        this.starts += 1;
        startKilt();
      },
      patienceMilliseconds: options.patience,
    });
  }

  /** Sends a request of a page and waits for its answer. */
  ask(origin: string, method: string, params: object = {}, extra: object = {}): Promise<FromKilt> {
    return this.send(`1.${String(this.#next++)}`, origin, method, params, extra);
  }

  /** {@link ask} under an id of the caller's, so that it can be cancelled. */
  send(id: string, origin: string, method: string, params: object, extra: object = {}): Promise<FromKilt> {
    const answer = new Promise<FromKilt>((resolve) => this.#answers.set(id, resolve));
    const call = { method, params };
    this.write({ kind: 'request', version: linkVersion, id, origin, call, ...extra });
    return answer;
  }

  write(message: object): void {
    this.input.write(frameOf(message, largest));
  }

  /** The browser, or the extension, goes away. */
  close(): void {
    this.input.end();
  }
}
