import { makeStyles, tokens } from '@fluentui/react-components';
import { Certificate16Regular } from '@fluentui/react-icons/svg/certificate';
import { useTranslation } from 'react-i18next';
import { formatDate } from '#shared/texts/formats.ts';
import type { StoredCertificateView } from '#shared/control-panel-views.ts';
import { Notice } from '../../messages/notice.tsx';
import { useDetailsStyles } from './details-styles.ts';

const useStyles = makeStyles({
  chain: { listStyleType: 'none', margin: '0 0 8px', padding: 0 },
  link: {
    position: 'relative',
    display: 'grid',
    gridTemplateColumns: '16px minmax(0, 1fr)',
    columnGap: '8px',
    paddingBlock: '4px',
    overflowWrap: 'anywhere',
    '& > svg': { marginBlockStart: '2px', color: tokens.colorBrandForeground1 },
    // From each certificate to the one that issued it.
    ':not(:last-child)::before': {
      content: '""',
      position: 'absolute',
      insetInlineStart: '7.5px',
      insetBlockStart: '24px',
      insetBlockEnd: '-6px',
      borderLeft: `1px solid ${tokens.colorNeutralStroke1}`,
    },
  },
  about: { display: 'block', color: tokens.colorNeutralForeground2, fontVariantNumeric: 'tabular-nums' },
  sentence: { margin: 0, color: tokens.colorNeutralForeground2 },
});

/** From the certificate up to the root: each issuer, until when, and where its certificate was found. */
export function CertificateChain({ certificate }: { certificate: StoredCertificateView }) {
  const styles = useStyles();
  const detailsStyles = useDetailsStyles();
  const { t } = useTranslation();
  const { chain, chainComplete, subjectName, issuerName, notAfter } = certificate;
  const until = (end: string) => t('certificates.chain.until', { date: formatDate(new Date(end)) });
  return (
    <>
      <h3 className={detailsStyles.heading}>{t('certificates.chain.title')}</h3>
      <ol className={styles.chain}>
        <li className={styles.link}>
          <Certificate16Regular aria-hidden />
          <span>
            {subjectName}
            <span className={styles.about}>
              {t('certificates.chain.this')}
              {', '}
              {until(notAfter)}
            </span>
          </span>
        </li>
        {chain.map((one, place) => (
          <li key={`${place} ${one.name}`} className={styles.link}>
            <Certificate16Regular aria-hidden />
            <span>
              {one.name}
              <span className={styles.about}>
                {t(`certificates.chain.from.${one.from}`)}
                {', '}
                {until(one.notAfter)}
              </span>
            </span>
          </li>
        ))}
      </ol>
      {chainComplete ? (
        <p className={styles.sentence}>{t(`certificates.chain.${completeness(chain)}`)}</p>
      ) : (
        <Notice intent="warning" live={false} title={t('certificates.chain.incomplete')}>
          <p>
            {chain.length === 0
              ? t('certificates.chain.incompleteText', { issuer: issuerName })
              : t('certificates.chain.incompleteAbove')}
          </p>
        </Notice>
      )}
    </>
  );
}

/** A root that only the token knows is one that anybody may have put there. */
const completeness = (
  chain: StoredCertificateView['chain'],
): 'selfSigned' | 'complete' | 'completeOnToken' =>
  chain.length === 0 ? 'selfSigned' : chain.at(-1)?.from === 'bank' ? 'complete' : 'completeOnToken';
