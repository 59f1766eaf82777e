import type { TFunction } from 'i18next';
import { KiltError } from '#shared/errors.ts';
import type { FormatPlan, FormatSettings, FormatView, PinChangedBy } from '#shared/control-panel-views.ts';
import { formatDate } from '#shared/texts/formats.ts';
import type { InterlockOverride } from '#main/control-panel/format-interlock.ts';
import { certificateLines, keyLine } from './certificate-lines.ts';
import { chooseToken } from './choose-token.ts';
import type { CommandRun } from './command.ts';
import { commandLineProblem } from './command-line-problem.ts';
import { lending, loggedIn, panelSecrets, type PanelDescriptors } from './panel-secrets.ts';
import type { TokenOption } from './pin-commands.ts';

export interface FormatOptions extends TokenOption, PanelDescriptors {
  readonly plan?: boolean;
  readonly label?: string;
  readonly userPinChangedBy?: PinChangedBy;
  readonly userMinLength?: number;
  readonly administratorMinLength?: number;
  readonly userAttempts?: number;
  readonly administratorAttempts?: number;
  readonly acceptWeak?: boolean;
  readonly confirm?: string;
  readonly overrideSerial?: string;
  readonly reason?: string;
}

/** `kilt format`: what it would destroy with `--plan`; doing it takes the token's name typed. */
export const formatCommand: CommandRun<FormatOptions> = async (kilt, options, { result, progress, t }) => {
  const override = overrideOf(options);
  const token = await chooseToken(kilt, options);
  const plan = await kilt.controlPanel.planFormat(token.id);
  if (options.plan === true) {
    result({ plan }, () => planLines(plan, t));
    return;
  }
  const { confirm } = options;
  if (confirm === undefined) {
    for (const line of planLines(plan, t)) progress(line);
    throw commandLineProblem('not-confirmed', { name: plan.confirmWith });
  }
  const secrets = panelSecrets(options, 'administrator', t);
  const stopTelling = kilt.controlPanel.onFormatChange(stageTeller(t, progress));
  try {
    const format = async (): Promise<FormatView> => {
      const newUserPin = await secrets.neededNew('newUserPin', t);
      const newAdministratorPin = await secrets.neededNew('newAdministratorPin', t);
      return lending([newUserPin, newAdministratorPin], () =>
        kilt.controlPanel.format({
          tokenId: token.id,
          settings: settingsOf(plan, options),
          newUserPin,
          newAdministratorPin,
          acceptWeak: options.acceptWeak === true,
          confirmation: confirm,
          override,
        }),
      );
    };
    const view =
      plan.withoutAdministrator === null
        ? await loggedIn(kilt, token.id, 'administrator', secrets, t, format)
        : await format();
    if (view.error) throw new KiltError(view.error.id, view.error.data);
    const { information } = await kilt.controlPanel.view(token.id);
    result({ formatted: true, format: view, panel: { tokenId: token.id, information } }, () => [
      t('controlPanel.format.result.title'),
      t('controlPanel.format.result.text', { serial: view.tokenSerial }),
    ]);
  } finally {
    stopTelling();
    secrets.forget();
  }
};

/** What is not given stays as the token has it, or as the interrupted format was to make it. */
const settingsOf = ({ settings }: FormatPlan, options: FormatOptions): FormatSettings => ({
  label: options.label ?? settings.label,
  userPinChangedBy: options.userPinChangedBy ?? settings.userPinChangedBy,
  userMinLength: options.userMinLength ?? settings.userMinLength,
  administratorMinLength: options.administratorMinLength ?? settings.administratorMinLength,
  userAttempts: options.userAttempts ?? settings.userAttempts,
  administratorAttempts: options.administratorAttempts ?? settings.administratorAttempts,
});

function overrideOf({ overrideSerial, reason }: FormatOptions): InterlockOverride | undefined {
  if (overrideSerial === undefined && reason === undefined) return undefined;
  if (overrideSerial === undefined) throw commandLineProblem('missing', { option: '--override-serial' });
  if (reason === undefined) throw commandLineProblem('missing', { option: '--reason' });
  return { serial: overrideSerial, reason };
}

function planLines(plan: FormatPlan, t: TFunction): readonly string[] {
  const nothing = plan.certificates.length + plan.keys.length + plan.otherObjects === 0;
  return [
    t('commandLine.plan.token', { label: plan.label ?? '—', serial: plan.serial }),
    ...plan.blockers.map((blocker) => `! ${blockerLine(blocker, t)}`),
    ...(plan.withoutAdministrator === null
      ? []
      : [t(`controlPanel.format.withoutAdministrator.${plan.withoutAdministrator}.text`)]),
    nothing ? t('commandLine.plan.nothing') : t('commandLine.plan.destroyed'),
    ...plan.certificates.flatMap((certificate) => certificateLines(certificate, t)).map(indented),
    ...plan.keys.map((key) => indented(keyLine(key, t))),
    ...(plan.otherObjects === 0
      ? []
      : [indented(t('commandLine.plan.otherObjects', { count: plan.otherObjects }))]),
    t('commandLine.plan.confirm', { name: plan.confirmWith }),
  ];
}

const indented = (line: string): string => `  ${line}`;

function blockerLine(blocker: FormatPlan['blockers'][number], t: TFunction): string {
  if (blocker.kind === 'several-tokens') return t('errors.catalogue.several-tokens.meaning');
  const { userId, bankName: bank, startedAt, computer } = blocker;
  const date = formatDate(new Date(startedAt));
  return computer === undefined
    ? t('controlPanel.format.blockers.unfinishedHere', { userId, bank, date })
    : t('controlPanel.format.blockers.unfinishedElsewhere', { userId, bank, date, computer });
}

/** Tells each stage that is done, once. */
function stageTeller(t: TFunction, tell: (line: string) => void): (view: FormatView) => void {
  let told = 0;
  return ({ done }) => {
    for (const stage of done.slice(told)) tell(t(`controlPanel.format.progress.stages.${stage}`));
    told = Math.max(told, done.length);
  };
}
