import type { PanelView } from '#shared/control-panel-views.ts';
import type { PinRole } from '#main/token/token-session.ts';
import { chooseToken } from './choose-token.ts';
import type { CommandRun } from './command.ts';
import { commandLineProblem } from './command-line-problem.ts';
import { loggedIn, lending, panelSecrets, type PanelDescriptors } from './panel-secrets.ts';

export interface TokenOption {
  readonly token?: string;
}

/** `kilt verify`: one VERIFY, and what it shows of the PIN. */
export const verifyCommand: CommandRun<TokenOption & PanelDescriptors & { role: PinRole }> = async (
  kilt,
  options,
  { result, t },
) => {
  const token = await chooseToken(kilt, options);
  const { role } = options;
  const secrets = panelSecrets(options, role, t);
  try {
    const panel = await loggedIn(kilt, token.id, role, secrets, t, (view) => Promise.resolve(view));
    const { isDefault } = role === 'user' ? panel.information.userPin : panel.information.administratorPin;
    result({ verified: true, role, isDefault, panel: withoutRights(panel) }, () => [
      t('commandLine.verified', { pin: t(`controlPanel.pinOf.${role}`) }),
      ...(isDefault === true ? [t('controlPanel.defaultPin')] : []),
    ]);
  } finally {
    secrets.forget();
  }
};

/** `kilt change-pin`: the PIN of `role`, changed by the one who logs in. */
export const changePinCommand: CommandRun<
  TokenOption & PanelDescriptors & { role?: PinRole; as?: PinRole; acceptWeak?: boolean }
> = async (kilt, options, { result, t }) => {
  const { role } = options;
  if (role === undefined) throw commandLineProblem('missing', { option: '--role' });
  const token = await chooseToken(kilt, options);
  const secrets = panelSecrets(options, options.as ?? role, t);
  try {
    const panel = await loggedIn(kilt, token.id, options.as ?? role, secrets, t, async () => {
      const newPin = await secrets.neededNew('newPin', t);
      return lending([newPin], () =>
        kilt.controlPanel.changePin(token.id, { role, newPin, acceptWeak: options.acceptWeak === true }),
      );
    });
    result({ changed: true, role, panel: withoutRights(panel) }, () => [t(`commandLine.pinChanged.${role}`)]);
  } finally {
    secrets.forget();
  }
};

/** `kilt unblock`: the user PIN gets its tries back. */
export const unblockCommand: CommandRun<TokenOption & PanelDescriptors> = async (
  kilt,
  options,
  { result, t },
) => {
  const token = await chooseToken(kilt, options);
  const secrets = panelSecrets(options, 'administrator', t);
  try {
    const panel = await loggedIn(kilt, token.id, 'administrator', secrets, t, () =>
      kilt.controlPanel.unblock(token.id),
    );
    result({ unblocked: true, panel: withoutRights(panel) }, () => [
      t('controlPanel.unblock.doneTitle'),
      t('controlPanel.unblock.doneText'),
    ]);
  } finally {
    secrets.forget();
  }
};

/** `kilt rename`. */
export const renameCommand: CommandRun<TokenOption & PanelDescriptors & { label?: string }> = async (
  kilt,
  options,
  { result, t },
) => {
  const { label } = options;
  if (label === undefined) throw commandLineProblem('missing', { option: '--label' });
  const token = await chooseToken(kilt, options);
  const secrets = panelSecrets(options, 'user', t);
  try {
    const panel = await loggedIn(kilt, token.id, 'user', secrets, t, () =>
      kilt.controlPanel.rename(token.id, label),
    );
    result({ renamed: true, panel: withoutRights(panel) }, () => [
      t('commandLine.renamed', { label: panel.information.label ?? '' }),
    ]);
  } finally {
    secrets.forget();
  }
};

/** The rights end with the command. */
export const withoutRights = ({ tokenId, information }: PanelView) => ({ tokenId, information });
