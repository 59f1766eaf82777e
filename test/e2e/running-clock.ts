import type { RunningKilt } from '#test/support/electron-app.ts';

/** From now on the page's clock can be moved; what is on the page is loaded anew for that. */
export async function ownTheClock({ page }: RunningKilt): Promise<void> {
  await page.clock.install();
  await page.reload();
}

/**
 * Lets days go by for a running Kilt, as while its computer sleeps: its clock, the page's too, stands `ahead`
 * milliseconds before the system's from now on, timers that are due run once, and the system tells of the waking.
 */
export async function sleepUntil({ app, page }: RunningKilt, ahead: number): Promise<void> {
  await page.clock.fastForward(Date.now() + ahead - (await page.evaluate(() => Date.now())));
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
