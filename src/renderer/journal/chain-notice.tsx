import { makeStyles, tokens } from '@fluentui/react-components';
import { ShieldCheckmark20Regular } from '@fluentui/react-icons/svg/shield-checkmark';
import { useTranslation } from 'react-i18next';
import { errorCatalogue } from '#shared/errors.ts';
import type { AuditView } from '#shared/control-panel-views.ts';
import { Notice } from '../messages/notice.tsx';

const useStyles = makeStyles({
  intact: {
    display: 'grid',
    gridTemplateColumns: '20px minmax(0, 1fr)',
    columnGap: '8px',
    margin: '0 0 16px',
    '& > svg': { color: tokens.colorStatusSuccessForeground1 },
  },
  code: { color: tokens.colorNeutralForeground2, fontVariantNumeric: 'tabular-nums' },
});

/** Whether anybody has changed the journal after it was written, and from which entry on it can not be trusted. */
export function ChainNotice({ chain, total }: Pick<AuditView, 'chain' | 'total'>) {
  const styles = useStyles();
  const { t } = useTranslation();
  if (chain.state === 'intact') {
    return (
      <p className={styles.intact}>
        <ShieldCheckmark20Regular aria-hidden />
        <span>{t('journal.chain.intact', { count: total })}</span>
      </p>
    );
  }
  return (
    <Notice intent="error" title={t('errors.catalogue.audit-damaged.title')}>
      <p>{t('journal.chain.broken', { line: chain.brokenAt })}</p>
      <p>{t('errors.catalogue.audit-damaged.meaning')}</p>
      <p>{t('errors.catalogue.audit-damaged.next')}</p>
      <p className={styles.code}>{t('errors.code', { code: errorCatalogue['audit-damaged'].code })}</p>
    </Notice>
  );
}
