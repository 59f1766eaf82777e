import { describe, expect, it } from 'vitest';
import { userOfPeer } from '#main/browser/loopback/peer-user.ts';

/** `/proc/net/tcp` as Linux writes it: a server at 13579 (350B), a browser of user 1000 at 50000 (C350), of 1001 at 50001. */
const head =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode';
const line = (local: string, remote: string, uid: number): string =>
  `   1: ${local} ${remote} 01 00000000:00000000 00:00000000 00000000 ${String(uid).padStart(5)}        0 1 1`;
const table = [
  head,
  line('0100007F:350B', '0100007F:C350', 1000),
  line('0100007F:C350', '0100007F:350B', 1000),
  line('0100007F:350B', '0100007F:C351', 1000),
  line('0100007F:C351', '0100007F:350B', 1001),
  // The same ports between other computers.
  line('0A00000A:C352', '0A00000B:350B', 1000),
].join('\n');
const user = (remotePort: number) => userOfPeer({ remotePort, localPort: 13_579 }, [table, head], 1000);

describe('who is at the other end, as Linux tells', () => {
  it('the user whose Kilt this is', () => {
    expect(user(50_000)).toBe('own');
  });

  it('another user of the same computer, though the server’s own end belongs to the first', () => {
    expect(user(50_001)).toBe('other');
  });

  it('nobody that the table knows', () => {
    expect(user(50_002)).toBe('unknown');
    expect(user(50_003)).toBe('unknown');
  });

  it('by IPv6 as well', () => {
    const own = '00000000000000000000000001000000';
    const six = [head, line(`${own}:C350`, `${own}:350B`, 1001)].join('\n');
    expect(userOfPeer({ remotePort: 50_000, localPort: 13_579 }, [head, six], 1000)).toBe('other');
  });
});
