import { concatBytes } from '#shared/bytes.ts';

const LENGTH_BYTES = 2;

/** One message of vpcd's wire protocol: length (big-endian, 16 bits) and payload (facts §5.1). */
export const frame = (payload: Uint8Array): Uint8Array =>
  concatBytes(Uint8Array.of(payload.length >> 8, payload.length & 0xff), payload);

/** Cuts a stream into messages; keeps what is not complete yet. */
export class FrameReader {
  #rest: Uint8Array = new Uint8Array();

  /** Messages that are complete now, in order. Empty messages are left out: they mean nothing. */
  push(chunk: Uint8Array): Uint8Array[] {
    this.#rest = concatBytes(this.#rest, chunk);
    const messages: Uint8Array[] = [];
    for (let length = this.#nextLength(); length !== undefined; length = this.#nextLength()) {
      const end = LENGTH_BYTES + length;
      if (length > 0) messages.push(this.#rest.slice(LENGTH_BYTES, end));
      this.#rest = this.#rest.slice(end);
    }
    return messages;
  }

  #nextLength(): number | undefined {
    const [high, low] = this.#rest;
    if (high === undefined || low === undefined) return undefined;
    const length = (high << 8) | low;
    return this.#rest.length >= LENGTH_BYTES + length ? length : undefined;
  }
}
