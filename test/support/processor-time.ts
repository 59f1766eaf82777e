/**
 * What this process works for something, in milliseconds: unlike the time on the clock it stays the same on a busy machine.
 * A bound on it finds work that grows out of hand, not a slow computer.
 */
export async function processorTimeOf(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  return process.cpuUsage(before).user / 1000;
}
