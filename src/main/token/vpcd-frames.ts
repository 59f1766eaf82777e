/**
 * The wire format between vpcd and a virtual card: a two-byte big-endian length and that many bytes, both ways
 * (vsmartcard `vpcd.h`, `vpcd.c`).
 *
 * From the reader a frame of one byte is a control code and a longer one a command APDU; from the card every frame
 * answers one request. Only {@link vpcdControl.atr} and APDUs are answered.
 */
export const vpcdControl = { powerOff: 0x00, powerOn: 0x01, reset: 0x02, atr: 0x04 } as const;

const LENGTH_BYTES = 2;
export const MAX_VPCD_PAYLOAD = 0xffff;

/** @throws RangeError for more than 65535 bytes */
export function encodeVpcdFrame(payload: Uint8Array): Buffer {
  if (payload.length > MAX_VPCD_PAYLOAD) throw new RangeError('a vpcd frame holds at most 65535 bytes');
  const frame = Buffer.alloc(LENGTH_BYTES + payload.length);
  frame.writeUInt16BE(payload.length, 0);
  frame.set(payload, LENGTH_BYTES);
  return frame;
}

/** Puts frames together from a byte stream that may be cut anywhere. */
export class VpcdFrameReader {
  #pending: Buffer = Buffer.alloc(0);

  /** The payloads that `chunk` completes, in order, each in memory of its own. */
  push(chunk: Uint8Array): Uint8Array[] {
    const stream = this.#pending.length === 0 ? Buffer.from(chunk) : Buffer.concat([this.#pending, chunk]);
    const payloads: Uint8Array[] = [];
    let at = 0;
    while (stream.length - at >= LENGTH_BYTES) {
      const end = at + LENGTH_BYTES + stream.readUInt16BE(at);
      if (end > stream.length) break;
      payloads.push(Uint8Array.from(stream.subarray(at + LENGTH_BYTES, end)));
      at = end;
    }
    this.#pending = Buffer.from(stream.subarray(at));
    return payloads;
  }
}
