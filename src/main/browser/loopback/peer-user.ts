import { readFile } from 'node:fs/promises';
import type { Socket } from 'node:net';

/** `own`: the user whose Kilt this is · `other` · `unknown`: the system does not say. */
export type PeerUser = 'own' | 'other' | 'unknown';

/**
 * Which user of this computer is at the other end of a connection. Loopback is common to all of them: a second user who
 * is logged in must not reach the first one's token. Linux tells by the table of its connections; other systems do not
 * without a driver of their own.
 *
 * @param tables texts of `/proc/net/tcp` and `/proc/net/tcp6`
 */
export function userOfPeer(
  { remotePort, localPort }: Pick<Socket, 'remotePort' | 'localPort'>,
  tables: readonly string[],
  ownUid: number,
): PeerUser {
  if (remotePort === undefined || localPort === undefined) return 'unknown';
  // The other end's own line: there its port is the local one.
  const wanted = `${portHex(remotePort)} ${portHex(localPort)}`;
  for (const line of tables.flatMap((table) => table.split('\n'))) {
    const [, local = '', remote = '', , , , , uid = ''] = line.trim().split(/\s+/);
    if (!isLoopback(local) || !isLoopback(remote)) continue;
    if (`${local.split(':')[1] ?? ''} ${remote.split(':')[1] ?? ''}` !== wanted) continue;
    return Number(uid) === ownUid ? 'own' : 'other';
  }
  return 'unknown';
}

/** The same for a connection that is open now. */
export async function peerUser(socket: Socket): Promise<PeerUser> {
  const ownUid = process.getuid?.();
  if (process.platform !== 'linux' || ownUid === undefined) return 'unknown';
  const tables = await Promise.all(
    ['/proc/net/tcp', '/proc/net/tcp6'].map((file) => readFile(file, 'utf8').catch(() => '')),
  );
  return userOfPeer(socket, tables, ownUid);
}

const portHex = (port: number): string => port.toString(16).toUpperCase().padStart(4, '0');

/** As the kernel writes them: four bytes in the processor's order. */
const loopbackAddresses = [
  '0100007F',
  '00000000000000000000000001000000',
  '0000000000000000FFFF00000100007F',
];
const isLoopback = (end: string): boolean => loopbackAddresses.includes(end.split(':')[0] ?? '');
