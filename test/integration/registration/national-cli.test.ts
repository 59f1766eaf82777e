import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { NationalAdmission } from '#test/bank/admission.ts';
import { startBank, type RunningBank } from '#test/bank/start-bank.ts';
import { freePort } from '#test/support/free-port.ts';
import { nationalCard } from '#test/support/national-customer.ts';
import type { WatchedCard } from '#test/support/watched-card.ts';
import { chosenPassword, factoryPin, newCard } from '#test/support/world.ts';
import { nationalOwnerIin } from '#test/virtual-token/national/national-profile.ts';
import { VpcdClient } from '#test/virtual-token/vpcd-client.ts';
import { fromStandardInput, runKilt, type KiltRun } from './kilt-program.ts';

interface TokenLine {
  readonly tokens: readonly {
    readonly kind: string;
    readonly national: readonly { readonly serialNumber: string; readonly algorithm: string }[];
  }[];
}

describe('the command line with a NUC signature', () => {
  let folder: string;
  let authority: string;
  let bank: RunningBank;
  let reader: VpcdClient;
  let environment: NodeJS.ProcessEnv;
  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'kilt-national-cli-'));
    authority = path.join(folder, 'authority');
    bank = await startBank({
      dataDir: path.join(folder, 'bank'),
      authentication: 'national-signature',
      national: { authorityFolder: authority, owner: 'organisation' },
    });
  });
  afterAll(async () => {
    await bank.stop();
    rmSync(folder, { recursive: true });
  });
  beforeEach(async () => {
    const port = await freePort();
    environment = {
      KILT_TRANSPORT: 'virtual-reader',
      KILT_VIRTUAL_READER_PORT: String(port),
      KILT_USER_DATA: mkdtempSync(path.join(folder, 'data-')),
      KILT_BANK_FILE: bank.bankFile,
    };
    reader = new VpcdClient({ port });
  });
  afterEach(() => reader.stop());

  const kilt = (args: readonly string[], ...lines: string[]): Promise<KiltRun> =>
    runKilt([...args, '--json'], { environment, lines });
  const insert = async (nationalOwner: 'person' | 'organisation'): Promise<WatchedCard> => {
    const { watched } = await nationalCard(authority, { nationalOwner, serial: '3A5B7C1D' });
    await reader.insert(watched);
    return watched;
  };
  const admit = (): NationalAdmission => bank.admitNational({ iin: nationalOwnerIin });
  const register = ({ userId }: NationalAdmission, ...more: string[]): string[] => [
    ...['register', '--user-id', userId],
    ...more,
    ...fromStandardInput,
  ];
  const otpPin = ({ pin }: NationalAdmission): string => Buffer.from(pin).toString();

  it('registers with the signature that is named, and no key file', async () => {
    const card = await insert('organisation');
    const customer = admit();
    const [token] = ((await kilt(['tokens'])).json() as TokenLine).tokens;
    expect(token?.kind).toBe('national');
    const gost = token?.national.find(({ algorithm }) => algorithm === 'gost');
    const named = ['--certificate', (gost?.serialNumber ?? '').toUpperCase()];
    const run = await kilt(register(customer, ...named), factoryPin, otpPin(customer), chosenPassword);
    expect(run.json()).toMatchObject({
      registered: true,
      token: { kind: 'registered', profiles: [{ userId: customer.userId }], national: [{}, {}] },
    });
    expect(run.code).toBe(0);
    expect(card.keyFiles()).toEqual({ privateKeys: 5, publicKeys: 5, empty: 0 });
    // The factory's password is part of the made-up IIN.
    for (const secret of [otpPin(customer), chosenPassword])
      expect(run.stdout + run.stderr).not.toContain(secret);
  });

  /** Exit code 1, one JSON value, no PIN tried. */
  async function expectRefusal(args: readonly string[], error: object, card: WatchedCard): Promise<void> {
    const run = await kilt(args);
    expect(run.json()).toMatchObject({ error });
    expect(run.code).toBe(1);
    expect(card.verifies).toBe(0);
  }

  it('asks which one before any password, where several fit', async () => {
    const card = await insert('organisation');
    const error = { id: 'input-invalid', data: { problem: 'several-signatures' } };
    await expectRefusal(register(admit()), error, card);
  });

  it('says that there is no signature of this number', async () => {
    const card = await insert('organisation');
    const error = { id: 'input-invalid', data: { problem: 'unknown-signature', value: '0bad' } };
    await expectRefusal(register(admit(), '--certificate', '0bad'), error, card);
  });

  it('says that a person’s signature is not what an organisation’s bank takes', async () => {
    const card = await insert('person');
    const error = { id: 'national-signature-unusable', data: { likelyCause: 'other-owner' } };
    await expectRefusal(register(admit()), error, card);
  });

  it('says that an empty token has none', async () => {
    const card = newCard();
    await reader.insert(card);
    await expectRefusal(register(admit()), { id: 'national-signature-missing' }, card);
  });
});
