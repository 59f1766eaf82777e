import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { secretFromText } from '#shared/bytes.ts';
import type { AuditEntry, FormatSettings, FormatView } from '#shared/control-panel-views.ts';
import { encodeProfileRecord, type ProfileRecord } from '#main/enrolment/profile-record.ts';
import { Kilt, type KiltOptions } from '#main/kilt.ts';
import { createVirtualReaders, type VirtualReaders } from '#main/token/virtual-reader.ts';
import type { FormatOrder } from '#main/control-panel/format-order.ts';
import type { TokenSession } from '#main/token/token-session.ts';
import { eventually } from '#test/support/eventually.ts';
import type { WatchedCard } from '#test/support/watched-card.ts';
import { factoryPin, newCard } from '#test/support/world.ts';
import { FaultyCard } from '#test/virtual-token/faults.ts';
import type { VirtualCardOptions } from '#test/virtual-token/profiles.ts';
import { VpcdClient } from '#test/virtual-token/vpcd-client.ts';

export const administratorPin = '87654321';
export const newUserPin = 'Tulpar7Asyq';
export const newAdministratorPin = 'Samruk9Zhet';

export const settings: FormatSettings = {
  label: 'Saule',
  userPinChangedBy: 'user',
  userMinLength: 8,
  administratorMinLength: 9,
  userAttempts: 5,
  administratorAttempts: 3,
};

export interface TokenAtDesk {
  readonly watched: WatchedCard;
  readonly faults: FaultyCard;
  pull(): Promise<void>;
  putBack(): Promise<void>;
}

/** A support engineer's desk: two readers, virtual tokens, and Kilt without a window or a bank. */
export class Desk {
  readonly dataFolder: string;
  readonly #readers: VirtualReaders;
  readonly #clients: VpcdClient[] = [];
  #kilt: Kilt;

  private constructor(dataFolder: string, readers: VirtualReaders, kilt: Kilt) {
    this.dataFolder = dataFolder;
    this.#readers = readers;
    this.#kilt = kilt;
  }

  static async open(options: Partial<KiltOptions> = {}): Promise<Desk> {
    const dataFolder = mkdtempSync(path.join(tmpdir(), 'kilt-desk-'));
    const readers = createVirtualReaders({ port: 0, slots: 2 });
    const kilt = new Kilt({ dataFolder, access: readers, ...options });
    await kilt.start();
    return new Desk(dataFolder, readers, kilt);
  }

  get kilt(): Kilt {
    return this.#kilt;
  }

  /** Puts a token into a reader and waits until Kilt has read it. */
  async insert(options: Partial<VirtualCardOptions> = {}, slot = 0): Promise<TokenAtDesk> {
    const watched = newCard(options);
    return this.insertCard(watched, slot);
  }

  async insertCard(watched: WatchedCard, slot = 0): Promise<TokenAtDesk> {
    const faults = new FaultyCard(watched);
    const client = new VpcdClient({ port: this.#readers.ports()[slot] ?? 0 });
    this.#clients[slot] = client;
    faults.onPresenceChange((present) => void (present ? client.insert(faults) : client.eject()));
    const count = () => this.kilt.tokensView().tokens.filter(({ state }) => state === 'ready').length;
    const before = count();
    await client.insert(faults);
    await eventually(() => count() > before, { what: 'the token is read' });
    return {
      watched,
      faults,
      pull: async () => {
        faults.remove();
        await eventually(() => count() === before, { what: 'the token is gone' });
      },
      putBack: async () => {
        faults.insert();
        await eventually(() => count() > before, { what: 'the token is read again' });
      },
    };
  }

  /** Identifier of the only, or first, token. */
  tokenId(): string {
    const [token] = this.kilt.tokensView().tokens;
    if (!token) throw new Error('no token is in a reader');
    return token.id;
  }

  login(role: 'user' | 'administrator', pin = role === 'user' ? factoryPin : administratorPin) {
    return this.kilt.controlPanel.login(this.tokenId(), role, secretFromText(pin));
  }

  /** What is typed in the dialog of a format; all of it right unless a test says otherwise. */
  formatOrder(changes: Partial<FormatOrder> = {}): FormatOrder {
    const token = this.kilt.tokensView().tokens[0];
    return {
      tokenId: this.tokenId(),
      settings,
      newUserPin: secretFromText(newUserPin),
      newAdministratorPin: secretFromText(newAdministratorPin),
      acceptWeak: false,
      confirmation: token?.label || token?.serial || '',
      ...changes,
    };
  }

  format(changes: Partial<FormatOrder> = {}): Promise<FormatView> {
    return this.kilt.controlPanel.format(this.formatOrder(changes));
  }

  /** Work of another program on the token, the user logged in. */
  asUser<T>(work: (session: TokenSession) => Promise<T>, pin = factoryPin): Promise<T> {
    return this.kilt.tokens.withSession(this.tokenId(), async (session) => {
      await session.login('user', secretFromText(pin));
      return work(session);
    });
  }

  /** Writes what a Kilt on another computer has written when it began a registration. */
  async writeRecord(record: ProfileRecord): Promise<void> {
    await this.asUser(async (session) => {
      await session.createPkcs15('Dauren');
      await session.writeDataObject(encodeProfileRecord(record, await session.objects()));
    });
  }

  /** The audit, oldest first, as `action result` with error code. */
  auditLines(): readonly string[] {
    return this.auditEntries().map(({ action, result, errorCode }) =>
      [action, result, ...(errorCode === null ? [] : [errorCode])].join(' '),
    );
  }

  auditEntries(): readonly AuditEntry[] {
    return this.kilt.audit.view({ offset: 0, count: 500 }).entries.toReversed();
  }

  async close(): Promise<void> {
    for (const client of this.#clients) await client.stop();
    await this.kilt.stop();
    rmSync(this.dataFolder, { recursive: true, force: true });
  }
}
