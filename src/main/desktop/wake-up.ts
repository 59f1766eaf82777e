import { powerMonitor } from 'electron';
import type { DesktopModule } from './modules.ts';

/** Calls `awake` when the computer wakes up: timers stood still meanwhile. */
export const wakeUpModule = (awake: () => void): DesktopModule => ({
  name: 'wake-up',
  start() {
    powerMonitor.on('resume', awake);
  },
  stop() {
    powerMonitor.off('resume', awake);
  },
});
