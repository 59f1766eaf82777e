import { randomBytes } from 'node:crypto';
import { secretFromText } from '#shared/bytes.ts';
import { PcscAccess } from '#main/token/pcsc-access.ts';
import type { TokenObjects, TokenSession } from '#main/token/token-session.ts';
import { TokenWatchService } from '#main/token/token-watch-service.ts';
import type { KnownToken } from '#main/token/token-watch.ts';
import { eventually } from '#test/support/eventually.ts';
import { rsaKeyFromStock } from '#test/support/rsa-key-stock.ts';
import { WatchedCard } from '#test/support/watched-card.ts';
import { commandName, type CommandName } from '#test/virtual-token/apdu-names.ts';
import { VirtualCard } from '#test/virtual-token/card.ts';
import type { EmulatedCard } from '#test/virtual-token/emulated-card.ts';
import { FaultyCard } from '#test/virtual-token/faults.ts';
import type { VirtualCardOptions } from '#test/virtual-token/profiles.ts';
import type { RsaKeySource } from '#test/virtual-token/rsa-key.ts';
import { VPCD_PORT, VpcdClient } from '#test/virtual-token/vpcd-client.ts';

export const userPin = '12345678';

export type DeskTokenOptions = Partial<VirtualCardOptions> & { readonly rsaKeySource?: RsaKeySource };

/** A token on the desk: what is in it, what can go wrong with it, and what was sent to it. */
export class DeskToken {
  readonly serial: string;
  readonly watched: WatchedCard;
  readonly faults: FaultyCard;
  /** Names of the commands that came over the wire, whether or not a fault let the card see them. */
  sent: CommandName[] = [];

  /** @param options of the card; and where its keys come from, if not out of the stock */
  constructor({ rsaKeySource = rsaKeyFromStock, ...options }: DeskTokenOptions = {}) {
    this.serial = randomBytes(4).toString('hex').toUpperCase().replace(/^0/, 'A');
    const card = VirtualCard.create(
      { profile: 'default-pins', serial: this.serial, ...options },
      { rsaKeySource },
    );
    this.watched = new WatchedCard(card);
    this.faults = new FaultyCard(this.watched);
  }

  /** How often a PIN was sent since {@link sent} was emptied. */
  get verifiesSent(): number {
    return this.sent.filter((name) => name === 'VERIFY').length;
  }

  /** Makes it again what the vendor delivers, without its being put in anew, and forgets what was sent. */
  empty(): void {
    this.watched.reload(VirtualCard.create({ profile: 'default-pins', serial: this.serial }).snapshot());
    this.faults.powerOn();
    this.sent = [];
  }

  /** What goes into the reader. */
  get plug(): EmulatedCard {
    const { faults } = this;
    return {
      get atr() {
        return faults.atr;
      },
      powerOn: () => faults.powerOn(),
      powerOff: () => faults.powerOff(),
      reset: () => faults.reset(),
      transmit: (command) => {
        this.sent.push(commandName(command));
        return faults.transmit(command);
      },
    };
  }
}

/** Kilt’s own token watch, through a real PC/SC service, and virtual tokens in its readers. */
export class TokenDesk {
  readonly watch: TokenWatchService;
  readonly #port: number;
  readonly #clients = new Map<number, VpcdClient>();

  private constructor(watch: TokenWatchService, port: number) {
    this.watch = watch;
    this.#port = port;
  }

  /** @param options.port of the first vpcd slot */
  static async open({ port = VPCD_PORT }: { port?: number } = {}): Promise<TokenDesk> {
    const watch = new TokenWatchService(new PcscAccess());
    await watch.start();
    return new TokenDesk(watch, port);
  }

  /** Puts a new token in, as the vendor delivers it, and does not wait for anybody to notice. */
  async plugIn(options: DeskTokenOptions = {}, slot = 0): Promise<DeskToken> {
    const token = new DeskToken(options);
    await this.plugInAgain(token, slot);
    return token;
  }

  /** Puts a token that was used before in. From then on it goes and comes as its faults say. */
  async plugInAgain(token: DeskToken, slot = 0): Promise<void> {
    const client = this.#clients.get(slot) ?? new VpcdClient({ port: this.#port + slot });
    this.#clients.set(slot, client);
    const plug = token.plug;
    token.faults.onPresenceChange((present) => void (present ? client.insert(plug) : client.eject()));
    await client.insert(plug);
  }

  /** The same, and waits until Kilt has read it. */
  async withToken(options: DeskTokenOptions = {}, slot = 0): Promise<DeskToken> {
    const token = await this.plugIn(options, slot);
    await this.ready(token);
    token.sent = [];
    return token;
  }

  async putBack(token: DeskToken): Promise<void> {
    await this.gone(token);
    token.faults.insert();
    await this.ready(token);
  }

  async ready(token: DeskToken): Promise<KnownToken> {
    await eventually(() => this.known(token)?.state === 'ready', { what: 'a token that is read' });
    return this.known(token) as KnownToken;
  }

  gone(token: DeskToken): Promise<void> {
    return eventually(() => this.known(token) === undefined, { what: 'a token that has gone' });
  }

  known({ serial }: DeskToken): KnownToken | undefined {
    return this.watch.tokens().find(({ info }) => info?.serial === serial);
  }

  async session<T>(token: DeskToken, work: (session: TokenSession) => Promise<T>): Promise<T> {
    const { id } = await this.ready(token);
    return this.watch.withSession(id, work);
  }

  asUser<T>(token: DeskToken, work: (session: TokenSession) => Promise<T>, pin = userPin): Promise<T> {
    return this.session(token, async (session) => {
      await session.login('user', secretFromText(pin));
      return work(session);
    });
  }

  /** Looks at the token anew, not at what is remembered of it. */
  objects(token: DeskToken): Promise<TokenObjects> {
    return this.session(token, (session) => session.objects());
  }

  /** Takes all tokens out. */
  async clear(): Promise<void> {
    for (const client of this.#clients.values()) await client.stop();
    await eventually(() => this.watch.tokens().length === 0, { what: 'an empty desk' });
  }

  async close(): Promise<void> {
    for (const client of this.#clients.values()) await client.stop();
    await this.watch.stop();
  }
}
