import { connect } from 'node:net';
import type { Socket } from 'node:net';
import koffi from 'koffi';
import { fromHex } from '#shared/bytes.ts';
import { VpcdFrameReader, encodeVpcdFrame, vpcdControl } from '#main/token/vpcd-frames.ts';

export const KAZTOKEN_ATR = fromHex('3B88014B415A544F4B454E82');
export const OTHER_ATR = fromHex('3B8B015275746F6B656E20445320C1');

export interface ScriptedCardOptions {
  readonly atr?: Uint8Array;
  /** The answer to an APDU; by default 90 00 after an echo of the command's data. */
  readonly answer?: (command: Uint8Array) => Uint8Array | Promise<Uint8Array>;
  /** Connected, but never says anything. */
  readonly mute?: boolean;
  /** Acknowledge at once, so that vpcd's two writes an APDU do not wait for the delayed ACK (Linux only). */
  readonly quickAck?: boolean;
}

const echo = (command: Uint8Array): Uint8Array => {
  const data = command.length > 5 ? command.subarray(5, 5 + (command[4] ?? 0)) : new Uint8Array();
  return Uint8Array.of(...data, 0x90, 0x00);
};

/** A card of a few lines: it connects to a reader that speaks vpcd's protocol and answers what it is told to. */
export class ScriptedCard {
  readonly controls: number[] = [];
  readonly commands: Uint8Array[] = [];
  /** Settles when either side has ended the connection. */
  readonly ended: Promise<void>;
  readonly #socket: Socket;
  readonly #options: ScriptedCardOptions;

  private constructor(socket: Socket, options: ScriptedCardOptions) {
    this.#socket = socket;
    this.#options = options;
    const frames = new VpcdFrameReader();
    socket.setNoDelay(true);
    socket.on('error', () => undefined);
    this.ended = new Promise((resolve) => socket.once('close', () => resolve()));
    const acknowledge = options.quickAck ? quickAck(socket) : () => undefined;
    acknowledge();
    socket.on('data', (chunk) => {
      acknowledge();
      for (const frame of frames.push(chunk)) void this.#handle(frame);
    });
  }

  static insert(port: number, options: ScriptedCardOptions = {}): Promise<ScriptedCard> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => resolve(new ScriptedCard(socket, options)));
      socket.once('error', reject);
    });
  }

  remove(): Promise<void> {
    this.#socket.destroy();
    return this.ended;
  }

  async #handle(frame: Uint8Array): Promise<void> {
    const control = frame[0];
    if (frame.length === 1 && control !== undefined) {
      this.controls.push(control);
      if (control === vpcdControl.atr && !this.#options.mute)
        this.#socket.write(encodeVpcdFrame(this.#options.atr ?? KAZTOKEN_ATR));
      return;
    }
    this.commands.push(frame);
    const answer = await (this.#options.answer ?? echo)(frame);
    if (!this.#socket.destroyed) this.#socket.write(encodeVpcdFrame(answer));
  }
}

const IPPROTO_TCP = 6;
const TCP_QUICKACK = 12;

/** TCP_QUICKACK lapses by itself, so it is set again after each read (tcp(7)). */
function quickAck(socket: Socket): () => void {
  const setsockopt = koffi.load('libc.so.6').func('int setsockopt(int, int, int, void *, uint32)');
  // Node has no public way to a socket's file descriptor.
  const { fd } = (socket as unknown as { _handle: { fd: number } })._handle;
  const on = Buffer.from(Int32Array.of(1).buffer);
  return () => void setsockopt(fd, IPPROTO_TCP, TCP_QUICKACK, on, on.length);
}
