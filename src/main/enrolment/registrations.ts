import { wipe, type SecretBytes } from '#shared/bytes.ts';
import { KiltError } from '#shared/errors.ts';
import { pinBytesMeetRules } from '#shared/pin-rules.ts';
import { isProfileOf, type RegistrationView, type TokenView } from '#shared/views.ts';
import type { RegistrationJournal } from '#main/store/registration-journal.ts';
import type { PinCustody } from '#main/token/pin-custody.ts';
import type { KnownToken, TokenWatch } from '#main/token/token-watch.ts';
import type { BankDirectory } from './bank-files.ts';
import type { RegistrationData, RegistrationDrafts } from './registration-drafts.ts';
import { registeredProfiles } from './profile-record.ts';
import { defaultLabel, longestLabel, usedKeyIds } from './registration-opening.ts';
import type { RegistrationRunner } from './registration-runner.ts';
import { forgetCredentials } from './registration-secrets.ts';

/** A checked draft, to be carried out on a token. */
export interface BeginOrder {
  readonly draftId: string;
  readonly tokenId: string;
  /** The token's name; empty: the user ID. */
  readonly label: string;
  /** On a token that holds profiles already it is not changed, nor is the name: `undefined`. */
  readonly newPin?: SecretBytes | undefined;
}

/** What is typed again for an unfinished registration. The token is known; the user ID too, unless it was mistyped. */
export interface ResumedData extends Omit<RegistrationData, 'userId' | 'national'> {
  readonly userId?: string | undefined;
  /** Which NUC signature, where the bank takes one and several on the token fit. */
  readonly nationalSerialNumber?: string | undefined;
}

export interface ResumeOrder {
  readonly registrationId: string;
  readonly tokenId: string;
  /** While the token has the old one. */
  readonly newPin?: SecretBytes | undefined;
  /** Until the CA has confirmed. A user ID corrects a mistyped one as long as the CA has issued nothing. */
  readonly data?: ResumedData | undefined;
}

export interface RegistrationsOptions {
  readonly tokens: TokenWatch;
  readonly banks: BankDirectory;
  readonly drafts: RegistrationDrafts;
  readonly journal: RegistrationJournal;
  readonly runner: RegistrationRunner;
  readonly pins: PinCustody;
  readonly kindOf: (token: KnownToken) => TokenView['kind'];
  readonly isFormatting: (tokenSerial: string) => boolean;
  /** Keys of a profile on it are being replaced. */
  readonly isRenewing: (tokenSerial: string) => boolean;
}

/** Decides whether a registration may begin or go on, before the runner is given anything to do. */
export class Registrations {
  readonly #options: RegistrationsOptions;

  constructor(options: RegistrationsOptions) {
    this.#options = options;
  }

  /**
   * Begins a registration with checked data (a draft) on a token whose PIN is in custody: the moment from which the
   * token is changed.
   *
   * @throws KiltError `input-invalid` {field}, `pin-needed`, `registration-unfinished`, `profile-on-token`,
   *   `format-interrupted`, `operation-busy`, `disk-full`;
   *   the draft then stays, so that nothing has to be typed again
   */
  begin(order: BeginOrder): RegistrationView {
    const { tokens, drafts, runner, pins } = this.#options;
    const token = tokens.tokens().find(({ id }) => id === order.tokenId);
    if (!token?.info) throw new KiltError('token-removed');
    const kind = this.#options.kindOf(token);
    if (this.#options.isFormatting(token.info.serial)) throw new KiltError('operation-busy');
    if (kind === 'half-formatted') throw new KiltError('format-interrupted');
    if (!token.objects) throw token.error ?? new KiltError('token-removed');
    if (kind === 'unfinished') throw new KiltError('registration-unfinished');
    if (this.#options.isRenewing(token.info.serial)) throw new KiltError('operation-busy');
    if (!pins.has(order.tokenId, 'user')) throw new KiltError('pin-needed', { role: 'user' });
    const draft = drafts.get(order.draftId);
    const profile = { bankId: draft.bank.id, userId: draft.userId };
    const others = registeredProfiles(token.objects);
    if (others.some((other) => isProfileOf(other, profile))) throw new KiltError('profile-on-token');
    const keepsPin = others.length > 0;
    if (!keepsPin && !(order.newPin && pinBytesMeetRules(order.newPin)))
      throw new KiltError('input-invalid', { field: 'newPin' });
    const label = (keepsPin && token.info.label?.trim()) || order.label.trim() || defaultLabel(draft.userId);
    if (!keepsPin && !isLatin(label)) throw new KiltError('input-invalid', { field: 'label' });
    const registration = runner.open({
      ...profile,
      label,
      tokenSerial: token.info.serial,
      usedKeyIds: usedKeyIds(token.objects),
      keepsPin,
      nationalCertificate: draft.credentials.nationalCertificate,
    });
    const newPin = keepsPin ? undefined : order.newPin && copyOf(order.newPin);
    try {
      const { credentials } = draft;
      const running = runner.run(registration.id, order.tokenId, { newPin, credentials });
      drafts.handOver(draft.id);
      return running;
    } catch (error) {
      wipe(newPin);
      throw error;
    }
  }

  /**
   * Goes on with an unfinished registration.
   *
   * @throws KiltError `input-invalid`, `operation-busy`, `pin-needed`, `profile-on-token`, `disk-full`, and those of
   *   `RegistrationDrafts.open`
   */
  async resume(order: ResumeOrder): Promise<RegistrationView> {
    const { tokens, banks, drafts, journal, runner, pins, isFormatting } = this.#options;
    const registration = journal.get(order.registrationId);
    const userId = order.data?.userId ?? registration.userId;
    if (runner.isRunning(registration.id) || isFormatting(registration.tokenSerial))
      throw new KiltError('operation-busy');
    // Before a run uses up what was typed. Another token than the one meant is the run's own affair.
    const token = tokens.tokens().find(({ id }) => id === order.tokenId);
    if (token?.info?.serial === registration.tokenSerial && !pins.has(order.tokenId, 'user'))
      throw new KiltError('pin-needed', { role: 'user' });
    const profile = { bankId: registration.bankId, userId };
    const others = token?.objects ? registeredProfiles(token.objects) : [];
    if (others.some((one) => one.registrationId !== registration.id && isProfileOf(one, profile)))
      throw new KiltError('profile-on-token');
    if (order.newPin && !pinBytesMeetRules(order.newPin)) {
      throw new KiltError('input-invalid', { field: 'newPin' });
    }
    const opened =
      order.data &&
      (await drafts.open(banks.get(registration.bankId), {
        ...order.data,
        userId,
        national: token && { token, serialNumber: order.data.nationalSerialNumber },
      }));
    const newPin = order.newPin && copyOf(order.newPin);
    try {
      runner.correctUser(registration.id, userId);
      const nationalCertificate = opened?.credentials.nationalCertificate;
      if (nationalCertificate) runner.authenticateWith(registration.id, nationalCertificate);
      return runner.run(registration.id, order.tokenId, { newPin, credentials: opened?.credentials });
    } catch (error) {
      wipe(newPin);
      forgetCredentials(opened?.credentials);
      throw error;
    }
  }
}

const copyOf = (secret: SecretBytes): SecretBytes => Uint8Array.from(secret) as SecretBytes;

/** A token's name: printable ASCII, as the manuals ask («латинскими буквами»). */
const isLatin = (label: string): boolean => label.length <= longestLabel && /^[\x20-\x7e]+$/.test(label);
