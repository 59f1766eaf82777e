import { useSyncExternalStore } from 'react';

import type { Choices, NumberedEntry, PageEvents, TokenView } from '../view.ts';

/** What the page knows: the token as it is now, and its trace so far. */
export interface LiveToken {
  /** `lost`: the token's program does not answer any more. */
  readonly connection: 'connecting' | 'live' | 'lost';
  readonly choices: Choices | null;
  readonly token: TokenView | null;
  readonly trace: readonly NumberedEntry[];
}

/** More lines make the page slow and are read by nobody. */
const KEPT = 10_000;

let state: LiveToken = { connection: 'connecting', choices: null, token: null, trace: [] };
const listeners = new Set<() => void>();
let source: EventSource | undefined;

function change(changes: Partial<LiveToken>): void {
  state = { ...state, ...changes };
  for (const listener of listeners) listener();
}

function listen(): void {
  source = new EventSource('events');
  source.addEventListener('open', () => change({ connection: 'live' }));
  source.addEventListener('error', () => change({ connection: 'lost' }));
  on('choices', (choices) => change({ choices }));
  on('token', (token) => change({ token }));
  on('trace', (entries) => change({ trace: [...state.trace, ...entries].slice(-KEPT) }));
}

function on<Name extends keyof PageEvents>(name: Name, take: (data: PageEvents[Name]) => void): void {
  source?.addEventListener(name, (event: MessageEvent<string>) => {
    // From the program that served this page, in the form that view.ts gives it.
    take(JSON.parse(event.data) as PageEvents[Name]);
  });
}

function subscribe(listener: () => void): () => void {
  if (source === undefined) listen();
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

export const useLiveToken = (): LiveToken => useSyncExternalStore(subscribe, () => state);

type Answer = { ok: true; serial: string } | { ok: false; error: string };

/** Does what a control line does. @throws Error with the token's words */
export async function control(
  request: { readonly do: string } & Readonly<Record<string, unknown>>,
): Promise<void> {
  let answer: Answer;
  try {
    const response = await fetch('control', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(request),
    });
    answer = (await response.json()) as Answer;
  } catch {
    throw new Error('The token’s program does not answer.');
  }
  if (!answer.ok) throw new Error(answer.error);
}
