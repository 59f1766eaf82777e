import { connect as connectSocket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { readLinkAddress } from '../extension/link-address.ts';
import { keptAuthority } from '../loopback/kept-identity.ts';
import type { BrowserTrust } from '../loopback/browser-trust.ts';
import type { ServerFinding } from './examine.ts';

/** A program on this computer answers at once, or not at all. */
const patience = 3_000;

/** Whether a Kilt waits for browsers' hosts: it is called, and nothing is said to it. */
export function isListening(dataFolder: string): Promise<boolean> {
  const link = readLinkAddress(dataFolder);
  if (!link) return Promise.resolve(false);
  return new Promise((resolve) => {
    const socket = connectSocket(link.address);
    const end = (listening: boolean): void => {
      socket.destroy();
      resolve(listening);
    };
    socket.setTimeout(patience, () => end(false));
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}

/** Who answers at a port of this computer: a server is Kilt's when the authority of this computer's key stands for it. */
export async function serverAt(port: number, dataFolder: string): Promise<ServerFinding> {
  const authority = await keptAuthority(dataFolder);
  return new Promise((resolve) => {
    let connected = false;
    const socket = connectTls({
      host: '127.0.0.1',
      port,
      // With none of its own, whatever answers is not Kilt's.
      ca: authority?.pem ?? [],
    });
    const end = (finding: ServerFinding): void => {
      socket.destroy();
      resolve(finding);
    };
    socket.setTimeout(patience, () => end(connected ? 'foreign' : 'silent'));
    socket.once('connect', () => (connected = true));
    socket.once('secureConnect', () => end('ours'));
    socket.once('error', () => end(connected ? 'foreign' : 'silent'));
  });
}

/** Whether browsers believe this computer's server; undefined where that can not be told. */
export async function isTrusted(
  dataFolder: string,
  trust: Pick<BrowserTrust, 'isInstalled'>,
): Promise<boolean | undefined> {
  const authority = await keptAuthority(dataFolder);
  return authority === undefined ? false : trust.isInstalled(authority.pem, authority.file);
}
