import { Button } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import type { TokenView } from '#shared/views.ts';
import { ErrorMessage } from '../messages/error-message.tsx';
import { Notice } from '../messages/notice.tsx';

/** Why the panel shows nothing of a token that is in a reader, and what to do about it. */
export function NotReady({ token, checkAgain }: { token: TokenView; checkAgain: () => Promise<unknown> }) {
  const { t } = useTranslation();
  if (token.error !== undefined) return <ErrorMessage error={token.error} />;
  const { state } = token;
  if (state === 'ready') return null;
  return (
    <Notice intent={state === 'reading' ? 'info' : 'warning'} title={t(`conditions.${state}.state`)}>
      <p>{t(`conditions.${state}.meaning`)}</p>
      <p>{t(`conditions.${state}.next`)}</p>
      {state !== 'reading' && (
        <p>
          <Button size="small" onClick={() => void checkAgain()}>
            {t('common.checkAgain')}
          </Button>
        </p>
      )}
    </Notice>
  );
}
