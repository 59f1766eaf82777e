import { KiltError } from '#shared/errors.ts';
import type { LoopbackView } from '#shared/consent-views.ts';
import { formatDate } from '#shared/texts/formats.ts';
import { LoopbackSwitch } from '#main/browser/loopback/loopback-switch.ts';
import { bankNames } from '#main/browser/open-page-desk.ts';
import { siteApprovals } from '#main/browser/site-list.ts';
import { defaultDataFolder } from '#main/data-folder.ts';
import type { Kilt } from '#main/kilt.ts';
import { commandLineProblem } from './command-line-problem.ts';
import type { CliOptions, CommandRun } from './command.ts';

/** `kilt sites list`: which sites may call Kilt. */
export const listSitesCommand: CommandRun<object> = async (kilt, _options, { result, t }) => {
  const sites = siteApprovals(kilt.sites, bankNames(kilt));
  result(sites, () =>
    sites.length === 0
      ? [t('sites.none')]
      : sites.map(({ site, way, lastUsedAt, expiresAt }) =>
          [
            site.origin,
            ...(site.bankName === undefined ? [] : [site.bankName]),
            t(`sites.ways.${way}`),
            t('sites.used', { date: formatDate(new Date(lastUsedAt)) }),
            t('sites.expires', { date: formatDate(new Date(expiresAt)) }),
          ].join(' · '),
        ),
  );
};

/** `kilt sites revoke`. @throws KiltError `site-unknown` */
export const revokeSiteCommand: CommandRun<{ site?: string; all?: boolean }> = async (
  kilt,
  { site, all = false },
  { result, t },
) => {
  if ((site === undefined) === !all) throw commandLineProblem('missing', { option: '--site' });
  const origins = kilt.sites.list().map(({ origin }) => origin);
  const revoked = all ? origins : origins.filter((origin) => origin === site);
  if (!all && revoked.length === 0) throw new KiltError('site-unknown');
  for (const origin of revoked) {
    kilt.sites.revoke(origin);
    const detail = { site: origin };
    kilt.audit.note({ action: 'revoke-site', tokenSerial: '', tokenLabel: null, role: null, detail }, 'done');
  }
  result({ revoked }, () => [t('commandLine.sitesRevoked', { count: revoked.length })]);
};

/** `kilt loopback on`: key and trust; pages are answered by the window's program, which follows the setting. */
export const loopbackOnCommand: CommandRun<{ port: LoopbackView['port'] }> = async (
  kilt,
  options,
  { result, t },
) => {
  const { port } = options;
  const view = await switchOf(kilt, options).change(true, port);
  result(view, () => [...lines(view, t), t('commandLine.loopback.byWindow')]);
};

/** `kilt loopback off`: key and trust are taken away. */
export const loopbackOffCommand: CommandRun<object> = async (kilt, options, { result, t }) => {
  const view = await switchOf(kilt, options).change(false, kilt.settings.get().loopbackPort);
  result(view, () => lines(view, t));
};

/** `kilt loopback status`. */
export const loopbackStatusCommand: CommandRun<object> = async (kilt, options, { result, t }) => {
  const view = switchOf(kilt, options).view();
  result(view, () => lines(view, t));
};

/** The switch without its server, which is the window's. */
const switchOf = (kilt: Kilt, { dataFolder }: CliOptions): LoopbackSwitch =>
  new LoopbackSwitch({
    dataFolder: dataFolder ?? defaultDataFolder(),
    settings: kilt.settings,
    door: { ask: async () => ({ outcome: 'refused', reason: 'unsupported' }) },
    origins: { allowLoopback: false },
    now: () => new Date(),
    serves: false,
  });

type Translate = Parameters<CommandRun<object>>[2]['t'];
const lines = ({ on, number, problem }: LoopbackView, t: Translate): string[] => [
  on ? t('commandLine.loopback.on', { address: `wss://127.0.0.1:${number}` }) : t('commandLine.loopback.off'),
  ...(problem === undefined ? [] : [t(`sites.loopback.problems.${problem}.text`, { port: String(number) })]),
];
