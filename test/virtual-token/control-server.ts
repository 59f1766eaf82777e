import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { createInterface } from 'node:readline';

import { answerControl, type ControlAnswer, type ControlRequest } from './control-requests.ts';

/** Listens on the loopback interface for control lines (control-requests.ts). */
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
    socket.write(`${JSON.stringify(await answerControl(line, handle))}\n`);
  }
}
