import { Button, makeStyles, ProgressBar, tokens } from '@fluentui/react-components';
import { DocumentAdd20Regular } from '@fluentui/react-icons/svg/document-add';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { call, failureOf } from '../bridge.ts';
import { Screen } from '../frame/screen.tsx';
import { useTokens } from '../main-process.ts';
import { ErrorMessage } from '../messages/error-message.tsx';
import { joined, type ChosenDocument } from './chosen-document.ts';
import { DocumentList } from './document-list.tsx';
import { DocumentView } from './document-view.tsx';
import { DropZone } from './drop-zone.tsx';
import { SignatureSettings } from './signature-settings.tsx';
import { SigningResult } from './signing-result.tsx';
import { useSigning, type SigningSettings } from './use-signing.ts';

const useStyles = makeStyles({
  columns: {
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 1fr) minmax(260px, 320px)',
    columnGap: '32px',
    alignItems: 'start',
    '@media (max-width: 860px)': { gridTemplateColumns: 'minmax(0, 1fr)', rowGap: '24px' },
  },
  lead: { margin: '0 0 12px', color: tokens.colorNeutralForeground2 },
  progress: { display: 'grid', gap: '8px', marginBlockStart: '12px' },
});

/** Documents at the left, with what is seen of them; key, form and password at the right; one consent for all. */
export function SignTab({ tabs, shown }: { tabs: ReactNode; shown: boolean }) {
  const styles = useStyles();
  const { t } = useTranslation();
  const client = useQueryClient();
  const { tokens: present } = useTokens();
  const [documents, setDocuments] = useState<readonly ChosenDocument[]>([]);
  const [lookedAt, setLookedAt] = useState<string>();
  const [tokenId, setTokenId] = useState<string>();
  const [settings, setSettings] = useState<SigningSettings>({
    fingerprint: '',
    form: 'detached',
    timestampUrl: '',
  });
  const [dropFailure, setDropFailure] = useState<unknown>();
  const field = useRef<HTMLInputElement>(null);

  const usable = present.filter(({ state }) => state === 'ready');
  const token = usable.find(({ id }) => id === tokenId) ?? usable[0];
  const ids = documents.map(({ documentId }) => documentId);
  const allXml = documents.length > 0 && documents.every(({ fileName }) => /\.xml$/i.test(fileName));
  const form = settings.form === 'xml' && !allXml ? 'detached' : settings.form;
  const usedSettings = { ...settings, form };
  const signing = useSigning(token, ids, usedSettings, field);

  const add = (chosen: readonly ChosenDocument[]) => {
    setDropFailure(undefined);
    signing.reset();
    setDocuments((before) => joined(before, chosen));
    // What is chosen again may be another document by now.
    for (const { documentId } of chosen) void client.invalidateQueries({ predicate: isAbout(documentId) });
    if (chosen[0]) setLookedAt(chosen[0].documentId);
  };
  const choosing = useMutation({
    mutationFn: () => call('signing.chooseDocuments', { what: 'documents' }),
    onSuccess: add,
  });
  const remove = (documentId: string) => {
    setDocuments((before) => before.filter((one) => one.documentId !== documentId));
    void call('signing.forget', { documentId });
  };
  const current = documents.find(({ documentId }) => documentId === lookedAt) ?? documents[0];
  const failure = signing.error ?? choosing.error ?? dropFailure;
  const { progress, result, pending } = signing;

  if (result) {
    return (
      <SigningResult
        tabs={tabs}
        result={result}
        onAgain={() => {
          ids.forEach((documentId) => void call('signing.forget', { documentId }));
          setDocuments([]);
          signing.reset();
        }}
      />
    );
  }
  const ready = documents.length > 0 && token !== undefined && settings.fingerprint !== '';
  return (
    <Screen
      wide
      title={t('signing.title')}
      focus={shown ? 'title' : 'none'}
      onSubmit={() => {
        if (ready && !pending) signing.submit();
      }}
      actions={
        <>
          <Button appearance="primary" type="submit" disabled={!ready || pending}>
            {documents.length === 0 ? t('signing.title') : t('signing.sign', { count: documents.length })}
          </Button>
          {pending && <Button onClick={signing.cancel}>{t('signing.stop')}</Button>}
        </>
      }
    >
      {tabs}
      {failure !== null && failure !== undefined && <ErrorMessage error={failureOf(failure)} />}
      <div className={styles.columns}>
        <div>
          <DropZone onFiles={add} onFailure={setDropFailure}>
            <p className={styles.lead}>{t('signing.drop')}</p>
            <Button
              icon={<DocumentAdd20Regular aria-hidden />}
              disabled={pending || choosing.isPending}
              onClick={() => {
                choosing.mutate();
              }}
            >
              {t('signing.choose')}
            </Button>
            {documents.length > 0 && (
              <DocumentList
                documents={documents}
                current={current?.documentId}
                disabled={pending}
                onLook={setLookedAt}
                onRemove={remove}
              />
            )}
          </DropZone>
          {current && <DocumentView key={current.documentId} document={current} />}
        </div>
        <div>
          <SignatureSettings
            tokens={usable}
            token={token}
            allXml={allXml}
            onToken={setTokenId}
            settings={usedSettings}
            onSettings={setSettings}
            signing={signing}
            field={field}
          />
          {progress && pending && progress.stage !== 'finished' && (
            <div className={styles.progress} role="status">
              <span>
                {t('signing.progress', {
                  stage: t(`signing.stages.${progress.stage}`),
                  done: progress.done,
                  count: progress.documents.length,
                })}
              </span>
              <ProgressBar
                aria-label={t(`signing.stages.${progress.stage}`)}
                value={progress.documents.length === 0 ? 0 : progress.done / progress.documents.length}
              />
            </div>
          )}
        </div>
      </div>
    </Screen>
  );
}

const isAbout =
  (documentId: string) =>
  ({ queryKey }: { queryKey: readonly unknown[] }): boolean =>
    queryKey[0] === 'signing' && queryKey.includes(documentId);
