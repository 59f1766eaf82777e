import type { TFunction } from 'i18next';
import { wipe, type SecretBytes } from '#shared/bytes.ts';
import { isKiltError } from '#shared/errors.ts';
import type { PanelView } from '#shared/control-panel-views.ts';
import type { Kilt } from '#main/kilt.ts';
import type { PinRole } from '#main/token/token-session.ts';
import { commandLineProblem } from './command-line-problem.ts';
import { SecretLines } from './secret-lines.ts';
import { tellAttempts } from './typed-secrets.ts';

/** Descriptors of the secrets that commands of the control panel take, as the options name them. */
export interface PanelDescriptors {
  readonly pinFd?: number;
  readonly newPinFd?: number;
  readonly newUserPinFd?: number;
  readonly newAdministratorPinFd?: number;
  readonly filePasswordFd?: number;
}

const options = {
  pin: '--pin-fd',
  filePassword: '--file-password-fd',
  newPin: '--new-pin-fd',
  newUserPin: '--new-user-pin-fd',
  newAdministratorPin: '--new-administrator-pin-fd',
} as const;
type SecretName = keyof typeof options;

/** The secrets of one command of the control panel, read in the order of {@link options}. */
export type PanelSecrets = SecretLines<SecretName>;

/** @param role whose PIN `--pin-fd` is */
export function panelSecrets(descriptors: PanelDescriptors, role: PinRole, t: TFunction): PanelSecrets {
  const source = (name: SecretName, what: string) => ({
    option: options[name],
    descriptor: descriptors[`${name}Fd`],
    what,
  });
  return new SecretLines({
    pin: source('pin', t(`controlPanel.pinOf.${role}`)),
    filePassword: source('filePassword', t('commandLine.prompts.filePassword')),
    newPin: source('newPin', t('controlPanel.newPin.pin')),
    newUserPin: source('newUserPin', t('commandLine.prompts.newUserPin')),
    newAdministratorPin: source('newAdministratorPin', t('commandLine.prompts.newAdministratorPin')),
  });
}

/** Lends secrets to `work` and overwrites them whatever happens. */
export async function lending<T>(
  secrets: readonly SecretBytes[],
  work: (...lent: readonly SecretBytes[]) => Promise<T>,
): Promise<T> {
  try {
    return await work(...secrets);
  } finally {
    secrets.forEach(wipe);
  }
}

/**
 * Does `work` logged in as `role`, and logs out whatever happens.
 *
 * @throws KiltError `input-invalid` {problem: `pin-too-short` | `no-line` | `no-terminal`} without a try; those of the
 *   login and of `work`
 */
export async function loggedIn<T>(
  kilt: Kilt,
  tokenId: string,
  role: PinRole,
  secrets: PanelSecrets,
  t: TFunction,
  work: (panel: PanelView) => Promise<T>,
): Promise<T> {
  const { information } = await kilt.controlPanel.view(tokenId);
  const status = role === 'user' ? information.userPin : information.administratorPin;
  if (secrets.isAsked('pin') && !status.blocked) tellAttempts(status.attemptsLeft, t);
  const pin = await secrets.needed('pin');
  const panel = await lending([pin], () => kilt.controlPanel.login(tokenId, role, pin)).catch(
    (error: unknown) => {
      if (isKiltError(error, 'input-invalid') && error.data['field'] === 'pin')
        throw commandLineProblem('pin-too-short', { count: status.minLength ?? 1 });
      throw error;
    },
  );
  try {
    if (secrets.isAsked('pin') && panelPin(panel, role).isDefault === true)
      process.stderr.write(`${t('controlPanel.defaultPin')}\n`);
    return await work(panel);
  } finally {
    // A token that was pulled meanwhile has ended the rights itself.
    await kilt.controlPanel.logout(tokenId).catch(() => undefined);
  }
}

const panelPin = ({ information }: PanelView, role: PinRole) =>
  role === 'user' ? information.userPin : information.administratorPin;
