/** One connection to one card. The only way bytes reach a token. */
export interface CardTransport {
  readonly readerName: string;
  /** Answer to reset, as the reader reported it. */
  readonly atr: Uint8Array;
  /**
   * Sends one command APDU and returns the response APDU, status word included.
   *
   * @throws KiltError `token-removed`, `token-in-use`, `token-mute`, `reader-unavailable`, `pcsc-service-off`
   */
  transmit(command: Uint8Array): Promise<Uint8Array>;
  /** Waits until no other program talks to the card, then keeps the others out. */
  beginTransaction(): Promise<void>;
  endTransaction(): Promise<void>;
  /** Ends the connection and leaves the card powered. Safe to call twice. */
  close(): Promise<void>;
}

export type ReaderState = 'empty' | 'present' | 'exclusive' | 'mute' | 'unavailable';

export interface ReaderStatus {
  readonly name: string;
  readonly state: ReaderState;
  /** Present when the reader holds a card that answers. */
  readonly atr?: Uint8Array;
  /** Changes whenever a card is put in or taken out, so that a quick swap is noticed. */
  readonly insertion: number;
}

export interface ReadersSnapshot {
  /** `off`: no smart-card service answers; it is watched for and used as soon as it starts. */
  readonly service: 'on' | 'off';
  readonly readers: readonly ReaderStatus[];
}

/** A family of readers: PC/SC, or the virtual reader of unpackaged builds. */
export interface CardAccess {
  readonly kind: 'pcsc' | 'virtual-reader';
  start(): Promise<void>;
  stop(): Promise<void>;
  snapshot(): ReadersSnapshot;
  /** Calls back on every change; returns the function that ends it. */
  onChange(listener: (snapshot: ReadersSnapshot) => void): () => void;
  /** @throws KiltError as {@link CardTransport.transmit} */
  connect(readerName: string): Promise<CardTransport>;
}
