import type { IncomingMessage, ServerResponse } from 'node:http';

import { commandNames } from '../../apdu-names.ts';
import { allProfileNames, preparedProfileNames } from '../../card-order.ts';
import { tearableCommands } from '../../fault-schemas.ts';
import type { VirtualTokenProgram } from '../../program.ts';
import type { Choices, PageEvents } from '../view.ts';
import { tokenView } from './token-view.ts';
import { TraceHistory } from './trace-history.ts';

const choices: Choices = {
  commands: commandNames,
  writes: tearableCommands,
  profiles: allProfileNames,
  preparedProfiles: preparedProfileNames,
};

/** Lines and changes are sent together: a registration is a thousand exchanges. */
const PAUSE_MS = 60;

/** The token's life as server-sent events: its choices once, its state when it changes, its trace as it grows. */
export class EventStream {
  readonly #program: VirtualTokenProgram;
  readonly #history = new TraceHistory();
  readonly #pages = new Map<ServerResponse, { sent: number }>();
  readonly #end: () => void;
  #timer: NodeJS.Timeout | undefined;
  #lastView = '';

  constructor(program: VirtualTokenProgram) {
    this.#program = program;
    this.#end = program.onTrace((entry) => {
      this.#history.add(entry);
      this.touch();
    });
  }

  /** Says that something may have changed. */
  touch(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#flush();
    }, PAUSE_MS);
  }

  /** Keeps an answer open as a stream; a page that comes back says which line it saw last. */
  open(request: IncomingMessage, response: ServerResponse): void {
    const sent = Number(request.headers['last-event-id'] ?? 0) || 0;
    response.writeHead(200, { 'Content-Type': 'text/event-stream', Connection: 'keep-alive' });
    response.on('close', () => this.#pages.delete(response));
    this.#pages.set(response, { sent });
    send(response, 'choices', choices);
    send(response, 'token', tokenView(this.#program));
    this.#sendTrace(response);
  }

  close(): void {
    this.#end();
    clearTimeout(this.#timer);
    for (const response of this.#pages.keys()) response.end();
  }

  #flush(): void {
    const view = tokenView(this.#program);
    const text = JSON.stringify(view);
    const changed = text !== this.#lastView;
    this.#lastView = text;
    for (const response of this.#pages.keys()) {
      if (changed) send(response, 'token', view);
      this.#sendTrace(response);
    }
  }

  #sendTrace(response: ServerResponse): void {
    const page = this.#pages.get(response);
    if (page === undefined) return;
    const entries = this.#history.after(page.sent);
    const last = entries.at(-1);
    if (last === undefined) return;
    page.sent = last.number;
    send(response, 'trace', entries, last.number);
  }
}

function send<Name extends keyof PageEvents>(
  response: ServerResponse,
  name: Name,
  data: PageEvents[Name],
  id?: number,
): void {
  response.write(`event: ${name}\n${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`);
}
