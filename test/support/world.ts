import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { secretFromText, type SecretBytes } from '#shared/bytes.ts';
import type { RegistrationView } from '#shared/views.ts';
import type { BankSystem } from '#main/enrolment/bank-system.ts';
import { Kilt, type KiltOptions } from '#main/kilt.ts';
import { createVirtualReaders, type VirtualReaders } from '#main/token/virtual-reader.ts';
import type { Admission, AdmissionOrder } from '#test/bank/admission.ts';
import { startBank, type BankOptions, type RunningBank } from '#test/bank/start-bank.ts';
import { VirtualCard } from '#test/virtual-token/card.ts';
import { FaultyCard } from '#test/virtual-token/faults.ts';
import type { VirtualCardOptions } from '#test/virtual-token/profiles.ts';
import { VpcdClient } from '#test/virtual-token/vpcd-client.ts';
import { eventually } from './eventually.ts';
import { rsaKeyFromStock } from './rsa-key-stock.ts';
import { WatchedCard } from './watched-card.ts';

/** User PIN of a new token, and the password its owner chooses in these tests. */
export const factoryPin = '12345678';
export const chosenPassword = 'Tulpar7Asyq';

/** A demo bank with a folder of its own, gone when it is stopped. */
export async function openBank(options: Partial<BankOptions> = {}): Promise<RunningBank> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'kilt-bank-'));
  const bank = await startBank({ dataDir, checkAfterSeconds: 1, ...options });
  return {
    ...bank,
    stop: async () => {
      await bank.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

export interface InsertedToken {
  readonly watched: WatchedCard;
  readonly faults: FaultyCard;
}

/** A token as the customer gets it, which keeps its keys from the stock. */
export const newCard = (options: Partial<VirtualCardOptions> = {}): WatchedCard =>
  new WatchedCard(
    VirtualCard.create({ profile: 'default-pins', ...options }, { rsaKeySource: rsaKeyFromStock }),
  );

/**
 * A customer's desk: a virtual token in a virtual reader, the demo bank, and Kilt without a window. Everything is real
 * but the USB plug; all in one process, so that a test can look into the token and the bank.
 */
export class World {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'kilt-world-'));
  readonly bank: RunningBank;
  readonly readers: VirtualReaders;
  #kilt: Kilt;
  #slots: { client: VpcdClient; card: FaultyCard }[] = [];

  private constructor(bank: RunningBank, readers: VirtualReaders, kilt: Kilt) {
    this.bank = bank;
    this.readers = readers;
    this.#kilt = kilt;
  }

  /** @param options.bank one that several worlds share; its owner stops it */
  static async open(options: { bank: RunningBank; kilt?: Partial<KiltOptions> }): Promise<World> {
    const { bank } = options;
    bank.setFault({ next: 'none' });
    bank.setFault({ next: 'none', on: 'api' });
    const readers = createVirtualReaders({ port: 0, slots: 2 });
    const dataFolder = mkdtempSync(path.join(tmpdir(), 'kilt-data-'));
    const kilt = new Kilt({ dataFolder, access: readers, bankFile: bank.bankFile, ...options.kilt });
    const world = new World(bank, readers, kilt);
    await kilt.start();
    return world;
  }

  get kilt(): Kilt {
    return this.#kilt;
  }

  /** Puts a new virtual token into a slot and waits until Kilt has read it. */
  async insertNewToken(options: Partial<VirtualCardOptions> = {}, slot = 0): Promise<InsertedToken> {
    const watched = newCard(options);
    const faults = new FaultyCard(watched);
    await this.insert(faults, slot);
    return { watched, faults };
  }

  async insert(card: FaultyCard, slot = 0): Promise<void> {
    const client = new VpcdClient({ port: this.readers.ports()[slot] ?? 0 });
    this.#slots[slot] = { client, card };
    card.onPresenceChange((present) => void (present ? client.insert(card) : client.eject()));
    await client.insert(card);
    await eventually(() => this.kilt.tokensView().tokens.some(({ state }) => state === 'ready'));
  }

  async removeToken(slot = 0): Promise<void> {
    await this.#slots[slot]?.client.stop();
    await eventually(() => this.kilt.tokensView().tokens.length === this.#slots.length - 1);
  }

  async admit(order: AdmissionOrder = {}): Promise<Admission & { keyFilePath: string }> {
    const admission = await this.bank.admit(order);
    const keyFilePath = path.join(this.folder, `${admission.userId}.pfx`);
    writeFileSync(keyFilePath, admission.keyFile);
    return { ...admission, keyFilePath };
  }

  /** The only token there is. */
  token() {
    const [token] = this.kilt.tokensView().tokens;
    if (!token) throw new Error('no token is in a reader');
    return token;
  }

  /** The wizard without its window, up to «Далее» of step 4. */
  async begin(customer: Admission & { keyFilePath: string }, pin = factoryPin): Promise<RegistrationView> {
    const tokenId = this.token().id;
    await this.kilt.profiles.open(tokenId, secretFromText(pin));
    const bank = this.kilt.banks.all()[0];
    if (!bank) throw new Error('no bank');
    const draft = await this.kilt.drafts.check(bank, {
      userId: customer.userId,
      ...dataOf(customer, bank),
    });
    return this.kilt.register({
      draftId: draft.id,
      tokenId,
      label: '',
      newPin: secretFromText(chosenPassword),
    });
  }

  /** {@link begin}, and waits for the end of the run, good or bad. */
  async register(customer: Admission & { keyFilePath: string }, pin = factoryPin): Promise<RegistrationView> {
    const { journalId } = await this.begin(customer, pin);
    return this.kilt.runner.ended(journalId);
  }

  /** The password that the token has, as far as its record tells. */
  private rightPin(): string {
    return this.token().unfinished?.pinOnToken === 'old' ? factoryPin : chosenPassword;
  }

  /** Types what an unfinished registration needs, as the user would, and waits for the end of the run. */
  async resume(customer: Admission & { keyFilePath: string }, pin?: string): Promise<RegistrationView> {
    const token = this.token();
    const opened = await this.kilt.profiles.open(token.id, secretFromText(pin ?? this.rightPin()));
    if (opened.outcome !== 'continue-registration') throw new Error(`nothing to continue: ${opened.outcome}`);
    const { journalId, needs } = opened.registration;
    await this.kilt.resume({
      registrationId: journalId,
      tokenId: token.id,
      newPin: needs.pinOnToken === 'new' ? undefined : secretFromText(chosenPassword),
      data: needs.registrationData
        ? dataOf(customer, this.kilt.banks.get(opened.registration.bankId))
        : undefined,
    });
    return this.kilt.runner.ended(journalId);
  }

  async close(): Promise<void> {
    for (const { client } of this.#slots) await client.stop();
    await this.kilt.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** What the customer types, as far as this bank asks for it. */
const dataOf = (customer: Admission & { keyFilePath: string }, bank: BankSystem) => ({
  registrationPin: copy(customer.pin),
  ...(bank.authentication === 'initial-key'
    ? { keyFile: { path: customer.keyFilePath, password: copy(customer.keyFilePassword) } }
    : {}),
});

const copy = (secret: SecretBytes): SecretBytes => Uint8Array.from(secret) as SecretBytes;
