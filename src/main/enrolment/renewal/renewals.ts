import type { SecretBytes } from '#shared/bytes.ts';
import { asSecret, wipe } from '#shared/bytes.ts';
import { KiltError, isKiltError } from '#shared/errors.ts';
import type { KeySetView, RenewalPlan } from '#shared/renewal-views.ts';
import { isProfileOf } from '#shared/views.ts';
import { DerError } from '#main/pki/asn1.ts';
import type { KeySetKey, KnownKeySet } from '#main/store/known-key-sets.ts';
import type { RenewalDemandStore } from '#main/store/renewal-demands.ts';
import type { PinCustody } from '#main/token/pin-custody.ts';
import type { KnownToken, TokenWatch } from '#main/token/token-watch.ts';
import type { BankDirectory } from '../bank-files.ts';
import type { LoginAnswer } from '../bank-protocol.ts';
import { assertMeantToken } from '../user-session.ts';
import { keySetId, keySetView } from './key-set-view.ts';
import type { KeySets } from './key-sets.ts';
import { authenticationFor, renewalPlan } from './renewal-plan.ts';
import type { RenewalRunner } from './renewal-runner.ts';
import type { RenewalStatus } from './renewal-status.ts';
import { isReadyToTake, isWaiting } from './renewal-view.ts';

/** Revocation is asked about this often while the program runs. */
const askEvery = 24 * 3600 * 1000;

interface SecretsTyped {
  readonly pin: SecretBytes;
  /** The new ПИН, where the plan says so. */
  readonly registrationPin?: SecretBytes | undefined;
}

export interface RenewalsOptions {
  readonly keySets: KeySets;
  readonly runner: RenewalRunner;
  readonly status: RenewalStatus;
  readonly demands: RenewalDemandStore;
  readonly tokens: TokenWatch;
  readonly pins: PinCustody;
  readonly banks: BankDirectory;
  /** A format or a registration is under way on the token. */
  readonly isBusy: (tokenSerial: string) => boolean;
  readonly now: () => Date;
}

/** «Перегенерация комплекта ключей»: which key sets there are, how they stand, and what the user does about them. */
export class Renewals {
  readonly #options: RenewalsOptions;
  readonly #listeners = new Set<(keySets: readonly KeySetView[]) => void>();
  #clock: NodeJS.Timeout | undefined;
  #told = '';

  constructor(options: RenewalsOptions) {
    this.#options = options;
    options.runner.onChange(() => this.changed());
  }

