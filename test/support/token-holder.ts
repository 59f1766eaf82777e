import { once } from 'node:events';
import { systemPcsc } from '#native/system-pcsc.ts';

/** The other program of `other-program.ts`: holds the first token it finds until its input ends. */

const context = await systemPcsc().establishContext();
const [reader] = await context.listReaders();
if (reader === undefined) throw new Error('there is no reader');
const card = await context.connect(reader, 'shared');
await card.beginTransaction();

const stateOf = async (reference: number): Promise<string> => {
  const answer = await card.transmit(Uint8Array.of(0x00, 0x20, 0x00, reference));
  return Buffer.from(answer).toString('hex').toUpperCase();
};
const [administrator, user] = [await stateOf(1), await stateOf(2)];
process.stdout.write(`${JSON.stringify({ administrator, user })}\n`);

process.stdin.resume();
await once(process.stdin, 'end');
// Ends the transaction and the connection, also where the token was pulled meanwhile.
await context.release();
