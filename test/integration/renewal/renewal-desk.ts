import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'vitest';
import { secretFromText } from '#shared/bytes.ts';
import type { KeySetView, RenewalView } from '#shared/renewal-views.ts';
import { readProfiles, type ProfileRecord } from '#main/enrolment/profile-record.ts';
import type { KiltOptions } from '#main/kilt.ts';
import type { TokenSession } from '#main/token/token-session.ts';
import { registerNewCard, registeredCard } from '#test/support/registered-card.ts';
import type { RunningBank } from '#test/bank/start-bank.ts';
import { eventually } from '#test/support/eventually.ts';
import { World, chosenPassword } from '#test/support/world.ts';
import type { WatchedCard } from '#test/support/watched-card.ts';
import { FaultyCard } from '#test/virtual-token/faults.ts';

/** A customer with a registered token, at one computer or several, who regenerates the keys on it. */
export class RenewalDesk {
  readonly bank: RunningBank;
  readonly card: WatchedCard;
  readonly userId: string;
  readonly #folder = mkdtempSync(path.join(tmpdir(), 'kilt-renewal-'));
  readonly #worlds: World[] = [];
  #world: World | undefined;
  #plugged: FaultyCard | undefined;

  private constructor(bank: RunningBank, card: WatchedCard, userId: string) {
    this.bank = bank;
    this.card = card;
    this.userId = userId;
  }

  /** Registers a new token, and puts it into the reader of a computer. */
  static async open(bank: RunningBank, kilt: Partial<KiltOptions> = {}): Promise<RenewalDesk> {
    const registered = await registerNewCard(bank);
    const desk = new RenewalDesk(bank, registeredCard(registered), registered.userId);
    await desk.start('first', kilt);
    return desk;
  }

  /** A desk at which nothing is plugged in and no Kilt is running yet. */
  static with(bank: RunningBank, card: WatchedCard, userId: string): RenewalDesk {
    return new RenewalDesk(bank, card, userId);
  }

  /** Starts Kilt on a computer, anew if it was running there, with the token in its reader. */
  async start(computer = 'first', kilt: Partial<KiltOptions> = {}): Promise<World> {
    this.#world = await World.open({
      bank: this.bank,
      kilt: { dataFolder: path.join(this.#folder, computer), ...kilt },
    });
    this.#worlds.push(this.#world);
    await this.plug();
    return this.#world;
  }

  async stop(): Promise<void> {
    await this.#world?.close();
    this.#worlds.splice(this.#worlds.indexOf(this.world), 1);
    this.#world = undefined;
  }

  get world(): World {
    if (!this.#world) throw new Error('Kilt is not running');
    return this.#world;
  }

  async plug(card: WatchedCard = this.card): Promise<FaultyCard> {
    this.#plugged = new FaultyCard(card);
    await this.world.insert(this.#plugged);
    return this.#plugged;
  }

  get plugged(): FaultyCard {
    if (!this.#plugged) throw new Error('no token');
    return this.#plugged;
  }

  async pull(): Promise<void> {
    this.#plugged?.remove();
    await this.isOut();
  }

  async isOut(): Promise<void> {
    await eventually(() => this.world.kilt.tokensView().tokens.length === 0, { what: 'the token is out' });
  }

  keySet(): KeySetView {
    const [keySet] = this.world.kilt.renewals.list();
    if (!keySet) throw new Error('no key set is known');
    return keySet;
  }

  renewal(): RenewalView {
    const { renewal } = this.keySet();
    if (!renewal) throw new Error('no renewal');
    return renewal;
  }

  get tokenId(): string {
    return this.world.token().id;
  }

  /** «Новый», «Отправить документ в банк»; until the run has ended or waits for the bank. */
  async send(registrationPin?: string): Promise<RenewalView> {
    const { renewals, renewalRunner } = this.world.kilt;
    const { renewal } = await renewals.send({
      keySetId: this.keySet().id,
      tokenId: this.tokenId,
      pin: secretFromText(chosenPassword),
      registrationPin: registrationPin === undefined ? undefined : secretFromText(registrationPin),
    });
    return renewalRunner.settled(renewal?.journalId ?? '');
  }

  /** «Получить сертификат» or «Продолжить»; until the run has ended or waits for the bank. */
  async continue(registrationPin?: string): Promise<RenewalView> {
    const { renewals, renewalRunner } = this.world.kilt;
    const { journalId } = this.renewal();
    await renewals.continue({
      journalId,
      tokenId: this.tokenId,
      pin: secretFromText(chosenPassword),
      registrationPin: registrationPin === undefined ? undefined : secretFromText(registrationPin),
    });
    return renewalRunner.settled(journalId);
  }

  /** Until the run under way has ended. */
  async ended(): Promise<void> {
    await this.world.kilt.renewalRunner.ended(this.renewal().journalId);
  }

  /** What stands against formatting the token. */
  async formatBlockers(): Promise<readonly string[]> {
    const { blockers } = await this.world.kilt.controlPanel.planFormat(this.tokenId);
    return blockers.map(({ kind }) => kind);
  }

  /** Something done to the token behind Kilt's back, by its user. */
  onToken<T>(work: (session: TokenSession) => Promise<T>): Promise<T> {
    return this.world.kilt.tokens.withSession(this.tokenId, async (session) => {
      await session.login('user', secretFromText(chosenPassword));
      return work(session);
    });
  }

  async record(): Promise<ProfileRecord> {
    const [record] = readProfiles(await this.onToken((session) => session.objects())).records;
    if (record === undefined) throw new Error('no record');
    return record;
  }

  /** Really signs in at the bank, with the keys that the token says are in use. */
  async expectSignsIn(): Promise<void> {
    const { outcome } = await this.world.kilt.profiles.open(this.tokenId, secretFromText(chosenPassword));
    expect(outcome).toBe('signed-in');
  }

  /** One pair for signing, one for signing in, and nothing left over. */
  expectOneKeySet(): void {
    expect(this.card.keyFiles()).toEqual({ privateKeys: 2, publicKeys: 2, empty: 0 });
  }

  async close(): Promise<void> {
    for (const world of this.#worlds.splice(0)) await world.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
