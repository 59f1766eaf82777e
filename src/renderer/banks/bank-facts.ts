import type { TFunction } from 'i18next';
import type { BankDetails, BankSignerView } from '#shared/bank-views.ts';
import { groupedFingerprint } from '#shared/fingerprint.ts';
import { formatDate } from '#shared/texts/formats.ts';
import type { Language } from '#shared/views.ts';

type Fact = readonly [name: string, value: string];

/** What a bank's file says of its bank. What a bank leaves out is left out. */
export function bankFacts(bank: BankDetails, t: TFunction, language: Language): readonly Fact[] {
  const support = [bank.supportPhone, bank.supportSite].filter((one) => one !== undefined);
  return [
    [t('banks.facts.bank'), bank.bank[language]],
    [t('banks.facts.system'), bank.name[language]],
    [t('banks.facts.about'), bank.description[language]],
    [t('banks.facts.customers'), t(`banks.customers.${bank.customers}`)],
    [t('banks.facts.authentication'), t(`banks.authentication.${bank.authentication}`)],
    [t('banks.facts.origin'), bank.origin],
    [t('banks.facts.ca'), bank.caUrl],
    ...(support.length === 0 ? [] : [[t('banks.facts.support'), support.join(', ')] as const]),
    [t('banks.facts.version'), String(bank.version)],
    ...(bank.notAfter === undefined
      ? []
      : [[t('banks.facts.notAfter'), formatDate(new Date(bank.notAfter))] as const]),
  ];
}

/** Who has signed, as the signer says and as its key proves. */
export function signerFacts(signer: BankSignerView | undefined, t: TFunction): readonly Fact[] {
  if (!signer) return [];
  const name = signer.builtIn ? `${signer.name} (${t('banks.builtIn')})` : signer.name;
  return [
    [t('banks.facts.signer'), name],
    [t('banks.facts.fingerprint'), groupedFingerprint(signer.fingerprint)],
  ];
}
