import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { Certificate20Regular } from '@fluentui/react-icons/svg/certificate';
import { Key20Regular } from '@fluentui/react-icons/svg/key';
import { Warning20Filled } from '@fluentui/react-icons/svg/warning';
import { useTranslation } from 'react-i18next';
import type { FormatPlan, StoredCertificateView } from '#shared/control-panel-views.ts';
import { validityOf } from '../../picker/token-entry.ts';

const useStyles = makeStyles({
  heading: {
    margin: '16px 0 6px',
    fontSize: tokens.fontSizeBase300,
    lineHeight: tokens.lineHeightBase300,
  },
  list: {
    listStyleType: 'none',
    margin: 0,
    padding: 0,
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusLarge,
    fontVariantNumeric: 'tabular-nums',
  },
  item: {
    display: 'grid',
    gridTemplateColumns: '20px minmax(0, 1fr)',
    columnGap: '12px',
    padding: '8px 12px',
    borderTop: `1px solid ${tokens.colorNeutralStroke2}`,
    overflowWrap: 'anywhere',
    ':first-child': { borderTopStyle: 'none' },
    '& > svg': { color: tokens.colorNeutralForeground2 },
  },
  inUse: {
    boxShadow: `inset 3px 0 0 ${tokens.colorStatusDangerBorder2}`,
    '& > svg': { color: tokens.colorStatusDangerForeground3 },
  },
  name: { fontWeight: tokens.fontWeightSemibold },
  details: { display: 'flex', flexWrap: 'wrap', columnGap: '16px', color: tokens.colorNeutralForeground2 },
  bank: { color: tokens.colorStatusDangerForeground3, fontWeight: tokens.fontWeightSemibold },
  soon: { color: tokens.colorStatusWarningForeground3 },
  ended: { color: tokens.colorStatusDangerForeground3 },
  others: { margin: '12px 0 0', color: tokens.colorNeutralForeground2 },
});

/** Every certificate and key that a format destroys; those that a bank works with first. */
export function DestroyedList({ plan }: { plan: FormatPlan }) {
  const styles = useStyles();
  const { t } = useTranslation();
  const certificates = [...plan.certificates].sort(
    (one, other) => Number(other.usedByBank !== undefined) - Number(one.usedByBank !== undefined),
  );
  const loneKeys = plan.keys.filter(({ hasCertificate }) => !hasCertificate);
  return (
    <>
      {certificates.length > 0 && (
        <section>
          <h2 className={styles.heading}>{t('controlPanel.format.losses.certificates')}</h2>
          <ul className={styles.list}>
            {certificates.map((certificate) => (
              <CertificateItem key={certificate.fingerprint} certificate={certificate} />
            ))}
          </ul>
        </section>
      )}
      {loneKeys.length > 0 && (
        <section>
          <h2 className={styles.heading}>{t('controlPanel.format.losses.keys')}</h2>
          <ul className={styles.list}>
            {loneKeys.map(({ objectId, label, algorithm, bits }) => (
              <li key={objectId} className={styles.item}>
                <Key20Regular aria-hidden />
                <div>
                  <div className={styles.name}>{label || objectId}</div>
                  <div className={styles.details}>
                    {t('controlPanel.format.losses.key', {
                      algorithm: t(`controlPanel.format.losses.algorithms.${algorithm}`),
                      bits,
                    })}
                  </div>
                </div>
              </li>
            ))}
          </ul>
        </section>
      )}
      {plan.otherObjects > 0 && (
        <p className={styles.others}>
          {t('controlPanel.format.losses.otherObjects', { count: plan.otherObjects })}
        </p>
      )}
    </>
  );
}

function CertificateItem({ certificate }: { certificate: StoredCertificateView }) {
  const styles = useStyles();
  const { t } = useTranslation();
  const { usedByBank, keyOnToken } = certificate;
  const validity = validityOf(certificate, new Date(), t);
  return (
    <li className={mergeClasses(styles.item, usedByBank !== undefined && styles.inUse)}>
      {usedByBank === undefined ? <Certificate20Regular aria-hidden /> : <Warning20Filled aria-hidden />}
      <div>
        <div className={styles.name}>{certificate.subjectName || certificate.objectLabel}</div>
        {usedByBank !== undefined && (
          <div className={styles.bank}>{t('controlPanel.format.losses.inUse', { bank: usedByBank })}</div>
        )}
        <div className={styles.details}>
          <span>{t('controlPanel.format.losses.issuedBy', { issuer: certificate.issuerName })}</span>
          <span className={validity.mood === 'good' ? undefined : styles[validity.mood]}>
            {validity.text}
          </span>
          <span>
            {t(keyOnToken ? 'controlPanel.format.losses.withKey' : 'controlPanel.format.losses.withoutKey')}
          </span>
        </div>
      </div>
    </li>
  );
}
