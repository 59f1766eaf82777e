import { createPublicKey } from 'node:crypto';

import { vi } from 'vitest';

import { asDer, type DerBytes, secretFromText } from '#shared/bytes.ts';
import { PcscAccess } from '#main/token/pcsc-access.ts';
import type { PinRole, TokenInfo, TokenObjects, TokenSession } from '#main/token/token-session.ts';
import { TokenWatchService } from '#main/token/token-watch-service.ts';
import type { KnownToken } from '#main/token/token-watch.ts';

import { USER_PIN } from '../conformance.ts';
import type { OpenscBench } from '../opensc-bench.ts';

/** Kilt on the same token, through the same PC/SC service, beside OpenSC. */
export class KiltSide {
  #watch: TokenWatchService | undefined;

  async start(): Promise<void> {
    this.#watch = new TokenWatchService(new PcscAccess());
    await this.#watch.start();
  }

  async stop(): Promise<void> {
    await this.#watch?.stop();
  }

  /** One session, with one login. */
  as<T>(role: PinRole, pin: string, work: (session: TokenSession) => Promise<T>): Promise<T> {
    return this.#session(async (session) => {
      await session.login(role, secretFromText(pin));
      return work(session);
    });
  }

  asUser<T>(work: (session: TokenSession) => Promise<T>): Promise<T> {
    return this.as('user', USER_PIN, work);
  }

  /** Looks at the token again: nobody tells Kilt of what other programs change. */
  async objects(): Promise<TokenObjects> {
    return this.#session((session) => session.objects());
  }

  async info(): Promise<TokenInfo> {
    return this.#session((session) => session.info());
  }

  async #session<T>(work: (session: TokenSession) => Promise<T>): Promise<T> {
    const watch = this.#watch;
    if (watch === undefined) throw new Error('Kilt was not started');
    const { id } = await readyToken(watch);
    return watch.withSession(id, work);
  }
}

/** The token, as soon as it was read. */
const readyToken = (watch: TokenWatchService): Promise<KnownToken> =>
  vi.waitFor(
    () => {
      const known = watch.tokens().find(({ state }) => state === 'ready');
      if (known === undefined) throw new Error(`no token is ready: ${watch.presence()}`);
      return known;
    },
    { timeout: 20_000, interval: 50 },
  );

/** A certificate for a public key of the token, as a CA would issue it. */
export async function certificateFor(
  bench: OpenscBench,
  publicKey: Uint8Array,
  name: string,
): Promise<DerBytes> {
  const key = createPublicKey({ key: Buffer.from(publicKey), format: 'der', type: 'spki' });
  bench.write('subject.pem', key.export({ format: 'pem', type: 'spki' }));
  const request = ['req', '-new', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'ca.key'];
  await bench.must('openssl', ...request, '-subj', `/CN=${name}`, '-out', 'request.pem');
  const issue = ['x509', '-req', '-in', 'request.pem', '-force_pubkey', 'subject.pem', '-days', '30'];
  await bench.must('openssl', ...issue, '-signkey', 'ca.key', '-outform', 'DER', '-out', 'certificate.der');
  return asDer(bench.read('certificate.der'));
}
