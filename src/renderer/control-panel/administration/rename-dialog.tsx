import { zodResolver } from '@hookform/resolvers/zod';
import { Button, Field, Spinner } from '@fluentui/react-components';
import { useMutation } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import type { PanelView } from '#shared/control-panel-views.ts';
import type { ErrorView } from '#shared/views.ts';
import { call, failureOf } from '../../bridge.ts';
import { PlainInput } from '../../fields/plain-input.tsx';
import { ErrorMessage } from '../../messages/error-message.tsx';
import { useKeepPanel } from '../use-panel.ts';
import { PanelDialog } from './panel-dialog.tsx';
import { newTokenLabel, type LabelComplaint } from './token-label.ts';

/** «Имя токена → Изменить…». */
export function RenameDialog({
  panel,
  onDone,
  onFailed,
  onClose,
}: {
  panel: PanelView;
  onDone: () => void;
  onFailed: (error: ErrorView) => void;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const keepPanel = useKeepPanel();
  const present = panel.information.label;
  const form = useForm({
    defaultValues: { label: present ?? '' },
    resolver: zodResolver(z.object({ label: newTokenLabel(present) })),
  });
  const { setFocus } = form;
  useEffect(() => {
    setFocus('label', { shouldSelect: true });
  }, [setFocus]);

  const renaming = useMutation({
    mutationFn: (label: string) => call('panel.rename', { tokenId: panel.tokenId, label }),
    onSuccess: (changed) => {
      keepPanel(changed);
      onDone();
    },
    onError: (error) => {
      onFailed(failureOf(error));
    },
  });
  const complaint = form.formState.errors.label?.message as LabelComplaint | undefined;
  return (
    <PanelDialog
      title={t('controlPanel.rename.title')}
      pending={renaming.isPending}
      onSubmit={() =>
        void form.handleSubmit(({ label }) => {
          renaming.mutate(label);
        })()
      }
      onClose={onClose}
      actions={
        <>
          {renaming.isPending && <Spinner data-apart size="tiny" label={t('controlPanel.rename.working')} />}
          <Button appearance="primary" type="submit" disabled={renaming.isPending}>
            {t('controlPanel.rename.go')}
          </Button>
          <Button disabled={renaming.isPending} onClick={onClose}>
            {t('common.cancel')}
          </Button>
        </>
      }
    >
      {renaming.error !== null && <ErrorMessage error={failureOf(renaming.error)} />}
      <Field
        label={t('controlPanel.rename.label')}
        hint={t('controlPanel.rename.hint')}
        validationMessage={complaint === undefined ? null : t(complaint)}
      >
        <PlainInput {...form.register('label')} autoComplete="off" spellCheck={false} />
      </Field>
    </PanelDialog>
  );
}
