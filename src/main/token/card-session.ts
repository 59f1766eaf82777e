import { KiltError } from '#shared/errors.ts';
import { familyOf } from './atr.ts';
import type { CardTransport } from './card-transport.ts';
import { Pkcs15TokenSession, type SessionOptions } from './pkcs15-token-session.ts';

/**
 * Runs `work` on a card that was connected: in one transaction, with the login ended, the transaction ended and the
 * connection closed whatever happens.
 *
 * @throws KiltError `token-unsupported`, what the transport throws and what `work` throws
 */
export async function onCard<T>(
  transport: CardTransport,
  options: SessionOptions,
  work: (session: Pkcs15TokenSession) => Promise<T>,
): Promise<T> {
  try {
    if (familyOf(transport.atr) === null) {
      throw new KiltError('token-unsupported', { reader: transport.readerName });
    }
    await transport.beginTransaction();
    try {
      const session = await Pkcs15TokenSession.open(transport, options);
      try {
        return await work(session);
      } finally {
        await regardless(session.end());
      }
    } finally {
      await regardless(transport.endTransaction());
    }
  } finally {
    await regardless(transport.close());
  }
}

/** Clearing up must not hide how the work ended; most often it fails because the token was pulled. */
async function regardless(clearingUp: Promise<void>): Promise<void> {
  await clearingUp.catch(() => undefined);
}
