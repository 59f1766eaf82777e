import { once } from 'node:events';
import { fromHex } from '#shared/bytes.ts';
import type { EmulatedCard } from '#test/virtual-token/emulated-card.ts';
import { VirtualTokenProgram } from '#test/virtual-token/program.ts';
import { VPCD_PORT, VpcdClient } from '#test/virtual-token/vpcd-client.ts';

/**
 * The virtual token as testers run it, in the first reader, and in the second a card that answers `9000` to everything
 * as fast as anything that is plugged in this way can. Both in one process, so that a busy machine is as unfair to one
 * as to the other. Takes the state file as its argument, and ends with its standard input.
 */
const constantCard: EmulatedCard = {
  atr: fromHex('3B88014B415A544F4B454E82'),
  powerOn: () => undefined,
  powerOff: () => undefined,
  reset: () => undefined,
  transmit: () => Promise.resolve(Uint8Array.of(0x90, 0x00)),
};

const token = new VirtualTokenProgram({
  state: process.argv[2] ?? '',
  card: { profile: 'formatted' },
  host: '127.0.0.1',
  port: VPCD_PORT,
  keygenSeconds: 0,
});
const second = new VpcdClient({ port: VPCD_PORT + 1 });
await token.start();
await second.insert(constantCard);
console.log('ready');
process.stdin.resume();
await once(process.stdin, 'end');
await token.stop();
await second.stop();
