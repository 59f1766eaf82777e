import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';

import { z } from 'zod';

/** Set by scripts/in-pcsc-world.mjs: the socket at which it takes its readers away and puts them back. */
const WORLD_SOCKET = 'KILT_PCSC_WORLD';

const worldAnswer = z.union([
  z.object({ ok: z.literal(true) }),
  z.object({ ok: z.literal(false), error: z.string() }),
]);

/** The socket of the private PC/SC world this program runs in, if it runs in one. */
export const worldSocket = (): string | undefined => process.env[WORLD_SOCKET];

/**
 * Has the private PC/SC world end its pcscd and start it again without, or with, readers: a vpcd reader can not be
 * pulled out of a running pcscd. Its clients see the service go and come back, without the reader or with it.
 *
 * @throws Error when the world does not answer or can not do it
 */
export async function askWorldForReaders(socketPath: string, there: boolean): Promise<void> {
  const socket = connect(socketPath);
  try {
    socket.write(`${JSON.stringify({ do: 'readers', there })}\n`);
    const failed = once(socket, 'close').then(() =>
      Promise.reject(new Error('the PC/SC world did not answer')),
    );
    const line = once(createInterface({ input: socket }), 'line') as Promise<[string]>;
    const [text] = await Promise.race([line, failed]);
    const answer = worldAnswer.parse(JSON.parse(text));
    if (!answer.ok) throw new Error(answer.error);
  } finally {
    socket.destroy();
  }
}
