import type { RunningKilt } from '#test/support/electron-app.ts';

/**
 * Lets days go by for a running Kilt, as while its computer sleeps: its clock, the page's too, stands `ahead`
 * milliseconds before the system's from now on, and the system tells of the waking.
 */
export async function sleepUntil({ app, page }: RunningKilt, ahead: number): Promise<void> {
  await page.clock.setSystemTime(Date.now() + ahead);
  await app.evaluate(({ powerMonitor }, milliseconds) => {
    const world = globalThis as typeof globalThis & { systemDate?: DateConstructor };
    const SystemDate = (world.systemDate ??= Date);
    const now = () => SystemDate.now() + milliseconds;
    world.Date = new Proxy(SystemDate, {
      construct: (target, given: unknown[], as) =>
        Reflect.construct(target, given.length === 0 ? [now()] : given, as) as object,
      get: (target, name) => (name === 'now' ? now : (Reflect.get(target, name) as unknown)),
    });
    powerMonitor.emit('resume');
  }, ahead);
}
