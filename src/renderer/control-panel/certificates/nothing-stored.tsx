import { makeStyles, tokens } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { EmptyDrawing } from '../../drawings/empty-drawing.tsx';

const useStyles = makeStyles({
  empty: { display: 'grid', gap: '4px', justifyItems: 'start', paddingBlock: '16px', maxWidth: '520px' },
  title: { margin: '12px 0 0', fontSize: tokens.fontSizeBase400, lineHeight: tokens.lineHeightBase400 },
  text: { margin: 0 },
});

/** A token without a single object. */
export function NothingStored() {
  const styles = useStyles();
  const { t } = useTranslation();
  return (
    <div className={styles.empty}>
      <EmptyDrawing />
      <h2 className={styles.title}>{t('certificates.empty.title')}</h2>
      <p className={styles.text}>{t('certificates.empty.text')}</p>
    </div>
  );
}
