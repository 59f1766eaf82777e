import type { TFunction } from 'i18next';
import { wipe, type SecretBytes } from '#shared/bytes.ts';
import { pinBytesMeetRules } from '#shared/pin-rules.ts';
import type { TokenView } from '#shared/views.ts';
import { commandLineProblem } from './command-line-problem.ts';
import type { SecretSource } from './secret-input.ts';
import { copyOf, SecretLines } from './secret-lines.ts';

/** Descriptors of the secrets, as the options name them. */
export interface SecretDescriptors {
  readonly pinFd?: number;
  readonly registrationPinFd?: number;
  readonly keyFilePasswordFd?: number;
  readonly newPinFd?: number;
}

const options = {
  pin: '--pin-fd',
  registrationPin: '--registration-pin-fd',
  keyFilePassword: '--key-file-password-fd',
  newPin: '--new-pin-fd',
} as const;
type SecretName = keyof typeof options;

/**
 * The secrets of a registration. All that come from descriptors are read each time, so that the same command with the
 * same lines continues what it began.
 */
export class TypedSecrets {
  readonly #t: TFunction;
  readonly #lines: SecretLines<SecretName>;

  /** @throws KiltError `input-invalid` {problem} */
  constructor(descriptors: SecretDescriptors, t: TFunction) {
    this.#t = t;
    const source = (name: SecretName, descriptor: number | undefined): SecretSource => ({
      option: options[name],
      descriptor,
      what: t(`commandLine.prompts.${name}`),
    });
    this.#lines = new SecretLines({
      pin: source('pin', descriptors.pinFd),
      registrationPin: source('registrationPin', descriptors.registrationPinFd),
      keyFilePassword: source('keyFilePassword', descriptors.keyFilePasswordFd),
      newPin: source('newPin', descriptors.newPinFd),
    });
  }

  /**
   * The password that the token has now. Where the token says that a registration has set the new one already, that
   * is the line of the new one, if there is such a line.
   *
   * @throws KiltError `input-invalid` {problem: `pin-too-short` | `no-line` | `no-terminal`}; no try is spent
   */
  async present(token: TokenView): Promise<SecretBytes> {
    const newPin = token.unfinished?.pinOnToken === 'new' ? this.#lines.line('newPin') : undefined;
    if (newPin && newPin.length > 0) return copyOf(newPin);
    if (this.#lines.isAsked('pin')) tellAttempts(token.userPin?.attemptsLeft ?? null, this.#t);
    const pin = await this.#lines.needed('pin');
    const shortest = Math.max(1, token.userPin?.minLength ?? 1);
    if (pin.length >= shortest) return pin;
    wipe(pin);
    throw commandLineProblem('pin-too-short', { count: shortest });
  }

  /** @throws KiltError `input-invalid` {problem: `weak-password` | …} */
  async newPin(): Promise<SecretBytes> {
    const newPin = await this.#lines.neededNew('newPin', this.#t);
    if (pinBytesMeetRules(newPin)) return newPin;
    wipe(newPin);
    throw commandLineProblem('weak-password');
  }

  registrationPin(): Promise<SecretBytes> {
    return this.#lines.needed('registrationPin');
  }

  /** Empty, or no descriptor for it where there is no terminal: the registration PIN opens the file. */
  async keyFilePassword(registrationPin: SecretBytes): Promise<SecretBytes> {
    const isAsked = this.#lines.isAsked('keyFilePassword') && this.#lines.isAsked('registrationPin');
    const typed = isAsked ? await this.#lines.needed('keyFilePassword') : this.#lines.line('keyFilePassword');
    return copyOf(typed && typed.length > 0 ? typed : registrationPin);
  }

  forget(): void {
    this.#lines.forget();
  }
}

/** Said before a PIN is asked for at the terminal. @param left `null`: the token does not tell */
export function tellAttempts(left: number | null, t: TFunction): void {
  const lines = [
    left === null ? t('picker.attemptsUnknown') : t('picker.attempts', { count: left }),
    ...(left === 1 ? [t('picker.lastAttempt.text')] : []),
  ];
  process.stderr.write(`${lines.join('\n')}\n`);
}
