import { connect, type Socket } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import pRetry from 'p-retry';
import { largestFrameToBrowser, largestFrameToKilt } from '#shared/extension-constants.ts';
import { toKilt } from '#shared/extension-link.ts';
import { FrameError, frameOf, FrameReader, messageIn } from './frames.ts';
import { readLinkAddress } from './link-address.ts';
import { callerIn, largestHello, linkReady } from './link-hello.ts';
import { failure } from './page-call.ts';

export interface NativeHostOptions {
  /** What the browser writes and reads: frames of native messaging. */
  readonly input: Readable;
  readonly output: Writable;
  readonly commandLine: readonly string[];
  readonly dataFolder: string;
  /** Starts Kilt, which lives on without this process. Called once at most. */
  readonly startKilt: () => void;
  /** How long a Kilt that was started is waited for. */
  readonly patienceMilliseconds?: number | undefined;
}

/** `foreign`: started for an extension that is not Kilt's. `malformed`: the browser's stream makes no sense. */
export type HostEnd = 'page-side-closed' | 'kilt-closed' | 'foreign' | 'malformed';

const patience = 20_000;
const retryEvery = 250;
/** Another host may have taken the secret up a moment ago; the next one is on the disk at once. */
const quickRetries = 3;
/** Frames that may wait for Kilt. */
const mostQueued = 16;

/**
 * The native-messaging host: started by the browser for the extension, it hands frames over between the browser and the Kilt
 * that runs, and looks into them no further than it must to answer when there is no Kilt.
 */
export async function runNativeHost(options: NativeHostOptions): Promise<HostEnd> {
  const caller = callerIn(options.commandLine);
  if (caller === undefined) return 'foreign';
  return new Bridge(options, caller).run();
}

class Bridge {
  readonly #options: NativeHostOptions;
  readonly #caller: string;
  #queued: { readonly id: string; readonly body: Buffer }[] = [];
  #kilt: Socket | undefined;
  #reaching = false;
  #mayStart = false;
  #end: (end: HostEnd) => void = () => undefined;

  constructor(options: NativeHostOptions, caller: string) {
    this.#options = options;
    this.#caller = caller;
  }

  async run(): Promise<HostEnd> {
    const { input, output } = this.#options;
    const ended = new Promise<HostEnd>((resolve) => (this.#end = resolve));
    const reader = new FrameReader(largestFrameToKilt);
    input.on('data', (chunk: Buffer) => {
      try {
        for (const body of reader.add(chunk)) this.#fromBrowser(body);
      } catch (error) {
        if (!(error instanceof FrameError)) throw error;
        this.#end('malformed');
      }
    });
    for (const event of ['end', 'close', 'error']) input.on(event, () => this.#end('page-side-closed'));
    output.on('error', () => this.#end('page-side-closed'));
    const end = await ended;
    this.#kilt?.destroy();
    return end;
  }

  #fromBrowser(body: Buffer): void {
    if (this.#kilt) {
      pass(this.#kilt, body);
      return;
    }
    const message = toKilt.safeParse(messageIn(body));
    if (!message.success) throw new FrameError('not a message of the extension');
    const { data } = message;
    if (data.kind === 'cancel') {
      this.#queued = this.#queued.filter(({ id }) => id !== data.id);
      return;
    }
    if (this.#queued.length >= mostQueued) {
      this.#toBrowser(failure(data.id, 'rate-limited'));
      return;
    }
    this.#queued.push({ id: data.id, body });
    // Any page may ask whether Kilt is there; that alone does not start it.
    const call = data.call as { readonly method?: unknown } | undefined;
    if (call?.method !== 'status') this.#mayStart = true;
    if (!this.#reaching) void this.#reach();
  }

  /** Connects to Kilt, starting it where somebody has asked for more than whether it is there; then serves the queue. */
  async #reach(): Promise<void> {
    this.#reaching = true;
    this.#kilt = await this.#tryFor(quickRetries);
    if (!this.#kilt && this.#mayStart) {
      this.#options.startKilt();
      const { patienceMilliseconds = patience } = this.#options;
      this.#kilt = await this.#tryFor(Math.ceil(patienceMilliseconds / retryEvery));
    }
    this.#reaching = false;
    this.#mayStart = false;
    const queued = this.#queued;
    this.#queued = [];
    for (const { id, body } of queued) {
      if (this.#kilt) pass(this.#kilt, body);
      else this.#toBrowser(failure(id, 'kilt-off'));
    }
  }

  async #tryFor(retries: number): Promise<Socket | undefined> {
    try {
      const options = { retries, minTimeout: retryEvery, maxTimeout: retryEvery, factor: 1 };
      return await pRetry(() => this.#connect(), options);
    } catch {
      return undefined;
    }
  }

  /** Shows Kilt the secret and waits for its word. @throws Error where there is no Kilt, or another program in its place */
  #connect(): Promise<Socket> {
    const link = readLinkAddress(this.#options.dataFolder);
    if (!link) return Promise.reject(new Error('Kilt does not run'));
    return new Promise<Socket>((resolve, reject) => {
      const socket = connect(link.address);
      const reader = new FrameReader(largestFrameToBrowser);
      let ready = false;
      socket.once('connect', () => {
        socket.write(frameOf({ kind: 'hello', secret: link.secret, caller: this.#caller }, largestHello));
      });
      socket.on('data', (chunk: Buffer) => {
        try {
          for (const body of reader.add(chunk)) {
            if (ready) this.#options.output.write(framed(body));
            else if (linkReady.safeParse(messageIn(body)).success) {
              ready = true;
              resolve(socket);
            } else socket.destroy();
          }
        } catch (error) {
          if (!(error instanceof FrameError)) throw error;
          socket.destroy();
        }
      });
      socket.on('error', reject);
      socket.once('close', () => {
        reject(new Error('Kilt has closed the link'));
        if (ready) this.#end('kilt-closed');
      });
    });
  }

  #toBrowser(message: unknown): void {
    this.#options.output.write(frameOf(message, largestFrameToBrowser));
  }
}

/** A body as it came, with its length before it again. */
function framed(body: Buffer): Buffer {
  const header = Buffer.alloc(4);
  header.writeUInt32LE(body.length);
  return Buffer.concat([header, body]);
}

const pass = (socket: Socket, body: Buffer): void => {
  socket.write(framed(body));
};
