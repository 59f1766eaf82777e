import type {
  FormatBlocker,
  FormatPlan,
  FormatSettings,
  FormatStage,
  FormatView,
} from '#shared/control-panel-views.ts';
import { isKiltError, KiltError } from '#shared/errors.ts';
import type { SettingsView } from '#shared/views.ts';
import type { BankDirectory } from '#main/enrolment/bank-files.ts';
import type { AuditDetail, AuditLog } from '#main/store/audit-log.ts';
import type { FormatJournal, JournalledFormat } from '#main/store/format-journal.ts';
import type { RegistrationJournal } from '#main/store/registration-journal.ts';
import type { RenewalJournal } from '#main/store/renewal-journal.ts';
import type { TokenInfo, TokenObjects, TokenSession } from '#main/token/token-session.ts';
import type { TokenWatch } from '#main/token/token-watch.ts';
import { checkInterlock, formatBlockers, type InterlockOverride } from './format-interlock.ts';
import { checkFormatOrder, type FormatOrder } from './format-order.ts';
import { confirmationOf, presentSettings, withoutAdministrator } from './format-plan.ts';
import type { PanelRights } from './panel-rights.ts';
import { RunningFormat } from './running-format.ts';
import { storedObjectsView } from './stored-objects-view.ts';
import type { TokenActions } from './token-actions.ts';
import type { TokensSeen } from './tokens-seen.ts';

export interface FormatServices {
  readonly tokens: TokenWatch;
  readonly seen: TokensSeen;
  readonly rights: PanelRights;
  readonly actions: TokenActions;
  readonly audit: AuditLog;
  readonly formats: FormatJournal;
  readonly registrations: Pick<RegistrationJournal, 'unfinishedOnToken'>;
  readonly renewals: Pick<RenewalJournal, 'heldOnToken'>;
  readonly isRegistering: (tokenSerial: string) => boolean;
  readonly banks: BankDirectory;
  readonly settings: () => Pick<SettingsView, 'weakPins' | 'language'>;
  readonly now: () => Date;
  /** Everything that was on this token before is gone. */
  readonly onFormatted: (format: Pick<JournalledFormat, 'tokenSerial' | 'startedAt'>) => void;
  /** Called when a stage stands in the journal; tests stop the program here. */
  readonly onStage?: ((stage: FormatStage) => void) | undefined;
}

/** A format that may be begun. */
interface CheckedFormat {
  readonly order: FormatOrder;
  readonly info: TokenInfo;
  /** `null`: there is nobody to ask. */
  readonly role: 'administrator' | null;
  readonly settings: FormatSettings;
  /** Present when there is something that it lifts. */
  readonly override: InterlockOverride | undefined;
}

const noObjects: TokenObjects = { keys: [], certificates: [], dataObjects: [] };

/** «Форматировать…»: what stands against it, what it would destroy, and doing it. */
export class FormatService {
  readonly #services: FormatServices;
  readonly #listeners = new Set<(view: FormatView) => void>();
  readonly #running = new Set<Promise<unknown>>();
  /** By serial number. */
  readonly #views = new Map<string, FormatView>();

  constructor(services: FormatServices) {
    this.#services = services;
  }

