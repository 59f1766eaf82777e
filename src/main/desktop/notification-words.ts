import type { TFunction } from 'i18next';
import type { BankDecision } from '#main/profile/bank-decisions.ts';
import { errorSentences } from '#shared/texts/error-sentences.ts';
import { formatDate } from '#shared/texts/formats.ts';
import type { CertificateEndView } from '#shared/views.ts';
import type { NotificationWords } from './notifications.ts';

/** That a certificate ends or has ended. */
export function endWords(
  { subjectName, tokenName, notAfter, ended, daysLeft }: CertificateEndView,
  t: TFunction,
): NotificationWords {
  const words = { name: subjectName, token: tokenName, date: formatDate(new Date(notAfter)) };
  if (ended) return { title: t('ends.ended'), body: t('ends.endedText', words) };
  return {
    title: daysLeft === 0 ? t('ends.lastDay') : t('ends.title', { count: daysLeft }),
    body: t('ends.text', words),
  };
}

/** What the bank has decided about a request. */
export function decisionWords(decision: BankDecision, t: TFunction): NotificationWords {
  if (decision.about === 'keys') {
    const { outcome, name, tokenName } = decision;
    const words = { name, token: tokenName };
    return outcome === 'issued'
      ? { title: t('keys.status.new-certificate'), body: t('decisions.issued', words) }
      : { title: t('keys.status.refused'), body: t('decisions.refused', words) };
  }
  const { userId } = decision;
  if (decision.outcome === 'registered')
    return { title: t('registration.doneTitle'), body: t('decisions.registered', { userId }) };
  const { title } = errorSentences(decision.error, { t });
  return { title: t('decisions.stoppedTitle'), body: t('decisions.stopped', { userId, problem: title }) };
}
