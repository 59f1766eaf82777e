import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { secretFromText } from '#shared/bytes.ts';
import { registrationSteps, type RegistrationStep } from '#shared/views.ts';
import { openDatabase } from '#main/store/database.ts';
import type { RunningBank } from '#test/bank/start-bank.ts';
import { eventually } from '#test/support/eventually.ts';
import { World, chosenPassword, newCard, openBank } from '#test/support/world.ts';
import { FaultyCard } from '#test/virtual-token/faults.ts';
import type { WatchedCard } from '#test/support/watched-card.ts';

type Customer = Awaited<ReturnType<World['admit']>>;

/** A token that remembers what was done to it, carried from one computer to the next. */
class CarriedToken {
  readonly watched: WatchedCard = newCard();
  #plugged: FaultyCard | undefined;

  async plugInto(computer: World): Promise<void> {
    this.#plugged = new FaultyCard(this.watched);
    await computer.insert(this.#plugged);
  }

  pullOut(): void {
    this.#plugged?.remove();
  }
}

describe('a registration begun on one computer', () => {
  let bank: RunningBank;
  let folder: string;
  let token: CarriedToken;
  let worlds: World[];
  beforeAll(async () => {
    bank = await openBank();
  });
  afterAll(() => bank.stop());
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'kilt-computers-'));
    token = new CarriedToken();
    worlds = [];
  });
  afterEach(async () => {
    for (const world of worlds) await world.close();
    rmSync(folder, { recursive: true });
  });

  /** A computer with a data folder of its own; the token is pulled out of it, one time, when `until` is in the journal. */
  async function computer(name: string, until?: RegistrationStep): Promise<World> {
    let pulled = false;
    const world = await World.open({
      bank,
      kilt: {
        dataFolder: path.join(folder, name),
        onJournalLine: ({ step, phase }) => {
          if (pulled || step !== until || phase !== 'done') return;
          pulled = true;
          token.pullOut();
        },
      },
    });
    worlds.push(world);
    await token.plugInto(world);
    return world;
  }

  async function beginOn(world: World): Promise<Customer> {
    const customer = await world.admit();
    const { state } = await world.register(customer);
    expect(state).toBe('interrupted');
    await eventually(() => world.kilt.tokensView().tokens.length === 0, { what: 'the token is out' });
    return customer;
  }

  function expectOneOfEverything(customer: Customer): void {
    expect(token.watched.keyFiles()).toEqual({ privateKeys: 2, publicKeys: 2, empty: 0 });
    expect(token.watched.refusedVerifies).toBe(0);
    expect(bank.registrations().filter(({ userId }) => userId === customer.userId)).toHaveLength(1);
  }

  const interruptions = registrationSteps.filter((step) => step !== 'profile-written');

  it.each(interruptions)('and cut after «%s» is continued to success on another', async (step) => {
    const customer = await beginOn(await computer('first', step));

    const second = await computer('second');
    expect(second.token()).toMatchObject({
      kind: 'unfinished',
      unfinished: { userId: customer.userId, computer: expect.stringMatching(/./) },
    });
    expect(second.token().unfinished).not.toHaveProperty('journalId');
    const ended = await second.resume(customer);

    expect(ended.error).toBeUndefined();
    expect(ended.state).toBe('finished');
    expectOneOfEverything(customer);
    expect(second.token()).toMatchObject({ kind: 'registered', profiles: [{ userId: customer.userId }] });
    const opened = await second.kilt.profiles.open(second.token().id, secretFromText(chosenPassword));
    expect(opened.outcome).toBe('signed-in');
  });

  it('is asked for its data again, and keeps the date on which it was begun', async () => {
    const customer = await beginOn(await computer('first', 'sign-in-certificate-received'));
    const startedAt = worlds[0]?.kilt.runner.list()[0]?.startedAt;

    const second = await computer('second');
    const opened = await second.kilt.profiles.open(second.token().id, secretFromText(chosenPassword));

    expect(opened).toMatchObject({
      outcome: 'continue-registration',
      registration: {
        state: 'interrupted',
        startedAt,
        userId: customer.userId,
        needs: { registrationData: true, pinOnToken: 'new' },
      },
    });
    expect(second.token().unfinished).toHaveProperty('journalId');
  });

  it('and finished on another is no longer open on the first', async () => {
    const first = await computer('first', 'sign-in-key-made');
    const customer = await beginOn(first);
    const second = await computer('second');
    await second.resume(customer);
    token.pullOut();
    await eventually(() => second.kilt.tokensView().tokens.length === 0);

    await token.plugInto(first);

    await eventually(() => first.kilt.runner.list().length === 0);
    expect(first.token()).toMatchObject({ kind: 'registered', profiles: [{ userId: customer.userId }] });
  });

  it('continued on another and cut there again is finished on the first', async () => {
    const first = await computer('first', 'signature-key-made');
    const customer = await beginOn(first);
    const second = await computer('second', 'sign-in-certificate-stored');
    expect(await second.resume(customer)).toMatchObject({ state: 'interrupted' });
    await eventually(() => second.kilt.tokensView().tokens.length === 0);

    await token.plugInto(first);
    expect(await first.resume(customer)).toMatchObject({ state: 'finished' });

    expectOneOfEverything(customer);
  });

  it('whose database was deleted is continued on the same computer', async () => {
    const first = await computer('first', 'signature-certificate-confirmed');
    const customer = await beginOn(first);
    await first.kilt.stop();
    rmSync(path.join(folder, 'first'), { recursive: true });

    const again = await computer('first');
    expect(await again.resume(customer)).toMatchObject({ state: 'finished' });

    expectOneOfEverything(customer);
  });

  it('that its own computer had given up by mistake is opened again, and everything asked of the token anew', async () => {
    const first = await computer('first', 'signature-certificate-stored');
    const customer = await beginOn(first);
    const database = openDatabase(path.join(folder, 'first'));
    database.prepare(`UPDATE registrations SET state = 'abandoned'`).run();
    database.close();

    await token.plugInto(first);
    expect(first.token()).toMatchObject({ kind: 'unfinished' });
    expect(await first.resume(customer)).toMatchObject({ state: 'finished' });

    expectOneOfEverything(customer);
  });

  it('is not restarted: a new registration on its token is refused', async () => {
    await beginOn(await computer('first', 'sign-in-key-made'));
    const second = await computer('second');
    const other = await second.admit();
    await expect(second.begin(other, chosenPassword)).rejects.toThrow(
      expect.objectContaining({ id: 'registration-unfinished' }),
    );
  });
});
