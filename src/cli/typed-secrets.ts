import type { TFunction } from 'i18next';
import { wipe, type SecretBytes } from '#shared/bytes.ts';
import { pinBytesMeetRules } from '#shared/pin-rules.ts';
import type { TokenView } from '#shared/views.ts';
import { commandLineProblem } from './command-line-problem.ts';
import { askNewPassword, askSecret, readSecretLine, type SecretSource } from './secret-input.ts';

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
 * The secrets of one command. Those that come from a descriptor are read at once and in one order, needed or not, so
 * that the same command with the same lines continues what it began; the others are asked for when they are needed.
 */
export class TypedSecrets {
  readonly #t: TFunction;
  readonly #sources: Readonly<Record<SecretName, SecretSource>>;
  readonly #lines: Partial<Record<SecretName, SecretBytes>> = {};

  /** @throws KiltError `input-invalid` {problem} */
  constructor(descriptors: SecretDescriptors, t: TFunction) {
    this.#t = t;
    const source = (name: SecretName, descriptor: number | undefined): SecretSource => ({
      option: options[name],
      descriptor,
      what: t(`commandLine.prompts.${name}`),
    });
    this.#sources = {
      pin: source('pin', descriptors.pinFd),
      registrationPin: source('registrationPin', descriptors.registrationPinFd),
      keyFilePassword: source('keyFilePassword', descriptors.keyFilePasswordFd),
      newPin: source('newPin', descriptors.newPinFd),
    };
    for (const name of Object.keys(options) as SecretName[]) {
      const { descriptor } = this.#sources[name];
      if (descriptor !== undefined) this.#lines[name] = readSecretLine(descriptor, this.#sources[name]);
    }
  }

  /**
   * The password that the token has now. Where the token says that a registration has set the new one already, that
   * is the line of the new one, if there is such a line.
   *
   * @throws KiltError `input-invalid` {problem: `pin-too-short` | `no-line` | `no-terminal`}; no try is spent
   */
  async present(token: TokenView): Promise<SecretBytes> {
    const newPin = token.unfinished?.pinOnToken === 'new' ? this.#lines.newPin : undefined;
    if (newPin && newPin.length > 0) return copyOf(newPin);
    if (this.#sources.pin.descriptor === undefined) this.#tellAttempts(token);
    const pin = await this.#needed('pin');
    const shortest = Math.max(1, token.userPin?.minLength ?? 1);
    if (pin.length >= shortest) return pin;
    wipe(pin);
    throw commandLineProblem('pin-too-short', { count: shortest });
  }

  /** @throws KiltError `input-invalid` {problem: `weak-password` | …} */
  async newPin(): Promise<SecretBytes> {
    const source = this.#sources.newPin;
    const newPin =
      source.descriptor === undefined && process.stdin.isTTY
        ? await askNewPassword(source, this.#t)
        : await this.#needed('newPin');
    if (pinBytesMeetRules(newPin)) return newPin;
    wipe(newPin);
    throw commandLineProblem('weak-password');
  }

  registrationPin(): Promise<SecretBytes> {
    return this.#needed('registrationPin');
  }

  /** Empty, or no descriptor for it where there is no terminal: the registration PIN opens the file. */
  async keyFilePassword(registrationPin: SecretBytes): Promise<SecretBytes> {
    const source = this.#sources.keyFilePassword;
    const typed =
      this.#lines.keyFilePassword ??
      (source.descriptor === undefined && this.#sources.registrationPin.descriptor === undefined
        ? await askSecret(source)
        : undefined);
    return copyOf(typed && typed.length > 0 ? typed : registrationPin);
  }

  forget(): void {
    for (const line of Object.values(this.#lines)) wipe(line);
  }

  async #needed(name: SecretName): Promise<SecretBytes> {
    const source = this.#sources[name];
    if (source.descriptor === undefined) return askSecret(source);
    const line = this.#lines[name];
    if (!line || line.length === 0)
      throw commandLineProblem('no-line', { what: source.what, option: source.option });
    return copyOf(line);
  }

  #tellAttempts(token: TokenView): void {
    const left = token.userPin?.attemptsLeft ?? null;
    const lines = [
      left === null ? this.#t('picker.attemptsUnknown') : this.#t('picker.attempts', { count: left }),
      ...(left === 1 ? [this.#t('picker.lastAttempt.text')] : []),
    ];
    process.stderr.write(`${lines.join('\n')}\n`);
  }
}

const copyOf = (secret: SecretBytes): SecretBytes => Uint8Array.from(secret) as SecretBytes;
