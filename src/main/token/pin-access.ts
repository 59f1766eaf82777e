import type { SecretBytes } from '#shared/bytes.ts';
import { isKiltError, KiltError } from '#shared/errors.ts';
import type { CardFiles } from './card-files.ts';
import { condition, type FileControl } from './file-control.ts';
import { pinReference, type Kaztoken } from './kaztoken.ts';
import { statusText, statusWords } from './status-words.ts';
import type { PinRole, PinStatus } from './token-session.ts';

const changedBy = new Map<number | undefined, PinStatus['changedBy']>([
  [condition.administrator, 'administrator'],
  [condition.user, 'user'],
  [condition.either, 'both'],
]);

const pinRoles = ['user', 'administrator'] as const satisfies PinRole[];

const there = (status: PinStatus): PinView => ({ status, presence: 'there' });

/** Byte of tag 86 with the condition for "change PIN" (facts §3.2). */
const changeConditionAt = 2;

/** Bytes of tag 85 of a PIN file (facts §3.1). */
const propertyAt = { minLength: 1, attempts: 3 } as const;

/** What can be told of a PIN, and whether there is one at all: `unknown` where the card keeps that to itself. */
export interface PinView {
  readonly status: PinStatus;
  readonly presence: 'there' | 'missing' | 'unknown';
}

export type PinRules = Pick<PinStatus, 'maxAttempts' | 'minLength' | 'changedBy'>;

interface KnownPinFile {
  readonly rules: PinRules;
  /** The card shows the PIN's special file. */
  readonly isSeen: boolean;
}

/** `all-tries`: logged in with success, which gives all tries back. `unknown`: the card must be asked. */
export type PinChange = 'all-tries' | 'unknown';

/** Longest value that fits the one command that carries a PIN (measured on hardware, facts §1.4). */
const longestPin = 249;

/** What the card's refusals of a new PIN look like: too short, too long, not allowed by its rules. */
const refusals: readonly string[] = [
  statusWords.wrongLength,
  statusWords.wrongData,
  statusWords.conditionsNotMet,
  statusWords.wrongParameters,
].map(statusText);

/** The PINs of a token during one session. The only caller of VERIFY. */
export class PinAccess {
  readonly #card: Kaztoken;
  readonly #files: CardFiles;
  readonly #known = new Map<PinRole, KnownPinFile>();
  #loginTried = false;
  /** Logins that stand, as far as was seen here. */
  readonly #loggedIn = new Set<PinRole>();
  readonly #changes = new Map<PinRole, PinChange>();

  constructor(card: Kaztoken, files: CardFiles) {
    this.#card = card;
    this.#files = files;
  }

  /** True when the card may hold a login made here, which must be ended. */
  get loginTried(): boolean {
    return this.#loginTried;
  }

  /** PINs whose state may be another than before. */
  get changes(): ReadonlyMap<PinRole, PinChange> {
    return this.#changes;
  }

  isLoggedIn(role: PinRole): boolean {
    return this.#loggedIn.has(role);
  }

  /** The card was wiped: all that was known of its PINs, and every login, is gone. */
  forget(): void {
    this.#known.clear();
    this.#loggedIn.clear();
    for (const role of pinRoles) this.#changes.set(role, 'unknown');
  }

  /** What the PIN's special file says; all `null` where the card does not show it. */
  async rules(role: PinRole): Promise<PinRules> {
    return (await this.#knownFile(role)).rules;
  }

  async #knownFile(role: PinRole): Promise<KnownPinFile> {
    const known = this.#known.get(role);
    if (known !== undefined) return known;
    const control = await this.#pinFile(role);
    const attempts = control?.properties?.[propertyAt.attempts] ?? 0;
    const rules: PinRules = {
      // Which half is the maximum and which is what is left is not documented; the maximum is never the smaller.
      maxAttempts: Math.max(attempts >> 4, attempts & 0x0f) || null,
      minLength: control?.properties?.[propertyAt.minLength] ?? null,
      changedBy: changedBy.get(control?.access[changeConditionAt]) ?? null,
    };
    const found = { rules, isSeen: control !== null };
    this.#known.set(role, found);
    return found;
  }

  /** Costs no try. */
  async status(role: PinRole): Promise<PinStatus> {
    return (await this.look(role)).status;
  }

  /** {@link status}, and whether there is such a PIN. Costs no try. */
  async look(role: PinRole): Promise<PinView> {
    const { rules, isSeen } = await this.#knownFile(role);
    const status = await this.#card.verifyStatus(pinReference[role]);
    switch (status.kind) {
      case 'attempts-left':
        return there({ ...rules, attemptsLeft: status.attemptsLeft, blocked: false });
      case 'blocked':
        return there({ ...rules, attemptsLeft: 0, blocked: true });
      case 'logged-in':
        // A successful login gives all tries back.
        return there({ ...rules, attemptsLeft: rules.maxAttempts, blocked: false });
      case 'missing':
      case 'not-told': {
        const presence = isSeen ? 'there' : status.kind === 'missing' ? 'missing' : 'unknown';
        return { status: { ...rules, attemptsLeft: null, blocked: false }, presence };
      }
    }
  }

