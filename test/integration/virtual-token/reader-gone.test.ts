import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, it } from 'vitest';

import { PcscAccess } from '#main/token/pcsc-access.ts';
import { eventually } from '#test/support/eventually.ts';
import { VirtualTokenProgram } from '#test/virtual-token/program.ts';
import { VPCD_PORT } from '#test/virtual-token/vpcd-client.ts';

let folder: string;
let token: VirtualTokenProgram;
const kiltSees = new PcscAccess();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kilt-reader-gone-'));
  token = new VirtualTokenProgram({
    state: join(folder, 'token.json'),
    card: { profile: 'default-pins' },
    host: '127.0.0.1',
    port: VPCD_PORT,
    keygenSeconds: 0,
  });
  await token.start();
  await kiltSees.start();
});
afterAll(async () => {
  await token.carryOut({ do: 'reader', is: 'back' });
  await token.stop();
  await kiltSees.stop();
  rmSync(folder, { recursive: true });
});

const tokenIsThere = (): boolean => kiltSees.snapshot().readers.some(({ state }) => state === 'present');

it('Kilt sees a reader vanish from the PC/SC service, and the token again when the reader is back', async () => {
  await eventually(tokenIsThere, { what: 'the token in its reader' });

  await token.carryOut({ do: 'reader', is: 'gone' });
  await eventually(() => kiltSees.snapshot().service === 'on' && kiltSees.snapshot().readers.length === 0, {
    what: 'a service without readers',
  });

  await token.carryOut({ do: 'reader', is: 'back' });
  await eventually(tokenIsThere, { what: 'the token in its reader again' });
});
