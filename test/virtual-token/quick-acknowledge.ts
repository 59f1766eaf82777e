import { createRequire } from 'node:module';
import type { Socket } from 'node:net';

import type Koffi from 'koffi';

/** From Linux' netinet/in.h and netinet/tcp.h. */
const IPPROTO_TCP = 6;
const TCP_QUICKACK = 12;

type SetSocketOption = (
  fd: number,
  level: number,
  option: number,
  value: Int32Array,
  length: number,
) => number;

/**
 * Makes the function that has the kernel acknowledge what was read on `socket` at once. To be called after each read:
 * the kernel forgets the option by itself.
 *
 * vpcd writes a message's length and body apart, and with delayed acknowledgements each exchange takes 44 ms instead
 * of less than one (facts §8). Does nothing where this can not be done; the card is only slower there.
 */
export function acknowledgeAtOnce(socket: Socket): () => void {
  const setSocketOption = linuxSetSocketOption();
  const on = Int32Array.of(1);
  if (setSocketOption === undefined) return () => undefined;
  return () => {
    const fd = descriptorOf(socket);
    if (fd !== undefined && fd >= 0)
      setSocketOption(fd, IPPROTO_TCP, TCP_QUICKACK, on, Int32Array.BYTES_PER_ELEMENT);
  };
}

/** Node has no public way to a socket's descriptor; libuv's handle carries it on Linux and macOS. */
function descriptorOf(socket: Socket): number | undefined {
  const { _handle: handle } = socket as unknown as { _handle?: { fd?: number } | null };
  return handle?.fd;
}

let found: SetSocketOption | null | undefined;

function linuxSetSocketOption(): SetSocketOption | undefined {
  if (found === undefined) found = process.platform === 'linux' ? loadSetSocketOption() : null;
  return found ?? undefined;
}

function loadSetSocketOption(): SetSocketOption | null {
  try {
    const koffi = createRequire(import.meta.url)('koffi') as typeof Koffi;
    const declaration =
      'int setsockopt(int fd, int level, int option, const int32_t *value, uint32_t length)';
    return koffi.load('libc.so.6').func(declaration) as SetSocketOption;
  } catch {
    return null;
  }
}
