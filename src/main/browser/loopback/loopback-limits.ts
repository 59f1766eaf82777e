/** What one computer's pages may take of the server. */
export interface LoopbackLimits {
  /** Bytes of one frame: base64 of the largest request, and what is around it. */
  readonly frameBytes: number;
  /** Connections at once, of all pages and of one site. */
  readonly connections: number;
  readonly connectionsOfSite: number;
  /** A connection on which nothing has been said for so long is closed. */
  readonly idleMilliseconds: number;
  /** Frames that may wait for an answer; NCALayer's pages send one at a time. */
  readonly waitingFrames: number;
  /** Frames within a minute. */
  readonly framesPerMinute: number;
}

export const usualLimits: LoopbackLimits = {
  frameBytes: 46 * 1024 * 1024,
  connections: 32,
  connectionsOfSite: 8,
  idleMilliseconds: 30 * 60 * 1000,
  waitingFrames: 4,
  framesPerMinute: 240,
};
