import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { CheckmarkCircle16Filled } from '@fluentui/react-icons/svg/checkmark-circle';
import { ErrorCircle16Filled } from '@fluentui/react-icons/svg/error-circle';
import { Warning16Filled } from '@fluentui/react-icons/svg/warning';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { validityOf } from '../../picker/token-entry.ts';
import { keyPresence, type ObjectRow } from './object-rows.ts';
import { keyWords } from './object-words.ts';
import { plainUsage } from './plain-usage.ts';

const useStyles = makeStyles({
  marked: { display: 'grid', gridTemplateColumns: '16px minmax(0, 1fr)', columnGap: '6px' },
  icon: { marginBlockStart: '2px' },
  good: { '& > svg': { color: tokens.colorStatusSuccessForeground1 } },
  soon: { color: tokens.colorStatusWarningForeground3, fontWeight: tokens.fontWeightSemibold },
  ended: { color: tokens.colorStatusDangerForeground3, fontWeight: tokens.fontWeightSemibold },
  missing: { color: tokens.colorNeutralForeground3 },
});

const icons = { good: CheckmarkCircle16Filled, soon: Warning16Filled, ended: ErrorCircle16Filled } as const;
type Mark = keyof typeof icons;

/** Words with a sign before them, in a colour that says the same. */
export function Marked({ mark, children }: { mark: Mark; children: ReactNode }) {
  const styles = useStyles();
  const Icon = icons[mark];
  return (
    <span className={mergeClasses(styles.marked, styles[mark])}>
      <Icon aria-hidden className={styles.icon} />
      <span>{children}</span>
    </span>
  );
}

/** Nothing to be said here, as a word for screen readers would only be noise. */
function Nothing() {
  const styles = useStyles();
  return (
    <span aria-hidden className={styles.missing}>
      —
    </span>
  );
}

/** Below the name where there is no column for it. */
export function RowSubtitle({ row }: { row: ObjectRow }) {
  const { t } = useTranslation();
  switch (row.kind) {
    case 'certificate':
      return t('certificates.issuedBy', { issuer: row.certificate.issuerName });
    case 'key':
      return keyWords(row.key, t);
    case 'unreadable':
      return row.label;
  }
}

export function IssuerCell({ row }: { row: ObjectRow }) {
  const { t } = useTranslation();
  switch (row.kind) {
    case 'certificate':
      return row.certificate.issuerName;
    case 'key':
      return keyWords(row.key, t);
    case 'unreadable':
      return row.label;
  }
}

/** «до 30.11.2027, осталось 373 дня» */
export function ValidityCell({ row, now }: { row: ObjectRow; now: Date }) {
  const { t } = useTranslation();
  if (row.kind !== 'certificate') return <Nothing />;
  const validity = validityOf(row.certificate, now, t);
  return <Marked mark={validity.mood}>{validity.text}</Marked>;
}

export function UsageCell({ row }: { row: ObjectRow }) {
  const { t } = useTranslation();
  if (row.kind !== 'certificate') return <Nothing />;
  return plainUsage(row.certificate)
    .map((usage) => t(`certificates.usage.${usage}`))
    .join(', ');
}

export function KeyCell({ row }: { row: ObjectRow }) {
  const { t } = useTranslation();
  if (row.kind === 'unreadable') return <Nothing />;
  const presence = row.kind === 'key' ? 'yes' : keyPresence(row.certificate);
  const words = t(`certificates.key.${presence}`);
  return presence === 'notNeeded' ? (
    words
  ) : (
    <Marked mark={presence === 'yes' ? 'good' : 'ended'}>{words}</Marked>
  );
}

export function BankCell({ row }: { row: ObjectRow }) {
  return (row.kind === 'certificate' && row.certificate.usedByBank) || <Nothing />;
}
