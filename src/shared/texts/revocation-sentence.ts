import type { TFunction } from 'i18next';
import type { SignerView } from '../signing-views.ts';
import { formatDate, formatTime } from './formats.ts';

/** What was learnt about the revocation of a signer's certificate, in a few words. */
export function revocationSentence(revocation: NonNullable<SignerView['revocation']>, t: TFunction): string {
  const { host = '' } = revocation;
  const moment = (at: string): string => `${formatDate(new Date(at))} ${formatTime(new Date(at))}`;
  switch (revocation.state) {
    case 'unknown':
      return t(`signing.revocation.unknown.${revocation.why}`, { host });
    case 'good':
      return t('signing.revocation.good', { date: moment(revocation.asOf), host });
    case 'revoked':
    case 'suspended': {
      const date = moment(revocation.since);
      return t(`signing.revocation.${revocation.later ? 'later' : revocation.state}`, { date, host });
    }
  }
}
