import { powerMonitor } from 'electron';
import type { DesktopModule } from './modules.ts';

/** Whoever comes back to a computer that was locked or asleep may be somebody else. */
const endsOfPresence = ['lock-screen', 'suspend', 'user-did-resign-active'] as const;

/** Calls `away` when the user leaves the computer: it is locked, goes to sleep, or another user takes it over. */
export function sessionLockModule(away: () => void): DesktopModule {
  return {
    name: 'session lock',
    start() {
      // The list's third name is typed for macOS alone; elsewhere it never comes.
      for (const event of endsOfPresence) powerMonitor.on(event as 'suspend', away);
    },
    stop() {
      for (const event of endsOfPresence) powerMonitor.off(event as 'suspend', away);
    },
  };
}
