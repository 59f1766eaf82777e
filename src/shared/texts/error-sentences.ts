import type { i18n } from 'i18next';
import { suspicions } from '../suspicions.ts';
import { nationalFit, type ErrorView } from '../views.ts';
import { formatDate, formatTime } from './formats.ts';

/** A failure in words, in the order in which it is told. */
export interface ErrorSentences {
  readonly title: string;
  /** What it means for the token, with the attempts left where a PIN was refused. */
  readonly meaning: string;
  readonly next: string;
  /** The manual's check list of 0200040; empty for other failures. */
  readonly checks: readonly string[];
  /** What support asks for: the bank's or CA's own words, addresses, status words. Last and small. */
  readonly details: readonly string[];
  readonly code: string;
}

const detailKeys = [
  'since',
  'computerTime',
  'field',
  'reason',
  'version',
  'newest',
  'host',
  'httpStatus',
  'reader',
  'statusWord',
  'pcscCode',
  'returnValue',
  'signer',
  'computer',
] as const;
const moments: readonly string[] = ['since', 'computerTime'] satisfies (typeof detailKeys)[number][];
const checkKeys = ['userId', 'pinShape', 'pinLookalikes', 'otherFile'] as const;
/** Why a key container does not open, a driver is not used or a server not believed, as `likelyCause` names it. */
const causeKeys = [
  'password',
  'not-a-key-container',
  'damaged',
  'no-key',
  'no-certificate',
  'key-mismatch',
  'other-customer',
  'unreadable',
  'missing',
  'driver-relative',
  'driver-folder',
  'driver-link',
  'driver-writable',
  'driver-missing',
  'driver-not-a-file',
  'driver-unsigned',
  'driver-signature-broken',
  'driver-signature-unreadable',
  'driver-signer-unknown',
  'driver-crashed',
  'driver-hung',
  'driver-not-loaded',
  'driver-no-support',
  'driver-defect',
  'tls-other-authority',
  'tls-self-signed',
  'tls-other-name',
  'tls-expired',
  'tls-not-yet-valid',
  'tls-old',
  'tls-none',
] as const;
/** Why a NUC signature does not authenticate, as `likelyCause` names it. */
const nationalCauses = [...nationalFit.exclude(['fits']).options, 'revoked', 'suspended'] as const;

/** Elsewhere the field is one on the screen, which the user sees marked. */
const fieldIsInFile = (id: ErrorView['id']): boolean =>
  id === 'bank-file-invalid' || id === 'bank-file-unsigned' || id === 'bank-signature-wrong';

/** Puts a failure into words in the translator's language. Knows no more than the view, so holds no secret. */
export function errorSentences(error: ErrorView, { t }: Pick<i18n, 't'>): ErrorSentences {
  const { attemptsLeft, likelyCause } = error.data;
  const cause = causeKeys.find((key) => key === likelyCause);
  const national = nationalCauses.find((key) => key === likelyCause);
  const meaning = [
    t(`errors.catalogue.${error.id}.meaning`),
    typeof attemptsLeft === 'number' ? t('errors.attempts', { count: attemptsLeft }) : undefined,
    cause === undefined ? undefined : t(`errors.causes.${cause}`),
    ...suspicions
      .filter((suspicion) => String(error.data['suspicions']).split(',').includes(suspicion))
      .map((suspicion) => t(`errors.suspicions.${suspicion}`)),
    national === undefined ? undefined : t(`errors.nationalCauses.${national}`),
  ];
  return {
    title: t(`errors.catalogue.${error.id}.title`),
    meaning: meaning.filter((sentence) => sentence !== undefined).join(' '),
    next: t(`errors.catalogue.${error.id}.next`),
    checks: error.id === 'key-container-wrong' ? checkKeys.map((key) => t(`errors.checks.${key}`)) : [],
    details: detailKeys.flatMap((key) => {
      const value = error.data[key];
      return value === undefined || value === '' || (key === 'field' && !fieldIsInFile(error.id))
        ? []
        : [
            t(`errors.details.${key}`, {
              value: moments.includes(key) ? momentText(String(value)) : String(value),
            }),
          ];
    }),
    code: t('errors.code', { code: error.code }),
  };
}

function momentText(iso: string): string {
  const moment = new Date(iso);
  return `${formatDate(moment)} ${formatTime(moment)}`;
}
