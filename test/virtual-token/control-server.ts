import { createServer, type Server, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { once } from 'node:events';

import { z } from 'zod';

import { answerFault, delayFault, faultTrigger, garbleFault } from './faults.ts';

/** What testers may ask of a running token: one JSON object a line, one JSON object a line in return. */
export const controlRequest = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('insert') }),
  /** At once, or `before`/`after` a command as in {@link faultTrigger}. */
  z.strictObject({
    do: z.literal('remove'),
    when: z.enum(['now', 'before', 'after']).default('now'),
    ...faultTrigger,
  }),
  answerFault,
  delayFault,
  garbleFault,
  /** Pulls the token and puts in the one of another state file. */
  z.strictObject({ do: z.literal('swap'), state: z.string().min(1) }),
  /** Key pairs take at least this long from now on. */
  z.strictObject({ do: z.literal('keygen'), seconds: z.number().min(0).max(3600) }),
  /** Takes back the faults that have not struck yet. */
  z.strictObject({ do: z.literal('disarm') }),
  z.strictObject({ do: z.literal('status') }),
]);

export type ControlRequest = z.output<typeof controlRequest>;
export type ControlAnswer = { readonly ok: true } & Readonly<Record<string, unknown>>;

const LONGEST_LINE = 4096;

/**
 * Listens on the loopback interface for control lines.
 *
 * A line that can not be understood is answered `{"ok":false,"error":…}` and changes nothing.
 */
export class ControlServer {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  constructor(handle: (request: ControlRequest) => Promise<ControlAnswer>) {
    this.#server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
      socket.on('error', () => socket.destroy());
      void serve(socket, handle);
    });
  }

  /** @param port 0: any free port. @returns the port it listens on */
  async listen(port: number): Promise<number> {
    this.#server.listen({ port, host: '127.0.0.1' });
    await once(this.#server, 'listening');
    const address = this.#server.address();
    return address !== null && typeof address === 'object' ? address.port : port;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    if (!this.#server.listening) return;
    this.#server.close();
    await once(this.#server, 'close');
  }
}

async function serve(
  socket: Socket,
  handle: (request: ControlRequest) => Promise<ControlAnswer>,
): Promise<void> {
  for await (const line of createInterface({ input: socket })) {
    if (line.trim() === '') continue;
    socket.write(`${JSON.stringify(await answerTo(line, handle))}\n`);
  }
}

async function answerTo(
  line: string,
  handle: (request: ControlRequest) => Promise<ControlAnswer>,
): Promise<unknown> {
  try {
    if (line.length > LONGEST_LINE) throw new Error('line too long');
    return await handle(controlRequest.parse(JSON.parse(line)));
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    return { ok: false, error: reason };
  }
}
