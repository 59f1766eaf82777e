import { useTranslation } from 'react-i18next';
import { Question } from '../messages/question.tsx';

/** What is asked before the last attempt is spent. */
export function LastAttemptQuestion({
  entry,
}: {
  entry: {
    readonly asksLastAttempt: boolean;
    readonly declineLastAttempt: () => void;
    readonly confirmLastAttempt: () => void;
  };
}) {
  const { t } = useTranslation();
  return (
    <Question
      open={entry.asksLastAttempt}
      title={t('picker.lastAttempt.title')}
      first={{ label: t('picker.lastAttempt.back'), onChoose: entry.declineLastAttempt }}
      second={{ label: t('picker.lastAttempt.go'), onChoose: entry.confirmLastAttempt }}
      escape="first"
    >
      {t('picker.lastAttempt.text')}
    </Question>
  );
}