  /**
   * One try. `6F86` means that the card did not evaluate the PIN because an earlier login still stands; only then is
   * it sent again, after that login was ended, so that the PIN that was typed is really the one that opened the card.
   *
   * @throws KiltError `wrong-pin` {role, attemptsLeft}, `pin-blocked` {role}
   */
  async login(role: PinRole, pin: SecretBytes): Promise<void> {
    const reference = pinReference[role];
    this.#files.forgetSelection();
    this.#loginTried = true;
    this.#changes.set(role, 'unknown');
    let answer = await this.#card.verify(reference, pin);
    if (answer.kind === 'already-logged-in') {
      await this.#card.logout();
      this.#loggedIn.clear();
      answer = await this.#card.verify(reference, pin);
    }
    switch (answer.kind) {
      case 'verified':
        this.#changes.set(role, 'all-tries');
        this.#loggedIn.add(role);
        return;
      case 'blocked':
        throw new KiltError('pin-blocked', { role });
      case 'refused':
        throw await this.#refusal(role, answer.attemptsLeft);
      case 'already-logged-in':
        throw new KiltError('token-answer-unexpected', {
          step: 'verify',
          statusWord: statusText(statusWords.alreadyLoggedIn),
        });
    }
  }

  async logout(): Promise<void> {
    this.#files.forgetSelection();
    await this.#card.logout();
    this.#loginTried = false;
    this.#loggedIn.clear();
  }

  /**
   * @throws KiltError `pin-refused` {role}, `pin-needed` {role: whose login is missing}, `pin-not-allowed` {role,
   *   changedBy} when somebody is logged in but the token lets only others change this PIN, `pin-blocked` {role}
   */
  async setPin(role: PinRole, newPin: SecretBytes): Promise<void> {
    const { minLength } = await this.rules(role);
    if (newPin.length === 0 || newPin.length < (minLength ?? 0) || newPin.length > longestPin) {
      throw new KiltError('pin-refused', { role, ...(minLength === null ? {} : { minLength }) });
    }
    try {
      this.#changes.set(role, 'unknown');
      await this.#card.changeReferenceData(pinReference[role], newPin);
    } catch (error) {
      if (!isKiltError(error)) throw error;
      if (error.id === 'pin-needed') throw await this.#changeNotGranted(role, error);
      const refused =
        isKiltError(error, 'token-answer-unexpected') && refusals.includes(String(error.data['statusWord']));
      throw new KiltError(refused ? 'pin-refused' : error.id, { ...error.data, role }, { cause: error });
    }
  }

  /**
   * Gives the user PIN all its tries back; its value stays.
   *
   * @throws KiltError `pin-needed` {role: administrator}, `pin-not-allowed` {role: user} when the token does not let
   *   even the administrator do it
   */
  async unblockUserPin(): Promise<void> {
    const role = 'user';
    this.#files.forgetSelection();
    this.#changes.set(role, 'unknown');
    try {
      await this.#card.resetRetryCounter(pinReference[role]);
    } catch (error) {
      if (!isKiltError(error, 'pin-needed')) throw error;
      throw this.#loggedIn.has('administrator')
        ? new KiltError('pin-not-allowed', { ...error.data, role }, { cause: error })
        : new KiltError('pin-needed', { ...error.data, role: 'administrator' }, { cause: error });
    }
  }

  /** Why the card did not let a PIN be changed (`6982`). */
  async #changeNotGranted(role: PinRole, error: KiltError): Promise<KiltError> {
    const { changedBy: allowed } = await this.rules(role);
    const suffices = (login: PinRole): boolean => allowed === null || allowed === 'both' || allowed === login;
    // A user who is logged in was never on the way to the administrator's PIN.
    const logins = pinRoles.filter(
      (login) => this.#loggedIn.has(login) && !(role === 'administrator' && login === 'user'),
    );
    if (logins.length > 0 && (allowed === null || !logins.some(suffices))) {
      const data = { ...error.data, role, ...(allowed === null ? {} : { changedBy: allowed }) };
      return new KiltError('pin-not-allowed', data, { cause: error });
    }
    const missing = allowed === 'administrator' || allowed === 'user' ? allowed : role;
    return new KiltError('pin-needed', { ...error.data, role: missing }, { cause: error });
  }

  /** `null` where the card keeps its PIN files to itself: what they say is good to know, not needed. */
  async #pinFile(role: PinRole): Promise<FileControl | null> {
    try {
      return await this.#files.find([pinReference[role]]);
    } catch (error) {
      if (isKiltError(error, 'pin-needed') || isKiltError(error, 'token-answer-unexpected')) return null;
      throw error;
    }
  }

  async #refusal(role: PinRole, told: number | undefined): Promise<KiltError> {
    if (told !== undefined) return new KiltError('wrong-pin', { role, attemptsLeft: told });
    try {
      const status = await this.#card.verifyStatus(pinReference[role]);
      if (status.kind === 'blocked') return new KiltError('pin-blocked', { role });
      if (status.kind === 'attempts-left') {
        return new KiltError('wrong-pin', { role, attemptsLeft: status.attemptsLeft });
      }
      return new KiltError('wrong-pin', { role });
    } catch (cause) {
      // The token was pulled just now. That a try was used matters more to the user.
      return new KiltError('wrong-pin', { role }, { cause });
    }
  }
}
