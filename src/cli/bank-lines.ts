import type { TFunction } from 'i18next';
import type { BankChange, BankFileView } from '#shared/bank-views.ts';
import { groupedFingerprint } from '#shared/fingerprint.ts';
import { formatDate } from '#shared/texts/formats.ts';
import type { Output } from './output.ts';

/** What a bank's file says, a line each. */
export function bankFactLines(
  { bank, signer, ...uses }: Pick<BankFileView, 'bank' | 'signer'> & Partial<BankFileView>,
  { t, language }: Pick<Output, 't' | 'language'>,
): readonly string[] {
  const facts: (readonly [string, string | undefined])[] = [
    ...(bank
      ? ([
          [t('banks.facts.bank'), bank.bank[language]],
          [t('banks.facts.system'), bank.name[language]],
          [t('banks.facts.about'), bank.description[language]],
          [t('banks.facts.id'), bank.id],
          [t('banks.facts.version'), String(bank.version)],
          [t('banks.facts.notAfter'), bank.notAfter && formatDate(new Date(bank.notAfter))],
          [t('banks.facts.customers'), t(`banks.customers.${bank.customers}`)],
          [t('banks.facts.authentication'), t(`banks.authentication.${bank.authentication}`)],
          [t('banks.facts.origin'), bank.origin],
          [t('banks.facts.ca'), bank.caUrl],
          [t('banks.facts.support'), [bank.supportPhone, bank.supportSite].filter(Boolean).join(', ')],
        ] as const)
      : []),
    [t('banks.facts.signer'), signer?.name ?? t('banks.cli.notSigned')],
    [t('banks.facts.fingerprint'), signer && groupedFingerprint(signer.fingerprint)],
    [t('banks.facts.profiles'), uses.profiles?.join(', ')],
    [t('banks.facts.unfinished'), uses.unfinished?.join(', ')],
  ];
  return facts.flatMap(([name, value]) => (value ? [`${name}: ${value}`] : []));
}

/** What an update changes, a line each. */
export const bankChangeLines = (changes: readonly BankChange[], t: TFunction): readonly string[] =>
  changes.length === 0
    ? []
    : [
        t('banks.importing.changesTitle'),
        ...changes.map(({ what, from, to }) => {
          const values = { from: listed(from, t), to: listed(to, t) };
          return `${t(`banks.importing.changes.${what}`)}: ${t('banks.importing.change', values)}`;
        }),
      ];

const listed = (values: readonly string[], t: TFunction): string =>
  values.join(', ') || t('banks.importing.nothingBefore');
