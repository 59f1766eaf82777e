import type { EventEmitter } from 'node:events';
import { powerMonitor } from 'electron';
import { describe, expect, it, vi } from 'vitest';
import { sessionLockModule } from '#main/desktop/session-lock.ts';

vi.mock('electron', async () => {
  const { EventEmitter: Emitter } = await import('node:events');
  return { powerMonitor: new Emitter() };
});
const monitor = powerMonitor as unknown as EventEmitter;

describe('whoever comes back to the computer may be somebody else', () => {
  it.each(['lock-screen', 'suspend', 'user-did-resign-active'])('rights end at %s', async (event) => {
    const away = vi.fn();
    const module = sessionLockModule(away);
    await module.start();
    monitor.emit(event);
    expect(away).toHaveBeenCalledOnce();
    await module.stop?.();
    monitor.emit(event);
    expect(away).toHaveBeenCalledOnce();
  });

  it('and not when the screen is unlocked or the computer wakes up', async () => {
    const away = vi.fn();
    const module = sessionLockModule(away);
    await module.start();
    for (const event of ['unlock-screen', 'resume', 'on-battery']) monitor.emit(event);
    expect(away).not.toHaveBeenCalled();
    await module.stop?.();
  });
});
