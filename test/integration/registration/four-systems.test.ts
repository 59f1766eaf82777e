import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { secretFromText, type SecretBytes } from '#shared/bytes.ts';
import { registrationSteps, type ProfileName } from '#shared/views.ts';
import type { RunningBank } from '#test/bank/start-bank.ts';
import type { DemoSystemName } from '#test/bank/systems/demo-systems.ts';
import { nationalCard, signatureOn } from '#test/support/national-customer.ts';
import { World, chosenPassword, factoryPin, newCard, openBank } from '#test/support/world.ts';
import { FaultyCard } from '#test/virtual-token/faults.ts';
import { nationalOwnerIin } from '#test/virtual-token/national/national-profile.ts';
import type { WatchedCard } from '#test/support/watched-card.ts';

const copy = (secret: SecretBytes): SecretBytes => Uint8Array.from(secret) as SecretBytes;

/** Every way into a bank that the manuals describe, by the file that the bank has signed and nothing else. */
describe('with the signed files of all four systems', () => {
  let authority: string;
  let bank: RunningBank;
  let world: World;
  beforeAll(async () => {
    authority = mkdtempSync(path.join(tmpdir(), 'kilt-authority-'));
    bank = await openBank({ systems: true, national: { authorityFolder: authority } });
  });
  afterAll(async () => {
    await bank.stop();
    rmSync(authority, { recursive: true });
  });
  beforeEach(async () => {
    world = await World.open({ bank, kilt: { bankFile: undefined } });
    for (const { file } of bank.published?.systems ?? []) {
      const { importId } = world.kilt.bankImports.open(file);
      await world.kilt.bankImports.accept(importId, { fingerprint: bank.published?.fingerprint });
    }
  });
  afterEach(() => world.close());

  async function insert(system: DemoSystemName): Promise<WatchedCard> {
    if (system !== 'starbanking' && system !== 'internet-banking-nuc') {
      const watched = newCard();
      await world.insert(new FaultyCard(watched));
      return watched;
    }
    const nationalOwner = system === 'starbanking' ? 'person' : 'organisation';
    const { watched, faults } = await nationalCard(authority, { nationalOwner });
    await world.insert(faults);
    return watched;
  }

  const ways: readonly (readonly [manual: string, system: DemoSystemName])[] = [
    ['S1', 'starbanking'],
    ['S2', 'internet-banking-nuc'],
    ['S3 and S5', 'internet-banking'],
    ['DBO', 'dbo-bs-client'],
  ];

  /** The wizard without its window. @param wanted `new` for one more profile on a token that has some */
  async function register(name: DemoSystemName, wanted?: 'new') {
    const tokenId = world.token().id;
    const system = world.kilt.banks.get(`demo-${name}`);
    const byNational = system.authentication === 'national-signature';
    const admitted = byNational ? undefined : await world.admit();
    const customer = admitted ?? bank.admitNational({ iin: nationalOwnerIin });
    const pin = wanted === 'new' ? chosenPassword : factoryPin;
    await world.kilt.profiles.open(tokenId, secretFromText(pin), wanted);
    const draft = await world.kilt.drafts.check(system, {
      userId: customer.userId,
      registrationPin: copy(customer.pin),
      ...(admitted && system.authentication === 'initial-key'
        ? { keyFile: { path: admitted.keyFilePath, password: copy(admitted.keyFilePassword) } }
        : {}),
      ...(byNational
        ? {
            national: {
              token: world.kilt.token(tokenId),
              serialNumber: signatureOn(world, 'gost').serialNumber,
            },
          }
        : {}),
    });
    const newPin = wanted === 'new' ? undefined : secretFromText(chosenPassword);
    const { journalId } = world.kilt.register({ draftId: draft.id, tokenId, label: '', newPin });
    const ended = await world.kilt.runner.ended(journalId);
    expect(ended.error).toBeUndefined();
    expect(ended.done).toEqual([...registrationSteps]);
    expect(bank.registrations().filter(({ userId }) => userId === customer.userId)).toHaveLength(1);
    return { bankId: system.id, userId: customer.userId };
  }

  async function expectSignsIn(profile?: ProfileName) {
    const opened = await world.kilt.profiles.open(world.token().id, secretFromText(chosenPassword), profile);
    expect(opened).toMatchObject({ outcome: 'signed-in', home: profile ? { userId: profile.userId } : {} });
  }

  it.each(ways)('%s: %s registers a customer, who signs in', async (_, name) => {
    expect(world.kilt.banks.all()).toHaveLength(4);
    const watched = await insert(name);
    const { bankId, userId } = await register(name);
    expect(world.token()).toMatchObject({ kind: 'registered', profiles: [{ bankId, userId }] });
    expect(watched.refusedVerifies).toBe(0);
    await expectSignsIn();
  });

  it('one token holds profiles of several of them beside a NUC signature; each signs in, and the keys of one are regenerated', async () => {
    const watched = await insert('internet-banking-nuc');
    const before = world.token().national;
    const profiles = [await register('internet-banking-nuc'), await register('dbo-bs-client', 'new')];
    expect(world.token()).toMatchObject({ kind: 'registered', profiles });
    for (const profile of profiles) await expectSignsIn(profile);

    const { renewals, renewalRunner } = world.kilt;
    const set = renewals.list().find(({ bankId }) => bankId === 'demo-dbo-bs-client');
    const secrets = () => ({ tokenId: world.token().id, pin: secretFromText(chosenPassword) });
    const sent = await renewals.send({ keySetId: set?.id ?? '', ...secrets() });
    const journalId = sent.renewal?.journalId ?? '';
    expect(await renewalRunner.settled(journalId)).toMatchObject({ readyToTake: true });
    await renewals.continue({ journalId, ...secrets() });
    expect(await renewalRunner.settled(journalId)).toMatchObject({ state: 'finished' });

    for (const profile of profiles) await expectSignsIn(profile);
    expect(bank.keySets(profiles[0]?.userId ?? '').map(({ state }) => state)).toEqual(['in-use']);
    expect(bank.keySets(profiles[1]?.userId ?? '').map(({ state }) => state)).toEqual(['replaced', 'in-use']);
    expect(world.token().national).toEqual(before);
    expect(watched.refusedVerifies).toBe(0);
  });

  it('a token tells which of them it fits: a person’s signature is none for the system of organisations', async () => {
    await insert('starbanking');
    const { national } = world.token();
    expect(new Set(national?.map(({ fits }) => fits['demo-internet-banking-nuc']))).toEqual(
      new Set(['other-owner']),
    );
    expect(national?.map(({ fits }) => fits['demo-starbanking'])).toEqual(['fits', 'fits']);
  });
});
