import { Button, Checkbox, Field, makeStyles, Spinner, tokens } from '@fluentui/react-components';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { BankFileView, BankImportView } from '#shared/bank-views.ts';
import { groupedFingerprint } from '#shared/fingerprint.ts';
import type { Language } from '#shared/views.ts';
import { call, failureOf } from '../bridge.ts';
import { PanelDialog } from '../control-panel/administration/panel-dialog.tsx';
import { ErrorMessage } from '../messages/error-message.tsx';
import { Facts } from '../messages/facts.tsx';
import { Notice } from '../messages/notice.tsx';
import { BankChanges } from './bank-changes.tsx';
import { bankFacts, signerFacts } from './bank-facts.ts';

const useStyles = makeStyles({
  all: { '& > p:first-child': { marginBlockStart: 0 } },
  // Four groups a line, as on paper: the eye finds its place again.
  fingerprint: {
    maxWidth: '20ch',
    margin: '8px 0 0',
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: tokens.fontSizeBase300,
    lineHeight: tokens.lineHeightBase400,
  },
});

/** What a bank's file says, who signed it, and what it would change; taken only with consent. */
export function BankImportDialog({
  view,
  onDone,
  onClose,
}: {
  view: BankImportView;
  onDone: (files: BankFileView[]) => void;
  onClose: () => void;
}) {
  const styles = useStyles();
  const { t, i18n } = useTranslation();
  const [compared, setCompared] = useState(false);
  const [asked, setAsked] = useState(false);
  const { importId, bank, signer, standing, installedVersion, changes, lookalikes } = view;
  const importing = useMutation({
    mutationFn: () =>
      call('banks.import', { importId, ...(compared && signer ? { fingerprint: signer.fingerprint } : {}) }),
    onSuccess: onDone,
  });
  const needsComparing = standing === 'new';
  const isUpdate = installedVersion !== undefined;
  return (
    <PanelDialog
      wide
      title={t(isUpdate ? 'banks.importing.updateTitle' : 'banks.importing.title')}
      pending={importing.isPending}
      onSubmit={() => {
        setAsked(true);
        if (!needsComparing || compared) importing.mutate();
      }}
      onClose={onClose}
      actions={
        <>
          {importing.isPending && <Spinner data-apart size="tiny" label={t('banks.importing.working')} />}
          <Button appearance="primary" type="submit" disabled={importing.isPending}>
            {t('banks.importing.go')}
          </Button>
          <Button disabled={importing.isPending} onClick={onClose}>
            {t('common.cancel')}
          </Button>
        </>
      }
    >
      {/* Without the tick nothing in it takes the focus, and the keyboard could not scroll it. */}
      <div
        role="group"
        aria-label={t('banks.importing.title')}
        tabIndex={needsComparing ? undefined : 0}
        className={styles.all}
      >
        {importing.error !== null && <ErrorMessage error={failureOf(importing.error)} />}
        <p>
          {isUpdate
            ? t('banks.importing.updateText', { from: installedVersion, to: bank.version })
            : t('banks.importing.text')}
        </p>
        {standing === 'unsigned' && (
          <Notice intent="warning" live={false} title={t('banks.importing.unsignedTitle')}>
            <p>{t('banks.importing.unsignedText')}</p>
          </Notice>
        )}
        <BankChanges changes={changes} />
        <Facts
          facts={[
            ...bankFacts(bank, t, i18n.language as Language),
            ...(needsComparing ? signerFacts(signer, t).slice(0, 1) : signerFacts(signer, t)),
          ]}
        />
        {/* Near what is asked: the dialog opens at the tick. */}
        {lookalikes.length > 0 && (
          <Notice intent="error" live={false} title={t('banks.importing.lookalikesTitle')}>
            <p>{t('banks.importing.lookalikesText', { ids: lookalikes.join(', ') })}</p>
          </Notice>
        )}
        {needsComparing && signer && (
          <>
            <h3>{t('banks.importing.compareTitle')}</h3>
            <p>{t('banks.importing.compareText')}</p>
            <p className={`${styles.fingerprint} selectable`}>{groupedFingerprint(signer.fingerprint)}</p>
            <Field validationMessage={asked && !compared ? t('banks.importing.comparedNeeded') : null}>
              <Checkbox
                checked={compared}
                disabled={importing.isPending}
                label={t('banks.importing.compared')}
                onChange={(_, data) => {
                  setCompared(data.checked === true);
                }}
              />
            </Field>
          </>
        )}
      </div>
    </PanelDialog>
  );
}
