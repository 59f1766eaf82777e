import type { i18n } from 'i18next';
import type { CertificateCheckView } from '../control-panel-views.ts';
import { formatDate, formatTime } from './formats.ts';

/** What the certification authority says about a certificate, and as of when, each thing in a line of its own. */
export function certificateCheckLines(
  { since, why, bank, source, host, fault }: CertificateCheckView,
  { t }: Pick<i18n, 't'>,
): readonly string[] {
  const moment = (iso: string): string => `${formatDate(new Date(iso))} ${formatTime(new Date(iso))}`;
  const reasons = t('certificates.check.why', { returnObjects: true });
  const sentence =
    why !== undefined && Object.hasOwn(reasons, why) ? reasons[why as keyof typeof reasons] : why;
  return [
    ...(since === undefined ? [] : [t('certificates.check.since', { date: moment(since) })]),
    ...(sentence === undefined ? [] : [sentence]),
    ...(bank === undefined ? [] : [t('certificates.check.bank', { bank })]),
    ...(source === undefined
      ? []
      : [t(`certificates.check.source.${source.kind}`, { host: host ?? '', time: moment(source.asOf) })]),
    ...(fault === undefined ? [] : [`${fault}${host === undefined ? '' : ` (${host})`}`]),
  ];
}
