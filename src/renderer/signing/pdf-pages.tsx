import { makeStyles, Skeleton, SkeletonItem, tokens } from '@fluentui/react-components';
import { useEffect, useRef, useState, type RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import { Notice } from '../messages/notice.tsx';
import { openPdf, PdfNotShown, type PdfFile } from './pdf-file.ts';

const useStyles = makeStyles({
  pages: {
    boxSizing: 'border-box',
    maxHeight: '520px',
    overflowY: 'auto',
    margin: '0 0 12px',
    padding: '12px',
    display: 'grid',
    rowGap: '12px',
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: tokens.colorNeutralBackground4,
    ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}` },
  },
  // Paper is white in every theme: what is drawn is what is signed.
  page: { display: 'block', width: '100%', backgroundColor: '#ffffff', boxShadow: tokens.shadow4 },
  count: { margin: '0 0 8px', color: tokens.colorNeutralForeground2 },
});

/** Drawn finer than this it would only take longer. */
const finest = 2;

/**
 * A PDF, page by page. Pages are drawn as they come into view; what can not be drawn whole says so instead.
 *
 * @param name of the document
 */
export default function PdfPages({ content, name }: { content: Uint8Array; name: string }) {
  const styles = useStyles();
  const { t } = useTranslation();
  const [pdf, setPdf] = useState<PdfFile>();
  const [failure, setFailure] = useState<PdfNotShown['why']>();
  const region = useRef<HTMLDivElement>(null);
  const giveUp = (error: unknown) => {
    setFailure(error instanceof PdfNotShown ? error.why : 'pdf');
  };
  useEffect(() => {
    let opened: PdfFile | undefined;
    let wanted = true;
    openPdf(content).then((file) => {
      opened = file;
      if (wanted) setPdf(file);
      else file.close();
    }, giveUp);
    return () => {
      wanted = false;
      opened?.close();
    };
  }, [content]);
  if (failure !== undefined) {
    return (
      <Notice intent="warning" title={t('signing.preview.none.title')} live={false}>
        <p>{t(`signing.preview.none.${failure}`)}</p>
      </Notice>
    );
  }
  if (pdf === undefined) {
    return (
      <Skeleton aria-label={t('signing.preview.reading')}>
        <SkeletonItem style={{ height: '320px', marginBlockEnd: '12px' }} />
      </Skeleton>
    );
  }
  return (
    <>
      {pdf.hidden.length > 0 && (
        <Notice intent="warning" title={t('signing.preview.pdf.hiddenTitle')} live={false}>
          <p>
            {t('signing.preview.pdf.hidden', {
              parts: pdf.hidden.map((part) => t(`signing.preview.pdf.parts.${part}`)).join(', '),
            })}
          </p>
        </Notice>
      )}
      <p className={styles.count}>{t('signing.preview.pdf.pages', { count: pdf.pages })}</p>
      <div
        ref={region}
        className={styles.pages}
        tabIndex={0}
        role="region"
        aria-label={t('signing.preview.label', { name })}
      >
        {Array.from({ length: pdf.pages }, (_, place) => (
          <PdfPage key={place} pdf={pdf} number={place + 1} region={region} onFailure={giveUp} />
        ))}
      </div>
    </>
  );
}

/** A4, until the page itself has been asked. */
const usualRatio = Math.SQRT2;

function PdfPage({
  pdf,
  number,
  region,
  onFailure,
}: {
  pdf: PdfFile;
  number: number;
  region: RefObject<HTMLDivElement | null>;
  onFailure: (error: unknown) => void;
}) {
  const styles = useStyles();
  const { t } = useTranslation();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [ratio, setRatio] = useState(usualRatio);
  const [drawn, setDrawn] = useState(false);
  useEffect(() => {
    const target = canvas.current;
    if (!target) return;
    const draw = async (): Promise<void> => {
      setRatio(await pdf.ratioOf(number));
      const sharpness = Math.min(finest, window.devicePixelRatio);
      await pdf.draw(number, target, Math.max(1, Math.round(target.clientWidth * sharpness)));
      setDrawn(true);
    };
    const watch = new IntersectionObserver(
      (entries) => {
        if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
        watch.disconnect();
        draw().catch(onFailure);
      },
      // A page ahead, so that whoever scrolls does not see it being drawn.
      { root: region.current, rootMargin: '400px' },
    );
    watch.observe(target);
    return () => {
      watch.disconnect();
    };
    // eslint-disable-next-line react-hooks/exhaustive-deps -- `onFailure` is made anew with each rendering, and says the same
  }, [pdf, number, region]);
  return (
    <canvas
      ref={canvas}
      className={styles.page}
      style={{ aspectRatio: `1 / ${String(ratio)}` }}
      role="img"
      aria-busy={!drawn}
      aria-label={t('signing.preview.pdf.page', { page: number, count: pdf.pages })}
    />
  );
}
