import type { TFunction } from 'i18next';
import { daysUntil, formatDate } from '#shared/texts/formats.ts';
import { validityWords } from '#shared/texts/validity-words.ts';
import { firstToEnd, type TokenEntry } from '#shared/token-entries.ts';
import type { CertificateView, TokenView } from '#shared/views.ts';

/** An entry of the picker as the manuals write it. */
export interface TokenName {
  readonly text: string;
  /** «Зарегистрировать», beside the label of a token with a NUC signature and no profile. */
  readonly register?: string;
}

/**
 * A registered token: its label, which is the user ID by default; where it has several profiles, each by its user ID. An
 * empty one: `KAZTOKEN <no label> - ?`. A NUC
 * signature without profile: label and «Зарегистрировать». Anything else: label, or model and serial.
 */
export function tokenName(
  token: TokenView & Partial<Pick<TokenEntry, 'profile' | 'shared'>>,
  t: TFunction,
): TokenName {
  const label = token.label?.trim() ?? '';
  const { profile = token.profiles?.[0], shared = false } = token;
  switch (token.kind) {
    case 'empty':
      return { text: label === '' ? t('picker.emptyToken') : t('picker.namedEmptyToken', { label }) };
    case 'national':
      return { text: label === '' ? unnamed(token) : label, register: t('picker.register') };
    case 'registered':
      return { text: label === '' || shared ? (profile?.userId ?? unnamed(token)) : label };
    case 'unfinished':
      return { text: label === '' || shared ? (token.unfinished?.userId ?? unnamed(token)) : label };
    case 'foreign':
    case 'half-formatted':
    case 'unknown':
      return { text: label === '' ? unnamed(token) : label };
  }
}

const unnamed = (token: TokenView): string => token.model ?? token.reader;

export interface Validity {
  readonly text: string;
  readonly mood: 'good' | 'soon' | 'ended';
}

/** The manuals warn from 30 days before the end. */
const warnDays = 30;

/** How long one certificate is good for: «до 30.11.2027, осталось 373 дня». */
export function validityOf(
  certificate: Pick<CertificateView, 'notBefore' | 'notAfter'>,
  now: Date,
  t: TFunction,
): Validity {
  const [begin, end] = [new Date(certificate.notBefore), new Date(certificate.notAfter)];
  if (begin > now) return { text: t('picker.validity.notYet', { date: formatDate(begin) }), mood: 'soon' };
  const mood = end <= now ? 'ended' : daysUntil(end, now) <= warnDays ? 'soon' : 'good';
  return { text: validityWords(end, now, t), mood };
}

/** What says how long a token is good for: its profile, or the NUC signature that lasts longest. */
export const decidingCertificate = ({
  kind,
  national = [],
  certificates,
}: TokenView): Pick<CertificateView, 'notBefore' | 'notAfter'> | undefined =>
  kind === 'national'
    ? national.toSorted((a, b) => (a.notAfter < b.notAfter ? 1 : -1))[0]
    : firstToEnd(certificates);
