import type { TFunction } from 'i18next';
import { formatDate, formatMoment } from '#shared/texts/formats.ts';
import type { CertificateView, TokenView } from '#shared/views.ts';
import type { TokenInfo, TokenObjects } from '#main/token/token-session.ts';

/** What is the matter with a token, in the picker's words. */
export function stateText(token: TokenView, t: TFunction): string {
  if (token.state !== 'ready') return t(`conditions.${token.state}.state`);
  if (token.userPin?.blocked === true) return t('conditions.blocked.state');
  const { unfinished } = token;
  if (token.kind !== 'unfinished' || unfinished?.acceptedByBank !== true)
    return t(`conditions.${token.kind}.state`);
  const { waitingUntil } = unfinished;
  if (waitingUntil === undefined) return t('conditions.accepted.state');
  const time = formatMoment(new Date(waitingUntil), new Date());
  return `${t('conditions.accepted.state')}, ${t('picker.nextCheck', { time })}`;
}

/** As the picker writes it: the label, or the manuals' words for a token without one. */
export function nameText(token: TokenView, t: TFunction): string {
  const label = token.label?.trim() ?? '';
  if (label !== '') return label;
  return token.kind === 'empty' ? t('picker.emptyToken') : (token.model ?? token.reader);
}

const profileText = ({ userId, bankId, bankName }: NonNullable<TokenView['profiles']>[number]): string =>
  `${userId} (${bankName ?? bankId})`;

/** One token on one line. */
export const tokenLine = (token: TokenView, t: TFunction): string =>
  [
    nameText(token, t),
    ...(token.serial === undefined ? [] : [t('frame.chip.serial', { serial: token.serial })]),
    stateText(token, t),
    ...(token.profiles ?? []).map(profileText),
  ].join(' · ');

/** All that is known of a token, a line each. */
export function tokenDetails(
  token: TokenView,
  { info, objects }: { info: TokenInfo; objects: TokenObjects },
  t: TFunction,
): readonly string[] {
  const { attemptsLeft } = info.userPin;
  const facts: readonly (readonly [string, string | undefined])[] = [
    [t('commandLine.info.name'), nameText(token, t)],
    [t('commandLine.info.model'), info.model],
    [t('wizard.confirmation.serial'), info.serial],
    [t('commandLine.info.state'), stateText(token, t)],
    ...(token.profiles ?? []).map(
      (profile) => [t('commandLine.info.profile'), profileText(profile)] as const,
    ),
    [t('commandLine.info.unfinished'), token.unfinished?.userId],
    [
      t('picker.password'),
      attemptsLeft === null ? t('picker.attemptsUnknown') : t('picker.attempts', { count: attemptsLeft }),
    ],
    [
      t('commandLine.driver.ofToken'),
      token.driverError && t(`errors.catalogue.${token.driverError.id}.title`),
    ],
    [
      t('commandLine.info.memory'),
      info.totalMemory === null ? undefined : t('commandLine.info.memorySize', { bytes: info.totalMemory }),
    ],
  ];
  return [
    ...facts.flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}`])),
    ...section(
      t('commandLine.info.keys'),
      objects.keys.map(({ id, algorithm, bits, label }) =>
        t('commandLine.info.key', { id, algorithm: algorithm.toUpperCase(), bits, label }),
      ),
    ),
    ...section(
      t('home.certificates'),
      token.certificates.map((certificate) => certificateLine(certificate, t)),
    ),
  ];
}

const section = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : [`${title}:`, ...lines.map((line) => `  ${line}`)];

function certificateLine({ purpose, subjectName, notAfter }: CertificateView, t: TFunction): string {
  const end = new Date(notAfter);
  const date = formatDate(end);
  return t('commandLine.info.certificate', {
    purpose: t(`home.purpose.${purpose}`),
    name: subjectName,
    validity:
      end > new Date() ? t('commandLine.info.validUntil', { date }) : t('picker.validity.ended', { date }),
  });
}
