/** Bytes that need not be in memory: a file, or an array. */
export interface ByteSource {
  readonly size: number;
  /**
   * Exactly these bytes.
   *
   * @param room may be used for them; they are then good until it is used again
   * @throws whatever the file system throws; {@link CmsError} `cut-off` when there are fewer
   */
  read(offset: number, length: number, room?: Uint8Array): Promise<Uint8Array>;
}

export const bytesInMemory = (bytes: Uint8Array): ByteSource => ({
  size: bytes.length,
  async read(offset, length) {
    return bytes.subarray(offset, offset + length);
  },
});

/** How much of a large thing is read at a time. */
const pieceBytes = 1024 * 1024;

/**
 * The bytes from one place to another, piece by piece; while one is worked on, the next is being read. A piece is good
 * until the next but one is asked for.
 */
export async function* pieces(source: ByteSource, from: number, to: number): AsyncGenerator<Uint8Array> {
  const roomBytes = Math.min(pieceBytes, Math.max(0, to - from));
  const rooms = [new Uint8Array(roomBytes), new Uint8Array(roomBytes)] as const;
  const readAt = (at: number): Promise<Uint8Array> => {
    const turn = ((at - from) / pieceBytes) % 2 === 0 ? 0 : 1;
    const reading = source.read(at, Math.min(pieceBytes, to - at), rooms[turn]);
    // It is awaited below, or nobody wants it any more.
    reading.catch(() => undefined);
    return reading;
  };
  let ahead = from < to ? readAt(from) : undefined;
  for (let at = from; ahead; at += pieceBytes) {
    const piece = await ahead;
    ahead = at + pieceBytes < to ? readAt(at + pieceBytes) : undefined;
    yield piece;
  }
}
