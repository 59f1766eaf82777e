import { equalBytes, type SecretBytes } from '#shared/bytes.ts';
import type { FormatPlan, FormatView, PanelAction, PanelView } from '#shared/control-panel-views.ts';
import { isKiltError, KiltError } from '#shared/errors.ts';
import type { SettingsView } from '#shared/views.ts';
import type { AuditLog } from '#main/store/audit-log.ts';
import type { PinRole, TokenSession } from '#main/token/token-session.ts';
import type { KnownToken, TokenWatch } from '#main/token/token-watch.ts';
import { isDefaultPin } from './default-pins.ts';
import { checkNewPin } from './new-pin.ts';
import { obstacleError } from './obstacle-error.ts';
import type { FormatOrder } from './format-order.ts';
import type { FormatService } from './format-service.ts';
import type { PanelRights, Rights, RightsEnd } from './panel-rights.ts';
import { obstacles, panelViewOf, type KnownDefaults } from './panel-view.ts';
import type { TokenActions } from './token-actions.ts';
import { tokenLabel } from './token-label.ts';
import type { PresentToken, TokensSeen } from './tokens-seen.ts';

export interface ControlPanelServices {
  readonly tokens: TokenWatch;
  readonly seen: TokensSeen;
  readonly rights: PanelRights;
  readonly actions: TokenActions;
  readonly formats: FormatService;
  readonly audit: AuditLog;
  readonly settings: () => Pick<SettingsView, 'weakPins'>;
  readonly now: () => Date;
  /** The user PIN of this insertion is another one now: whoever keeps the old one must not use it. */
  readonly onUserPinChanged: (tokenId: string) => void;
}

/** Longest PIN that a token of the family takes, set by any program (measured on hardware, facts §1.4). */
const longestPin = 249;

/** «Панель управления KAZTOKEN», tab «Администрирование»: who is logged in on a token, and what that allows. */
export class ControlPanel {
  readonly #services: ControlPanelServices;
  readonly #defaults = new Map<string, KnownDefaults>();
  readonly #listeners = new Set<(tokenId: string) => void>();
  #known: ReadonlyMap<string, KnownToken> = new Map();
  /** They do not answer now, because of another program or another token: the next look shows what was seen last. */
  readonly #notAsked = new Set<string>();

  constructor(services: ControlPanelServices) {
    this.#services = services;
  }