  onChange(listener: (view: FormatView) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The format under way, as far as it has come. One can not begin while a second token is connected. */
  running(): FormatView | undefined {
    return this.#views.values().next().value;
  }

  tell(view: FormatView): void {
    if (view.state === 'running') this.#views.set(view.tokenSerial, view);
    else this.#views.delete(view.tokenSerial);
    for (const listener of this.#listeners) listener(view);
  }

  /** Resolves when no format is under way. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.allSettled(this.#running);
  }

  /**
   * What the dialog shows before anything is done; read from the token now. Needs no rights.
   *
   * @throws KiltError `operation-busy` while a registration or a format is under way on it, `token-…`
   */
  async plan(tokenId: string): Promise<FormatPlan> {
    const { seen, actions, tokens, formats, banks, settings, now } = this.#services;
    actions.freeToken(tokenId);
    const { info } = await seen.readAgain(tokenId);
    const objects = await tokens.withSession(tokenId, (session) => objectsOf(session, info));
    const { language } = settings();
    const view = await storedObjectsView(tokenId, objects, { banks, language, now: now() });
    return {
      tokenId,
      serial: info.serial,
      label: info.label,
      confirmWith: confirmationOf(info),
      blockers: [...this.#blockers(info, objects)],
      withoutAdministrator: withoutAdministrator(info),
      certificates: view.certificates,
      keys: view.keys,
      otherObjects: objects.dataObjects.length + (objects.privateData?.length ?? 0) + view.unreadable.length,
      settings: presentSettings(info, formats.openOn(info.serial)[0]),
    };
  }

  /**
   * Formats the token, from which everything on it is gone.
   *
   * @returns `finished`, or `interrupted` with the error when the token was wiped and could not be made whole
   * @throws KiltError when nothing was done to the token: `several-tokens`, `registration-unfinished`,
   *   `registration-elsewhere`, `operation-busy`, `pin-needed`, `confirmation-differs`, `pin-weak`, `pin-refused`,
   *   `input-invalid`, `disk-full`, …; `token-removed` when it left before it could say whether it was wiped
   */
  async format(order: FormatOrder): Promise<FormatView> {
    const { actions, settings } = this.#services;
    const token = actions.freeToken(order.tokenId);
    const { info } = token;
    const lifted = checkInterlock(
      this.#blockers(info, token.objects ?? noObjects),
      info.serial,
      order.override,
    );
    const checked: CheckedFormat = {
      order,
      info,
      role: this.#roleFor(order.tokenId, info, lifted),
      settings: checkFormatOrder(order, info, settings().weakPins),
      override: lifted && order.override,
    };
    const run = actions.whileFormatting(info.serial, () => this.#audited(checked));
    this.#running.add(run);
    try {
      return await run;
    } finally {
      this.#running.delete(run);
    }
  }

  /**
   * Whose rights it takes. Nobody can be the administrator of a token whose administrator PIN is blocked; the interlock
   * can still be lifted there when the user PIN is blocked as well, for the registration could not be finished any more.
   *
   * @throws KiltError `pin-needed`, `pin-blocked` {role: `administrator`}
   */
  #roleFor(tokenId: string, info: TokenInfo, lifted: FormatBlocker | undefined): 'administrator' | null {
    const { actions, rights } = this.#services;
    if (withoutAdministrator(info) === null) return actions.rightsOf(tokenId, 'administrator').role;
    if (lifted && !info.userPin.blocked) throw new KiltError('pin-blocked', { role: 'administrator' });
    // A chip may want its administrator all the same, and then has asked for this login.
    return rights.of(tokenId)?.role === 'administrator' ? 'administrator' : null;
  }

  /** An interlock that was lifted gets lines of its own around those of the format. */
  #audited(format: CheckedFormat): Promise<FormatView> {
    const { info, role, override } = format;
    if (!override) return this.#run(format);
    const about = { tokenSerial: info.serial, tokenLabel: info.label, role };
    return this.#services.audit.record(
      { action: 'override-interlock', ...about, reason: override.reason.trim() },
      () => this.#run(format),
    );
  }

  async #run({ order, info, role, settings, override }: CheckedFormat): Promise<FormatView> {
    const { actions, rights, onFormatted } = this.#services;
    let begun: RunningFormat | undefined;
    try {
      const finished = await actions.run(
        {
          tokenId: order.tokenId,
          action: 'format',
          as: role,
          reason: override?.reason.trim(),
          detail: { ...settings },
        },
        async (session, learn) => {
          learn(await this.#checkAgain(session, info, override));
          const running = this.#open(info.serial, settings);
          begun = running;
          running.checked();
          const { newUserPin: userPin, newAdministratorPin: administratorPin } = order;
          await session.format({ ...settings, userPin, administratorPin }, (stage) => running.passed(stage));
          return running;
        },
      );
      rights.end(order.tokenId, 'formatted');
      onFormatted(finished.format);
      finished.end('finished');
      return finished.view;
    } catch (error) {
      begun?.end('interrupted', error);
      // Anything else happened before the token was wiped, or it left without a word: the next meeting tells.
      if (!begun || !isKiltError(error, 'format-interrupted')) throw error;
      rights.end(order.tokenId, 'formatted');
      return begun.view;
    }
  }

  #open(tokenSerial: string, settings: FormatSettings): RunningFormat {
    const { formats, onStage } = this.#services;
    return new RunningFormat(formats.open(tokenSerial, settings), {
      journal: formats,
      tell: (view) => this.tell(view),
      onStage,
    });
  }

  /**
   * The same questions once more, asked of the token itself in the session that will wipe it: another program may have
   * begun something on it since it was last looked at.
   */
  async #checkAgain(
    session: TokenSession,
    before: TokenInfo,
    override: InterlockOverride | undefined,
  ): Promise<AuditDetail> {
    const info = await session.info();
    if (withoutAdministrator(before) !== null && withoutAdministrator(info) === null)
      throw new KiltError('pin-needed', { role: 'administrator' });
    const objects = await objectsOf(session, info);
    checkInterlock(this.#blockers(info, objects), info.serial, override);
    if (this.#services.isRegistering(info.serial)) throw new KiltError('operation-busy');
    return { destroyedCertificates: objects.certificates.length, destroyedKeys: objects.keys.length };
  }

  #blockers(info: TokenInfo, objects: TokenObjects): readonly FormatBlocker[] {
    const { tokens, registrations, renewals, banks, settings } = this.#services;
    return formatBlockers({
      info,
      objects,
      present: tokens.tokens(),
      journal: registrations.unfinishedOnToken(info.serial),
      renewals: renewals.heldOnToken(info.serial),
      bankName: (bankId) => banks.find(bankId)?.name[settings().language] ?? bankId,
    });
  }
}

/** What is left of a layout that was being made anew can not be read, and is nothing. */
const objectsOf = async (session: TokenSession, { layout }: TokenInfo): Promise<TokenObjects> =>
  layout === 'half-formatted' ? noObjects : session.objects();
