/** A hash that `node:crypto` does not have, in the manner of its `Hash`. */
export interface GostHash {
  /** Bytes taken in at a time: what HMAC pads its key to (RFC 2104 §2). */
  readonly blockBytes: number;
  readonly digestBytes: number;
  update(data: Uint8Array): this;
  /** Ends the calculation and wipes what it has left behind. */
  digest(): Uint8Array;
  /** Another calculation from the same point on. */
  copy(): GostHash;
  wipe(): void;
}

/** Begins a calculation. */
export type GostHashKind = () => GostHash;

/** The hash of one piece of data. */
export const gostDigest = (kind: GostHashKind, data: Uint8Array): Uint8Array => kind().update(data).digest();
