import { Button, makeStyles, Spinner } from '@fluentui/react-components';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { PanelView } from '#shared/control-panel-views.ts';
import type { ErrorView } from '#shared/views.ts';
import { call, failureOf } from '../../bridge.ts';
import { SuccessDrawing } from '../../drawings/success-drawing.tsx';
import { ErrorMessage } from '../../messages/error-message.tsx';
import { useKeepPanel } from '../use-panel.ts';
import { PanelDialog } from './panel-dialog.tsx';

const useStyles = makeStyles({ success: { marginBlock: '4px 12px' } });

/** «Разблокировать»: gives the tries back; the PIN itself stays. */
export function UnblockDialog({
  tokenId,
  onDone,
  onFailed,
  onClose,
}: {
  tokenId: string;
  onDone: () => void;
  onFailed: (error: ErrorView) => void;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const keepPanel = useKeepPanel();
  const unblocking = useMutation({
    mutationFn: () => call('panel.unblock', { tokenId }),
    onSuccess: (changed) => {
      // First, so that the action is done before it is told that it can not be done again.
      onDone();
      keepPanel(changed);
    },
    onError: (error) => {
      onFailed(failureOf(error));
    },
  });
  return (
    <PanelDialog
      title={t('controlPanel.unblock.title')}
      pending={unblocking.isPending}
      onSubmit={() => {
        unblocking.mutate();
      }}
      onClose={onClose}
      actions={
        <>
          {unblocking.isPending && (
            <Spinner data-apart size="tiny" label={t('controlPanel.unblock.working')} />
          )}
          <Button appearance="primary" type="submit" disabled={unblocking.isPending}>
            {t('controlPanel.unblock.go')}
          </Button>
          <Button disabled={unblocking.isPending} onClick={onClose}>
            {t('common.cancel')}
          </Button>
        </>
      }
    >
      {unblocking.error !== null && <ErrorMessage error={failureOf(unblocking.error)} />}
      <p>{t('controlPanel.unblock.text')}</p>
    </PanelDialog>
  );
}

/** «PIN-код успешно разблокирован», and the way on where the user has forgotten it. */
export function UnblockedDialog({
  panel,
  onSetNew,
  onClose,
}: {
  panel: PanelView;
  onSetNew: () => void;
  onClose: () => void;
}) {
  const styles = useStyles();
  const { t } = useTranslation();
  // Else the first button would be the default: «Задать новый PIN-код», which nobody has asked for.
  const closeButton = useRef<HTMLElement>(null);
  useEffect(() => closeButton.current?.focus(), []);
  const maySetNew = panel.actions['change-user-pin'] === null;
  return (
    <PanelDialog
      title={t('controlPanel.unblock.doneTitle')}
      onSubmit={onClose}
      onClose={onClose}
      actions={
        <>
          {maySetNew && (
            <Button data-apart onClick={onSetNew}>
              {t('controlPanel.unblock.setNew')}
            </Button>
          )}
          <Button
            ref={(button: HTMLElement | null) => {
              closeButton.current = button;
            }}
            appearance="primary"
            type="submit"
          >
            {t('common.close')}
          </Button>
        </>
      }
    >
      <div className={styles.success}>
        <SuccessDrawing />
      </div>
      <p>
        {t('controlPanel.unblock.doneText')}{' '}
        {t(maySetNew ? 'controlPanel.unblock.forgotten' : 'controlPanel.unblock.forgottenNotAllowed')}
      </p>
    </PanelDialog>
  );
}
