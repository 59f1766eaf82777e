import { fromBase64, toBase64 } from './base64.ts';
import { Connection } from './connection.ts';
import { KiltClientError } from './kilt-client-error.ts';
import type {
  Availability,
  CallOptions,
  CertificatePurpose,
  KiltEvents,
  SignedDocument,
  SignInAnswer,
  SignOrder,
} from './types.ts';

/** Shorter nonces can be guessed or come twice; Kilt does not sign over them. */
const shortestNonce = 32;

/**
 * A page's way to Kilt. Each request is shown to Kilt's user in a window of Kilt's own, with this page's origin as the
 * browser tells it; what the page gets is what the user agreed to. The page never sees a password, and no certificate or
 * serial number before its user has said yes.
 *
 * Every method rejects with {@link KiltClientError} and nothing else.
 */
export class KiltClient {
  readonly #connection = new Connection();
  readonly #listeners = new Map<keyof KiltEvents, Set<(payload: KiltEvents[keyof KiltEvents]) => void>>();
  #last: string | undefined;

  /** Whether this page can ask Kilt for anything now, and what is in the way if not. Shows nothing to anybody. */
  async isAvailable(options: CallOptions = {}): Promise<Availability> {
    const found = await this.#look(options);
    const told = JSON.stringify(found);
    if (this.#last !== undefined && this.#last !== told) this.#tell('availability', found);
    this.#last = told;
    return found;
  }

  /** Asks the user to let this site call Kilt. Nobody is asked twice: the first other request asks as well. */
  async connect(options: CallOptions = {}): Promise<void> {
    await this.#connection.ask('connect', {}, options.signal);
  }

  /**
   * Signs the customer in: the sign-in key on the token answers the bank's challenge.
   *
   * @param order.nonce at least 32 random bytes, fresh from the bank's server, taken once
   */
  async signIn(order: { readonly nonce: Uint8Array }, options: CallOptions = {}): Promise<SignInAnswer> {
    if (order.nonce.length < shortestNonce) throw new KiltClientError('malformed');
    const result = await this.#connection.ask('sign-in', { nonce: toBase64(order.nonce) }, options.signal);
    return { certificate: bytesIn(result, 'certificate'), signature: bytesIn(result, 'signature') };
  }

  /** Has documents signed by the customer's signature key: in the order in which they were given. */
  async sign(order: SignOrder, options: CallOptions = {}): Promise<readonly SignedDocument[]> {
    const documents = order.documents.map(({ name, mediaType, bytes }) => ({
      name,
      mediaType,
      content: toBase64(bytes),
    }));
    const form = order.form ?? 'detached';
    const result = await this.#connection.ask('sign', { documents, form }, options.signal);
    return listIn(result, 'signatures').map((signature, index) => ({
      name: order.documents[index]?.name ?? '',
      signature: bytesOf(signature),
    }));
  }

  /** A certificate, DER, that the user chooses for this page to see. Its key is not used. */
  async certificate(
    order: { readonly purpose: CertificatePurpose },
    options: CallOptions = {},
  ): Promise<Uint8Array> {
    const result = await this.#connection.ask('certificate', { purpose: order.purpose }, options.signal);
    return bytesIn(result, 'certificate');
  }

  /** @returns the function that ends the subscription */
  on<Name extends keyof KiltEvents>(name: Name, listener: (payload: KiltEvents[Name]) => void): () => void {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners);
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  }

  async #look({ signal }: CallOptions): Promise<Availability> {
    try {
      const status = await this.#connection.ask('status', {}, signal);
      return { available: true, approved: memberOf(status, 'approved') === true };
    } catch (error) {
      if (!(error instanceof KiltClientError)) throw error;
      switch (error.reason) {
        case 'no-extension':
        case 'no-host':
        case 'kilt-off':
        case 'browser-refuses':
        case 'version':
          return { available: false, reason: error.reason };
        default:
          throw error;
      }
    }
  }

  #tell<Name extends keyof KiltEvents>(name: Name, payload: KiltEvents[Name]): void {
    for (const listener of this.#listeners.get(name) ?? []) listener(payload);
  }
}

const memberOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;

const bytesIn = (value: unknown, name: string): Uint8Array => bytesOf(memberOf(value, name));

function listIn(value: unknown, name: string): readonly unknown[] {
  const list = memberOf(value, name);
  if (!Array.isArray(list)) throw new KiltClientError('version');
  return list as readonly unknown[];
}

function bytesOf(value: unknown): Uint8Array {
  if (typeof value !== 'string') throw new KiltClientError('version');
  try {
    return fromBase64(value);
  } catch {
    throw new KiltClientError('version');
  }
}
