import { Button, makeStyles, tokens } from '@fluentui/react-components';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { KeySetView } from '#shared/renewal-views.ts';
import { formatDate } from '#shared/texts/formats.ts';
import { Facts } from '../messages/facts.tsx';
import { timeOfUse } from '#shared/key-set-state.ts';

const useStyles = makeStyles({
  heading: {
    margin: '0 0 8px',
    fontSize: tokens.fontSizeBase400,
    lineHeight: tokens.lineHeightBase400,
    fontWeight: tokens.fontWeightSemibold,
  },
  purpose: { margin: '16px 0 8px', fontSize: tokens.fontSizeBase300, lineHeight: tokens.lineHeightBase300 },
  more: { marginBlockStart: '12px' },
});

/** «Параметры подписи» as the manual has them, and on demand the rest of each certificate. */
export function SignatureParameters({ set }: { set: KeySetView }) {
  const styles = useStyles();
  const { t } = useTranslation();
  const [whole, setWhole] = useState(false);
  const wholeId = useId();
  const use = timeOfUse(set);
  return (
    <div>
      <h2 className={styles.heading}>{t('keys.parameters.title')}</h2>
      <Facts
        facts={[
          [t('keys.parameters.profile'), set.profileName],
          [t('keys.parameters.identifier'), set.userId],
          [t('keys.parameters.cryptography'), set.cryptography],
          [t('keys.parameters.keyType'), t('keys.parameters.working')],
          ...(use === undefined
            ? []
            : [
                [t('keys.parameters.from'), formatDate(use.from)] as const,
                [t('keys.parameters.until'), formatDate(use.until)] as const,
              ]),
        ]}
      />
      <Button
        size="small"
        className={styles.more}
        aria-expanded={whole}
        aria-controls={wholeId}
        onClick={() => {
          setWhole(!whole);
        }}
      >
        {t(whole ? 'keys.parameters.less' : 'keys.parameters.more')}
      </Button>
      <div id={wholeId}>
        {whole &&
          set.certificates.map((certificate) => (
            <section key={certificate.serialNumber}>
              <h3 className={styles.purpose}>{t(`home.purpose.${certificate.purpose}`)}</h3>
              <Facts
                facts={[
                  [t('home.owner'), certificate.subjectName],
                  [t('home.issuer'), certificate.issuerName],
                  [t('keys.parameters.from'), formatDate(new Date(certificate.notBefore))],
                  [t('keys.parameters.until'), formatDate(new Date(certificate.notAfter))],
                  [t('home.serialNumber'), certificate.serialNumber],
                  [t('certificates.details.subject'), certificate.subject],
                ]}
              />
            </section>
          ))}
      </div>
    </div>
  );
}
