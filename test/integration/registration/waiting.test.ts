import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { secretFromText } from '#shared/bytes.ts';
import type { RegistrationView } from '#shared/views.ts';
import type { JournalMoment } from '#main/enrolment/registration-runner.ts';
import type { RunningBank } from '#test/bank/start-bank.ts';
import { eventually } from '#test/support/eventually.ts';
import { World, chosenPassword, newCard, openBank } from '#test/support/world.ts';
import type { WatchedCard } from '#test/support/watched-card.ts';
import { FaultyCard } from '#test/virtual-token/faults.ts';

type Customer = Awaited<ReturnType<World['admit']>>;

/** «Принят банком»: a registration whose request the CA has taken and not decided, for as long as it likes. */
describe.each([
  ['with a key file', 'initial-key'],
  ['with ID and ПИН alone', 'id-and-pin'],
] as const)('a registration that waits for the bank, %s,', (_, authentication) => {
  let bank: RunningBank;
  let folder: string;
  let card: WatchedCard;
  let plugged: FaultyCard;
  let worlds: World[];
  let clock = 0;
  let onMoment: ((moment: JournalMoment) => void) | undefined;

  beforeAll(async () => {
    bank = await openBank({ authentication, now: () => new Date(Date.now() + clock) });
  });
  afterAll(() => bank.stop());
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'kilt-waiting-'));
    card = newCard();
    worlds = [];
    clock = 0;
    onMoment = undefined;
  });
  afterEach(async () => {
    for (const world of worlds) await world.close();
    rmSync(folder, { recursive: true });
  });

  /** Kilt is started on a computer, with the token in its reader. */
  async function start(computer = 'first'): Promise<World> {
    const world = await World.open({
      bank,
      kilt: {
        dataFolder: path.join(folder, computer),
        now: () => new Date(Date.now() + clock),
        onJournalLine: (moment) => onMoment?.(moment),
      },
    });
    worlds.push(world);
    await plugInto(world);
    return world;
  }
  async function plugInto(world: World): Promise<void> {
    plugged = new FaultyCard(card);
    await world.insert(plugged);
  }
  async function end(world: World): Promise<void> {
    worlds = worlds.filter((one) => one !== world);
    await world.close();
  }

  const onlyOne = (world: World): RegistrationView => {
    const [registration] = world.kilt.runner.list();
    if (!registration) throw new Error('no registration is open');
    return registration;
  };
  const kept = (): unknown => worlds[0]?.kilt.tokens.tokens()[0]?.objects?.privateData;
  const isKept = () => eventually(() => kept() !== undefined, { what: 'the credentials are on the token' });

  /** A customer whose request the bank will not decide by itself; the key file is on a stick of its own. */
  async function admit(world: World): Promise<Customer> {
    const customer = await world.admit({ hold: true });
    const keyFilePath = path.join(folder, 'Key.pfx');
    writeFileSync(keyFilePath, customer.keyFile);
    return { ...customer, keyFilePath };
  }

  async function begin(world: World): Promise<{ customer: Customer; journalId: string }> {
    const customer = await admit(world);
    const { journalId } = await world.begin(customer);
    await eventually(() => onlyOne(world).waitingUntil !== undefined, { what: 'waiting' });
    return { customer, journalId };
  }

  /** The token's password, and nothing else. */
  async function goOn(world: World): Promise<RegistrationView> {
    const tokenId = world.token().id;
    const opened = await world.kilt.profiles.open(tokenId, secretFromText(chosenPassword));
    if (opened.outcome !== 'continue-registration') throw new Error(opened.outcome);
    const { journalId, needs } = opened.registration;
    expect(needs).toMatchObject({ registrationData: false, pinOnToken: 'new' });
    return world.kilt.resume({ registrationId: journalId, tokenId });
  }

  function expectOneOfEverything(world: World, { userId }: Customer): void {
    expect(card.keyFiles()).toEqual({ privateKeys: 2, publicKeys: 2, empty: 0 });
    expect(card.refusedVerifies).toBe(0);
    expect(bank.registrations().filter((one) => one.userId === userId)).toHaveLength(1);
    expect(world.token()).toMatchObject({ kind: 'registered', profiles: [{ userId }] });
    expect(world.kilt.tokens.tokens()[0]?.objects).not.toHaveProperty('privateData');
    expect(card.privateDataFiles()).toBe(0);
  }

  it('is shown as accepted by the bank, also after a restart and to those who know no PIN', async () => {
    const first = await start();
    await begin(first);
    await isKept();
    expect(first.token().unfinished).toMatchObject({ acceptedByBank: true });
    await end(first);

    const again = await start();
    expect(onlyOne(again)).toMatchObject({ state: 'interrupted', waitingUntil: expect.any(String) });
    expect(onlyOne(again)).not.toHaveProperty('error');
    expect(again.token().unfinished).toMatchObject({
      acceptedByBank: true,
      waitingUntil: expect.any(String),
    });
    await end(again);

    const elsewhere = await start('second');
    expect(elsewhere.token().unfinished).toMatchObject({ acceptedByBank: true });
  });

  it('goes on after a restart by the token’s password alone, and ends when the bank agrees', async () => {
    const first = await start();
    const { customer } = await begin(first);
    await isKept();
    await end(first);

    const again = await start();
    const { journalId } = await goOn(again);
    bank.approve(customer.userId);
    expect(await again.kilt.runner.ended(journalId)).toMatchObject({ state: 'finished' });
    expectOneOfEverything(again, customer);
  });

  it('goes on after days on another computer by the token’s password alone', async () => {
    const first = await start();
    const { customer } = await begin(first);
    await isKept();
    await end(first);
    bank.approve(customer.userId);
    clock = 5 * 24 * 3600 * 1000;

    const second = await start('second');
    const { journalId } = await goOn(second);
    const ended = await second.kilt.runner.ended(journalId);
    expect(ended.error).toBeUndefined();
    expect(ended.state).toBe('finished');
    expectOneOfEverything(second, customer);
  });

  it('does not mind that the token is pulled meanwhile, as long as it is there with its password in the end', async () => {
    const world = await start();
    const { customer, journalId } = await begin(world);
    await isKept();
    plugged.remove();
    await eventually(() => world.kilt.tokensView().tokens.length === 0);
    await plugInto(world);
    await world.kilt.profiles.open(world.token().id, secretFromText(chosenPassword));

    bank.approve(customer.userId);
    expect(await world.kilt.runner.ended(journalId)).toMatchObject({ state: 'finished' });
    expectOneOfEverything(world, customer);
  });

  it('asks again later where the network is cut, says so meanwhile, and loses nothing', async () => {
    const world = await start();
    const { customer, journalId } = await begin(world);
    bank.setFault({ next: 'drop-connection', times: 3 });
    await eventually(() => onlyOne(world).waitingTrouble?.id === 'network-unreachable');
    expect(onlyOne(world).state).toBe('running');
    bank.approve(customer.userId);
    expect(await world.kilt.runner.ended(journalId)).toMatchObject({ state: 'finished' });
    expectOneOfEverything(world, customer);
  });

  it.each(['writing', 'kept', 'removing', 'removed'] as const)(
    'pulled out when its credentials are at «%s» goes on, with nothing left over',
    async (phase) => {
      const world = await start();
      let pulled = false;
      let settled = false;
      onMoment = (moment) => {
        settled ||= moment.phase === 'kept' || moment.phase === 'not-kept';
        if (pulled || moment.phase !== phase) return;
        pulled = true;
        plugged.remove();
      };
      const { customer, journalId } = await begin(world);
      await eventually(() => settled);
      bank.approve(customer.userId);
      expect(await world.kilt.runner.ended(journalId)).toMatchObject({
        state: 'interrupted',
        error: { id: 'token-removed' },
      });
      expect(pulled).toBe(true);

      await plugInto(world);
      expect(await world.resume(customer)).toMatchObject({ state: 'finished' });
      expectOneOfEverything(world, customer);
    },
  );

  it('refused by the bank tells the bank’s reason, and the token keeps nothing that was refused', async () => {
    const first = await start();
    const { customer } = await begin(first);
    await isKept();
    await end(first);

    const again = await start();
    const { journalId } = await goOn(again);
    bank.refuse(customer.userId, 'Договор расторгнут');
    expect(await again.kilt.runner.ended(journalId)).toMatchObject({
      state: 'interrupted',
      error: { id: 'ca-refused', data: { reason: 'Договор расторгнут' } },
      needs: { registrationData: true },
    });
    expect(onlyOne(again)).not.toHaveProperty('waitingUntil');
    expect(card.privateDataFiles()).toBe(0);

    bank.approve(customer.userId);
    expect(await again.resume(customer)).toMatchObject({ state: 'finished' });
    expectOneOfEverything(again, customer);
  });

  it('on a token without room for it waits as well, and asks for everything again after a restart', async () => {
    const first = await start();
    onMoment = ({ phase }) => {
      if (phase === 'writing') plugged.arm({ do: 'answer', statusWord: '6A84', command: 'CREATE' });
    };
    const { customer } = await begin(first);
    await eventually(() => onlyOne(first).needs.registrationData);
    expect(kept()).toBeUndefined();
    await end(first);
    onMoment = undefined;

    const again = await start();
    expect(onlyOne(again).needs.registrationData).toBe(true);
    bank.approve(customer.userId);
    expect(await again.resume(customer)).toMatchObject({ state: 'finished' });
    expectOneOfEverything(again, customer);
  });

  it('lets the program end while it waits, but not where everything would have to be typed again', async () => {
    const world = await start();
    const { customer, journalId } = await begin(world);
    await isKept();
    await world.kilt.idle();
    expect(world.kilt.runner.isRunning(journalId)).toBe(true);

    bank.approve(customer.userId);
    await world.kilt.runner.ended(journalId);
    await world.kilt.idle();
  });

  it('writes no secret to the disk', async () => {
    const first = await start();
    const { customer } = await begin(first);
    await isKept();
    await end(first);
    const data = path.join(folder, 'first');
    for (const file of readdirSync(data).filter((name) => name.startsWith('kilt.db'))) {
      const bytes = readFileSync(path.join(data, file));
      expect(bytes.includes(Buffer.from(customer.pin))).toBe(false);
      expect(bytes.includes(Buffer.from(customer.keyFile.subarray(100, 200)))).toBe(false);
    }
  });
});
