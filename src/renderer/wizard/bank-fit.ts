import type { TFunction } from 'i18next';
import type { BankView, NationalFit, NationalSignatureView, TokenView } from '#shared/views.ts';

/** Whether one can register in a bank with a token, or why not. */
export type BankFit = NationalFit | 'national-missing';

type NationalOfToken = Pick<TokenView, 'national'> | undefined;

/** What a bank that takes NUC signatures finds on a token; every other one is content with any token. */
export function bankFit(bank: BankView, token: NationalOfToken): BankFit {
  if (bank.authentication !== 'national-signature') return 'fits';
  const fits = (token?.national ?? []).map((signature) => signature.fits[bank.id] ?? 'issuer-unknown');
  return fits.find((fit) => fit === 'fits') ?? fits[0] ?? 'national-missing';
}

/** The NUC signatures on a token that a bank takes. */
export const fittingSignatures = (
  bank: BankView | undefined,
  token: NationalOfToken,
): readonly NationalSignatureView[] =>
  bank?.authentication === 'national-signature'
    ? (token?.national ?? []).filter(({ fits }) => fits[bank.id] === 'fits')
    : [];

/**
 * Banks in the order in which they are offered: first those that the token is made for (NUC signature and a bank that
 * takes it), then those that take any token, last those that it does not fit. Otherwise as they were.
 */
export function inOrderOfFit(banks: readonly BankView[], token: NationalOfToken): readonly BankView[] {
  const rank = (bank: BankView): number => {
    if (bankFit(bank, token) !== 'fits') return 2;
    return bank.authentication === 'national-signature' ? 0 : 1;
  };
  return banks.toSorted((a, b) => rank(a) - rank(b));
}

/** Why a bank does not fit, in words. */
export function misfitText(bank: BankView, fit: Exclude<BankFit, 'fits'>, t: TFunction): string {
  if (fit === 'national-missing') return t('wizard.banks.nationalMissing');
  if (fit === 'other-owner' && bank.nationalOwner === 'person') return t('wizard.banks.personNeeded');
  if (fit === 'other-owner') return t('wizard.banks.organisationNeeded');
  return t(`errors.nationalCauses.${fit}`);
}
