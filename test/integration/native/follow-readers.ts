/**
 * A program that follows the readers, for tests of how such a program ends: it says `waiting` and then leaves in the
 * way its argument names.
 */
import { ReaderMonitor } from '#native/reader-monitor.ts';
import { serviceWaitFor } from '#native/service-wait.ts';
import { systemPcsc } from '#native/system-pcsc.ts';

async function main(): Promise<void> {
  const monitor = new ReaderMonitor({
    pcsc: systemPcsc(),
    waitForService: serviceWaitFor(process.platform),
  });
  await monitor.start();
  process.stdout.write(`${monitor.snapshot().service}\n`);
  process.stdin.once('data', () => {
    if (process.argv[2] === 'exit') process.exit(3);
    process.stdin.destroy();
    void monitor.stop();
  });
}

void main();
