import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Below the ports that Linux (from 32768) and Windows (from 49152) give to outgoing connections by themselves: what is
 * free there stays free until somebody asks for it by number.
 */
const ASKED_FOR_BY_NUMBER = { from: 20_000, to: 32_000 };

/** A TCP port on 127.0.0.1 that nobody listens on now, and that no connection takes by chance a moment later. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(ASKED_FOR_BY_NUMBER.from, ASKED_FOR_BY_NUMBER.to);
    if (await isFree(port)) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    // Rejects where the server has an error instead.
    await once(server.listen(port, '127.0.0.1'), 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}
