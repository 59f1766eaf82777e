import { makeStyles, tokens } from '@fluentui/react-components';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DocumentPreview } from '#shared/signing-views.ts';
import { Notice } from '../messages/notice.tsx';
import { PaymentOrderForm } from './payment-order-form.tsx';

const useStyles = makeStyles({
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

/** The reader of PDF is larger than the rest of this page, and seldom wanted. */
const PdfPages = lazy(() => import('./pdf-pages.tsx'));

/** A document as far as it can be shown, in the sign screen and where a bank's page asks. @param name of the document */
export function PreviewOf({ preview, name }: { preview: DocumentPreview; name: string }) {
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
    case 'payment-order':
      return <PaymentOrderForm order={preview.order} />;
    case 'pdf':
      return (
        <Suspense fallback={null}>
          <PdfPages content={preview.content} name={name} />
        </Suspense>
      );
    case 'image':
      return <Picture preview={preview} name={name} />;
    case 'none':
      return <CannotBeShown why={preview.why} />;
  }
}

/** Says so, because a user may take what he does not see for nothing. */
function CannotBeShown({ why }: { why: Extract<DocumentPreview, { kind: 'none' }>['why'] }) {
  const { t } = useTranslation();
  return (
    <Notice intent="warning" title={t('signing.preview.none.title')} live={false}>
      <p>{t(`signing.preview.none.${why}`)}</p>
    </Notice>
  );
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
    return <CannotBeShown why="format" />;
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