  /** Rights began or ended, or the token changed. */
  onChange(listener: (tokenId: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  rightsEnded(tokenId: string, why: RightsEnd): void {
    if (why === 'in-use' || why === 'swapped') this.#notAsked.add(tokenId);
    this.changed(tokenId);
  }

  /** Tells the listeners. */
  changed(tokenId: string): void {
    for (const listener of this.#listeners) listener(tokenId);
  }

  /**
   * The token as it is now: asked anew, because another program may have changed it while it stayed in its reader.
   *
   * @throws KiltError `token-removed`, `token-unsupported`, `token-mute`, `token-in-use`
   */
  async view(tokenId: string): Promise<PanelView> {
    const { seen, actions } = this.#services;
    const known = seen.get(tokenId);
    if (this.#notAsked.delete(tokenId)) return this.#viewOf(known);
    // Work that takes minutes is not waited for.
    return this.#viewOf(actions.isBusy(known.info.serial) ? known : await seen.readAgain(tokenId));
  }

  /**
   * «Ввести PIN-код…»: one VERIFY. Rights that somebody had on this token end.
   *
   * @throws KiltError `wrong-pin` {role, attemptsLeft}, `pin-blocked` {role}, `input-invalid` {field: `pin`} for one
   *   that can not be right (no try is spent), `format-interrupted`, `operation-busy`, `disk-full`
   */
  async login(tokenId: string, role: PinRole, pin: SecretBytes): Promise<PanelView> {
    const { tokens, seen, rights, actions, audit, now } = this.#services;
    const { info } = actions.freeToken(tokenId);
    // The administrator is let in: a chip that wants its administrator for formatting says so, and waits for this.
    if (info.layout === 'half-formatted' && role === 'user') throw new KiltError('format-interrupted');
    const { minLength } = role === 'user' ? info.userPin : info.administratorPin;
    if (pin.length < Math.max(1, minLength ?? 1) || pin.length > longestPin)
      throw new KiltError('input-invalid', { field: 'pin', ...(minLength === null ? {} : { minLength }) });
    rights.end(tokenId, 'logout');
    const { timesAllEnded } = rights;
    const subject = { tokenSerial: info.serial, tokenLabel: info.label };
    await audit.record({ action: 'login', ...subject, role }, () =>
      tokens.withSession(tokenId, async (session) => {
        if (session.serial !== info.serial) throw new KiltError('token-swapped');
        await session.login(role, pin);
        // The computer was locked while the token was answering.
        if (rights.timesAllEnded !== timesAllEnded) throw new KiltError('operation-cancelled');
      }),
    );
    // Gone in the moment after it answered: then there is nothing to have rights on.
    seen.get(tokenId);
    rights.begin({ tokenId, ...subject, role, since: now() }, pin);
    this.#noteDefault(tokenId, role, isDefaultPin(role, pin));
    return this.#afterAction(tokenId);
  }

  /** «Выйти». */
  async logout(tokenId: string): Promise<PanelView> {
    this.#services.rights.end(tokenId, 'logout');
    return this.view(tokenId);
  }

  /**
   * «Изменить…», by whoever is logged in.
   *
   * @throws KiltError `pin-needed`, `pin-not-allowed` {role, changedBy}, `pin-blocked`, `pin-unchanged`, and those of
   *   {@link checkNewPin}; then those of the token, of which `pin-refused` leaves the old PIN as it was
   */
  async changePin(
    tokenId: string,
    change: { readonly role: PinRole; readonly newPin: SecretBytes; readonly acceptWeak: boolean },
  ): Promise<PanelView> {
    const { role, newPin, acceptWeak } = change;
    const { rights, actions, settings, onUserPinChanged } = this.#services;
    const action = role === 'user' ? 'change-user-pin' : 'change-administrator-pin';
    const { info } = this.#allowed(tokenId, action);
    const held = this.#held(tokenId);
    const { minLength } = role === 'user' ? info.userPin : info.administratorPin;
    if (held.role === role && (await rights.withPin(held, async (pin) => equalBytes(pin, newPin))))
      throw new KiltError('pin-unchanged', { role });
    checkNewPin(role, newPin, minLength, { ...settings(), acceptWeak });
    const onToken = { reached: false };
    try {
      await actions.run({ tokenId, action, as: held.role }, (session) => {
        onToken.reached = true;
        return setPin(session, role, newPin);
      });
    } catch (error) {
      const asBefore = isKiltError(error, 'pin-refused') || isKiltError(error, 'pin-not-allowed');
      // Else the card may have taken the new PIN before its answer was lost. Which one it has is not known, and
      // neither is sent unasked.
      if (onToken.reached && !asBefore) this.#pinMayDiffer(tokenId, role);
      throw error;
    }
    if (held.role === role) rights.renewPin(tokenId, newPin);
    if (role === 'user') onUserPinChanged(tokenId);
    this.#noteDefault(tokenId, role, isDefaultPin(role, newPin));
    return this.#afterAction(tokenId);
  }

  /**
   * «Разблокировать»: the user PIN gets its tries back and stays what it was.
   *
   * @throws KiltError `pin-needed`, `pin-not-blocked`
   */
  async unblock(tokenId: string): Promise<PanelView> {
    this.#allowed(tokenId, 'unblock');
    await this.#services.actions.run({ tokenId, action: 'unblock', as: 'administrator' }, async (session) =>
      session.unblockUserPin(),
    );
    return this.#afterAction(tokenId);
  }

  /** «Имя токена → Изменить…». @throws KiltError `pin-needed`, `input-invalid` {field: `label`}, `token-memory-full` */
  async rename(tokenId: string, typed: string): Promise<PanelView> {
    const label = tokenLabel(typed);
    if (label === '') throw new KiltError('input-invalid', { field: 'label' });
    this.#allowed(tokenId, 'rename');
    await this.#services.actions.run(
      { tokenId, action: 'rename', as: 'user', detail: { newLabel: label } },
      async (session) => session.setLabel(label),
    );
    return this.#afterAction(tokenId);
  }

  /** See {@link FormatService.plan}. */
  planFormat(tokenId: string): Promise<FormatPlan> {
    const { rights, formats } = this.#services;
    // It opens the longest dialog of all: idle time begins with it.
    return rights.during(tokenId, () => formats.plan(tokenId));
  }

  /** See {@link FormatService.format}. */
  async format(order: FormatOrder): Promise<FormatView> {
    const { tokenId, newUserPin, newAdministratorPin } = order;
    const view = await this.#services.formats.format(order);
    this.#defaults.delete(tokenId);
    if (view.state === 'finished') {
      this.#noteDefault(tokenId, 'user', isDefaultPin('user', newUserPin));
      this.#noteDefault(tokenId, 'administrator', isDefaultPin('administrator', newAdministratorPin));
    }
    this.changed(tokenId);
    return view;
  }

  /** The format under way, as far as it has come. */
  runningFormat(): FormatView | undefined {
    return this.#services.formats.running();
  }

  /** Each stage of a format, and what became of one that was interrupted. */
  onFormatChange(listener: (view: FormatView) => void): () => void {
    return this.#services.formats.onChange(listener);
  }

  /** A format of this token is under way. */
  isFormatting(tokenSerial: string): boolean {
    return this.#services.actions.isFormatting(tokenSerial);
  }

  /** Resolves when no format is under way. */
  idle(): Promise<void> {
    return this.#services.formats.idle();
  }

  /** The computer was locked or goes to sleep: nobody is logged in any more. */
  endAllRights(): void {
    this.#services.rights.endAll('locked');
  }

  /** Somebody else changes this PIN of a token now (a registration): what is in custody would be refused. */
  pinChangesElsewhere(tokenSerial: string, role: PinRole): void {
    for (const { id, info } of this.#services.tokens.tokens()) {
      if (info?.serial === tokenSerial && this.#services.rights.of(id)?.role === role)
        this.#services.rights.end(id, 'pin-changed');
    }
  }

  /** Follows the readers: what belonged to a token that was pulled is gone with it; listeners hear of changed ones. */
  follow(): void {
    const tokens = this.#services.tokens.tokens();
    this.#services.rights.keepOnly(new Set(tokens.map(({ id }) => id)));
    for (const id of this.#defaults.keys())
      if (!tokens.some((token) => token.id === id)) this.#defaults.delete(id);
    const before = this.#known;
    this.#known = new Map(tokens.map((token) => [token.id, token]));
    for (const [id, token] of this.#known) {
      const known = before.get(id);
      if (known?.info !== token.info || known?.objects !== token.objects) this.changed(id);
    }
  }

  #viewOf(token: PresentToken): PanelView {
    return panelViewOf(
      token.id,
      token,
      this.#services.rights.of(token.id),
      this.#defaults.get(token.id) ?? {},
    );
  }

  /** The action is done: that the token can not be read now must not look as if it were not. */
  async #afterAction(tokenId: string): Promise<PanelView> {
    this.changed(tokenId);
    try {
      return await this.view(tokenId);
    } catch (error) {
      if (!isKiltError(error)) throw error;
      return this.#viewOf(this.#services.seen.get(tokenId));
    }
  }

  #pinMayDiffer(tokenId: string, role: PinRole): void {
    const { rights, onUserPinChanged } = this.#services;
    if (rights.of(tokenId)?.role === role) rights.end(tokenId, 'pin-changed');
    if (role === 'user') onUserPinChanged(tokenId);
  }

  /** @throws KiltError for what stands in the action's way */
  #allowed(tokenId: string, action: PanelAction): PresentToken {
    const token = this.#services.actions.freeToken(tokenId);
    const obstacle = obstacles(token.info, this.#services.rights.of(tokenId)?.role)[action];
    if (obstacle !== null) throw obstacleError(obstacle, action);
    return token;
  }

  #held(tokenId: string): Rights {
    const rights = this.#services.rights.of(tokenId);
    if (!rights) throw new KiltError('pin-needed', { role: 'user' });
    return rights;
  }

  #noteDefault(tokenId: string, role: PinRole, isDefault: boolean): void {
    this.#defaults.set(tokenId, { ...this.#defaults.get(tokenId), [role]: isDefault });
  }
}

/** @throws KiltError `pin-not-allowed` where the token's policy had not told beforehand, and those of `setPin` */
async function setPin(session: TokenSession, role: PinRole, newPin: SecretBytes): Promise<void> {
  try {
    await session.setPin(role, newPin);
  } catch (error) {
    if (isKiltError(error, 'pin-needed')) throw new KiltError('pin-not-allowed', { role }, { cause: error });
    throw error;
  }
}
