import { tryRun } from './processes.mjs';
import { exists } from './whole.mjs';

const VPCD = '/etc/reader.conf.d/vpcd';

/**
 * Which way to the virtual token this machine offers: `pcsc` where a private PC/SC service with virtual readers can be
 * run, else `virtual-reader` and the reason.
 */
export async function availableTransport() {
  const reason = await whyNoPrivatePcsc();
  return reason ? { transport: 'virtual-reader', reason } : { transport: 'pcsc' };
}

async function whyNoPrivatePcsc() {
  if (process.platform !== 'linux') return 'a PC/SC service of its own can be run on Linux only';
  if (process.getuid() !== 0) return 'only root may run a PC/SC service of its own';
  if (!(await exists('/usr/sbin/pcscd'))) return 'pcscd is not installed';
  if (!(await exists(VPCD))) return 'vsmartcard-vpcd is not installed';
  if (!(await tryRun('unshare', ['-mn', 'true']))) return 'this container may not make namespaces';
  return undefined;
}
