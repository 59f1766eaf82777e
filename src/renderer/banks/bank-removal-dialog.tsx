import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Button } from '@fluentui/react-components';
import type { BankFileView } from '#shared/bank-views.ts';
import type { Language } from '#shared/views.ts';
import { call, failureOf } from '../bridge.ts';
import { PanelDialog } from '../control-panel/administration/panel-dialog.tsx';
import { useDestructiveStyles } from '../control-panel/destructive-styles.ts';
import { ErrorMessage } from '../messages/error-message.tsx';

/** «Удалить…»: what goes with the bank. Enter removes nothing. */
export function BankRemovalDialog({
  file,
  onDone,
  onClose,
}: {
  file: BankFileView;
  onDone: (files: BankFileView[]) => void;
  onClose: () => void;
}) {
  const { t, i18n } = useTranslation();
  const destructive = useDestructiveStyles();
  const removing = useMutation({
    mutationFn: () => call('banks.remove', { fileName: file.fileName }),
    onSuccess: onDone,
  });
  const { bank, fileName, state } = file;
  return (
    <PanelDialog
      title={t('banks.removing.title')}
      pending={removing.isPending}
      onClose={onClose}
      actions={
        <>
          <Button
            className={destructive.button}
            disabled={removing.isPending}
            onClick={() => {
              removing.mutate();
            }}
          >
            {t('banks.removing.go')}
          </Button>
          <Button disabled={removing.isPending} onClick={onClose}>
            {t('common.cancel')}
          </Button>
        </>
      }
    >
      {removing.error !== null && <ErrorMessage error={failureOf(removing.error)} />}
      <p>
        {bank && state !== 'unusable'
          ? t('banks.removing.text', { name: bank.name[i18n.language as Language] })
          : t('banks.removing.file', { fileName })}
      </p>
    </PanelDialog>
  );
}
