import { Button } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import type { KeySetView } from '#shared/renewal-views.ts';
import type { ErrorView } from '#shared/views.ts';
import { Screen } from '../frame/screen.tsx';
import { ErrorMessage } from '../messages/error-message.tsx';
import { FlowSteps } from './flow-steps.tsx';
import { TwoSets } from './two-sets.tsx';

/** A regeneration that has failed and left nothing on the token: why, and that the old keys are as they were. */
export function FailedPage({
  set,
  error,
  onAgain,
  onLeave,
}: {
  set: KeySetView;
  error: ErrorView;
  onAgain: () => void;
  onLeave: () => void;
}) {
  const { t } = useTranslation();
  return (
    <Screen
      wide
      title={t('keys.failed.title')}
      beside={<FlowSteps current="sending" />}
      onCancel={onLeave}
      actions={
        <>
          <Button onClick={onAgain}>{t('keys.failed.again')}</Button>
          <Button onClick={onLeave}>{t('keys.toList')}</Button>
        </>
      }
    >
      <ErrorMessage error={error} />
      <TwoSets set={set} fresh="not-made" />
    </Screen>
  );
}
