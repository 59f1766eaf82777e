import {
  Accordion,
  Button,
  makeStyles,
  Spinner,
  tokens,
  useRestoreFocusTarget,
} from '@fluentui/react-components';
import { ArrowImport20Regular } from '@fluentui/react-icons/svg/arrow-import';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { BankFileView } from '#shared/bank-views.ts';
import type { Language } from '#shared/views.ts';
import { call, failureOf } from '../bridge.ts';
import { useBankFiles, useKeepBankFiles } from '../main-process.ts';
import { ErrorMessage } from '../messages/error-message.tsx';
import { Notice } from '../messages/notice.tsx';
import { BankEntry } from './bank-entry.tsx';
import { BankImportDialog } from './bank-import-dialog.tsx';
import { BankRemovalDialog } from './bank-removal-dialog.tsx';

const useStyles = makeStyles({
  banks: { margin: '0 0 28px', maxWidth: '720px' },
  heading: {
    margin: '0 0 12px',
    fontSize: tokens.fontSizeBase400,
    lineHeight: tokens.lineHeightBase400,
    fontWeight: tokens.fontWeightSemibold,
  },
  text: { color: tokens.colorNeutralForeground2, margin: '0 0 12px' },
  list: { margin: '0 0 12px' },
});

/** «Банки» of the settings: which banks Kilt knows and who has signed their files; import and removal. */
export function Banks() {
  const styles = useStyles();
  const { t, i18n } = useTranslation();
  const files = useBankFiles();
  const keepFiles = useKeepBankFiles();
  const focusComesBack = useRestoreFocusTarget();
  const [removing, setRemoving] = useState<BankFileView>();
  const [done, setDone] = useState<string>();
  const choosing = useMutation({
    mutationFn: () => call('banks.chooseImport', undefined),
    onMutate: () => {
      setDone(undefined);
    },
  });
  const view = choosing.data ?? undefined;
  return (
    <section className={styles.banks} aria-labelledby="banks-title">
      <h2 id="banks-title" className={styles.heading}>
        {t('banks.title')}
      </h2>
      <p className={styles.text}>{t('banks.text')}</p>
      {choosing.error !== null && <ErrorMessage error={failureOf(choosing.error)} />}
      {files.error !== null && <ErrorMessage error={failureOf(files.error)} />}
      {done !== undefined && <Notice intent="success" title={done} />}
      {files.isPending && <Spinner size="small" label={t('banks.reading')} />}
      {files.data?.length === 0 && (
        <Notice intent="info" live={false} title={t('banks.none')}>
          <p>{t('banks.noneText')}</p>
        </Notice>
      )}
      {files.data !== undefined && files.data.length > 0 && (
        <Accordion collapsible multiple className={styles.list}>
          {files.data.map((file) => (
            <BankEntry
              key={`${file.place} ${file.fileName}`}
              file={file}
              onRemove={() => {
                setDone(undefined);
                setRemoving(file);
              }}
            />
          ))}
        </Accordion>
      )}
      <Button
        {...focusComesBack}
        icon={<ArrowImport20Regular aria-hidden />}
        disabledFocusable={choosing.isPending}
        onClick={() => {
          if (!choosing.isPending) choosing.mutate();
        }}
      >
        {t('banks.import')}
      </Button>
      {view && (
        <BankImportDialog
          view={view}
          onDone={(now) => {
            keepFiles(now);
            setDone(t('banks.importing.done', { name: view.bank.name[i18n.language as Language] }));
            choosing.reset();
          }}
          onClose={() => {
            void call('banks.forgetImport', { importId: view.importId }).catch(() => undefined);
            choosing.reset();
          }}
        />
      )}
      {removing && (
        <BankRemovalDialog
          file={removing}
          onDone={(now) => {
            keepFiles(now);
            setDone(t('banks.removing.done'));
            setRemoving(undefined);
          }}
          onClose={() => {
            setRemoving(undefined);
          }}
        />
      )}
    </section>
  );
}