  onChange(listener: (keySets: readonly KeySetView[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  start(): void {
    this.#options.status.start();
    this.#clock ??= setInterval(() => void this.#ask({ fresh: false }), askEvery).unref();
    void this.#ask({ fresh: false });
  }

  async stop(): Promise<void> {
    clearInterval(this.#clock);
    this.#clock = undefined;
    this.#options.keySets.close();
    this.#options.status.stop();
    await this.#options.runner.stop();
  }

  /** All key sets that were ever seen here, those that end first on top. */
  list(): readonly KeySetView[] {
    return this.#options.keySets
      .all()
      .flatMap((keySet) => this.#viewOf(keySet) ?? [])
      .sort((a, b) => a.daysLeft - b.daysLeft);
  }

  /** «Обновить»: asks revocation services, the bank, and for requests under way the CA, now. */
  async refresh(): Promise<readonly KeySetView[]> {
    const { runner, status } = this.#options;
    this.follow();
    for (const { id } of runner.journal.unfinished()) if (runner.isRunning(id)) runner.wake(id);
    await Promise.all([this.#ask({ fresh: true }), status.ask({ onlyDue: false })]);
    this.changed();
    return this.list();
  }

  /** «Новый»: what will happen. Nothing is changed. @throws KiltError `input-invalid` {field: `keySetId`}, `bank-file-…` */
  plan(id: string): RenewalPlan {
    const keySet = this.#keySet(id);
    const view = this.#viewOf(keySet);
    if (!view) throw new KiltError('input-invalid', { field: 'keySetId' });
    const { banks, keySets, isBusy, now } = this.#options;
    return renewalPlan({
      keySet,
      view,
      bank: banks.get(keySet.bankId),
      token: keySets.tokenOf(keySet.tokenSerial),
      isBusy: isBusy(keySet.tokenSerial),
      now: now(),
    });
  }

  /**
   * «Отправить документ в банк»: one VERIFY; then new keys are made beside the old ones and the request is sent, in the
   * background.
   *
   * @throws KiltError the plan's first obstacle; `input-invalid` {field}, `wrong-pin`, `pin-blocked`, `token-swapped`;
   *   nothing was changed then
   */
  async send(
    order: SecretsTyped & { readonly keySetId: string; readonly tokenId: string },
  ): Promise<KeySetView> {
    const { runner, keySets, now } = this.#options;
    const keySet = this.#keySet(order.keySetId);
    const [obstacle] = this.plan(order.keySetId).obstacles;
    if (obstacle) throw new KiltError(obstacle.id, obstacle.data);
    const authentication = authenticationFor(keySet, now());
    if (authentication === 'id-and-pin' && !order.registrationPin?.length)
      throw new KiltError('input-invalid', { field: 'registrationPin' });
    await this.#login(keySet.tokenSerial, order);
    const token = keySets.tokenOf(keySet.tokenSerial);
    if (!token) throw new KiltError('token-removed');
    const { id } = runner.open(token, keySet, authentication);
    this.#run(id, order);
    return this.#viewAgain(keySet);
  }

  /**
   * «Получить сертификат» where the CA has issued; else goes on where it stopped: one VERIFY.
   *
   * @throws KiltError as {@link send}; `operation-busy`
   */
  async continue(
    order: SecretsTyped & { readonly journalId: string; readonly tokenId: string },
  ): Promise<KeySetView> {
    const { runner, isBusy } = this.#options;
    const renewal = runner.journal.get(order.journalId);
    const { needs, state } = runner.view(renewal);
    if (state === 'finished' || state === 'abandoned')
      throw new KiltError('input-invalid', { field: 'journalId' });
    if (isBusy(renewal.tokenSerial)) throw new KiltError('operation-busy');
    const isUnderWay = runner.isRunning(renewal.id);
    if (needs.registrationPin && !isUnderWay && !order.registrationPin?.length)
      throw new KiltError('input-invalid', { field: 'registrationPin' });
    await this.#login(renewal.tokenSerial, order);
    if (isReadyToTake(renewal)) runner.take(renewal.id);
    // The user is there: the CA is asked now, whenever it is due.
    runner.askNow(renewal.id);
    if (isUnderWay) runner.wake(renewal.id);
    else this.#run(renewal.id, order);
    return this.#viewAgain(this.#keySetOf(renewal));
  }

  /**
   * The reason of a refusal was read: the new keys are off the token, and the old ones are in use.
   *
   * @throws KiltError `pin-needed` while new keys are still on the token, `renewal-unfinished`, `operation-busy`
   */
  async close(journalId: string): Promise<readonly KeySetView[]> {
    await this.#options.runner.close(journalId);
    this.changed();
    return this.list();
  }

  /** Follows the readers. To be called whenever something has changed at them. */
  follow(): void {
    const { keySets, runner } = this.#options;
    runner.settle();
    const tokenSerials = keySets.follow();
    if (tokenSerials.length > 0) void this.#ask({ fresh: false, tokenSerials });
    this.changed();
  }

  /**
   * A profile has signed in: whether its bank demands new keys is remembered, and what waits for the bank on this token is
   * asked about now that its PIN is there.
   */
  signedIn(
    {
      bankId,
      userId,
      tokenSerial,
      tokenId,
    }: { bankId: string; userId: string; tokenSerial: string; tokenId: string },
    { renewal }: Pick<LoginAnswer, 'renewal'>,
  ): void {
    try {
      const { demands, runner } = this.#options;
      demands.heard(bankId, userId, renewal);
      for (const waiting of runner.journal.heldOnToken(tokenSerial)) {
        if (!isWaiting(waiting) || waiting.facts.authentication !== 'old-key' || runner.isRunning(waiting.id))
          continue;
        runner.run(waiting.id, tokenId, {});
      }
    } catch (error) {
      // The sign-in itself has succeeded.
      if (!isKiltError(error)) throw error;
    }
    this.changed();
  }

  /** Tells the listeners, if there is anything new. */
  changed(): void {
    let keySets: readonly KeySetView[];
    try {
      keySets = this.list();
    } catch (error) {
      if (!isKiltError(error)) throw error;
      return;
    }
    const content = JSON.stringify(keySets);
    if (content === this.#told) return;
    this.#told = content;
    for (const listener of this.#listeners) listener(keySets);
  }

  async #ask(options: Parameters<KeySets['ask']>[0]): Promise<void> {
    try {
      if (await this.#options.keySets.ask(options)) this.changed();
    } catch (error) {
      if (!isKiltError(error)) throw error;
    }
  }

  /** One VERIFY on the token that is meant, and the PIN is in custody. */
  async #login(
    tokenSerial: string,
    { tokenId, pin }: { readonly tokenId: string; readonly pin: SecretBytes },
  ): Promise<void> {
    const { tokens, pins } = this.#options;
    const token = tokens.tokens().find(({ id }) => id === tokenId);
    if (!token) throw new KiltError('token-removed');
    await tokens.withSession(tokenId, async (session) => {
      assertMeantToken(session, tokenSerial);
      await session.login('user', pin);
    });
    pins.keep(tokenId, 'user', pin);
  }

  #run(
    id: string,
    { tokenId, registrationPin }: Omit<SecretsTyped, 'pin'> & { readonly tokenId: string },
  ): void {
    const copy = registrationPin && asSecret(Uint8Array.from(registrationPin));
    try {
      this.#options.runner.run(id, tokenId, { registrationPin: copy });
    } catch (error) {
      wipe(copy);
      throw error;
    }
  }

  #keySet(id: string): KnownKeySet {
    const found = this.#options.keySets.all().find((keySet) => keySetId(keySet) === id);
    if (!found) throw new KiltError('input-invalid', { field: 'keySetId' });
    return found;
  }

  #keySetOf(work: KeySetKey): KnownKeySet {
    const found = this.#options.keySets
      .all()
      .find((keySet) => keySet.tokenSerial === work.tokenSerial && isProfileOf(keySet, work));
    if (!found) throw new KiltError('input-invalid', { field: 'journalId' });
    return found;
  }

  #viewAgain(keySet: KnownKeySet): KeySetView {
    const view = this.#viewOf(keySet);
    if (!view) throw new KiltError('input-invalid', { field: 'keySetId' });
    return view;
  }

  #viewOf(keySet: KnownKeySet): KeySetView | undefined {
    const { keySets, demands, runner, now } = this.#options;
    const token: KnownToken | undefined = keySets.tokenOf(keySet.tokenSerial);
    const journal = runner.journal
      .unfinishedOnToken(keySet.tokenSerial)
      .find((renewal) => isProfileOf(renewal, keySet));
    try {
      return keySetView({
        keySet,
        tokenId: token?.id,
        demand: demands.of(keySet.bankId, keySet.userId),
        renewal: journal && { journal, view: runner.view(journal) },
        lastFinished: runner.journal.lastFinished(keySet),
        now: now(),
      });
    } catch (error) {
      if (error instanceof DerError) return undefined;
      throw error;
    }
  }
}
