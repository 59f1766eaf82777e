import { makeStyles, tokens } from '@fluentui/react-components';
import { Globe24Regular } from '@fluentui/react-icons/svg/globe';
import { useTranslation } from 'react-i18next';
import type { ConsentView } from '#shared/consent-views.ts';
import { Notice } from '../messages/notice.tsx';

const useStyles = makeStyles({
  head: {
    display: 'grid',
    gridTemplateColumns: '24px minmax(0, 1fr)',
    columnGap: '12px',
    alignItems: 'start',
    padding: '16px 24px 12px',
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  icon: { color: tokens.colorBrandForeground1, marginBlockStart: '4px' },
  origin: {
    margin: 0,
    fontSize: tokens.fontSizeBase600,
    lineHeight: tokens.lineHeightBase600,
    fontWeight: tokens.fontWeightSemibold,
    overflowWrap: 'anywhere',
    userSelect: 'text',
  },
  known: { color: tokens.colorNeutralForeground2 },
  ask: { margin: '0 0 16px', fontSize: tokens.fontSizeBase400, lineHeight: tokens.lineHeightBase400 },
});

/** Who asks, as the browser has told it. Stands above what scrolls: the PIN is never typed without it in sight. */
export function SiteHead({ view: { site } }: { view: ConsentView }) {
  const styles = useStyles();
  const { t } = useTranslation();
  return (
    <header className={styles.head}>
      <Globe24Regular aria-hidden className={styles.icon} />
      <div>
        {/* Letters of every origin are read from left to right, and none is cut off. */}
        <h1 className={styles.origin} dir="ltr">
          {site.origin}
        </h1>
        <div className={styles.known}>
          {site.bankName === undefined
            ? t('consent.unknownSite')
            : t('consent.bankSite', { name: site.bankName })}
        </div>
      </div>
    </header>
  );
}

/** What for, in Kilt's words. */
export function SiteWish({ view }: { view: ConsentView }) {
  const styles = useStyles();
  const { t } = useTranslation();
  const { site, kind, documents } = view;
  return (
    <>
      {site.warning !== undefined && (
        <Notice intent="warning" title={t(`consent.warnings.${site.warning}`)} live={false}>
          <p>{t('consent.warnings.text', { letters: site.letters ?? '' })}</p>
        </Notice>
      )}
      <p className={styles.ask}>{t(`consent.asks.${kind}`, { count: documents.length })}</p>
      {view.firstContact && (
        <Notice intent="info" title={t('consent.first.title')} live={false}>
          <p>{t('consent.first.text')}</p>
        </Notice>
      )}
    </>
  );
}
