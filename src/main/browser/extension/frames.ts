/**
 * Frames of native messaging, which Kilt's own link has too: 4 bytes of length, little-endian, then so many bytes of UTF-8
 * JSON.
 */
const headerBytes = 4;

/** What came is no frame, or too large for one: nothing after it can be understood. */
export class FrameError extends Error {
  override readonly name = 'FrameError';
}

/** @throws FrameError when the message does not fit into `largest` bytes */
export function frameOf(message: unknown, largest: number): Buffer {
  const body = Buffer.from(JSON.stringify(message));
  if (body.length > largest) throw new FrameError('message is too large');
  const header = Buffer.alloc(headerBytes);
  header.writeUInt32LE(body.length);
  return Buffer.concat([header, body]);
}

/** Takes a stream apart. Holds at most one frame, and refuses one that is too large before any of it has come. */
export class FrameReader {
  readonly #largest: number;
  #chunks: Buffer[] = [];
  #held = 0;
  #wanted: number | undefined;

  /** @param largest bytes of a frame's body */
  constructor(largest: number) {
    this.#largest = largest;
  }

  /** Bodies of the frames that the chunk completes. @throws FrameError; the stream is of no use then */
  add(chunk: Buffer): Buffer[] {
    this.#chunks.push(chunk);
    this.#held += chunk.length;
    const bodies: Buffer[] = [];
    for (;;) {
      if (this.#wanted === undefined) {
        if (this.#held < headerBytes) return bodies;
        this.#wanted = this.#take(headerBytes).readUInt32LE();
        if (this.#wanted === 0 || this.#wanted > this.#largest) throw new FrameError('frame of a wrong size');
      }
      if (this.#held < this.#wanted) return bodies;
      bodies.push(this.#take(this.#wanted));
      this.#wanted = undefined;
    }
  }

  #take(length: number): Buffer {
    const all =
      this.#chunks.length === 1 ? (this.#chunks[0] ?? Buffer.alloc(0)) : Buffer.concat(this.#chunks);
    this.#chunks = length < all.length ? [all.subarray(length)] : [];
    this.#held -= length;
    return all.subarray(0, length);
  }
}

/** The JSON in a frame. @throws FrameError */
export function messageIn(body: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch (cause) {
    throw new FrameError('frame without JSON', { cause });
  }
}
