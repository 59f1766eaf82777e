import { Button } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import type { TokenView } from '#shared/views.ts';
import { ErrorMessage } from '../messages/error-message.tsx';
import { Notice } from '../messages/notice.tsx';
import { moodOf, type TokenCondition } from './token-condition.ts';

/** Why nothing can be done with the chosen token now, and what to do about it. */
export function CannotUse({
  token,
  condition,
  checkAgain,
}: {
  token: TokenView;
  condition: TokenCondition;
  checkAgain: () => Promise<unknown>;
}) {
  const { t } = useTranslation();
  if (token.error !== undefined) return <ErrorMessage error={token.error} />;
  const waits = condition === 'in-use' || condition === 'mute' || condition === 'unknown';
  const mood = moodOf(condition);
  return (
    <Notice
      intent={mood === 'busy' ? 'info' : mood === 'bad' ? 'error' : 'warning'}
      title={t(`conditions.${condition}.state`)}
    >
      <p>{t(`conditions.${condition}.meaning`)}</p>
      <p>{t(`conditions.${condition}.next`)}</p>
      {waits && (
        <p>
          <Button size="small" onClick={() => void checkAgain()}>
            {t('common.checkAgain')}
          </Button>
        </p>
      )}
    </Notice>
  );
}
