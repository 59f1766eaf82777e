import { expect, vi } from 'vitest';
import { TokenWatchService } from '#main/token/token-watch-service.ts';
import type { KnownToken } from '#main/token/token-watch.ts';
import { ReaderWorld } from './reader-world.ts';

export const reader = 'Aktiv KAZTOKEN 00 00';
export const soon = { first: 1, longest: 5 } as const;

let watch: TokenWatchService | undefined;
/** To be called after each test. */
export const stopWatching = (): Promise<void> | undefined => watch?.stop();

export async function watching(world: ReaderWorld, inUseWaitMilliseconds = 1000): Promise<TokenWatchService> {
  watch = new TokenWatchService(world, { retryMilliseconds: soon, inUseWaitMilliseconds });
  await watch.start();
  return watch;
}

export async function worldWithReader(): Promise<ReaderWorld> {
  const world = new ReaderWorld();
  world.addReader(reader);
  return world;
}

const patience = { timeout: 10_000 };

/** The only token, as soon as it is in this state. */
export function token(of: TokenWatchService, state: KnownToken['state'] = 'ready'): Promise<KnownToken> {
  return vi.waitFor(() => {
    const [known] = of.tokens();
    expect(known?.state).toBe(state);
    if (known === undefined) throw new Error('no token');
    return known;
  }, patience);
}
