import { useTranslation } from 'react-i18next';
import type { BankChange } from '#shared/bank-views.ts';
import { Notice } from '../messages/notice.tsx';

/** What an update changes of the things that decide whom Kilt trusts; nothing where it changes none. */
export function BankChanges({ changes }: { changes: readonly BankChange[] }) {
  const { t } = useTranslation();
  if (changes.length === 0) return null;
  const listed = (values: readonly string[]) => values.join(', ') || t('banks.importing.nothingBefore');
  const shown = ({ what, from, to }: BankChange) =>
    what === 'authentication'
      ? { from: authenticationWords(from), to: authenticationWords(to) }
      : { from: listed(from), to: listed(to) };
  const authenticationWords = ([value]: readonly string[]) =>
    value === 'initial-key' || value === 'id-and-pin' || value === 'national-signature'
      ? t(`banks.authentication.${value}`)
      : t('banks.importing.nothingBefore');
  return (
    <Notice intent="warning" live={false} title={t('banks.importing.changesTitle')}>
      <p>{t('banks.importing.changesText')}</p>
      {changes.map((change) => (
        <p key={change.what}>
          {t(`banks.importing.changes.${change.what}`)}
          {': '}
          {t('banks.importing.change', shown(change))}
        </p>
      ))}
    </Notice>
  );
}
