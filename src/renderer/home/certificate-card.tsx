import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { Certificate24Regular } from '@fluentui/react-icons/svg/certificate';
import { useTranslation } from 'react-i18next';
import type { CertificateView } from '#shared/views.ts';
import { Facts } from '../messages/facts.tsx';
import { validityOf } from '../picker/token-entry.ts';

const useStyles = makeStyles({
  card: {
    padding: '16px',
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusXLarge,
    backgroundColor: tokens.colorNeutralBackground1,
    boxShadow: tokens.shadow2,
  },
  head: {
    display: 'flex',
    alignItems: 'center',
    gap: '10px',
    marginBlockEnd: '12px',
    color: tokens.colorBrandForeground1,
  },
  purpose: {
    margin: 0,
    fontSize: tokens.fontSizeBase400,
    lineHeight: tokens.lineHeightBase400,
    fontWeight: tokens.fontWeightSemibold,
    color: tokens.colorNeutralForeground1,
  },
  good: {},
  soon: { color: tokens.colorStatusWarningForeground3, fontWeight: tokens.fontWeightSemibold },
  ended: { color: tokens.colorStatusDangerForeground3, fontWeight: tokens.fontWeightSemibold },
});

/** One certificate: what for, whose, by whom, until when. */
export function CertificateCard({ certificate, now }: { certificate: CertificateView; now: Date }) {
  const styles = useStyles();
  const { t } = useTranslation();
  const validity = validityOf(certificate, now, t);
  const purpose = t(`home.purpose.${certificate.purpose}`);
  return (
    <article className={styles.card} aria-label={purpose}>
      <div className={styles.head}>
        <Certificate24Regular aria-hidden />
        <h3 className={styles.purpose}>{purpose}</h3>
      </div>
      <Facts
        facts={[
          [t('home.owner'), certificate.subjectName],
          [t('home.issuer'), certificate.issuerName],
          [
            t('home.validity'),
            <span key="validity" className={mergeClasses(styles[validity.mood])}>
              {validity.text}
            </span>,
          ],
          [t('home.serialNumber'), certificate.serialNumber],
        ]}
      />
    </article>
  );
}
