import { Button, makeStyles, Spinner, tokens } from '@fluentui/react-components';
import { Certificate20Regular } from '@fluentui/react-icons/svg/certificate';
import { DocumentSearch20Regular } from '@fluentui/react-icons/svg/document-search';
import { useMutation } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { call, CallFailed, failureOf } from '../bridge.ts';
import { Screen } from '../frame/screen.tsx';
import { ErrorMessage } from '../messages/error-message.tsx';
import type { ChosenDocument } from './chosen-document.ts';
import { DropZone } from './drop-zone.tsx';
import { SignatureVerdictView } from './signature-verdict.tsx';

const useStyles = makeStyles({
  lead: { margin: '0 0 12px', color: tokens.colorNeutralForeground2 },
  name: { margin: '12px 0 0', overflowWrap: 'anywhere' },
  buttons: { display: 'flex', flexWrap: 'wrap', gap: '8px' },
  answer: { marginBlockStart: '20px' },
});

/** A signature of somebody's: who made it, when, and what is wrong with it. */
export function CheckTab({ tabs }: { tabs: ReactNode }) {
  const styles = useStyles();
  const { t } = useTranslation();
  const [signature, setSignature] = useState<ChosenDocument>();
  const [dropFailure, setDropFailure] = useState<unknown>();
  const checking = useMutation({
    mutationFn: ({ of, beside }: { of: ChosenDocument; beside?: ChosenDocument | undefined }) =>
      call('signing.check', {
        signatureId: of.documentId,
        ...(beside ? { signedId: beside.documentId } : {}),
      }),
  });
  const check = (of: ChosenDocument | undefined, beside?: ChosenDocument) => {
    if (!of) return;
    setDropFailure(undefined);
    setSignature(of);
    checking.mutate({ of, beside });
  };
  const choosing = useMutation({
    mutationFn: () => call('signing.chooseDocuments', { what: 'signature' }),
    onSuccess: ([chosen]) => {
      check(chosen);
    },
  });
  const choosingSigned = useMutation({
    mutationFn: () => call('signing.chooseDocuments', { what: 'signed' }),
    onSuccess: ([chosen]) => {
      if (chosen) check(signature, chosen);
    },
  });
  const failure = checking.error ?? choosing.error ?? choosingSigned.error ?? dropFailure;
  const isMissing =
    checking.error instanceof CallFailed && checking.error.view.id === 'signed-document-missing';
  const isDetached = checking.data?.form === 'detached';
  return (
    <Screen wide title={t('signing.title')} focus="none">
      {tabs}
      <DropZone
        onFiles={([dropped]) => {
          check(dropped);
        }}
        onFailure={setDropFailure}
      >
        <p className={styles.lead}>{t('signing.check.drop')}</p>
        <div className={styles.buttons}>
          <Button
            icon={<Certificate20Regular aria-hidden />}
            disabled={checking.isPending}
            onClick={() => {
              choosing.mutate();
            }}
          >
            {t('signing.check.choose')}
          </Button>
          {(isMissing || isDetached) && (
            <Button
              icon={<DocumentSearch20Regular aria-hidden />}
              disabled={checking.isPending}
              onClick={() => {
                choosingSigned.mutate();
              }}
            >
              {t('signing.check.chooseSigned')}
            </Button>
          )}
        </div>
        {signature && <p className={styles.name}>{signature.fileName}</p>}
      </DropZone>
      <div className={styles.answer}>
        {checking.isPending && <Spinner size="small" label={t('signing.check.checking')} />}
        {failure !== null && failure !== undefined && <ErrorMessage error={failureOf(failure)} />}
        {checking.data && <SignatureVerdictView checked={checking.data} />}
      </div>
    </Screen>
  );
}
