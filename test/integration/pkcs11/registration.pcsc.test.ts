import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NationalAdmission } from '#test/bank/admission.ts';
import { startBank, type RunningBank } from '#test/bank/start-bank.ts';
import { chosenPassword, factoryPin } from '#test/support/world.ts';
import { nationalOwnerIin } from '#test/virtual-token/national/national-profile.ts';
import { fromStandardInput, runKilt, type KiltRun } from '../registration/kilt-program.ts';
import { hideCertificates } from './hidden-certificates.ts';
import { OPENSC, OpenscLibrary } from './opensc.ts';

interface TokenLine {
  readonly tokens: readonly {
    readonly kind: string;
    readonly driverError?: unknown;
    readonly national?: readonly { readonly serialNumber: string; readonly algorithm: 'rsa' | 'gost' }[];
  }[];
}

/**
 * The whole way of S2 with a NUC signature that only a PKCS#11 library can read, as on a real token. In place of the layout
 * of the token's maker, which nobody else knows, the certificates lie where OpenSC looks for them and Kilt does not. (OpenSC's
 * library leaves out certificates of GOST keys.)
 */
describe('a registration with a NUC signature behind a driver', () => {
  let folder: string;
  let bank: RunningBank;
  let library: OpenscLibrary;
  let customer: NationalAdmission;
  let environment: NodeJS.ProcessEnv;

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'kilt-driver-cli-'));
    const authority = path.join(folder, 'authority');
    bank = await startBank({
      dataDir: path.join(folder, 'bank'),
      authentication: 'national-signature',
      national: { authorityFolder: authority, owner: 'organisation' },
    });
    const owner = ['--national-owner', 'organisation', '--authority-data', authority];
    library = await OpenscLibrary.withProgram('--profile', 'national', ...owner);
    await hideCertificates(library);
    customer = bank.admitNational({ iin: nationalOwnerIin });
    environment = {
      KILT_TRANSPORT: 'pcsc',
      KILT_USER_DATA: path.join(folder, 'Kilt'),
      KILT_BANK_FILE: bank.bankFile,
    };
  });
  afterAll(async () => {
    await library.remove();
    await bank.stop();
    rmSync(folder, { recursive: true });
  });

  const kilt = (args: readonly string[], ...lines: string[]): Promise<KiltRun> =>
    runKilt([...args, '--json'], { environment, lines });
  const register = (...more: string[]): Promise<KiltRun> =>
    kilt(
      ['register', '--user-id', customer.userId, ...more, ...fromStandardInput],
      factoryPin,
      Buffer.from(customer.pin).toString(),
      chosenPassword,
    );
  const token = async (): Promise<TokenLine['tokens'][number]> =>
    ((await kilt(['tokens', '--wait', '20'])).json() as TokenLine).tokens[0]!;

  it('is not to be had without the driver: the token looks like another program’s', async () => {
    expect(await token()).toMatchObject({ kind: 'foreign' });
    const run = await register();
    expect(run.json()).toMatchObject({ error: { id: 'national-signature-missing' } });
  });

  it('is offered once the driver is chosen, without a PIN', async () => {
    expect((await kilt(['driver', 'use', '--library', OPENSC])).json()).toEqual({
      library: OPENSC,
      signer: '',
    });
    const verifies = library.bench.statusWordsOf('VERIFY').length;
    expect(await token()).toMatchObject({ kind: 'national', national: [{ algorithm: 'rsa' }] });
    expect(library.bench.statusWordsOf('VERIFY')).toHaveLength(verifies);
  });

  it('goes through to the end: the driver signs the request, the card makes the new keys', async () => {
    const run = await register();
    expect(run.json()).toMatchObject({
      registered: true,
      token: { kind: 'registered', profiles: [{ userId: customer.userId }] },
    });
    for (const secret of [Buffer.from(customer.pin).toString(), chosenPassword])
      expect(run.stdout + run.stderr).not.toContain(secret);
  });

  it('signs in with the new profile, whose keys need no driver', async () => {
    expect((await kilt(['driver', 'off'])).json()).toMatchObject({ library: '' });
    const run = await kilt(['sign-in', '--pin-fd', '0'], chosenPassword);
    expect(run.code).toBe(0);
  });
});
