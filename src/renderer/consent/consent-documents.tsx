import { Field, makeStyles, Select, Skeleton, SkeletonItem, tokens } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConsentDocumentView, ConsentView } from '#shared/consent-views.ts';
import { call, failureOf } from '../bridge.ts';
import { ErrorMessage } from '../messages/error-message.tsx';
import { Facts } from '../messages/facts.tsx';
import { Notice } from '../messages/notice.tsx';
import { PreviewOf } from '../signing/document-preview.tsx';

const useStyles = makeStyles({
  documents: { marginBlockEnd: '16px' },
  name: {
    margin: '0 0 8px',
    fontSize: tokens.fontSizeBase300,
    lineHeight: tokens.lineHeightBase300,
    fontWeight: tokens.fontWeightSemibold,
    overflowWrap: 'anywhere',
  },
  choice: { marginBlockEnd: '12px' },
});

/** What will be signed: shown as far as it can be, with size and hash of these very bytes. */
export function ConsentDocuments({ view }: { view: ConsentView }) {
  const styles = useStyles();
  const { t } = useTranslation();
  const { documents } = view;
  const [chosen, setChosen] = useState(documents[0]?.documentId);
  const shown = documents.find(({ documentId }) => documentId === chosen) ?? documents[0];
  if (shown === undefined) return null;
  const nameOf = (document: ConsentDocumentView): string =>
    document.name === '' ? t('consent.documents.number', { number: document.documentId }) : document.name;
  return (
    <section className={styles.documents}>
      {documents.length > 1 && (
        <Field label={t('consent.documents.label', { count: documents.length })} className={styles.choice}>
          <Select
            value={shown.documentId}
            onChange={(_, { value }) => {
              setChosen(value);
            }}
          >
            {documents.map((document) => (
              <option key={document.documentId} value={document.documentId}>
                {nameOf(document)}
              </option>
            ))}
          </Select>
        </Field>
      )}
      {documents.length === 1 && shown.name !== '' && <h2 className={styles.name}>{shown.name}</h2>}
      {view.kind === 'sign-hash' ? (
        <Notice intent="warning" title={t('consent.documents.hashTitle')} live={false}>
          <p>{t('consent.documents.hashText')}</p>
        </Notice>
      ) : (
        <Content key={shown.documentId} id={view.id} document={shown} name={nameOf(shown)} />
      )}
      <Facts
        facts={[
          ...(shown.bytes === undefined
            ? []
            : ([[t('signing.facts.size'), t('signing.bytes', { count: shown.bytes })]] as const)),
          [view.kind === 'sign-hash' ? t('consent.documents.hash') : 'SHA-256', shown.sha256],
          ...(view.form === undefined
            ? []
            : ([[t('consent.documents.form'), t(`consent.forms.${view.form}`)]] as const)),
          ...(view.xmlPlace === undefined ? [] : ([[t('consent.documents.place'), view.xmlPlace]] as const)),
          ...(view.timestamp
            ? ([[t('consent.documents.timestamp'), t('consent.documents.timestampYes')]] as const)
            : []),
        ]}
      />
    </section>
  );
}

function Content({ id, document, name }: { id: string; document: ConsentDocumentView; name: string }) {
  const { t } = useTranslation();
  const { documentId } = document;
  const { data, error } = useQuery({
    queryKey: ['consent', 'show', id, documentId],
    queryFn: () => call('consent.show', { id, documentId }),
    gcTime: 0,
  });
  if (error !== null) return <ErrorMessage error={failureOf(error)} />;
  if (data === undefined) {
    return (
      <Skeleton aria-label={t('signing.preview.reading')}>
        <SkeletonItem style={{ height: '120px', marginBlockEnd: '12px' }} />
      </Skeleton>
    );
  }
  return <PreviewOf preview={data.preview} name={name} />;
}
