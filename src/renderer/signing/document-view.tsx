import { makeStyles, Skeleton, SkeletonItem, tokens } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DocumentPreview } from '#shared/signing-views.ts';
import { call, failureOf } from '../bridge.ts';
import { ErrorMessage } from '../messages/error-message.tsx';
import { Facts } from '../messages/facts.tsx';
import { Notice } from '../messages/notice.tsx';
import type { ChosenDocument } from './chosen-document.ts';

const useStyles = makeStyles({
  title: {
    margin: '16px 0 8px',
    fontSize: tokens.fontSizeBase400,
    lineHeight: tokens.lineHeightBase400,
    overflowWrap: 'anywhere',
  },
  text: {
    boxSizing: 'border-box',
    maxHeight: '320px',
    minHeight: '80px',
    overflow: 'auto',
    margin: '0 0 12px',
    padding: '12px',
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: tokens.colorNeutralBackground2,
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: tokens.fontSizeBase200,
    lineHeight: tokens.lineHeightBase300,
    whiteSpace: 'pre-wrap',
    overflowWrap: 'anywhere',
    ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}` },
  },
  picture: {
    display: 'block',
    maxWidth: '100%',
    maxHeight: '360px',
    margin: '0 0 12px',
    border: `1px solid ${tokens.colorNeutralStroke2}`,
  },
});

/** What will be signed, as far as it can be shown, with the digest of these very bytes. */
export function DocumentView({ document }: { document: ChosenDocument }) {
  const styles = useStyles();
  const { t } = useTranslation();
  const { documentId, fileName } = document;
  const { data, error } = useQuery({
    queryKey: ['signing', 'show', documentId],
    queryFn: () => call('signing.show', { documentId }),
    // What was shown long ago is not what is signed now.
    gcTime: 0,
    staleTime: 0,
  });
  return (
    <section aria-label={t('signing.preview.label', { name: fileName })}>
      <h2 className={styles.title}>{fileName}</h2>
      {error !== null && <ErrorMessage error={failureOf(error)} />}
      {data === undefined && error === null && (
        <Skeleton aria-label={t('signing.preview.reading')}>
          <SkeletonItem style={{ height: '160px' }} />
        </Skeleton>
      )}
      {data !== undefined && (
        <>
          <Preview preview={data.preview} name={fileName} />
          <Facts
            facts={[
              [t('signing.facts.size'), t('signing.bytes', { count: data.bytes })],
              ['SHA-256', data.sha256],
            ]}
          />
        </>
      )}
    </section>
  );
}

function Preview({ preview, name }: { preview: DocumentPreview; name: string }) {
  const styles = useStyles();
  const { t } = useTranslation();
  switch (preview.kind) {
    case 'text':
      return (
        <>
          {preview.encoding === 'windows-1251' && <p>{t('signing.preview.windows1251')}</p>}
          <pre
            className={`${styles.text} selectable`}
            tabIndex={0}
            role="region"
            aria-label={t('signing.preview.text', { name })}
          >
            {preview.text}
          </pre>
        </>
      );
    case 'image':
      return <Picture preview={preview} name={name} />;
    case 'none':
      return (
        <Notice intent="warning" title={t('signing.preview.none.title')} live={false}>
          <p>{t(`signing.preview.none.${preview.why}`)}</p>
        </Notice>
      );
  }
}

/** Drawn and not linked: a picture needs no address then, and the page's policy stays as narrow as it is. */
function Picture({ preview, name }: { preview: Extract<DocumentPreview, { kind: 'image' }>; name: string }) {
  const styles = useStyles();
  const { t } = useTranslation();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [broken, setBroken] = useState(false);
  useEffect(() => {
    const file = new Blob([Uint8Array.from(preview.content)], { type: preview.type });
    let wanted = true;
    createImageBitmap(file).then(
      (picture) => {
        const target = canvas.current;
        if (wanted && target) {
          target.width = picture.width;
          target.height = picture.height;
          target.getContext('2d')?.drawImage(picture, 0, 0);
        }
        picture.close();
      },
      () => {
        setBroken(true);
      },
    );
    return () => {
      wanted = false;
    };
  }, [preview]);
  if (broken) {
    return (
      <Notice intent="warning" title={t('signing.preview.none.title')} live={false}>
        <p>{t('signing.preview.none.format')}</p>
      </Notice>
    );
  }
  return (
    <canvas
      ref={canvas}
      className={styles.picture}
      role="img"
      aria-label={t('signing.preview.picture', { name })}
    />
  );
}
